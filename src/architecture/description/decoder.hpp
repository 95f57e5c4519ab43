// What a causal language model is, as plain data: no OpenVINO, no weights, nothing computed.
// Fields are named as in config.json, tensors as in the checkpoint. A field is optional only where
// its absence is the identity; whatever replaces a step is an alternative of a variant; how tensors
// are stored is not described here.
#pragma once

#include <functional>

#include "architecture/description/layer.hpp"

namespace ovbake {

/// Every layer gets an input of its own, [batch, query, width], from the token and from its
/// embedding e: (norm(projection(e) · projection_multiplier) + embed_tokens · embedding_multiplier)
/// · sqrt(1/2); embed_tokens and projection have the layers' parts side by side.
struct PerLayerInputs {
  TensorRef embed_tokens;
  double embedding_multiplier;
  Linear projection;
  double projection_multiplier;
  Norm norm;
  std::int64_t width;

  auto parts() const {
    return std::tie(embed_tokens, embedding_multiplier, projection, projection_multiplier, norm,
                    width);
  }
};

struct Decoder {
  std::string model_type;
  std::int64_t vocab_size;
  std::int64_t hidden_size;
  TensorRef embed_tokens;
  double embedding_multiplier = 1;
  std::optional<Linear> project_in;  ///< From the width of embed_tokens to hidden_size.
  std::optional<PositionEmbedding> embed_positions;
  std::optional<Norm> embedding_norm;
  std::optional<PerLayerInputs> per_layer_inputs;
  std::vector<DecoderLayer> layers;
  std::optional<Norm> norm;
  std::optional<Linear> project_out;  ///< From hidden_size to the width of lm_head.
  Linear lm_head;  ///< Its weight is embed_tokens itself where embeddings are tied.
  double logits_multiplier = 1;
  /// Positions that the model has parameters for; nothing where it computes what it needs.
  std::optional<std::int64_t> max_positions;
  /// Up to so many positions sparse attention chooses all; from there on the description attends to
  /// all where the model would choose.
  std::optional<std::int64_t> dense_positions;
  /// Logits l become cap · tanh(l / cap).
  std::optional<double> final_logit_softcapping;
  /// Beginnings of the names of tensors that a checkpoint may have and no layer reads, such as keys
  /// of a layer that borrows them.
  std::vector<std::string> other_parts;

  bool tie_word_embeddings() const { return lm_head.weight.name == embed_tokens.name; }
  auto parts() const {
    return std::tie(model_type, vocab_size, hidden_size, embed_tokens, embedding_multiplier,
                    per_layer_inputs, project_in, embed_positions, embedding_norm, layers, norm,
                    project_out, logits_multiplier, lm_head, final_logit_softcapping, max_positions,
                    dense_positions, other_parts);
  }
};

/// Calls `visit` for every tensor that the model needs, each once, in the order of computation.
void for_each_tensor(const Decoder& decoder, const std::function<void(const TensorRef&)>& visit);

}  // namespace ovbake
