#include "tokenizer/string_table.hpp"

#include <limits>

#include "base/error.hpp"

namespace ovbake {

void StringTable::push(std::string_view text) {
  if (chars_.size() + text.size() > std::numeric_limits<std::int32_t>::max()) {
    throw input_error("the tokens of the vocabulary take more than 2 GB");
  }
  begins_.push_back(static_cast<std::int32_t>(chars_.size()));
  chars_.append(text);
  ends_.push_back(static_cast<std::int32_t>(chars_.size()));
}

Strings StringTable::constants() const {
  return {constant(begins_), constant(ends_), text_constant(chars_)};
}

Strings StringTable::at(const Strings& whole, std::span<const std::int32_t> indices) const {
  std::vector<std::int32_t> begins, ends;
  begins.reserve(indices.size());
  ends.reserve(indices.size());
  for (const std::int32_t index : indices) {
    begins.push_back(begins_[static_cast<std::size_t>(index)]);
    ends.push_back(ends_[static_cast<std::size_t>(index)]);
  }
  return {constant(begins), constant(ends), whole.chars};
}

}  // namespace ovbake
