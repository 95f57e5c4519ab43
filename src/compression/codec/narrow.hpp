// f32 values as half floats, rounded as base/half.hpp says. Values are finite.
#pragma once

#include <cstddef>
#include <span>

namespace ovbake {

void narrow_to_f16(std::span<const float> values, std::span<std::byte> into);
void narrow_to_f16_scalar(std::span<const float> values, std::span<std::byte> into);

void narrow_to_bf16(std::span<const float> values, std::span<std::byte> into);
void narrow_to_bf16_scalar(std::span<const float> values, std::span<std::byte> into);

}  // namespace ovbake
