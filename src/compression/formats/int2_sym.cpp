// Two-bit integers and a signed f16 scale a group. Stored unsigned, with 2 for zero.
#include "compression/codec/decode.hpp"
#include "compression/codec/integer.hpp"
#include "compression/codec/packing.hpp"
#include "compression/format.hpp"

namespace ovbake {
namespace {

/// What is stored for the value 0.
constexpr std::uint8_t kZeroPoint = 2;

template <GroupKernel kKernel>
void encode(const WeightShape& weight, const RowBlock& block, ConstantBytes constants) {
  const EncodedGroups encoded = encode_groups(weight, block, kKernel);
  for (std::uint8_t& code : encoded.codes) code += kZeroPoint;
  pack_crumbs(encoded.codes, constants[0]);
  pack_f16(encoded.scales, constants[2]);
}

void encode_whole(const WeightShape& /*weight*/, float /*max_abs*/, ConstantBytes constants) {
  constants[1][0] = std::byte{kZeroPoint};
}

}  // namespace

extern const WeightFormat int2_sym;
const WeightFormat int2_sym{
    .name = "int2_sym",
    .groups = WeightFormat::Groups::any,
    .default_group_size = 128,
    .layout =
        [](const WeightShape& weight) {
          return std::vector<ConstantLayout>{
              {"", element::u2, weight.codes_shape()},
              {.suffix = "/zero_point", .type = element::i8, .shape = {}, .per_row = false},
              {"/scale", element::f16, weight.scale_shape()},
          };
        },
    .encode = encode<symmetric<2>>,
    .encode_scalar = encode<symmetric_scalar<2>>,
    .encode_whole = encode_whole,
    .decode =
        [](const WeightShape& weight, const ov::OutputVector& constants, const std::string& name) {
          return decode_scaled(weight, {constants[0], constants[1], constants[2]}, name);
        },
};

}  // namespace ovbake
