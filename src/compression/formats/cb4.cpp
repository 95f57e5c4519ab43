// A codebook of sixteen values, an index into it an element and an f16 scale a group.
#include "compression/codec/decode.hpp"
#include "compression/codec/floating.hpp"
#include "compression/codec/packing.hpp"
#include "compression/format.hpp"

namespace ovbake {
namespace {

/// NNCF compresses weights of any size by numpy in this mode.
template <void (*kKernel)(Numbers, const Groups&, const Codes&)>
void as_small_weight(const Groups& groups, const Codes& out) {
  Groups small = groups;
  small.small_weight = true;
  kKernel(Numbers::cb4, small, out);
}

void pack(const WeightShape& /*weight*/, const Codes& codes, float /*max_abs*/,
          ConstantBytes constants) {
  pack_nibbles(codes.codes, constants[1]);
  pack_f16(codes.scales, constants[2]);
}

void pack_whole(const WeightShape& /*weight*/, float /*max_abs*/, ConstantBytes constants) {
  for (std::size_t i = 0; i < kCb4Values.size(); ++i) {
    constants[0][i] = std::byte{e4m3_from_float(kCb4Values[i])};
  }
}

}  // namespace

extern const WeightFormat cb4;
const WeightFormat cb4{
    .name = "cb4",
    .groups = WeightFormat::Groups::any,
    .default_group_size = -1,
    .layout =
        [](const WeightShape& weight) {
          return std::vector<ConstantLayout>{
              {.suffix = "", .type = element::f8e4m3, .shape = {16}, .per_row = false},
              {"_nncf_codebook_idxs", element::u4, weight.codes_shape()},
              {"/scale", element::f16, weight.scale_shape()},
          };
        },
    .rounding = WeightFormat::Coded{.grid = {Numbers::cb4, 4, element::f16},
                                    .quantize = as_small_weight<float_groups>,
                                    .quantize_scalar = as_small_weight<float_groups_scalar>,
                                    .pack = pack},
    .pack_whole = pack_whole,
    .decode =
        [](const WeightShape& weight, const ov::OutputVector& constants, const std::string& name) {
          const auto values = look_up(constants[0], constants[1], name + "_nncf_codebook");
          return decode_values(weight, values, constants[2], name);
        },
};

}  // namespace ovbake
