// Text out of single tokens, of which one may be a part of a character.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace ovbake {

class TextStream {
 public:
  /// Turns tokens into text; what is no whole character must come out as U+FFFD.
  using Decode = std::function<std::string(std::span<const std::int64_t>)>;

  explicit TextStream(Decode decode) : decode_(std::move(decode)) {}

  /// The text that `token` made whole: none while it ends within a character.
  std::string push(std::int64_t token);
  /// What is left, broken or not.
  std::string finish();

 private:
  std::string take(const std::string& text);

  Decode decode_;
  /// The tokens of the last text that came out, which decide how the next is spaced, and all that
  /// came after them.
  std::vector<std::int64_t> tokens_;
  std::string shown_;  ///< Text of the former.
  std::size_t shown_tokens_ = 0;
};

}  // namespace ovbake
