// Signed bytes and a signed f16 scale a row.
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
  pack_f16(encoded.scales, constants[1]);
}

}  // namespace

extern const WeightFormat int8_sym;
const WeightFormat int8_sym{
    .name = "int8_sym",
    .layout =
        [](const WeightShape& weight) {
          return std::vector<ConstantLayout>{
              {"", element::i8, weight.codes_shape()},
              {"/scale", element::f16, weight.scale_shape()},
          };
        },
    .encode = encode<symmetric<8>>,
    .encode_scalar = encode<symmetric_scalar<8>>,
    .decode =
        [](const WeightShape& weight, const ov::OutputVector& constants, const std::string& name) {
          return decode_scaled(weight, {constants[0], {}, constants[1]}, name);
        },
};

}  // namespace ovbake
