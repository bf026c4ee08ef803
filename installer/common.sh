# shellcheck shell=bash
# What quickstart, tests/run and .ci/run share: say what happens, install what is missing, build. Source it from the source root.

say() {
  if [ -t 2 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
    printf '\033[1m==>\033[0m %s\n' "$*" >&2
  else
    printf '==> %s\n' "$*" >&2
  fi
}

# die WHAT WAY_OUT [EXIT_CODE]
die() {
  printf 'platen: %s\n  %s\n' "$1" "$2" >&2
  exit "${3:-1}"
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "packages are missing, and this is neither root nor a user with sudo" "Run as root: apt-get install $missing"
  fi
}

# install_packages SET…: what of installer/packages.txt is not there yet
install_packages() {
  local wanted set log
  wanted=$(for set in "$@"; do awk -v set="$set" '$1 !~ /^#/ && $2 == set {print $1}' installer/packages.txt; done)
  missing=$(for package in $wanted; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || printf '%s ' "$package"
  done)
  [ -z "$missing" ] && return 0
  command -v apt-get >/dev/null || die "this is no Debian or Ubuntu: apt-get is missing" "Install by hand: $missing"
  say "installing $(wc -w <<<"$missing") packages with apt-get"
  log=$(mktemp)
  # shellcheck disable=SC2086
  if ! { as_root apt-get update -qq &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } >"$log" 2>&1 </dev/null; then
    tail -n 15 "$log" >&2
    die "apt-get could not install: $missing" "Whole output: $log. Is the network there, and is this Debian 12 or newer?"
  fi
  rm -f "$log"
  quieten_services
}

# Debian starts what it installs: a web server and a broker that nobody has asked for do not stay.
quieten_services() {
  local service
  [ -d /run/systemd/system ] || return 0
  for service in nginx mosquitto; do
    [[ " $missing" == *" $service "* ]] || continue
    as_root systemctl disable --now --quiet "$service.service" || say "could not stop the service $service, which its package has started"
  done
}

# build PRESET BUILD_TESTING [TARGET…]: configures and builds; ninja's own progress on a terminal, silence in a pipe
build() {
  local preset=$1 testing=$2 dir=build/$1 log
  shift 2
  mkdir -p "$dir"
  log=$dir/configure.log
  cmake --preset "$preset" -DBUILD_TESTING="$testing" >"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    die "cmake could not configure the '$preset' build" "Whole output: $log"
  }
  say "building ($preset)"
  local targets=()
  [ $# -gt 0 ] && targets=(--target "$@")
  if [ -t 1 ]; then
    cmake --build --preset "$preset" "${targets[@]}" >&2 && return 0
  else
    log=$dir/build.log
    cmake --build --preset "$preset" "${targets[@]}" >"$log" 2>&1 && return 0
    grep -A 12 -E 'error|FAILED' "$log" | head -n 60 >&2
  fi
  die "the '$preset' build failed" "The first error above says where; with less than 2 GB of memory a core, set CMAKE_BUILD_PARALLEL_LEVEL=1."
}
