#include "jinja/loop.hpp"

namespace ovbake::jinja {

std::optional<Value> Loop::attribute(std::string_view name) const {
  const auto index = static_cast<Integer>(index_);
  const auto count = static_cast<Integer>(items_.size());
  if (name == "index") return index + 1;
  if (name == "index0") return index;
  if (name == "revindex") return count - index;
  if (name == "revindex0") return count - index - 1;
  if (name == "first") return index == 0;
  if (name == "last") return index + 1 == count;
  if (name == "length") return count;
  if (name == "depth") return Integer{1};
  if (name == "depth0") return Integer{0};
  if (name == "previtem")
    return index == 0 ? undefined("an item before the first") : items_[index_ - 1];
  if (name == "nextitem")
    return index + 1 == count ? undefined("an item after the last") : items_[index_ + 1];
  return std::nullopt;
}

}  // namespace ovbake::jinja
