# The build itself must refuse an upward link: two rooms that link downward configure, the same two linked upward do not.
#   cmake -DSOURCE=… -DWORK=… -P upward_link_test.cmake
file(REMOVE_RECURSE ${WORK})

# configure_two_rooms(down "base" "" …): what the room `low` and the room `high` link; sets result and said
function(configure_two_rooms case low_links high_links)
  set(dir ${WORK}/${case})
  file(WRITE ${dir}/layers.txt "low 1 -\nhigh 2 -\n")
  file(WRITE ${dir}/empty.cc "")
  file(WRITE ${dir}/low/CMakeLists.txt "platen_library(low 1 SOURCES ../empty.cc LINKS ${low_links})\n")
  file(WRITE ${dir}/high/CMakeLists.txt "platen_library(high 2 SOURCES ../empty.cc LINKS ${high_links})\n")
  set(first low)
  set(second high)
  if(low_links)
    set(first high)
    set(second low)
  endif()
  file(WRITE ${dir}/CMakeLists.txt "cmake_minimum_required(VERSION 3.25)\nproject(two LANGUAGES CXX)\n"
    "include(${SOURCE}/cmake/platen.cmake)\nadd_subdirectory(${first})\nadd_subdirectory(${second})\n")
  execute_process(COMMAND ${CMAKE_COMMAND} -G Ninja -S ${dir} -B ${dir}/build RESULT_VARIABLE code OUTPUT_QUIET ERROR_VARIABLE text)
  set(result ${code} PARENT_SCOPE)
  set(said "${text}" PARENT_SCOPE)
endfunction()

configure_two_rooms(down "" low)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "a downward link was refused: ${said}")
endif()
configure_two_rooms(up high "")
if(result EQUAL 0 OR NOT said MATCHES "may not link high")
  message(FATAL_ERROR "an upward link was not refused: ${said}")
endif()
