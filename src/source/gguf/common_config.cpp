// What nearly all config.json say, from GGUF metadata.
#include <array>
#include <utility>

#include "base/error.hpp"
#include "source/gguf/architecture.hpp"
#include "source/gguf/rope_scaling.hpp"

namespace ovbake {
namespace {

/// What transformers takes where it is not said; converters leave it out then.
constexpr double kDefaultTheta = 10'000;

void add_token_ids(Json& config, const GgufMetadata& metadata) {
  for (const auto& [name, stored] :
       {std::pair("bos_token_id", "bos"), {"eos_token_id", "eos"}, {"pad_token_id", "padding"}}) {
    const auto id = metadata.optional_integer(fmt::format("tokenizer.ggml.{}_token_id", stored));
    if (id) config[name] = *id;
  }
}

/// What says nothing of a computation, or says again what tensors do.
void mark_harmless(const GgufModel& model) {
  for (const std::string_view name : {"vocab_size", "attention.value_length", "attention.causal",
                                      "tensor_data_layout", "attention.layer_norm_rms_epsilon"}) {
    model.metadata().mark_read(model.key(name));
  }
}

}  // namespace

Json common_config(const GgufModel& model, std::string_view type, std::string_view architecture) {
  const StoredTensor* embedding = model.find("token_embd.weight");
  if (embedding == nullptr || embedding->shape.size() != 2) {
    throw input_error("{} has no matrix token_embd.weight, which is needed.",
                      model.metadata().where());
  }
  const std::int64_t hidden_size = model.integer("embedding_length");
  const std::int64_t heads = model.uniform("attention.head_count");
  if (heads < 1) throw input_error("{}: there are no heads.", model.metadata().where());
  const std::int64_t key_value_heads =
      model.has("attention.head_count_kv") ? model.uniform("attention.head_count_kv") : heads;
  const std::int64_t head_dim =
      model.metadata().integer(model.key("attention.key_length"), hidden_size / heads);
  const std::int64_t rotary_dim =
      model.metadata().integer(model.key("rope.dimension_count"), head_dim);
  const double theta = model.metadata().number(model.key("rope.freq_base"), kDefaultTheta);
  mark_harmless(model);

  Json config{{"architectures", {architecture}},
              {"model_type", type},
              {"hidden_size", hidden_size},
              {"head_dim", head_dim},
              {"num_hidden_layers", model.integer("block_count")},
              {"num_attention_heads", heads},
              {"num_key_value_heads", key_value_heads},
              {"max_position_embeddings", model.integer("context_length")},
              {"rms_norm_eps", model.number("attention.layer_norm_rms_epsilon")},
              {"rope_theta", theta},
              {"vocab_size", embedding->shape[0]},
              {"tie_word_embeddings", model.find("output.weight") == nullptr}};
  if (model.has("feed_forward_length")) {
    config["intermediate_size"] = model.uniform("feed_forward_length");
  }
  if (rotary_dim != head_dim) {
    config["partial_rotary_factor"] =
        static_cast<double>(rotary_dim) / static_cast<double>(head_dim);
  }
  if (Json scaling = rope_scaling(model, theta, rotary_dim); !scaling.is_null()) {
    config["rope_scaling"] = std::move(scaling);
  }
  add_token_ids(config, model.metadata());
  return config;
}

void add_qwen_experts(Json& config, const GgufModel& model) {
  config["num_experts"] = model.integer("expert_count");
  config["num_experts_per_tok"] = model.integer("expert_used_count");
  config["decoder_sparse_step"] = 1;
  config["mlp_only_layers"] = Json::array();
  const StoredTensor* up = model.find("blk.0.ffn_up_exps.weight");
  const std::int64_t rows = up == nullptr || up->shape.size() != 3 ? 0 : up->shape[1];
  config["moe_intermediate_size"] =
      model.metadata().integer(model.key("expert_feed_forward_length"), rows);
}

std::span<const GgufName> gemma_names(const GgufModel&) {
  static constexpr auto kNames = std::to_array<GgufName>({
      {"post_attention_norm", "post_attention_layernorm"},
      {"ffn_norm", "pre_feedforward_layernorm"},
      {"post_ffw_norm", "post_feedforward_layernorm"},
  });
  return kNames;
}

void add_gemma_keys(Json& config, const GgufModel& model, std::int64_t layers_of_27b) {
  config["hidden_activation"] = "gelu_pytorch_tanh";
  config["sliding_window"] = model.integer("attention.sliding_window");
  if (model.has("final_logit_softcapping")) {
    config["final_logit_softcapping"] = model.number("final_logit_softcapping");
  }
  const bool is_27b = model.integer("block_count") == layers_of_27b;
  const std::int64_t heads = model.uniform("attention.head_count");
  config["query_pre_attn_scalar"] =
      is_27b ? model.integer("embedding_length") / heads : config["head_dim"].get<std::int64_t>();
}

}  // namespace ovbake
