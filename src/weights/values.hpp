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
  mxfp4,  ///< As f32, exactly: read_mxfp4().
  fp8,    ///< Scaled, and rounded to bf16: read_fp8_row().
};

/// The rule for a tensor stored as `dtype` ("BF16", "F16", "F32", "F8_E4M3", "MXFP4") in a model
/// that is loaded as `cast_dtype`. Throws std::logic_error for another dtype.
ValueRule value_rule(std::string_view dtype, std::string_view cast_dtype);

/// Bits of a stored element.
std::size_t stored_bits(ValueRule rule);

/// Writes one value for each element of `stored`. Returns false where one of them is NaN or
/// infinite, also when rounding to the narrower type made it so.
bool read_values(ValueRule rule, std::span<const std::byte> stored, std::span<float> values);

/// Elements of MXFP4 that share a power of two, and their bytes without it.
inline constexpr std::int64_t kMxfp4Elements = 32;
inline constexpr std::int64_t kMxfp4Bytes = kMxfp4Elements / 2;

/// Writes two values for each byte of `blocks`, the low four bits' first, which are sign, two bits
/// of exponent and one of fraction; every kMxfp4Elements of them are multiplied by the power of two
/// whose exponent, plus 127, is a byte of `scales`. Returns false where one of these is 255, which
/// is NaN.
bool read_mxfp4(std::span<const std::byte> blocks, std::span<const std::byte> scales,
                std::span<float> values);

/// Multiplies each value by its factor, as f32, and rounds to the type that the rule yields: to f16
/// to nearest even, to bf16 as OpenVINO's conversion does. Returns false where one is no longer
/// finite.
bool multiply_values(ValueRule rule, std::span<const float> factors, std::span<float> values);

}  // namespace ovbake
