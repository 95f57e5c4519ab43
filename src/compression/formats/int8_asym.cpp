// Unsigned bytes, a zero point and an f16 scale a row.
#include "compression/codec/decode.hpp"
#include "compression/codec/integer.hpp"
#include "compression/codec/packing.hpp"
#include "compression/format.hpp"

namespace ovbake {
namespace {

template <GroupKernel kKernel>
void encode(const WeightShape& weight, const RowBlock& block, ConstantBytes constants) {
  const EncodedGroups encoded = encode_groups(weight, block, kKernel);
  pack_bytes(encoded.codes, constants[0]);
  pack_bytes(encoded.zero_points, constants[1]);
  pack_f16(encoded.scales, constants[2]);
}

}  // namespace

extern const WeightFormat int8_asym;
const WeightFormat int8_asym{
    .name = "int8_asym",
    .layout =
        [](const WeightShape& weight) {
          return std::vector<ConstantLayout>{
              {"", element::u8, weight.codes_shape()},
              {"/zero_point", element::u8, weight.scale_shape()},
              {"/scale", element::f16, weight.scale_shape()},
          };
        },
    .encode = encode<asymmetric<8>>,
    .encode_scalar = encode<asymmetric_scalar<8>>,
    .decode =
        [](const WeightShape& weight, const ov::OutputVector& constants, const std::string& name) {
          return decode_scaled(weight, {constants[0], constants[1], constants[2]}, name);
        },
};

}  // namespace ovbake
