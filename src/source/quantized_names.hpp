// By which method the weights of a checkpoint are quantized, as its tensors tell.
#pragma once

#include <span>
#include <string_view>

#include "source/safetensors.hpp"

namespace ovbake {

/// Whether a tensor of this name stands in the place of a weight, or beside it, because the weight
/// is quantized ("model.layers.0.mlp.up_proj.qweight").
bool is_of_quantized_weight(std::string_view name);

/// "GPTQ", "bitsandbytes in 4 bits"; empty where no tensor is of a quantized weight.
std::string_view quantization_method(std::span<const StoredTensor> tensors);

}  // namespace ovbake
