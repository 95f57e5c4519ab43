// The greedy choice of a token.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

namespace ovbake {

/// The index of the largest logit, the first of equals.
inline std::int64_t likeliest(std::span<const float> logits) {
  return std::ranges::max_element(logits) - logits.begin();
}

}  // namespace ovbake
