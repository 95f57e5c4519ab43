// OCP MXFP4: four-bit floats, and for every 32 of them a power of two.
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
  pack_e8m0(encoded.scales, constants[1]);
}

}  // namespace

extern const WeightFormat mxfp4;
const WeightFormat mxfp4{
    .name = "mxfp4",
    .groups = WeightFormat::Groups::fixed,
    .default_group_size = 32,
    .layout =
        [](const WeightShape& weight) {
          return std::vector<ConstantLayout>{
              {"", element::f4e2m1, weight.codes_shape()},
              {"/scale", element::f8e8m0, weight.scale_shape()},
          };
        },
    .encode = encode<mx_kernel<FloatCode::e2m1>>,
    .encode_scalar = encode<mx_kernel_scalar<FloatCode::e2m1>>,
    .decode =
        [](const WeightShape& weight, const ov::OutputVector& constants, const std::string& name) {
          return decode_scaled(weight, {constants[0], {}, constants[1]}, name);
        },
};

}  // namespace ovbake
