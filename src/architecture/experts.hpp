// The pieces of mixtures of experts, as most families name them.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "architecture/description/decoder.hpp"
#include "source/config.hpp"

namespace ovbake {

/// What tensors are called: those of an expert where each has its own, and else those of all.
struct ExpertNames {
  std::string gate_proj = "gate_proj", up_proj = "up_proj", down_proj = "down_proj";
  std::string all_gate_up = "experts.gate_up_proj", all_down = "experts.down_proj";
};

/// What the parts of a sigmoid mixture are called.
struct MixtureNames {
  std::string gate = "gate", correction_bias = "gate.e_score_correction_bias";
  std::string shared_experts = "shared_experts";
  ExpertNames experts{};
};

struct ExpertSizes {
  std::int64_t experts, intermediate_size;
};

struct ExpertChoice {
  std::int64_t experts, top_k;
};

/// Gated MLPs below `name` ("model.layers.0.mlp"), stored one by one as
/// "….experts.3.gate_proj.weight" or stacked as "….experts.gate_up_proj" and "….experts.down_proj".
GatedExperts gated_experts(const Config& config, const std::string& name, const ExpertSizes& sizes,
                           const ExpertNames& names = {});

/// The experts with the largest scores, chosen by the projection `gate`.
TopKRouter top_k_router(const Config& config, const std::string& gate, const ExpertChoice& choice,
                        TopKRouter::Scoring scoring);
/// So many of `experts` as num_experts_per_tok says.
TopKRouter top_k_router(const Config& config, const std::string& gate, std::int64_t experts,
                        TopKRouter::Scoring scoring);

/// `name`.gate chooses by softmax, and scores are divided by their sum where norm_topk_prob says
/// so.
MixtureOfExperts softmax_mixture(const Config& config, const std::string& name,
                                 const ExpertSizes& sizes, const ExpertNames& names = {});

/// topk_group of n_group, by the sum of their `best` best scores; nothing where there is one group.
/// Throws an input error where they are not of one size, or cannot be chosen.
std::optional<ExpertGroups> expert_groups(const Config& config, std::int64_t experts,
                                          std::int64_t best);

/// `count` experts side by side, below `name`.shared_experts, that see every token.
SharedExpert shared_experts(const Config& config, const std::string& name, std::int64_t count,
                            const ExpertSizes& sizes);

/// As DeepSeek-V3 has it: n_routed_experts chosen by sigmoids with a correction bias, maybe from
/// the best groups, beside n_shared_experts that see every token, unless that is 0 or null.
MixtureOfExperts sigmoid_mixture(const Config& config, const std::string& name,
                                 const MixtureNames& names = {});

/// A view of `config` in which num_experts and num_shared_experts have DeepSeek's names too,
/// n_routed_experts and n_shared_experts.
Config in_deepseek_words(const Config& config);

using MixtureMaker = std::function<MixtureOfExperts(const Config& config, const std::string& name)>;

/// All layers but the first `dense` are mixtures.
void mix_behind(Decoder& decoder, std::int64_t dense, const Config& config,
                const MixtureMaker& mixture);

/// The layers that mlp_layer_types calls "sparse" are mixtures or, where config.json is silent, all
/// but the first `dense`.
void mix_as_listed(Decoder& decoder, std::int64_t dense, const Config& config,
                   const MixtureMaker& mixture);

/// DeepSeek's rule: all layers but the first first_k_dense_replace are sigmoid mixtures.
void mix_as_deepseek(Decoder& decoder, const Config& config);

/// Lets the checkpoint have layers behind the last, which predict further tokens.
void ignore_next_token_layers(Decoder& decoder, const Config& config);

/// Qwen's rule: layers are mixtures of num_experts experts but those in mlp_only_layers and those
/// between every decoder_sparse_step-th.
void mix_as_qwen(Decoder& decoder, const Config& config);

}  // namespace ovbake
