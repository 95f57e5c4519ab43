// GPT-Neo: GPT-2 with separate projections, scores that are not scaled, and a window on the layers
// that config.json calls local.
#include "architecture/family.hpp"
#include "architecture/gpt_like.hpp"
#include "architecture/layer_kinds.hpp"
#include "architecture/llama_like.hpp"
#include "base/error.hpp"

namespace ovbake::gpt_neo {
namespace {

/// The first of each pair of layers is global where config.json is silent.
std::vector<bool> local_layers(const Config& config, std::size_t layers) {
  if (config.has("attention_types") && !config.has("attention_layers")) {
    throw input_error(
        "{}: attention_types is there, but not attention_layers, which lists the same layer by "
        "layer and is read here; add it, as transformers' save_pretrained does.",
        config.where());
  }
  config.mark_read("attention_types");
  return layers_listed_as(config, "attention_layers", "local", layers,
                          [](std::int64_t layer) { return layer % 2 == 1; });
}

Attention attention(const Config& config, const std::string& name, std::int64_t hidden_size) {
  const std::int64_t heads = config.count("num_heads");
  Attention attention = even_heads(config, hidden_size, heads, heads);
  const auto projection = [&](const std::string& role) {
    return linear(name + role, hidden_size, hidden_size, false);
  };
  attention.scaling = 1;
  attention.projections = SeparateProjections{.q_proj = projection(".q_proj"),
                                              .k_proj = projection(".k_proj"),
                                              .v_proj = projection(".v_proj")};
  attention.o_proj = linear(name + ".out_proj", hidden_size, hidden_size, true);
  return attention;
}

Decoder describe_gpt_neo(const Config& config) {
  for (const auto key : {"embed_dropout", "resid_dropout"}) config.mark_read(key);
  const std::int64_t hidden_size = config.size("hidden_size");
  const std::int64_t inner_size = config.size("intermediate_size", 4 * hidden_size);
  const Activation hidden_act = activation(config, "activation_function", "gelu_new");
  const GptWords words{.hidden_size = hidden_size,
                       .num_heads = config.count("num_heads"),
                       .num_hidden_layers = config.count("num_layers"),
                       .inner_size = inner_size,
                       .layer_norm_epsilon = config.number("layer_norm_epsilon", 1e-5)};
  Decoder decoder = framed(config, words.frame(true), [&](const std::string& name) {
    return words.layer(name, attention(config, name + ".attn.attention", hidden_size),
                       plain_mlp({.up = name + ".mlp.c_fc", .down = name + ".mlp.c_proj"},
                                 hidden_size, inner_size, true, hidden_act));
  });
  learn_positions(decoder, "transformer.wpe", config.size("max_position_embeddings", 2048));
  const std::vector<bool> local = local_layers(config, decoder.layers.size());
  const SlidingWindow window{config.size("window_size", 256)};
  for (std::size_t i = 0; i < local.size(); ++i) {
    if (local[i]) decoder.layers[i].self_attn().window = window;
  }
  return decoder;
}

}  // namespace

extern const Family family{.model_types = {"gpt_neo"}, .describe = describe_gpt_neo};

}  // namespace ovbake::gpt_neo
