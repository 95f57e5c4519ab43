// Four-bit floats and an f16 scale a group.
#include "compression/codec/decode.hpp"
#include "compression/codec/floating.hpp"
#include "compression/codec/packing.hpp"
#include "compression/format.hpp"

namespace ovbake {
namespace {

template <GroupKernel kKernel>
void encode(const WeightShape& weight, const RowBlock& block, ConstantBytes constants) {
  const EncodedGroups encoded = encode_groups(weight, block, kKernel);
  pack_nibbles(encoded.codes, constants[0]);
  pack_f16(encoded.scales, constants[1]);
}

}  // namespace

extern const WeightFormat fp4;
const WeightFormat fp4{
    .name = "fp4",
    .groups = WeightFormat::Groups::any,
    .default_group_size = 128,
    .layout =
        [](const WeightShape& weight) {
          return std::vector<ConstantLayout>{
              {"", element::f4e2m1, weight.codes_shape()},
              {"/scale", element::f16, weight.scale_shape()},
          };
        },
    .encode = encode<float_kernel<FloatCode::e2m1>>,
    .encode_scalar = encode<float_kernel_scalar<FloatCode::e2m1>>,
    .decode =
        [](const WeightShape& weight, const ov::OutputVector& constants, const std::string& name) {
          return decode_scaled(weight, {constants[0], {}, constants[1]}, name);
        },
};

}  // namespace ovbake
