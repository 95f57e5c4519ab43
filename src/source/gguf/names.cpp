// Names of tensors, from ggml's to transformers'.
#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "base/error.hpp"
#include "source/gguf/architecture.hpp"
#include "source/gguf/ggml_type.hpp"

namespace ovbake {
namespace {

constexpr std::string_view kLayers = "blk.";

constexpr auto kOuterNames = std::to_array<GgufName>({
    {"token_embd", "model.embed_tokens"},
    {"output_norm", "model.norm"},
    {"output", "lm_head"},
});

constexpr auto kLayerNames = std::to_array<GgufName>({
    {"attn_norm", "input_layernorm"},
    {"attn_q", "self_attn.q_proj"},
    {"attn_k", "self_attn.k_proj"},
    {"attn_v", "self_attn.v_proj"},
    {"attn_qkv", "self_attn.qkv_proj"},
    {"attn_output", "self_attn.o_proj"},
    {"attn_q_norm", "self_attn.q_norm"},
    {"attn_k_norm", "self_attn.k_norm"},
    {"ffn_norm", "post_attention_layernorm"},
    {"ffn_gate", "mlp.gate_proj"},
    {"ffn_up", "mlp.up_proj"},
    {"ffn_down", "mlp.down_proj"},
    {"ffn_gate_inp", "mlp.gate"},
    {"ffn_gate_exps", "mlp.experts.*.gate_proj"},
    {"ffn_up_exps", "mlp.experts.*.up_proj"},
    {"ffn_down_exps", "mlp.experts.*.down_proj"},
    {"ffn_gate_inp_shexp", "mlp.shared_expert_gate"},
    {"ffn_gate_shexp", "mlp.shared_expert.gate_proj"},
    {"ffn_up_shexp", "mlp.shared_expert.up_proj"},
    {"ffn_down_shexp", "mlp.shared_expert.down_proj"},
});

/// Read as numbers of config.json: factors of rotary frequencies.
constexpr auto kFactors = std::to_array<std::string_view>(
    {"rope_freqs.weight", "rope_factors_long.weight", "rope_factors_short.weight"});

std::string_view find_name(std::span<const GgufName> names, std::string_view stored) {
  const auto found = std::ranges::find(names, stored, &GgufName::stored);
  return found == names.end() ? std::string_view() : found->name;
}

/// Empty where it is not known.
std::string layer_tensor(std::string_view stored, const GgufModel& model,
                         const GgufArchitecture& architecture) {
  const std::size_t point = stored.find('.');
  const std::string_view layer = stored.substr(0, point);
  if (point == stored.npos || layer.empty() ||
      layer.find_first_not_of("0123456789") != layer.npos) {
    return {};
  }
  const std::string_view leaf = stored.substr(point + 1);
  std::string_view name;
  if (architecture.names != nullptr) name = find_name(architecture.names(model), leaf);
  if (name.empty()) name = find_name(kLayerNames, leaf);
  return name.empty() ? std::string() : fmt::format("model.layers.{}.{}", layer, name);
}

std::string new_name(std::string_view stored, const GgufModel& model,
                     const GgufArchitecture& architecture) {
  const std::size_t point = stored.rfind('.');
  const std::string_view kind = point == stored.npos ? "" : stored.substr(point);
  const std::string_view module = stored.substr(0, point);
  std::string name;
  if (kind == ".weight" || kind == ".bias") {
    name = module.starts_with(kLayers)
               ? layer_tensor(module.substr(kLayers.size()), model, architecture)
               : std::string(find_name(kOuterNames, module));
  }
  if (name.empty()) {
    throw input_error("{}: tensor {} is not one that a model of architecture {} has.",
                      model.metadata().where(), quote(stored), architecture.name);
  }
  return name.append(kind);
}

std::vector<StoredTensor> experts_of(const StoredTensor& stack, const GgufModel& model) {
  if (stack.shape.size() != 3) {
    throw input_error("{}: {} has the shape {}, where a stack of matrices is needed.",
                      model.metadata().where(), stack.name, to_string(stack.shape));
  }
  const std::size_t star = stack.name.find('*');
  const auto count = static_cast<std::uint64_t>(stack.shape[0]);
  std::vector<StoredTensor> experts;
  for (std::uint64_t i = 0; i < count; ++i) {
    StoredTensor& expert = experts.emplace_back(stack);
    expert.name.replace(star, 1, fmt::format("{}", i));
    expert.shape.erase(expert.shape.begin());
    expert.bytes = stack.bytes / count;
    expert.offset = stack.offset + i * expert.bytes;
  }
  return experts;
}

void undo_changes(StoredTensor& tensor, std::string_view stored, const GgufModel& model,
                  const GgufArchitecture& architecture) {
  const auto is = [&](std::string_view leaf) {
    return stored.ends_with(fmt::format(".{}.weight", leaf)) ||
           stored.ends_with(fmt::format(".{}.bias", leaf));
  };
  if (architecture.interleaved_heads && (is("attn_q") || is("attn_k"))) {
    tensor.interleaved_heads =
        model.uniform(is("attn_q") ? "attention.head_count" : "attention.head_count_kv");
    if (tensor.interleaved_heads < 1 || tensor.shape[0] % (2 * tensor.interleaved_heads) != 0) {
      throw input_error("{}: {} {} cannot be {} heads.", model.metadata().where(), quote(stored),
                        to_string(tensor.shape), tensor.interleaved_heads);
    }
  }
  if (architecture.added_to_norms != 0 && stored.ends_with("norm.weight")) {
    if (tensor.dtype != "F32") {
      throw input_error("{}: {} is stored as {}, but norms are read as F32 only.",
                        model.metadata().where(), quote(stored), tensor.dtype);
    }
    tensor.added = architecture.added_to_norms;
  }
  // One row of scores is a list in GGUF and a matrix in transformers.
  if (is("ffn_gate_inp_shexp") && tensor.shape.size() == 1) {
    tensor.shape.insert(tensor.shape.begin(), 1);
  }
}

}  // namespace

std::vector<StoredTensor> renamed(const StoredTensor& stored, const GgufModel& model,
                                  const GgufArchitecture& architecture) {
  if (std::ranges::find(kFactors, stored.name) != kFactors.end()) return {};
  StoredTensor tensor = stored;
  tensor.name = new_name(stored.name, model, architecture);
  if (tensor.blocks != nullptr) tensor.dtype = "F32";
  if (tensor.name.find('*') != std::string::npos) return experts_of(tensor, model);
  undo_changes(tensor, stored.name, model, architecture);
  return {tensor};
}

}  // namespace ovbake
