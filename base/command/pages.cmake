# platen_pages(program): its manual page and shell completions, printed by the program itself, in <build>/share; installed with it.
# A build for another machine cannot run the program: its pages come from a native build.
function(platen_pages program)
  install(TARGETS ${program} RUNTIME DESTINATION bin)
  if(CMAKE_CROSSCOMPILING)
    return()
  endif()
  foreach(row IN ITEMS
      "man/man1/${program}.1 help man" "bash-completion/completions/${program} completion bash"
      "zsh/vendor-completions/_${program} completion zsh" "fish/vendor_completions.d/${program}.fish completion fish")
    separate_arguments(words UNIX_COMMAND "${row}")
    list(POP_FRONT words file)
    cmake_path(GET file PARENT_PATH folder)
    add_custom_command(
      OUTPUT ${CMAKE_BINARY_DIR}/share/${file}
      COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/share/${folder}
      COMMAND $<TARGET_FILE:${program}> ${words} > ${CMAKE_BINARY_DIR}/share/${file}
      DEPENDS ${program})
    list(APPEND files ${CMAKE_BINARY_DIR}/share/${file})
    install(FILES ${CMAKE_BINARY_DIR}/share/${file} DESTINATION share/${folder})
  endforeach()
  add_custom_target(${program}-pages ALL DEPENDS ${files})
endfunction()
