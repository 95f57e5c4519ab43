// Unsigned 4-bit integers, a zero point and an f16 scale a group.
#include "compression/codec/decode.hpp"
#include "compression/codec/integer.hpp"
#include "compression/codec/packing.hpp"
#include "compression/format.hpp"

namespace ovbake {
namespace {

template <GroupKernel kKernel>
void encode(const WeightShape& weight, const RowBlock& block, ConstantBytes constants) {
  const EncodedGroups encoded = encode_groups(weight, block, kKernel);
  pack_nibbles(encoded.codes, constants[0]);
  pack_nibbles(encoded.zero_points, constants[1]);
  pack_f16(encoded.scales, constants[2]);
}

}  // namespace

extern const WeightFormat int4_asym;
const WeightFormat int4_asym{
    .name = "int4_asym",
    .groups = WeightFormat::Groups::any,
    .default_group_size = 128,
    .layout =
        [](const WeightShape& weight) {
          return std::vector<ConstantLayout>{
              {"", element::u4, weight.codes_shape()},
              {"/zero_point", element::u4, weight.scale_shape()},
              {"/scale", element::f16, weight.scale_shape()},
          };
        },
    .encode = encode<asymmetric<4>>,
    .encode_scalar = encode<asymmetric_scalar<4>>,
    .decode =
        [](const WeightShape& weight, const ov::OutputVector& constants, const std::string& name) {
          return decode_scaled(weight, {constants[0], constants[1], constants[2]}, name);
        },
};

}  // namespace ovbake
