// NVFP4: four-bit floats, for every 16 of them an eight-bit float, and one f32 for the weight.
#include <cstring>

#include "compression/codec/decode.hpp"
#include "compression/codec/floating.hpp"
#include "compression/codec/packing.hpp"
#include "compression/format.hpp"

namespace ovbake {
namespace {

/// The f32 by which the scales of all groups are divided: it maps the largest to 448.
float second_order_scale(const WeightShape& weight, float max_abs) {
  const bool small_weight = element_count(weight.shape) < kSmallWeightElems;
  const bool few_scales = element_count(weight.scale_shape()) < kSmallWeightElems;
  const float largest_scale = float_scale(Numbers::e2m1, max_abs, small_weight);
  return float_scale(Numbers::e4m3, largest_scale, few_scales);
}

void pack(const WeightShape& weight, const Codes& codes, float max_abs, ConstantBytes constants) {
  const float divisor = second_order_scale(weight, max_abs);
  pack_nibbles(codes.codes, constants[0]);
  for (std::size_t i = 0; i < codes.scales.size(); ++i) {
    constants[1][i] = std::byte{e4m3_from_float(codes.scales[i] / divisor)};
  }
}

void pack_whole(const WeightShape& weight, float max_abs, ConstantBytes constants) {
  const float scale = second_order_scale(weight, max_abs);
  std::memcpy(constants[2].data(), &scale, sizeof scale);
}

}  // namespace

extern const WeightFormat nvfp4;
const WeightFormat nvfp4{
    .name = "nvfp4",
    .groups = WeightFormat::Groups::fixed,
    .default_group_size = 16,
    .layout =
        [](const WeightShape& weight) {
          return std::vector<ConstantLayout>{
              {"", element::f4e2m1, weight.codes_shape()},
              {"/scale", element::f8e4m3, weight.scale_shape()},
              {.suffix = "/second_order_scale",
               .type = element::f32,
               .shape = Shape(weight.scale_shape().size(), 1),
               .per_row = false},
          };
        },
    .rounding = WeightFormat::Coded{.grid = {Numbers::e2m1, 4, element::f8e4m3},
                                    .quantize = float_quantizer<Numbers::e2m1>.quantize,
                                    .quantize_scalar = float_quantizer<Numbers::e2m1>.scalar,
                                    .pack = pack},
    .pack_whole = pack_whole,
    .needs_max_abs = true,
    .decode =
        [](const WeightShape& weight, const ov::OutputVector& constants, const std::string& name) {
          const auto scale =
              multiply_scales(constants[1], constants[2], name + "/dequantized_scale");
          return decode_scaled(weight, {constants[0], {}, scale}, name);
        },
};

}  // namespace ovbake
