// The values of a stored tensor as f32, the type in which NNCF computes everything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ovbake {

/// How the elements of a tensor become f32 values.
enum class ValueRule {
  bf16,
  f16,
  f32,          ///< Subnormals become +0, as they do on their way through OpenVINO; −0 stays.
  bf16_as_f16,  ///< Rounded to f16 first; also the others below.
  f16_as_bf16,
  f32_as_bf16,
  f32_as_f16,
};

/// The rule for a tensor stored as `dtype` ("BF16", "F16", "F32") in a model that is loaded as
/// `loaded_as` ("BF16", "F16"; any other word: as it is stored). Throws std::logic_error for
/// another dtype.
ValueRule value_rule(std::string_view dtype, std::string_view loaded_as);

/// Bits of a stored element.
std::size_t stored_bits(ValueRule rule);

/// Writes one value for each element of `stored`. Returns false where one of them is NaN or
/// infinite, also when rounding to the narrower type made it so.
bool read_values(ValueRule rule, std::span<const std::byte> stored, std::span<float> values);

/// Multiplies each value by its factor, as f32, and rounds to `dtype`: to "F16" to nearest even, to
/// "BF16" as OpenVINO's conversion does, to no other. Returns false where one is no longer finite.
bool multiply_values(std::string_view dtype, std::span<const float> factors,
                     std::span<float> values);

}  // namespace ovbake
