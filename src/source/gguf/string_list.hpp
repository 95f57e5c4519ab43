// Many texts in one buffer: a vocabulary has hundreds of thousands.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ovbake {

class StringList {
 public:
  void push(std::string_view text) {
    characters_ += text;
    ends_.push_back(characters_.size());
  }
  std::size_t size() const noexcept { return ends_.size(); }
  std::string_view operator[](std::size_t index) const {
    const std::uint64_t begin = index == 0 ? 0 : ends_[index - 1];
    return std::string_view(characters_).substr(begin, ends_[index] - begin);
  }

 private:
  std::string characters_;
  std::vector<std::uint64_t> ends_;
};

}  // namespace ovbake
