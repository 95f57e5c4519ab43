// IEEE half precision, not compressed further.
#include "compression/codec/decode.hpp"
#include "compression/codec/narrow.hpp"
#include "compression/format.hpp"

namespace ovbake {
namespace {

template <void (*kNarrow)(std::span<const float>, std::span<std::byte>)>
void encode(const WeightShape& weight, const RowBlock& block, ConstantBytes constants) {
  const auto elements = static_cast<std::size_t>(block.rows * weight.columns());
  kNarrow({block.values, elements}, constants[0]);
}

}  // namespace

extern const WeightFormat f16;
const WeightFormat f16{
    .name = "f16",
    .layout =
        [](const WeightShape& weight) {
          return std::vector<ConstantLayout>{{"", element::f16, weight.shape}};
        },
    .encode = encode<narrow_to_f16>,
    .encode_scalar = encode<narrow_to_f16_scalar>,
    .decode = [](const WeightShape& /*weight*/, const ov::OutputVector& constants,
                 const std::string& name) { return decompress_to_f32(constants[0], name); },
};

}  // namespace ovbake
