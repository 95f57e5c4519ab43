// The small files of a checkpoint's folder: everything but the weights. Each is read once, whoever
// asks for it, so that what is parsed, what is copied and what a resumed bake is told apart by are
// the same bytes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_fwd.hpp"
#include "source/config.hpp"

namespace ovbake {

/// Copies share what was read. One thread at a time.
class SmallFiles {
 public:
  /// `follow_any`: for files that a user names one by one, and not by a folder.
  SmallFiles(std::filesystem::path folder,  // NOLINT(google-explicit-constructor): it is a folder
             bool follow_any = false);

  const std::filesystem::path& folder() const noexcept;
  std::filesystem::path path_of(std::string_view name) const { return folder() / name; }

  /// Whether the folder has a name, be it a link that leads nowhere: reading that is an error, and
  /// taking it for absent would be a silent one.
  bool has(std::string_view name) const;
  /// Every name in the folder, sorted. Throws where it cannot be listed.
  std::vector<std::string> names() const;

  /// The path of a file, small or of weights, once it is seen where it leads. A link is followed
  /// - inside the folder,
  /// - into blobs/ where the folder is a snapshot in a cache of huggingface_hub,
  /// - to a file of its own name beside the one that config.json leads to: such a folder is a view
  ///   of another checkpoint.
  /// Throws an input error, naming both, for one that leads elsewhere: folders of strangers keep
  /// links, and what is read here is published in OUT.
  std::filesystem::path followed(std::string_view name) const;

  /// The content of a file, read on first use; kTextPadding bytes beyond its end may be read.
  /// Throws an input error where it has more than `max_bytes`.
  const std::string& text(std::string_view name, std::uint64_t max_bytes = 64 << 20) const;
  Json json(std::string_view name, std::uint64_t max_bytes = 64 << 20) const;

  /// Frees what is held of them. They still count as read, and only the same file is read again.
  void forget_texts() const;

  /// Another one for other content of any of the files that were read.
  std::string fingerprint() const;
  /// Throws an input error where one of the files that were read was changed since.
  void require_unchanged() const;
  /// Where the files that were read lie, links followed.
  std::vector<std::filesystem::path> places() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// config.json, as Config::load gives it.
Config load_config(const SmallFiles& checkpoint);

/// One of them.
struct SmallFile {
  SmallFile(const SmallFiles& all, std::string_view its_name) : files(all), name(its_name) {}
  SmallFile(const std::filesystem::path& path)  // NOLINT(google-explicit-constructor)
      : files(path.parent_path(), true), name(path.filename().string()) {}

  std::string where() const { return files.path_of(name).string(); }
  const std::string& text(std::uint64_t max_bytes) const { return files.text(name, max_bytes); }

  SmallFiles files;
  std::string name;
};

}  // namespace ovbake
