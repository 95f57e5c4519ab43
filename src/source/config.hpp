// config.json of a checkpoint. It remembers which keys were asked for, so that a key which nobody
// understood can be refused instead of ignored.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace ovbake {

/// A view of one JSON object of config.json. Copies share the object and the memory of what was
/// read. Every getter throws an input error naming file and key where the value is absent (and no
/// fallback is given) or of another kind; JSON null counts as absent.
class Config {
 public:
  /// `where` names the file in errors.
  Config(Json object, std::string where);
  static Config load(const std::filesystem::path& checkpoint_folder);

  bool has(std::string_view key) const;
  std::int64_t integer(std::string_view key) const;
  std::int64_t integer(std::string_view key, std::int64_t fallback) const;
  double number(std::string_view key) const;
  double number(std::string_view key, double fallback) const;
  bool flag(std::string_view key, bool fallback) const;
  std::string text(std::string_view key) const;
  std::string text(std::string_view key, std::string_view fallback) const;
  std::vector<double> numbers(std::string_view key) const;
  std::vector<std::int64_t> integers(std::string_view key) const;
  std::vector<std::string> texts(std::string_view key) const;
  /// A nested object, such as rope_parameters or text_config.
  Config section(std::string_view key) const;
  /// An integer that must lie in [1, 2^31): sizes and counts.
  std::int64_t size(std::string_view key) const;
  std::int64_t size(std::string_view key, std::int64_t fallback) const;

  /// Says that a key was understood without being needed.
  void mark_read(std::string_view key) const;
  /// Keys, as paths such as "rope_parameters.factor", that no getter was asked for.
  std::vector<std::string> unread_keys() const;

  /// "…/config.json", with the path of the section where this is one.
  const std::string& where() const noexcept { return where_; }

 private:
  Config(std::shared_ptr<const Json> root, const Json* object, std::string prefix,
         std::string where, std::shared_ptr<std::set<std::string>> read);
  const Json* value(std::string_view key) const;

  std::shared_ptr<const Json> root_;
  const Json* object_;
  std::string prefix_;
  std::string where_;
  std::shared_ptr<std::set<std::string>> read_;
};

}  // namespace ovbake
