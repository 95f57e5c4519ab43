#include "architecture/alibi.hpp"

#include <bit>
#include <cmath>

namespace ovbake {

Alibi alibi(std::int64_t heads) {
  const auto whole = static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(heads)));
  Alibi result;
  const auto add = [&](std::int64_t i, std::int64_t n) {
    const double exponent = -8.0 * static_cast<double>(i) / static_cast<double>(n);
    result.slopes.push_back(static_cast<float>(std::exp2(exponent)));
  };
  for (std::int64_t i = 1; i <= whole; ++i) add(i, whole);
  for (std::int64_t i = 1; i <= heads - whole; ++i) add(2 * i - 1, 2 * whole);
  return result;
}

}  // namespace ovbake
