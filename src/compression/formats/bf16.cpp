// bfloat16, not compressed further.
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

extern const WeightFormat bf16;
const WeightFormat bf16{
    .name = "bf16",
    .layout =
        [](const WeightShape& weight) {
          return std::vector<ConstantLayout>{{"", element::bf16, weight.shape}};
        },
    .encode = encode<narrow_to_bf16>,
    .encode_scalar = encode<narrow_to_bf16_scalar>,
    .decode = [](const WeightShape& /*weight*/, const ov::OutputVector& constants,
                 const std::string& name) { return decompress_to_f32(constants[0], name); },
};

}  // namespace ovbake
