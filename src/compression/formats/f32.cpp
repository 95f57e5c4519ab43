// Full precision: what norms and biases become, and weights that are not compressed.
#include <cstring>

#include "compression/format.hpp"

namespace ovbake {
namespace {

void encode(const WeightShape& weight, const RowBlock& block, ConstantBytes constants) {
  const auto elements = static_cast<std::size_t>(block.rows * weight.columns());
  std::memcpy(constants[0].data(), block.values, elements * sizeof(float));
}

}  // namespace

extern const WeightFormat f32;
const WeightFormat f32{
    .name = "f32",
    .layout =
        [](const WeightShape& weight) {
          return std::vector<ConstantLayout>{{"", element::f32, weight.shape}};
        },
    .encode = encode,
    .encode_scalar = encode,
    .decode = [](const WeightShape& /*weight*/, const ov::OutputVector& constants,
                 const std::string& /*name*/) { return constants[0]; },
};

}  // namespace ovbake
