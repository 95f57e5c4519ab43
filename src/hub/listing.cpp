#include "hub/listing.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace ovbake {
namespace {

constexpr std::uint64_t kMaxFileBytes = std::uint64_t{1} << 50;

/// Whether every part of `path` is the name of something within the folder of the part before it.
bool stays_within(std::string_view path) {
  if (path.find_first_of(std::string_view("\\\0", 2)) != path.npos) return false;
  while (true) {
    const std::string_view part = path.substr(0, path.find('/'));
    if (part.empty() || part == "." || part == ".." || part.size() > 255) return false;
    if (part.size() == path.size()) return true;
    path.remove_prefix(part.size() + 1);
  }
}

std::string text_at(const Json& entry, const char* key) {
  const auto found = entry.find(key);
  return found != entry.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

HubFile listed_file(std::string_view where, const std::string& path, const Json& entry,
                    const char* id_key, const char* sha256_key) {
  if (!stays_within(path)) {
    throw input_error("{} lists a file {}, which is no name within a model; nothing is fetched.",
                      where, quote(path));
  }
  const Json size = entry.is_object() ? entry.value("size", Json()) : Json();
  HubFile file{.path = path};
  if (size.is_number_unsigned()) {
    file.size = size.get<std::uint64_t>();
    file.git_id = text_at(entry, id_key);
    file.sha256 = text_at(entry, sha256_key);
  }
  const bool known = is_hex(file.git_id, 40) && (file.sha256.empty() || is_hex(file.sha256, 64));
  if (!known || file.size > kMaxFileBytes) {
    throw input_error("{} lists {} without a size and a digest that make sense.", where,
                      quote(path));
  }
  return file;
}

std::vector<HubFile> listed_files(std::string_view where, const Json& page) {
  if (!page.is_array()) throw input_error("{} lists no files.", where);
  std::vector<HubFile> files;
  for (const Json& entry : page) {
    if (!entry.is_object() || text_at(entry, "type") == "directory") continue;
    Json flat{{"size", entry.value("size", Json())}, {"oid", text_at(entry, "oid")}};
    if (const Json lfs = entry.value("lfs", Json()); lfs.is_object()) {
      flat["size"] = lfs.value("size", Json());
      flat["sha256"] = text_at(lfs, "oid");
    }
    files.push_back(listed_file(where, text_at(entry, "path"), flat, "oid", "sha256"));
  }
  return files;
}

}  // namespace ovbake
