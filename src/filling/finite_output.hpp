// Constants that cannot be used although every weight was finite: a scale or a value too large for
// the type that the format stores it in.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "base/shape.hpp"
#include "compression/plan.hpp"

namespace ovbake {

/// The number of the first element that is NaN or infinite; nothing where there is none, or where
/// elements of the type can be neither.
std::optional<std::size_t> first_nonfinite(ElementType type, std::span<const std::byte> elements);

/// Throws an input error naming tensor, row and column where one of `encoded`, the bytes that rows
/// from `first_row` on became, one piece for each constant of the tensor's format, has such an
/// element.
void require_finite(const PlannedTensor& tensor, std::int64_t first_row,
                    std::span<const std::vector<std::byte>> encoded);

}  // namespace ovbake
