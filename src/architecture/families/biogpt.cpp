// BioGPT: learned positions, embeddings times sqrt(hidden_size).
#include "architecture/fairseq_like.hpp"
#include "architecture/family.hpp"
#include "architecture/gpt_like.hpp"
#include "architecture/llama_like.hpp"

namespace ovbake::biogpt {
namespace {

Decoder describe_biogpt(const Config& config) {
  config.mark_read("layer_norm_eps");
  const std::int64_t hidden_size = config.size("hidden_size");
  const FairseqSizes sizes{.hidden_size = hidden_size,
                           .num_heads = config.count("num_attention_heads"),
                           .inner_size = config.size("intermediate_size"),
                           .hidden_act = activation(config, "hidden_act", "gelu")};
  Decoder decoder =
      framed(config,
             {.hidden_size = hidden_size,
              .num_hidden_layers = config.count("num_hidden_layers"),
              .embed_tokens = "biogpt.embed_tokens",
              .layers = "biogpt.layers",
              .norm = fairseq_norm("biogpt.layer_norm", hidden_size),
              .tie_word_embeddings = true,
              .lm_head = "output_projection"},
             [&](const std::string& name) { return fairseq_layer(config, name, sizes); });
  decoder.embedding_multiplier = fairseq_embedding_scale(config, hidden_size);
  learn_positions(decoder, "biogpt.embed_positions", config.size("max_position_embeddings", 1024),
                  kFairseqOffset);
  return decoder;
}

}  // namespace

extern const Family family{.model_types = {"biogpt"}, .describe = describe_biogpt};

}  // namespace ovbake::biogpt
