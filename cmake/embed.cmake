# cmake -DOUT=web_files.cpp -DFILES="a;b" -P embed.cmake: files as bytes in the program, found by name.
set(rows "")
set(arrays "")
set(number 0)
foreach(file ${FILES})
  get_filename_component(name ${file} NAME)
  get_filename_component(extension ${file} LAST_EXT)
  set(type "text/plain; charset=utf-8")
  if(extension STREQUAL ".html")
    set(type "text/html; charset=utf-8")
  elseif(extension STREQUAL ".js")
    set(type "text/javascript; charset=utf-8")
  elseif(extension STREQUAL ".css")
    set(type "text/css; charset=utf-8")
  elseif(extension STREQUAL ".json")
    set(type "application/json")
  elseif(extension STREQUAL ".svg")
    set(type "image/svg+xml")
  endif()
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "(..)" "\\\\x\\1" bytes "${hex}")
  # A line of a string literal may not be endless.
  string(REGEX REPLACE "(................................................................................................................................)" "\\1\"\n\"" bytes "${bytes}")
  string(APPEND arrays "constexpr char k${number}[] =\n\"${bytes}\";\n")
  string(APPEND rows "    {\"${name}\", \"${type}\", {k${number}, sizeof k${number} - 1}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUT} "// Made by cmake/embed.cmake.
#include \"server/app.h\"

namespace reportedly::server {
namespace {
${arrays}
constexpr WebFile kFiles[] = {
${rows}};
}  // namespace

const WebFile* web_file(std::string_view name) {
  for (const WebFile& file : kFiles)
    if (file.name == name) return &file;
  return nullptr;
}

}  // namespace reportedly::server
")
