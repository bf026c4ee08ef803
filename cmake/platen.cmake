# How Platen's targets are made: one function each for a library, a program, a test and a fuzz target.
# Layers come from layers.txt; an upward link stops the configuration.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(PLATEN_SANITIZE "" CACHE STRING "Sanitizers to build with, as -fsanitize takes them")
# Sanitized programs are not: a million relocations, most of them in UBSan's own tables, are a quarter of their time to start.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(PLATEN_SANITIZE)
  set(CMAKE_POSITION_INDEPENDENT_CODE OFF)
endif()
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(THREADS_PREFER_PTHREAD_FLAG ON)

find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(PkgConfig REQUIRED)
include(CheckPIESupported)
include(CheckCXXCompilerFlag)
check_pie_supported()

find_program(PLATEN_CCACHE ccache)
if(PLATEN_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${PLATEN_CCACHE})
endif()
# Where a kind is precompiled, the compiler does not notice a forgotten #include: tests/house/includes_test.py does.
set(PLATEN_PCH "" CACHE STRING "Whose most frequent headers to precompile: any of product, tests")

# Flags for code that we wrote. Generated code links platen_flags_common only. Tests are compiled more often than they run:
# their own sources are not optimized, and so cannot be fortified; what they test is.
set(in_a_test $<BOOL:$<TARGET_PROPERTY:PLATEN_IS_TEST>>)
add_library(platen_flags_common INTERFACE)
target_include_directories(platen_flags_common INTERFACE ${CMAKE_SOURCE_DIR})
if(PLATEN_SANITIZE)
  # A check of every pointer is a third of the time to compile: kept for the product, not for tests' own sources.
  target_compile_options(platen_flags_common INTERFACE -fsanitize=${PLATEN_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
    $<${in_a_test}:-fno-sanitize=null,object-size,vptr,alignment>)
  target_link_options(platen_flags_common INTERFACE -fsanitize=${PLATEN_SANITIZE})
else()
  check_cxx_compiler_flag("-Werror -fstack-clash-protection" PLATEN_HAS_STACK_CLASH_PROTECTION)  # clang 14 has it for x86 only
  target_compile_options(platen_flags_common INTERFACE -fstack-protector-strong $<$<BOOL:${PLATEN_HAS_STACK_CLASH_PROTECTION}>:-fstack-clash-protection>
    $<$<AND:$<CONFIG:Release>,$<NOT:${in_a_test}>>:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3>
    $<${in_a_test}:-O0>)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|amd64")
    target_compile_options(platen_flags_common INTERFACE -fcf-protection)
  endif()
  target_link_options(platen_flags_common INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed)
endif()
target_link_options(platen_flags_common INTERFACE $<$<CXX_COMPILER_ID:Clang>:-fuse-ld=lld>)
target_compile_definitions(platen_flags_common INTERFACE _GLIBCXX_ASSERTIONS PLATEN_VERSION="${PROJECT_VERSION}")

add_library(platen_flags INTERFACE)
target_link_libraries(platen_flags INTERFACE platen_flags_common)
target_compile_options(platen_flags INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wcast-align -Woverloaded-virtual
  -Wconversion -Wsign-conversion -Wnull-dereference -Wformat=2 -Wimplicit-fallthrough)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(platen_flags INTERFACE -Wno-restrict)  # GCC 12 sees it in std::string::insert and operator+ (its bug 105651)
endif()
# Inlined at -O2, GCC reports std::istreambuf_iterator itself; the debug and asan builds keep the warning.
target_compile_options(platen_flags INTERFACE $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-Wno-null-dereference>)

# clang-tidy's check of the same name takes a quarter of its time.
target_compile_options(platen_flags INTERFACE $<$<CXX_COMPILER_ID:Clang>:-Wreserved-identifier>)

# platen_precompiled(name product|tests): the headers that most files include, compiled once for all of a kind
function(platen_precompiled name kind)
  if(NOT kind IN_LIST PLATEN_PCH)
    return()
  endif()
  set(frequent <algorithm> <array> <charconv> <chrono> <condition_variable> <deque> <filesystem> <fstream> <functional> <map> <memory> <mutex>
    <optional> <random> <set> <span> <sstream> <string> <string_view> <thread> <unordered_set> <variant> <vector>
    <fmt/format.h> <google/protobuf/generated_message_util.h> <nlohmann/json.hpp> <tl/expected.hpp>)
  set(ours base/expected base/clock base/ip_address base/secret base/sqlite/sqlite snmp/mib/varbind)
  if(kind STREQUAL "tests")
    list(APPEND frequent <doctest/doctest.h>)
  else()
    list(APPEND ours base/reading/reading)
  endif()
  list(TRANSFORM ours PREPEND ${CMAKE_SOURCE_DIR}/)
  list(TRANSFORM ours APPEND .h)
  list(APPEND frequent ${ours})
  string(MD5 list "${frequent}")  # in the name: CMake does not see that a list has changed
  string(SUBSTRING ${list} 0 8 list)
  set(all precompiled_${kind}_${list})
  if(NOT TARGET ${all})
    file(WRITE ${CMAKE_BINARY_DIR}/precompiled_${kind}.cc "")
    add_library(${all} OBJECT ${CMAKE_BINARY_DIR}/precompiled_${kind}.cc)
    if(kind STREQUAL "tests")
      set_target_properties(${all} PROPERTIES PLATEN_IS_TEST ON)
      if(CMAKE_POSITION_INDEPENDENT_CODE)  # of programs: a precompiled header has to agree on this too
        set_target_properties(${all} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
        target_compile_options(${all} PRIVATE -fPIE)
      endif()
    endif()
    target_link_libraries(${all} PRIVATE platen_flags fmt::fmt)
    target_precompile_headers(${all} PRIVATE ${frequent})
  endif()
  target_precompile_headers(${name} REUSE_FROM ${all})
endfunction()

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

# name -> layer, and the rooms in order, from layers.txt
file(STRINGS ${CMAKE_SOURCE_DIR}/layers.txt PLATEN_LAYER_ROWS REGEX "^[a-z]")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/layers.txt)
foreach(row IN LISTS PLATEN_LAYER_ROWS)
  string(REGEX MATCH "^([a-z/-]+) +([0-9]+)" _ "${row}")
  set(PLATEN_LAYER_OF_${CMAKE_MATCH_1} ${CMAKE_MATCH_2})
  list(APPEND PLATEN_ROOMS_AT_${CMAKE_MATCH_2} ${CMAKE_MATCH_1})
endforeach()

function(platen_add_rooms)
  foreach(layer RANGE 9)
    foreach(room IN LISTS PLATEN_ROOMS_AT_${layer})
      if(EXISTS ${CMAKE_SOURCE_DIR}/${room}/CMakeLists.txt AND NOT room MATCHES "^tests/")
        add_subdirectory(${room})
      endif()
    endforeach()
  endforeach()
endfunction()

function(platen_check_links name layer)  # ARGN: what it links
  foreach(dep IN LISTS ARGN)
    if(TARGET ${dep})
      get_target_property(below ${dep} PLATEN_LAYER)
      if(NOT below STREQUAL "below-NOTFOUND" AND NOT below LESS layer)
        message(FATAL_ERROR "${name} (layer ${layer}) may not link ${dep} (layer ${below}): arrows point down, see layers.txt and docs/architecture.md")
      endif()
    endif()
  endforeach()
endfunction()

# platen_library(snmp_printer 2 SOURCES a.cc b.cc LINKS snmp_mib)
# The layer must be the one that layers.txt gives the folder it stands in.
function(platen_library name layer)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  file(RELATIVE_PATH room ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  if(NOT "${PLATEN_LAYER_OF_${room}}" STREQUAL "${layer}")
    message(FATAL_ERROR "${name}: layer ${layer} but layers.txt says '${PLATEN_LAYER_OF_${room}}' for ${room}")
  endif()
  platen_check_links(${name} ${layer} ${ARG_LINKS})
  add_library(${name} STATIC ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES PLATEN_LAYER ${layer})
  target_link_libraries(${name} PUBLIC ${ARG_LINKS} PRIVATE platen_flags)
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
  platen_precompiled(${name} product)
  if(NOT PLATEN_SANITIZE)
    target_compile_definitions(${name} PUBLIC _GLIBCXX_ASSERTIONS)
  endif()
endfunction()

# platen_program(platen-agent SOURCES main.cc LINKS …)
function(platen_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINKS} platen_flags)
endfunction()

# platen_test(snmp_mib_test SOURCES … LINKS …): a doctest program and its ctest entry (working directory: the source root)
function(platen_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LINKS;LABELS" ${ARGN})
  if(NOT BUILD_TESTING)
    return()
  endif()
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests PLATEN_IS_TEST ON)
  target_link_libraries(${name} PRIVATE ${ARG_LINKS} platen_doctest_main platen_flags)
  platen_precompiled(${name} tests)
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}" ENVIRONMENT "PLATEN_BIN=${CMAKE_BINARY_DIR}/bin")
endfunction()

# platen_fuzz(oid_fuzz SOURCES … LINKS …): LLVMFuzzerTestOneInput over tests/fuzz/corpus/<name>.
# Under GCC a plain runner replays the corpus in ctest; with PLATEN_LIBFUZZER (clang) it is a real fuzzer.
function(platen_fuzz name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  if(NOT BUILD_TESTING)
    return()
  endif()
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
  target_link_libraries(${name} PRIVATE ${ARG_LINKS} platen_flags)
  if(PLATEN_LIBFUZZER)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  else()
    target_link_libraries(${name} PRIVATE platen_fuzz_replay)
    add_test(NAME ${name} COMMAND ${name} ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name})
  endif()
endfunction()
