# `cmake --install` links against the OpenVINO of the build; a wheel's programs find the one that lies
# beside them in the same Python environment.
include(GNUInstallDirs)

if(SKBUILD)
  set(programs ${SKBUILD_SCRIPTS_DIR})
  find_package(Python REQUIRED COMPONENTS Interpreter)
  execute_process(COMMAND ${Python_EXECUTABLE} -c
    "import os, sysconfig as s; print(os.path.relpath(s.get_path('purelib'), s.get_path('scripts')))"
    OUTPUT_VARIABLE packages OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  set_target_properties(ovbake PROPERTIES INSTALL_RPATH "$ORIGIN/${packages}/openvino/libs")
else()
  set(programs ${CMAKE_INSTALL_FULL_BINDIR})
  set_target_properties(ovbake PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
endif()

install(TARGETS ovbake RUNTIME DESTINATION ${programs})
install(CODE "file(CREATE_LINK ovbake \"\$ENV{DESTDIR}${programs}/bake_model\" SYMBOLIC)")
