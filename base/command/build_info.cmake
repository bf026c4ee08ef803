# PLATEN_COMMIT, PLATEN_BUILD_DATE, PLATEN_TLS_LIBRARY for build_info.h. In a tarball there is no git: commit and date stay empty
# unless SOURCE_DATE_EPOCH gives the date.

find_package(Git QUIET)
set(PLATEN_COMMIT "")
set(commit_time "")
if(GIT_FOUND AND EXISTS ${CMAKE_SOURCE_DIR}/.git)
  execute_process(COMMAND ${GIT_EXECUTABLE} -C ${CMAKE_SOURCE_DIR} log -1 --format=%H\ %ct
    OUTPUT_VARIABLE head OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(head MATCHES "^([0-9a-f]+) ([0-9]+)$")
    string(SUBSTRING ${CMAKE_MATCH_1} 0 12 PLATEN_COMMIT)
    set(commit_time ${CMAKE_MATCH_2})
  endif()
endif()

set(PLATEN_BUILD_DATE "")
set(epoch "$ENV{SOURCE_DATE_EPOCH}")
if(NOT epoch MATCHES "^[0-9]+$")
  set(epoch "${commit_time}")
endif()
if(epoch MATCHES "^[0-9]+$")
  set(before "$ENV{SOURCE_DATE_EPOCH}")
  set(ENV{SOURCE_DATE_EPOCH} ${epoch})  # string(TIMESTAMP) obeys it
  string(TIMESTAMP PLATEN_BUILD_DATE "%Y-%m-%dT%H:%M:%SZ" UTC)
  if(before STREQUAL "")
    unset(ENV{SOURCE_DATE_EPOCH})
  else()
    set(ENV{SOURCE_DATE_EPOCH} ${before})
  endif()
endif()

set(PLATEN_TLS_LIBRARY "")
pkg_check_modules(PLATEN_OPENSSL QUIET openssl)
if(PLATEN_OPENSSL_FOUND)
  set(PLATEN_TLS_LIBRARY "OpenSSL ${PLATEN_OPENSSL_VERSION}")
endif()
