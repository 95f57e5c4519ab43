#include "source/quantized_names.hpp"

#include <algorithm>
#include <array>

namespace ovbake {
namespace {

/// A tensor that a method leaves, by the last component of its name.
struct Trace {
  std::string_view leaf, method;
};

/// The tensor that only one method has goes before those that several have.
constexpr auto kTraces = std::to_array<Trace>({
    {"g_idx", "GPTQ"},
    {"SCB", "bitsandbytes in 8 bits"},
    {"absmax", "bitsandbytes in 4 bits"},
    {"quant_map", "bitsandbytes in 4 bits"},
    {"nested_absmax", "bitsandbytes in 4 bits"},
    {"nested_quant_map", "bitsandbytes in 4 bits"},
    {"weight_packed", "compressed-tensors"},
    {"weight_zero_point", "compressed-tensors"},
    {"weight_global_scale", "compressed-tensors"},
    {"weight_scale_2", "ModelOpt"},
    {"W_q", "HQQ"},
    {"codebooks", "AQLM"},
    {"Qidxs", "QuIP#"},
    {"centroids", "VPTQ"},
    {"qweight", "AWQ, or GPTQ without an order of columns"},
    {"qzeros", "AWQ, or GPTQ without an order of columns"},
    {"biases", "MLX"},
    {"weight_shape", "compressed-tensors"},
    {"weight_scale", "a method that leaves a weight_scale beside each weight"},
    {"input_scale", "a method that leaves an input_scale beside each weight"},
    {"scales", "a method that leaves scales beside each weight"},
});

constexpr std::string_view kQuantState = "bitsandbytes__";

std::string_view leaf_of(std::string_view name) { return name.substr(name.rfind('.') + 1); }

}  // namespace

bool is_of_quantized_weight(std::string_view name) {
  const std::string_view leaf = leaf_of(name);
  return leaf.starts_with(kQuantState) ||
         std::ranges::find(kTraces, leaf, &Trace::leaf) != kTraces.end();
}

std::string_view quantization_method(std::span<const StoredTensor> tensors) {
  const auto* first = kTraces.end();
  for (const StoredTensor& tensor : tensors) {
    first = std::min(first, std::ranges::find(kTraces, leaf_of(tensor.name), &Trace::leaf));
  }
  return first == kTraces.end() ? std::string_view() : first->method;
}

}  // namespace ovbake
