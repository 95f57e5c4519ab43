// The metadata of a GGUF file: values by key ("llama.block_count"). It remembers which keys were
// asked for, so that one which nobody understood can be refused instead of ignored.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "source/gguf/string_list.hpp"

namespace ovbake {

/// A number of 32 bits is the shortest decimal that rounds to it: 1e-05, not 9.99999974e-06.
using GgufValue = std::variant<bool, std::int64_t, double, std::string, std::vector<std::int64_t>,
                               std::vector<double>, StringList>;

/// Every getter marks its key as read, and throws an input error naming file and key where the
/// value is absent (and no fallback is given) or of another kind.
class GgufMetadata {
 public:
  /// `where` names the file in errors.
  explicit GgufMetadata(std::string where) : where_(std::move(where)) {}

  /// Returns false where the key is there already.
  bool add(std::string key, GgufValue value);

  const std::string& where() const noexcept { return where_; }
  /// Does not count as reading the key.
  bool has(std::string_view key) const { return values_.contains(key); }

  std::int64_t integer(std::string_view key) const;
  std::int64_t integer(std::string_view key, std::int64_t fallback) const;
  /// Nothing where the key is absent.
  std::optional<std::int64_t> optional_integer(std::string_view key) const;
  double number(std::string_view key) const;
  double number(std::string_view key, double fallback) const;
  bool flag(std::string_view key, bool fallback) const;
  std::string text(std::string_view key) const;
  std::string text(std::string_view key, std::string_view fallback) const;
  const StringList& texts(std::string_view key) const;
  /// Of an array, or the one value of a key that is none.
  std::vector<std::int64_t> integers(std::string_view key) const;
  std::vector<double> numbers(std::string_view key) const;
  void mark_read(std::string_view key) const { read_.emplace(key); }

  /// Keys that begin with `prefix` and that no getter was asked for.
  std::vector<std::string> unread_keys(std::string_view prefix) const;

 private:
  const GgufValue* find(std::string_view key) const;
  template <typename Value>
  const Value& get(std::string_view key, std::string_view wanted) const;

  std::string where_;
  std::map<std::string, GgufValue, std::less<>> values_;
  mutable std::set<std::string, std::less<>> read_;
};

}  // namespace ovbake
