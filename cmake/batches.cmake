# batches(TARGET FOLDER dir SIZE n)
#
# Compiles the sources of a folder n at a time: what they include is read once for n files, which is
# most of the work where files are small. Their helpers must not collide, so each file that has any
# keeps them in a namespace of its own. -DOVBAKE_BATCHES=OFF compiles every file alone.
function(batches TARGET)
  cmake_parse_arguments(ARG "" "FOLDER;SIZE" "" ${ARGN})
  if(NOT OVBAKE_BATCHES)
    return()
  endif()
  set_target_properties(${TARGET} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  get_target_property(sources ${TARGET} SOURCES)
  set(count 0)
  foreach(file IN LISTS sources)
    cmake_path(GET file PARENT_PATH folder)
    if(folder STREQUAL "${CMAKE_SOURCE_DIR}/${ARG_FOLDER}")
      math(EXPR batch "${count} / ${ARG_SIZE}")
      cmake_path(GET folder FILENAME name)
      set_property(SOURCE ${file} PROPERTY UNITY_GROUP ${name}_${batch})
      math(EXPR count "${count} + 1")
    endif()
  endforeach()
endfunction()
