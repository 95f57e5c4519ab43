// Full precision: what norms and biases become, and weights that are not compressed.
#include <cstring>

#include "compression/format.hpp"

namespace ovbake {
namespace {

void keep(std::span<const float> values, std::span<std::byte> into) {
  std::memcpy(into.data(), values.data(), values.size_bytes());
}

}  // namespace

extern const WeightFormat f32;
const WeightFormat f32{
    .name = "f32",
    .layout =
        [](const WeightShape& weight) {
          return std::vector<ConstantLayout>{{"", element::f32, weight.shape}};
        },
    .rounding = WeightFormat::Narrowed{keep, keep},
    .decode = [](const WeightShape& /*weight*/, const ov::OutputVector& constants,
                 const std::string& /*name*/) { return constants[0]; },
};

}  // namespace ovbake
