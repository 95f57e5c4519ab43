// What families share whose modules have names of their own, as GPT's descendants do: the frame
// around the layers, heads that divide the hidden state evenly, an MLP without a gate.
#pragma once

#include <functional>
#include <string>

#include "architecture/description/decoder.hpp"
#include "source/config.hpp"

namespace ovbake {

/// What stands around the layers, by the names of the modules.
struct Frame {
  std::int64_t hidden_size;
  std::int64_t num_hidden_layers;
  std::string embed_tokens;  ///< "transformer.wte"
  std::string layers;        ///< "transformer.h": layer 3 is "transformer.h.3".
  std::optional<Norm> norm;  ///< Behind the last layer.
  bool tie_word_embeddings;  ///< Where config.json is silent.
  std::string lm_head = "lm_head";
  bool lm_head_bias = false;
};

/// GPT-2's words for what config.json describes, and its modules: transformer.wte, .h and .ln_f.
struct GptWords {
  std::int64_t hidden_size;        ///< n_embd
  std::int64_t num_heads;          ///< n_head
  std::int64_t num_hidden_layers;  ///< n_layer
  std::int64_t inner_size;         ///< n_inner
  double layer_norm_epsilon;

  Frame frame(bool tie_word_embeddings) const;
  /// LayerNorms ln_1 before attention and ln_2 before the MLP.
  DecoderLayer layer(const std::string& name, const Attention& attention, const Mlp& mlp) const;
};

GptWords gpt_words(const Config& config);

/// A view that also takes the words of other families for GPT-2's, as transformers does.
Config gpt_keys(const Config& config);

/// Gives the norms of both branches their place.
void place_norms(DecoderLayer& layer, Residual::Placement placement);

/// Positions up to max_positions, looked up in the table `module`.weight that begins with `offset`
/// other rows.
void learn_positions(Decoder& decoder, const std::string& module, std::int64_t max_positions,
                     std::int64_t offset = 0);

/// GPT-J and what differs from it only in `projections`, given by the name of the attention.
Decoder gptj_like(const Config& config, const GptWords& words,
                  const std::function<Projections(const std::string& name)>& projections);

/// A decoder whose layers are described one by one, each by its name.
Decoder framed(const Config& config, const Frame& frame,
               const std::function<DecoderLayer(const std::string& name)>& describe_layer);

/// Attention that still lacks its projections: `heads` parts of hidden_size, scores times
/// head_dim^-0.5. Throws an input error where the heads do not divide evenly.
Attention even_heads(const Config& config, std::int64_t hidden_size, std::int64_t heads,
                     std::int64_t kv_heads);

/// LayerNorms q_layernorm and k_layernorm of each head, where config.json's qk_layernorm is on.
std::optional<QueryKeyNorm> qk_layernorm(const Config& config, const std::string& attention,
                                         std::int64_t head_dim, double eps, bool otherwise);

/// A biased projection whose weight is stored as [in_features, out_features].
Linear conv1d(const std::string& name, std::int64_t out_features, std::int64_t in_features);

/// The two modules of an MLP without a gate.
struct PlainMlpNames {
  std::string up, down;
};

PlainMlp plain_mlp(const PlainMlpNames& names, std::int64_t hidden_size, std::int64_t inner_size,
                   bool with_bias, Activation hidden_act);

}  // namespace ovbake
