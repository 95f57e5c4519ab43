# open_folder(NAME FOLDER dir TYPE T HEADER header [MEMBER member])
#
# Makes the table of an open folder: each <stem>.cpp in it defines `extern const T <stem>` in
# namespace ovbake, or `extern const T <member>` in namespace ovbake::<stem>, and the generated file
# holds `std::span<const T* const> NAME()`. Adding a file is all it takes to add an entry; a file that
# defines another name is a link error, so none can be dropped unnoticed.
# Sets NAME_table to the generated source.
function(open_folder NAME)
  cmake_parse_arguments(ARG "" "FOLDER;TYPE;HEADER;MEMBER" "" ${ARGN})
  file(GLOB files CONFIGURE_DEPENDS ${ARG_FOLDER}/*.cpp)
  list(FILTER files EXCLUDE REGEX "_test\\.cpp$")
  set(declarations "")
  set(entries "")
  foreach(file IN LISTS files)
    get_filename_component(stem ${file} NAME_WE)
    if(ARG_MEMBER)
      string(APPEND declarations "namespace ${stem} {\nextern const ${ARG_TYPE} ${ARG_MEMBER};\n}\n")
      string(APPEND entries "      &${stem}::${ARG_MEMBER},\n")
    else()
      string(APPEND declarations "extern const ${ARG_TYPE} ${stem};\n")
      string(APPEND entries "      &${stem},\n")
    endif()
  endforeach()
  set(table ${CMAKE_BINARY_DIR}/generated/${NAME}_table.cpp)
  file(CONFIGURE OUTPUT ${table} @ONLY CONTENT
"// Generated from the files of ${ARG_FOLDER}/.
#include <array>
#include <span>

#include \"${ARG_HEADER}\"

namespace ovbake {
${declarations}
std::span<const ${ARG_TYPE}* const> ${NAME}() {
  static const auto table = std::to_array<const ${ARG_TYPE}*>({
${entries}  });
  return table;
}
}  // namespace ovbake
")
  set(${NAME}_table ${table} PARENT_SCOPE)
endfunction()
