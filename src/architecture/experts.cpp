#include "architecture/experts.hpp"

#include <algorithm>
#include <utility>

#include "architecture/layer_kinds.hpp"
#include "architecture/llama_like.hpp"
#include "base/error.hpp"

namespace ovbake {
namespace {

/// A stack named after `role`, whose matrices may be tensors called `own` or lie in `fused`.
TensorRef stack(const std::string& name, const std::string& role, const Shape& shape,
                const std::string& own, StackLayout fused) {
  fused.name = name + "." + fused.name;
  return {.name = name + ".experts." + role + ".weight",
          .shape = shape,
          .role = Role::projection,
          .layouts = {{.name = name + ".experts.*." + own + ".weight"}, std::move(fused)}};
}

}  // namespace

GatedExperts gated_experts(const Config& config, const std::string& name, const ExpertSizes& sizes,
                           const ExpertNames& names) {
  const auto [experts, inner] = sizes;
  const std::int64_t hidden_size = config.size("hidden_size");
  const Shape in{experts, inner, hidden_size};
  const Shape out{experts, hidden_size, inner};
  const StackLayout gate{.name = names.all_gate_up, .all_rows = 2 * inner};
  const StackLayout up{.name = names.all_gate_up, .first_row = inner, .all_rows = 2 * inner};
  return {.gate_proj = stack(name, "gate_proj", in, names.gate_proj, gate),
          .up_proj = stack(name, "up_proj", in, names.up_proj, up),
          .down_proj = stack(name, "down_proj", out, names.down_proj, {.name = names.all_down}),
          .hidden_act = activation(config)};
}

TopKRouter top_k_router(const Config& config, const std::string& gate, const ExpertChoice& choice,
                        TopKRouter::Scoring scoring) {
  const auto [experts, top_k] = choice;
  if (top_k > experts) {
    throw input_error("{}: {} of {} experts cannot be chosen.", config.where(), top_k, experts);
  }
  return {.gate = linear(gate, experts, config.size("hidden_size"), false),
          .scoring = scoring,
          .top_k = top_k};
}

TopKRouter top_k_router(const Config& config, const std::string& gate, std::int64_t experts,
                        TopKRouter::Scoring scoring) {
  const std::int64_t top_k = config.count("num_experts_per_tok");
  return top_k_router(config, gate, ExpertChoice{.experts = experts, .top_k = top_k}, scoring);
}

MixtureOfExperts softmax_mixture(const Config& config, const std::string& name,
                                 const ExpertSizes& sizes, const ExpertNames& names) {
  TopKRouter router =
      top_k_router(config, name + ".gate", sizes.experts, TopKRouter::Scoring::softmax);
  if (config.flag("norm_topk_prob", false)) router.divisor = ScoreSum{};
  return {.router = std::move(router), .experts = gated_experts(config, name, sizes, names)};
}

std::optional<ExpertGroups> expert_groups(const Config& config, std::int64_t experts,
                                          std::int64_t best) {
  const ExpertGroups groups{.n_group = config.count("n_group", 1),
                            .topk_group = config.count("topk_group", 1),
                            .best = best};
  const bool equal = experts % groups.n_group == 0;
  if (!equal || experts / groups.n_group < best || groups.topk_group > groups.n_group) {
    throw input_error("{}: {} of {} groups of {} experts cannot be chosen.", config.where(),
                      groups.topk_group, groups.n_group, experts);
  }
  return groups.n_group > 1 ? std::optional(groups) : std::nullopt;
}

SharedExpert shared_experts(const Config& config, const std::string& name, std::int64_t count,
                            const ExpertSizes& sizes) {
  return {.mlp = gated_mlp(config, name + ".shared_experts", count * sizes.intermediate_size)};
}

MixtureOfExperts sigmoid_mixture(const Config& config, const std::string& name,
                                 const MixtureNames& names) {
  const ExpertSizes sizes{.experts = config.count("n_routed_experts"),
                          .intermediate_size = config.size("moe_intermediate_size")};
  TopKRouter router =
      top_k_router(config, name + "." + names.gate, sizes.experts, TopKRouter::Scoring::sigmoid);
  router.correction_bias =
      TensorRef{name + "." + names.correction_bias, {sizes.experts}, Role::vector};
  router.groups = expert_groups(config, sizes.experts, 2);
  if (config.flag("norm_topk_prob", true)) router.divisor = ScoreSum{.eps = 1e-20};
  router.scaling = config.number("routed_scaling_factor", 1);
  MixtureOfExperts moe{.router = std::move(router),
                       .experts = gated_experts(config, name, sizes, names.experts)};
  const Config usual = config.with_defaults({{"n_shared_experts", 1}});
  if (usual.integer("n_shared_experts", 0) == 0) return moe;
  const std::int64_t inner = usual.count("n_shared_experts") * sizes.intermediate_size;
  moe.shared_expert =
      SharedExpert{.mlp = gated_mlp(config, name + "." + names.shared_experts, inner)};
  return moe;
}

Config in_deepseek_words(const Config& config) {
  Defaults words;
  const auto rename = [&](std::string_view key, const std::string& deepseek_key) {
    if (config.has(key)) words.push_back({deepseek_key, config.integer(key)});
  };
  rename("num_experts", "n_routed_experts");
  rename("num_shared_experts", "n_shared_experts");
  return config.with_defaults(words);
}

void mix_behind(Decoder& decoder, std::int64_t dense, const Config& config,
                const MixtureMaker& mixture) {
  for (auto i = static_cast<std::size_t>(dense); i < decoder.layers.size(); ++i) {
    DecoderLayer& layer = decoder.layers[i];
    layer.mlp->body = mixture(config, layer.name + ".mlp");
  }
}

void mix_as_listed(Decoder& decoder, std::int64_t dense, const Config& config,
                   const MixtureMaker& mixture) {
  const std::vector<bool> sparse =
      layers_listed_as(config, "mlp_layer_types", "sparse", decoder.layers.size(),
                       [&](std::int64_t layer) { return layer >= dense; });
  for (std::size_t i = 0; i < sparse.size(); ++i) {
    DecoderLayer& layer = decoder.layers[i];
    if (sparse[i]) layer.mlp->body = mixture(config, layer.name + ".mlp");
  }
}

void mix_as_deepseek(Decoder& decoder, const Config& config) {
  mix_as_listed(
      decoder, config.integer("first_k_dense_replace", 0), config,
      [](const Config& words, const std::string& name) { return sigmoid_mixture(words, name); });
  ignore_next_token_layers(decoder, config);
}

void ignore_next_token_layers(Decoder& decoder, const Config& config) {
  if (config.integer("num_nextn_predict_layers", 0) == 0) return;
  const std::int64_t further = config.count("num_nextn_predict_layers");
  for (std::int64_t i = 0; i < further; ++i) {
    const std::size_t number = decoder.layers.size() + static_cast<std::size_t>(i);
    decoder.other_parts.push_back(fmt::format("model.layers.{}.", number));
  }
}

void mix_as_qwen(Decoder& decoder, const Config& config) {
  const std::int64_t step = config.size("decoder_sparse_step", 1);
  const std::vector<std::int64_t> dense = config.has("mlp_only_layers")
                                              ? config.integers("mlp_only_layers")
                                              : std::vector<std::int64_t>{};
  // Transformers 5 saves the number of experts under another name.
  const bool renamed = config.has("num_local_experts");
  const ExpertSizes sizes{.experts = config.count(renamed ? "num_local_experts" : "num_experts"),
                          .intermediate_size = config.size("moe_intermediate_size")};
  config.mark_read("mlp_only_layers");
  for (std::size_t i = 0; i < decoder.layers.size(); ++i) {
    const auto number = static_cast<std::int64_t>(i);
    const bool is_dense =
        std::ranges::find(dense, number) != dense.end() || (number + 1) % step != 0;
    DecoderLayer& layer = decoder.layers[i];
    if (!is_dense) layer.mlp->body = softmax_mixture(config, layer.name + ".mlp", sizes);
  }
}

}  // namespace ovbake
