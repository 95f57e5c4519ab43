// What a causal language model IS, as plain data: no OpenVINO, no weights, nothing computed.
// Fields are named as in config.json, tensors as in the checkpoint.
// A field that one family alone would read is not a field: it is a new block (see CONTRIBUTING.md).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/shape.hpp"

namespace ovbake {

/// What a tensor is used for, which is what decides its weight format.
enum class Role {
  embedding,   ///< Rows are looked up.
  projection,  ///< Multiplied with activations.
  lm_head,     ///< The projection onto the vocabulary.
  vector,      ///< Norms and biases: stays in full precision.
};

/// A tensor that the model needs from its checkpoint.
struct TensorRef {
  std::string name;
  Shape shape;
  Role role;
};

/// y = x · weightᵀ + bias, weight [out_features, in_features].
struct Linear {
  TensorRef weight;
  std::optional<TensorRef> bias;
};

/// y = x / sqrt(mean(x²) + eps) · weight
struct RmsNorm {
  TensorRef weight;
  double eps;
};

/// Rotary position embedding on the whole head: pairs (i, i + head_dim/2) are turned by
/// position · inv_freq[i], and cos and sin are multiplied by attention_factor.
struct Rope {
  std::vector<float> inv_freq;  ///< [head_dim / 2]
  float attention_factor = 1;

  friend bool operator==(const Rope&, const Rope&) = default;
};

/// Scaled dot-product attention with grouped heads and a K/V cache.
struct Attention {
  std::int64_t num_attention_heads;
  std::int64_t num_key_value_heads;
  std::int64_t head_dim;
  double scaling;  ///< Of the scores: usually head_dim^-0.5.
  Linear q_proj, k_proj, v_proj, o_proj;
  Rope rope;
  /// A query sees itself and the sliding_window − 1 positions before it; nothing: all before it.
  std::optional<std::int64_t> sliding_window;
};

enum class Activation { silu };

/// down_proj(activation(gate_proj(x)) · up_proj(x))
struct GatedMlp {
  Linear gate_proj, up_proj, down_proj;
  Activation hidden_act;
};

/// x += self_attn(input_layernorm(x)); x += mlp(post_attention_layernorm(x))
struct DecoderLayer {
  std::string name;  ///< "model.layers.0"
  RmsNorm input_layernorm;
  Attention self_attn;
  RmsNorm post_attention_layernorm;
  GatedMlp mlp;
};

struct Decoder {
  std::string model_type;
  std::int64_t vocab_size;
  std::int64_t hidden_size;
  TensorRef embed_tokens;
  std::vector<DecoderLayer> layers;
  RmsNorm norm;
  Linear lm_head;  ///< Its weight is embed_tokens itself where embeddings are tied.

  bool tie_word_embeddings() const { return lm_head.weight.name == embed_tokens.name; }
};

/// Calls `visit` for every tensor that the model needs, each once, in the order of computation.
void for_each_tensor(const Decoder& decoder, const std::function<void(const TensorRef&)>& visit);

}  // namespace ovbake
