#include "source/small_files.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/folder.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/xxh3.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kConfig = "config.json";

/// blobs/ of the model whose snapshot `folder`, or a folder above it, is; empty where none is one.
fs::path blobs_of(fs::path folder) {
  for (; folder.has_relative_path(); folder = folder.parent_path()) {
    const fs::path snapshots = folder.parent_path();
    if (snapshots.filename() == "snapshots") return snapshots.parent_path() / "blobs";
  }
  return {};
}

}  // namespace

struct SmallFiles::State {
  struct Read {
    std::optional<std::string> text;  ///< Nothing: forgotten.
    std::string fingerprint;
    Digest digest{};
  };

  fs::path folder;
  bool follow_any;
  std::map<std::string, Read, std::less<>> read{};
};

SmallFiles::SmallFiles(fs::path folder, bool follow_any)
    : state_(
          std::make_shared<State>(State{.folder = std::move(folder), .follow_any = follow_any})) {}

const fs::path& SmallFiles::folder() const noexcept { return state_->folder; }

bool SmallFiles::has(std::string_view name) const { return is_there(path_of(name)); }

std::vector<std::string> SmallFiles::names() const { return names_in(folder()); }

fs::path SmallFiles::followed(std::string_view name) const {
  const fs::path path = path_of(name);
  if (state_->follow_any) return path;
  const fs::path real = real_path(path);
  const fs::path home = real_path(folder().empty() ? "." : folder());
  if (lies_within(real, home) || real.parent_path() == blobs_of(home)) return path;
  if (real.filename() == name && has(kConfig) &&
      real.parent_path() == real_path(path_of(kConfig)).parent_path()) {
    return path;
  }
  throw input_error(
      "{} is a link to {}, which lies outside of the model's folder and is not read; put the file "
      "itself there.",
      path.string(), real.string());
}

const std::string& SmallFiles::text(std::string_view name, std::uint64_t max_bytes) const {
  const auto known = state_->read.find(name);
  if (known != state_->read.end() && known->second.text) return *known->second.text;
  const File file = File::open(followed(name));
  State::Read read{.text = read_text(file, max_bytes), .fingerprint = file.fingerprint()};
  Xxh3 hash;
  hash.update(std::as_bytes(std::span(*read.text)));
  read.digest = hash.digest();
  if (known == state_->read.end()) {
    return *state_->read.emplace(name, std::move(read)).first->second.text;
  }
  ovbake::require_unchanged(file.path(), known->second.fingerprint);
  known->second.text = std::move(read.text);
  return *known->second.text;
}

void SmallFiles::forget_texts() const {
  for (auto& [name, read] : state_->read) read.text.reset();
}

Json SmallFiles::json(std::string_view name, std::uint64_t max_bytes) const {
  return parse_json(text(name, max_bytes), path_of(name).string());
}

std::string SmallFiles::fingerprint() const {
  std::string text;
  for (const auto& [name, read] : state_->read) {
    text += fmt::format("{} {}\n", quote(name), read.digest);
  }
  return text;
}

void SmallFiles::require_unchanged() const {
  for (const auto& [name, read] : state_->read) {
    ovbake::require_unchanged(path_of(name), read.fingerprint);
  }
}

std::vector<fs::path> SmallFiles::places() const {
  std::vector<fs::path> places;
  for (const auto& [name, read] : state_->read) places.push_back(real_path(path_of(name)));
  return places;
}

}  // namespace ovbake
