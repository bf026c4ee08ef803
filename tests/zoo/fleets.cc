#include "tests/zoo/fleets.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>

#include "base/text.h"
#include "snmp/mib/snmprec.h"
#include "tests/zoo/fleet/models.h"

namespace platen::zoo {
namespace {

using SpeciesPtr = std::shared_ptr<const Species>;
using snmp::Auth;
using snmp::Credential;
using snmp::Priv;
using snmp::Version;

// One printer a maker-given name that is reached in another way than by "public".
struct Door {
  std::string_view model;
  enum class Opens { v1_only, community, v3_only } how;
  std::string_view key = "";  // the community, or the user
};
constexpr Door doors[] = {
    {"LaserJet P3015", Door::Opens::v1_only},
    {"B432", Door::Opens::v1_only},
    {"ML-3710 Series", Door::Opens::v1_only},
    {"iR-ADV 4545", Door::Opens::community, "zoo-office"},
    {"bizhub 958", Door::Opens::community, "zoo-office"},
    {"LaserJet Enterprise Flow MFP M636z", Door::Opens::v3_only, "zoo-sha"},
    {"VersaLink C405", Door::Opens::v3_only, "zoo-sha256"},
    {"IM C3000", Door::Opens::v3_only, "zoo-md5"},
    {"MX722", Door::Opens::v3_only, "zoo-sha512"},
};

Credential community(Version version, std::string name) {
  Credential made;
  made.version = version;
  made.community = Secret(std::move(name));
  return made;
}

Credential user(std::string name, Auth auth, std::string auth_pass, Priv priv, std::string priv_pass) {
  Credential made;
  made.version = Version::v3;
  made.user = std::move(name);
  made.auth = auth;
  made.auth_pass = Secret(std::move(auth_pass));
  made.priv = priv;
  made.priv_pass = Secret(std::move(priv_pass));
  return made;
}

// The pass phrases are hashed once a program: RFC 3414 §A.2 makes that slow on purpose.
UsmUsers user_named(std::string_view name) {
  static std::mutex mutex;
  static UsmUsers known;
  const std::lock_guard lock(mutex);
  const auto is_it = [&](const auto& u) { return u->credential.user == name; };
  if (const auto found = std::find_if(known.begin(), known.end(), is_it); found != known.end()) return {*found};
  for (const Credential& credential : zoo_credentials()) {
    if (credential.version == Version::v3 && credential.user == name)
      known.push_back(std::make_shared<const UsmUser>(credential));
  }
  return {known.back()};
}

std::shared_ptr<const Access> access_to(const Model& model) {
  auto access = std::make_shared<Access>();
  const auto* const door =
      std::find_if(std::begin(doors), std::end(doors), [&](const Door& d) { return d.model == model.model; });
  if (door == std::end(doors)) return access;
  access->v2c = door->how == Door::Opens::community;
  access->v1 = door->how != Door::Opens::v3_only;
  if (door->how == Door::Opens::community) access->communities = {std::string(door->key)};
  if (door->how == Door::Opens::v3_only) access->users = user_named(door->key);
  return access;
}

std::vector<SpeciesPtr> species_of(const std::vector<std::vector<Model>>& groups) {
  std::vector<SpeciesPtr> all;
  for (const auto& group : groups) {
    for (const Model& model : group) {
      auto made = std::make_shared<Species>(Species{model.model, numbered(model), nullptr});
      made->rows = template_of(*made->model);
      all.push_back(std::move(made));
    }
  }
  return all;
}

const std::vector<SpeciesPtr>& printers() {
  static const std::vector<SpeciesPtr> all =
      species_of({hp_models(), brother_models(), kyocera_models(), konica_minolta_models(), epson_models(),
                  sharp_models(), canon_models(), ricoh_models(), xerox_models(), lexmark_models(), other_models()});
  return all;
}

const std::vector<SpeciesPtr>& others() {
  static const std::vector<SpeciesPtr> all = species_of({non_printer_models()});
  return all;
}

const std::shared_ptr<const Access>& open_to_all() {
  static const auto access = std::make_shared<const Access>();
  return access;
}

std::vector<DeviceSpec> demo_fleet() {
  std::vector<DeviceSpec> specs;
  for (const SpeciesPtr& species : printers()) specs.push_back({species, {}, 0, access_to(*species->model), {}});
  for (const SpeciesPtr& species : others()) {
    Manners manners;
    manners.every_name = species->name == "honeypot";
    specs.push_back({species, {}, 0, open_to_all(), manners});
  }
  return specs;
}

std::vector<DeviceSpec> printers_fleet() {
  std::vector<DeviceSpec> specs;
  for (const SpeciesPtr& species : printers()) specs.push_back({species, {}, 0, open_to_all(), {}});
  return specs;
}

constexpr std::string_view manners_of_the_bad[] = {"",
                                                   "loss:0.1",
                                                   "latency:40+20",
                                                   "v1-only",
                                                   "no-bulk",
                                                   "too-big:900",
                                                   "drop-above:900",
                                                   "one-at-a-time",
                                                   "endless",
                                                   "repeat",
                                                   "out-of-order",
                                                   "wrong-id",
                                                   "wrong-source",
                                                   "reboot",
                                                   "wrong-types",
                                                   "too-big:484,no-bulk",
                                                   "loss:0.1,drop-above:700,latency:10+10"};

std::vector<DeviceSpec> bad_manners_fleet() {
  std::vector<SpeciesPtr> large;  // enough rows for every manner to show
  std::ranges::copy_if(printers(), std::back_inserter(large),
                       [](const SpeciesPtr& s) { return s->model->supplies.size() >= 5; });
  std::vector<DeviceSpec> specs;
  for (const std::string_view text : manners_of_the_bad) {
    specs.push_back({large[specs.size() % large.size()], {}, 0, open_to_all(), parse_manners(text).value()});
  }
  return specs;
}

struct Preset {
  std::string_view name;
  std::vector<DeviceSpec> (*make)();
};
constexpr Preset presets[] = {{"demo", demo_fleet}, {"printers", printers_fleet}, {"bad-manners", bad_manners_fleet}};

Expected<void> check_range(IpAddress base, std::size_t count) {
  const std::uint64_t last = std::uint64_t{base.to_v4()} + count - 1;
  if (base.is_v4() && base.is_loopback() && last <= 0x7FFFFFFE) return {};
  return fail(Code::invalid,
              "--base " + base.text() + ": " + std::to_string(count) + " devices need addresses within 127.0.0.0/8");
}

Manners merged(const Manners& own, const Manners& of_all) {
  Manners both = own;
  if (both.latency.count() == 0) both.latency = of_all.latency;
  if (both.jitter.count() == 0) both.jitter = of_all.jitter;
  if (both.loss == 0) both.loss = of_all.loss;
  return both;
}

Expected<std::string> text_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in) return fail(Code::not_found, file.string() + " cannot be read");
  return text;
}

Expected<DeviceSpec> device_of(const std::filesystem::path& file) {
  const auto text = text_of(file);
  if (!text) return fail(text.error());
  const auto rows = snmp::parse_snmprec(*text);
  if (!rows) return fail(rows.error().in(file.string()));
  auto species = std::make_shared<const Species>(Species{file.stem().string(), std::nullopt, template_of(*rows)});
  return DeviceSpec{std::move(species), {}, 0, open_to_all(), {}};
}

Fleet placed(std::vector<DeviceSpec> specs, const FleetOptions& options) {
  Fleet fleet;
  const std::size_t count = options.count.value_or(static_cast<std::uint32_t>(specs.size()));
  for (std::size_t i = 0; i < count; ++i) {
    DeviceSpec spec = specs[i % specs.size()];
    spec.number = static_cast<std::uint32_t>(i);
    spec.address = IpAddress::v4(options.base.to_v4() + spec.number);
    spec.manners = merged(spec.manners, options.manners);
    fleet.devices.push_back(std::move(spec));
  }
  return fleet;
}

}  // namespace

std::vector<std::string_view> fleet_names() {
  std::vector<std::string_view> names;
  for (const Preset& preset : presets) names.push_back(preset.name);
  return names;
}

std::span<const std::string_view> bad_manners() { return manners_of_the_bad; }

Expected<Fleet> make_fleet(const FleetOptions& options) {
  const auto* const preset =
      std::find_if(std::begin(presets), std::end(presets), [&](const Preset& p) { return p.name == options.name; });
  if (preset == std::end(presets))
    return fail(Code::invalid, "'" + options.name + "' is no fleet; known: demo printers bad-manners");
  std::vector<DeviceSpec> specs = preset->make();
  if (const auto good = check_range(options.base, options.count.value_or(static_cast<std::uint32_t>(specs.size())));
      !good)
    return fail(good.error());
  return placed(std::move(specs), options);
}

Expected<Fleet> fleet_of_recordings(const std::string& folder, const FleetOptions& options) {
  std::error_code fault;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder, fault)) {
    if (entry.path().extension() == ".snmprec") files.push_back(entry.path());
  }
  if (fault) return fail(Code::not_found, "--recordings " + folder + ": " + fault.message());
  if (files.empty()) return fail(Code::not_found, "--recordings " + folder + ": no .snmprec file stands in it");
  if (const auto good = check_range(options.base, files.size()); !good) return fail(good.error());
  std::sort(files.begin(), files.end());
  std::vector<DeviceSpec> specs;
  for (const auto& file : files) {
    auto spec = device_of(file);
    if (!spec) return fail(spec.error());
    specs.push_back(std::move(*spec));
  }
  return placed(std::move(specs), options);
}

Expected<void> set_manners(Fleet& fleet, IpAddress address, std::string_view manners) {
  for (DeviceSpec& spec : fleet.devices) {
    if (spec.address != address) continue;
    auto parsed = parse_manners(manners, spec.manners);
    if (!parsed) return fail(parsed.error());
    spec.manners = *parsed;
    return {};
  }
  return fail(Code::not_found, "no device has the address " + address.text());
}

const std::vector<Credential>& zoo_credentials() {
  static const std::vector<Credential> all = {
      community(Version::v2c, "public"),
      community(Version::v2c, "zoo-office"),
      user("zoo-sha", Auth::sha1, "giraffes eat leaves", Priv::aes128, "penguins eat fish"),
      user("zoo-sha256", Auth::sha256, "zebras wear stripes", Priv::aes256, "tigers wear them too"),
      user("zoo-md5", Auth::md5, "owls work at night", Priv::des, "bats work with them"),
      user("zoo-sha512", Auth::sha512, "otters sleep afloat", Priv::none, ""),
      community(Version::v1, "public"),
  };
  return all;
}

std::string credentials_as_toml() {
  std::string out;
  for (const Credential& credential : zoo_credentials()) {
    const auto line = [&](std::string_view key, std::string_view value) {
      out += std::string(key) + " = \"" + std::string(value) + "\"\n";
    };
    out += "[[credential]]\n";
    line("version", name_of(credential.version));
    if (credential.version != Version::v3) {
      line("community", credential.community.reveal());
    } else {
      line("user", credential.user);
      line("auth", name_of(credential.auth));
      line("auth_pass", credential.auth_pass.reveal());
      if (credential.priv != Priv::none) line("priv", name_of(credential.priv));
      if (credential.priv != Priv::none) line("priv_pass", credential.priv_pass.reveal());
    }
    out += '\n';
  }
  return out;
}

}  // namespace platen::zoo
