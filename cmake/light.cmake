# Programs that stay resident carry gRPC, protobuf-lite and Abseil in themselves: of each only what is used, and without gRPC's own
# TLS, which the door (transport/egress) does better. A shared libgrpc brings 40 libraries into memory. OpenSSL and all else stay
# shared, so that their security updates need no build of ours.

# What pkg-config says of a package, asked once: pkg_check_modules asks 18 times, which with Abseil's files takes 12 s.
function(platen_ask_pkg_config flags package)  # ARGN: --static
  if(NOT PLATEN_PKG_${flags})
    execute_process(COMMAND ${PKG_CONFIG_EXECUTABLE} --cflags --libs ${ARGN} ${package}
      OUTPUT_VARIABLE said OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    separate_arguments(said UNIX_COMMAND "${said}")
    list(REMOVE_DUPLICATES said)
    set(PLATEN_PKG_${flags} "${said}" CACHE INTERNAL "flags for ${package}")
  endif()
  set(${flags} "${PLATEN_PKG_${flags}}" PARENT_SCOPE)
endfunction()

set(PLATEN_LIGHT_WANTED OFF)
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT PLATEN_SANITIZE)
  set(PLATEN_LIGHT_WANTED ON)
endif()
option(PLATEN_LIGHT "Link gRPC's static libraries into resident programs" ${PLATEN_LIGHT_WANTED})

# What a library that uses the shared SHARED links: that, or `platen_light` in programs that platen_light() names.
function(platen_link_light name scope shared)
  target_link_libraries(${name} ${scope} $<IF:$<BOOL:$<TARGET_PROPERTY:PLATEN_IS_LIGHT>>,platen_light,${shared}>)
endfunction()

# platen_light(platen-agent)
function(platen_light program)
  if(TARGET platen_light)
    set_target_properties(${program} PROPERTIES PLATEN_IS_LIGHT ON)
  endif()
endfunction()

# The static libraries of gRPC without TLS as -l names in, files out; `missing` names the first that is not there.
function(platen_find_archives names files missing)
  set(found "")
  foreach(name IN LISTS names)
    find_library(PLATEN_ARCHIVE_${name} NAMES lib${name}.a)
    mark_as_advanced(PLATEN_ARCHIVE_${name})
    if(NOT PLATEN_ARCHIVE_${name})
      set(${missing} lib${name}.a PARENT_SCOPE)
      return()
    endif()
    list(APPEND found ${PLATEN_ARCHIVE_${name}})
  endforeach()
  set(${files} ${found} PARENT_SCOPE)
  set(${missing} "" PARENT_SCOPE)
endfunction()

function(platen_make_light)
  platen_ask_pkg_config(GRPCPP_UNSECURE grpc++_unsecure --static)
  if(NOT GRPCPP_UNSECURE)
    message(STATUS "PLATEN_LIGHT: no grpc++_unsecure.pc; resident programs link the shared gRPC and take about 5 MB more memory")
    return()
  endif()
  set(names ${GRPCPP_UNSECURE})
  list(TRANSFORM names REPLACE "^-l" "")
  list(FILTER names INCLUDE REGEX "^(grpc|gpr|absl_)")
  list(APPEND names upb address_sorting protobuf-lite)  # used, and not in its list
  list(REMOVE_DUPLICATES names)
  platen_find_archives("${names}" archives missing)
  if(missing)
    message(STATUS "PLATEN_LIGHT: ${missing} is missing; resident programs link the shared gRPC and take about 5 MB more memory")
    return()
  endif()
  list(JOIN archives "," group)
  set(libraries "$<LINK_GROUP:RESCAN,${group}>" cares z)
  include(CheckCXXSourceCompiles)
  set(CMAKE_REQUIRED_LIBRARIES -Wl,--start-group ${archives} -Wl,--end-group cares z Threads::Threads)
  check_cxx_source_compiles("extern \"C\" void grpc_init(); int main() { grpc_init(); }" PLATEN_LIGHT_LINKS)
  if(NOT PLATEN_LIGHT_LINKS)
    message(STATUS "PLATEN_LIGHT: gRPC's static libraries do not link; resident programs link the shared gRPC and take about 5 MB more memory")
    return()
  endif()
  add_library(platen_light INTERFACE)
  target_link_libraries(platen_light INTERFACE ${libraries})
  target_link_options(platen_light INTERFACE -Wl,--gc-sections)
endfunction()

if(PLATEN_LIGHT)
  platen_make_light()
endif()
