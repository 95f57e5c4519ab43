// The variable `loop` within a for.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "jinja/value.hpp"

namespace ovbake::jinja {

class Loop {
 public:
  explicit Loop(std::vector<Value> items) : items_(std::move(items)) {}

  const std::vector<Value>& items() const { return items_; }
  void go_to(std::size_t index) { index_ = index; }

  /// What jinja2 calls index, index0, revindex, revindex0, first, last, length, depth, depth0,
  /// previtem, nextitem.
  std::optional<Value> attribute(std::string_view name) const;

 private:
  std::vector<Value> items_;
  std::size_t index_ = 0;
};

}  // namespace ovbake::jinja
