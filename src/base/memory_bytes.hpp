// Bytes in memory, for readers of files.
#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "base/random_access.hpp"

namespace ovbake {

class MemoryBytes final : public RandomAccess {
 public:
  MemoryBytes(std::string name, std::string bytes)
      : name_(std::move(name)), bytes_(std::move(bytes)) {}

  std::string name() const override { return name_; }
  std::uint64_t size() const noexcept override { return bytes_.size(); }
  std::string fingerprint() const override { return bytes_; }
  void read(std::uint64_t offset, std::span<std::byte> into) const override {
    if (offset > bytes_.size() || into.size() > bytes_.size() - offset) {
      throw input_error("{} ends at byte {}, before what is needed of it.", name_, bytes_.size());
    }
    const auto bytes = std::as_bytes(std::span(bytes_)).subspan(offset, into.size());
    std::ranges::copy(bytes, into.begin());
  }
  void require_unchanged() const override {}

 private:
  std::string name_;
  std::string bytes_;
};

}  // namespace ovbake
