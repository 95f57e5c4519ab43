// The small files of a checkpoint (config.json, tokenizer files, …) by name: those of a folder, or
// texts that stand for them where a checkpoint keeps the same facts elsewhere.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/json_fwd.hpp"
#include "base/random_access.hpp"

namespace ovbake {

class SmallFiles {
 public:
  /// The files of a folder, which need not be there.
  SmallFiles(std::filesystem::path folder);  // NOLINT(google-explicit-constructor)
  /// `remark` says why there are no others, for messages; may be empty.
  SmallFiles(std::string where, std::map<std::string, std::string> texts, std::string remark);

  /// What they belong to, as messages call it.
  const std::string& where() const noexcept { return where_; }
  const std::string& remark() const noexcept { return remark_; }
  /// How messages call the file of this name.
  std::string path_of(const std::string& name) const;

  bool has(const std::string& name) const;
  /// In alphabetical order; empty where the folder cannot be read.
  std::vector<std::string> names() const;
  /// Throws an input error where there is none of this name.
  std::unique_ptr<const RandomAccess> open(const std::string& name) const;
  /// Throws an input error where the file is missing or larger than `max_bytes`.
  std::string read(const std::string& name, std::uint64_t max_bytes) const;
  Json read_json(const std::string& name, std::uint64_t max_bytes = 64 << 20) const;

 private:
  std::string where_;
  std::filesystem::path folder_;  ///< Empty where there are texts.
  std::map<std::string, std::string> texts_;
  std::string remark_;
};

}  // namespace ovbake
