#include "source/small_files.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/memory_bytes.hpp"

namespace ovbake {

namespace fs = std::filesystem;

SmallFiles::SmallFiles(fs::path folder) : where_(folder.string()), folder_(std::move(folder)) {}

SmallFiles::SmallFiles(std::string where, std::map<std::string, std::string> texts,
                       std::string remark)
    : where_(std::move(where)), texts_(std::move(texts)), remark_(std::move(remark)) {}

std::string SmallFiles::path_of(const std::string& name) const {
  return folder_.empty() ? fmt::format("{} ({})", where_, name) : (folder_ / name).string();
}

bool SmallFiles::has(const std::string& name) const {
  std::error_code none;
  return folder_.empty() ? texts_.contains(name) : fs::exists(folder_ / name, none);
}

std::vector<std::string> SmallFiles::names() const {
  std::vector<std::string> names;
  for (const auto& [name, text] : texts_) names.push_back(name);
  std::error_code none;
  if (folder_.empty()) return names;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_, none)) {
    names.push_back(entry.path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

std::unique_ptr<const RandomAccess> SmallFiles::open(const std::string& name) const {
  if (!folder_.empty()) return std::make_unique<const File>(File::open(folder_ / name));
  const auto found = texts_.find(name);
  if (found == texts_.end()) throw input_error("{} says nothing of {}.", where_, name);
  return std::make_unique<const MemoryBytes>(path_of(name), found->second);
}

std::string SmallFiles::read(const std::string& name, std::uint64_t max_bytes) const {
  return read_text(*open(name), max_bytes);
}

Json SmallFiles::read_json(const std::string& name, std::uint64_t max_bytes) const {
  return parse_json(read(name, max_bytes), path_of(name));
}

}  // namespace ovbake
