// What one rendering may cost, so that no template can hang the program or fill its memory.
#pragma once

#include <cstdint>

#include "jinja/fault.hpp"

namespace ovbake::jinja {

class Budget {
 public:
  /// Steps and bytes; each of the functions that makes or compares values takes from it first.
  static constexpr std::uint64_t kLimit = std::uint64_t{1} << 28;
  static constexpr std::uint64_t kStep = 16;

  void spend(std::uint64_t amount) {
    if (amount > left_) throw Fault("it makes more text or takes more steps than {}", kLimit);
    left_ -= amount;
  }
  /// Of a search for `part` bytes in `text` bytes, which may compare every place with all of them.
  void spend_search(std::uint64_t text, std::uint64_t part) { spend(text + text * part / 64); }

 private:
  std::uint64_t left_ = kLimit;
};

}  // namespace ovbake::jinja
