// Many strings as one packed constant, gathered in place.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/operations.hpp"

namespace ovbake {

class StringTable {
 public:
  void push(std::string_view text);
  std::size_t size() const noexcept { return begins_.size(); }

  /// The table as constants. Made once, last.
  Strings constants() const;
  /// Some strings of the table, which share the characters of `whole`.
  Strings at(const Strings& whole, std::span<const std::int32_t> indices) const;

 private:
  std::string chars_;
  std::vector<std::int32_t> begins_, ends_;
};

}  // namespace ovbake
