#include "architecture/read_keys.hpp"

#include <map>
#include <set>
#include <sstream>
#include <string>

namespace ovbake {
namespace {

/// Recorded by tests/record/read_keys.py: "model_type: keys". Checkpoints of a type with a question
/// mark bring code of their own; @name stands for the keys of that row.
constexpr std::string_view kTable = R"(
@caches: attention_chunk_size kv_sharing_modes layer_types num_hidden_layers num_kv_shared_layers
  number_of_conv_states per_layer_config sliding_window
@loading: pruned_heads quantization_config tie_word_embeddings
@masks: attention_chunk_size is_causal layer_types sliding_window
@rope: head_dim hidden_size num_attention_heads original_max_position_embeddings
  partial_rotary_factor per_layer_config rope_parameters rope_scaling rope_theta
afmoe: @caches @loading @masks @rope attention_bias global_attn_every_n_layers hidden_act
  intermediate_size moe_intermediate_size mup_enabled num_dense_layers num_experts
  num_experts_per_tok num_key_value_heads num_shared_experts rms_norm_eps route_scale vocab_size
apertus: @caches @loading @masks @rope attention_bias hidden_act intermediate_size
  num_key_value_heads rms_norm_eps vocab_size
aquila?: @loading head_dim hidden_size num_attention_heads num_key_value_heads rms_norm_eps
  rope_theta
arcee: @caches @loading @masks @rope attention_bias hidden_act intermediate_size mlp_bias
  num_key_value_heads rms_norm_eps vocab_size
baichuan?: @loading hidden_act hidden_size intermediate_size num_attention_heads num_hidden_layers
  rms_norm_eps vocab_size z_loss_weight
biogpt: @caches @loading @masks hidden_act hidden_size intermediate_size num_attention_heads
  scale_embedding vocab_size
bitnet: @caches @loading @masks @rope attention_bias hidden_act intermediate_size
  num_key_value_heads rms_norm_eps vocab_size
bloom: @caches @loading @masks apply_residual_connection_post_layernorm hidden_size
  layer_norm_epsilon n_embed n_head n_layer num_attention_heads vocab_size
chatglm?: @loading add_bias_linear add_qkv_bias apply_query_key_layer_scaling
  apply_residual_connection_post_layernorm ffn_hidden_size fp32_residual_connection hidden_size
  kv_channels layernorm_epsilon multi_query_attention multi_query_group_num num_attention_heads
  num_layers original_rope padded_vocab_size post_layer_norm pre_seq_len prefix_projection
  quantization_bit rmsnorm rope_ratio
codegen: @caches @loading @masks activation_function hidden_size layer_norm_epsilon n_embd n_head
  n_inner n_layer num_attention_heads rotary_dim vocab_size
cohere: @caches @loading @masks @rope attention_bias hidden_act intermediate_size layer_norm_eps
  logit_scale num_key_value_heads use_qk_norm vocab_size
cohere2: @caches @loading @masks @rope attention_bias hidden_act intermediate_size layer_norm_eps
  logit_scale num_key_value_heads sliding_window_pattern vocab_size
cohere2_moe: @caches @loading @masks @rope attention_bias expert_selection_fn first_k_dense_replace
  hidden_act intermediate_size layer_norm_eps logit_scale mlp_layer_types norm_topk_prob num_experts
  num_experts_per_tok num_key_value_heads num_shared_experts prefix_dense_intermediate_size
  prefix_dense_sliding_window_pattern rms_norm_eps shared_expert_combination_strategy
  sliding_window_pattern vocab_size
cwm: @caches @loading @masks @rope hidden_act intermediate_size mlp_bias num_key_value_heads
  rms_norm_eps vocab_size
deci?: @loading head_dim hidden_size num_attention_heads num_key_value_heads_per_layer rms_norm_eps
  rope_theta
deepseek_v2: @caches @loading @masks @rope attention_bias first_k_dense_replace hidden_act
  intermediate_size kv_lora_rank mlp_bias moe_intermediate_size n_group n_routed_experts
  n_shared_experts norm_topk_prob num_experts num_experts_per_tok num_key_value_heads q_lora_rank
  qk_nope_head_dim qk_rope_head_dim rms_norm_eps routed_scaling_factor topk_group topk_method
  v_head_dim vocab_size
deepseek_v3: @caches @loading @masks @rope attention_bias first_k_dense_replace hidden_act
  intermediate_size kv_lora_rank moe_intermediate_size n_group n_routed_experts n_shared_experts
  norm_topk_prob num_experts_per_tok num_key_value_heads num_local_experts q_lora_rank qk_head_dim
  qk_nope_head_dim qk_rope_head_dim rms_norm_eps rope_interleave routed_scaling_factor topk_group
  v_head_dim vocab_size
deepseek_v32: @caches @loading @masks @rope attention_bias first_k_dense_replace hidden_act
  index_head_dim index_n_heads index_topk intermediate_size kv_lora_rank mlp_layer_types
  moe_intermediate_size n_group n_routed_experts n_shared_experts norm_topk_prob num_experts
  num_experts_per_tok num_key_value_heads num_local_experts q_lora_rank qk_nope_head_dim
  qk_rope_head_dim rms_norm_eps routed_scaling_factor topk_group v_head_dim vocab_size
dots1: @caches @loading @masks @rope attention_bias first_k_dense_replace hidden_act
  intermediate_size max_window_layers moe_intermediate_size n_group n_routed_experts
  n_shared_experts norm_topk_prob num_experts_per_tok num_key_value_heads num_local_experts
  rms_norm_eps routed_scaling_factor topk_group vocab_size
ernie4_5: @caches @loading @masks @rope hidden_act intermediate_size num_key_value_heads
  rms_norm_eps use_bias vocab_size
ernie4_5_moe: @caches @loading @masks @rope hidden_act intermediate_size moe_intermediate_size moe_k
  moe_layer_end_index moe_layer_interval moe_layer_start_index moe_norm_min moe_num_experts
  moe_num_shared_experts num_experts num_experts_per_tok num_key_value_heads rms_norm_eps use_bias
  vocab_size
exaone4: @caches @loading @masks @rope hidden_act intermediate_size num_key_value_heads rms_norm_eps
  sliding_window_pattern vocab_size
exaone?: @loading @rope layer_norm_epsilon num_key_value_heads
exaone_moe: @caches @loading @masks @rope first_k_dense_replace hidden_act intermediate_size
  mlp_layer_types moe_intermediate_size n_group norm_topk_prob num_experts num_experts_per_tok
  num_key_value_heads num_shared_experts rms_norm_eps routed_scaling_factor sliding_window_pattern
  topk_group vocab_size
falcon: @caches @loading @masks @rope activation alibi bias ffn_hidden_size layer_norm_epsilon
  multi_query n_embed new_decoder_architecture num_kv_heads num_ln_in_parallel_attn parallel_attn
  vocab_size
flex_olmo: @caches @loading @masks @rope attention_bias hidden_act intermediate_size norm_topk_prob
  num_experts num_experts_per_tok num_key_value_heads num_local_experts rms_norm_eps vocab_size
gemma: @caches @loading @masks @rope attention_bias hidden_act intermediate_size num_key_value_heads
  rms_norm_eps use_bidirectional_attention vocab_size
gemma2: @caches @loading @masks @rope attention_bias attn_logit_softcapping final_logit_softcapping
  hidden_activation intermediate_size num_key_value_heads query_pre_attn_scalar rms_norm_eps
  use_bidirectional_attention vocab_size
gemma3_text: @caches @loading @masks @rope attention_bias attn_logit_softcapping
  final_logit_softcapping hidden_activation intermediate_size mm_tokens_per_image
  num_key_value_heads query_pre_attn_scalar rms_norm_eps rope_local_base_freq sliding_window_pattern
  use_bidirectional_attention vocab_size
gemma4_text: @caches @loading @masks @rope attention_bias attention_k_eq_v enable_moe_block
  final_logit_softcapping global_head_dim hidden_activation hidden_size_per_layer_input
  intermediate_size moe_intermediate_size num_experts num_global_key_value_heads num_key_value_heads
  pooling_kernel_size rms_norm_eps top_k_experts use_bidirectional_attention use_clipped_linears
  use_double_wide_mlp vocab_size vocab_size_per_layer_input
glm: @caches @loading @masks @rope attention_bias hidden_act intermediate_size num_key_value_heads
  rms_norm_eps vocab_size
glm4: @caches @loading @masks @rope attention_bias hidden_act intermediate_size num_key_value_heads
  rms_norm_eps vocab_size
glm4_moe: @caches @loading @masks @rope attention_bias first_k_dense_replace hidden_act
  intermediate_size moe_intermediate_size n_group n_routed_experts n_shared_experts norm_topk_prob
  num_experts_per_tok num_key_value_heads num_local_experts rms_norm_eps routed_scaling_factor
  topk_group use_qk_norm vocab_size
glm4_moe_lite: @caches @loading @masks @rope attention_bias hidden_act intermediate_size
  kv_lora_rank mlp_layer_types moe_intermediate_size n_group n_routed_experts n_shared_experts
  norm_topk_prob num_experts_per_tok num_key_value_heads num_local_experts q_lora_rank
  qk_nope_head_dim qk_rope_head_dim rms_norm_eps rope_interleave routed_scaling_factor topk_group
  v_head_dim vocab_size
glm_moe_dsa: @caches @loading @masks @rope attention_bias first_k_dense_replace hidden_act
  index_head_dim index_n_heads index_skip_topk_offset index_topk index_topk_freq index_topk_pattern
  indexer_types intermediate_size kv_lora_rank mlp_layer_types moe_intermediate_size n_group
  n_routed_experts n_shared_experts norm_topk_prob num_experts num_experts_per_tok
  num_key_value_heads num_local_experts q_lora_rank qk_nope_head_dim qk_rope_head_dim rms_norm_eps
  routed_scaling_factor topk_group v_head_dim vocab_size
gpt2: @caches @loading @masks activation_function add_cross_attention hidden_size layer_norm_epsilon
  n_embd n_head n_inner n_layer num_attention_heads scale_attn_by_inverse_layer_idx
  scale_attn_weights vocab_size
gpt_bigcode: @caches @loading @masks activation_function add_cross_attention hidden_size
  layer_norm_epsilon multi_query n_embd n_head n_inner n_layer num_attention_heads
  scale_attn_weights vocab_size
gpt_neo: @caches @loading @masks activation_function attention_layers attention_types dimension
  hidden_size input intermediate_size layer_norm_epsilon num_attention_heads num_heads num_layers
  size step vocab_size window_size
gpt_neox: @caches @loading @masks @rope attention_bias hidden_act intermediate_size layer_norm_eps
  rms_norm_eps rotary_emb_base rotary_pct use_parallel_residual vocab_size
gpt_neox_japanese: @caches @loading @masks @rope hidden_act intermediate_multiple_size
  layer_norm_eps rotary_emb_base rotary_pct vocab_size
gpt_oss: @caches @loading @masks @rope attention_bias intermediate_size num_experts
  num_experts_per_tok num_key_value_heads num_local_experts rms_norm_eps swiglu_alpha swiglu_limit
  vocab_size
gptj: @caches @loading @masks activation_function hidden_size layer_norm_epsilon n_embd n_head
  n_inner n_layer num_attention_heads rotary_dim vocab_size
granite: @caches @loading @masks @rope attention_bias attention_multiplier embedding_multiplier
  hidden_act intermediate_size logits_scaling mlp_bias num_key_value_heads residual_multiplier
  rms_norm_eps vocab_size
granite_swa: @caches @loading @masks @rope attention_bias attention_multiplier embedding_multiplier
  hidden_act intermediate_size layer_rope_theta logits_scaling mlp_bias num_key_value_heads
  residual_multiplier rms_norm_eps vocab_size
granitemoe: @caches @loading @masks @rope attention_bias attention_multiplier embedding_multiplier
  hidden_act intermediate_size logits_scaling num_experts_per_tok num_key_value_heads
  num_local_experts position_embedding_type residual_multiplier rms_norm_eps vocab_size
granitemoeshared: @caches @loading @masks @rope attention_bias attention_multiplier
  embedding_multiplier hidden_act intermediate_size logits_scaling num_experts_per_tok
  num_key_value_heads num_local_experts position_embedding_type residual_multiplier rms_norm_eps
  shared_intermediate_size vocab_size
helium: @caches @loading @masks @rope attention_bias hidden_act intermediate_size mlp_bias
  num_key_value_heads rms_norm_eps vocab_size
hunyuan_v1_dense: @caches @loading @masks @rope attention_bias hidden_act intermediate_size
  num_key_value_heads rms_norm_eps vocab_size
hunyuan_v1_moe: @caches @loading @masks @rope attention_bias hidden_act intermediate_size moe_topk
  num_experts num_experts_per_tok num_key_value_heads num_local_experts rms_norm_eps vocab_size
hy_v3: @caches @loading @masks @rope attention_bias enable_moe_fp32_combine hidden_act
  intermediate_size mlp_bias mlp_layer_types moe_intermediate_size num_experts num_experts_per_tok
  num_key_value_heads num_local_experts num_shared_experts rms_norm_eps router_scaling_factor
  vocab_size
hyperclovax: @caches @loading @masks @rope attention_bias attention_multiplier embedding_multiplier
  hidden_act intermediate_size logits_scaling mlp_bias num_key_value_heads residual_multiplier
  rms_norm_eps use_post_norm vocab_size
internlm2?: @loading bias hidden_act hidden_size intermediate_size num_attention_heads
  num_hidden_layers num_key_value_heads rms_norm_eps rope_scaling rope_theta vocab_size
internlm3?: @loading @rope bias num_key_value_heads qkv_bias rms_norm_eps
iquestcoder?: @loading @rope num_key_value_heads
jais2: @caches @loading @masks @rope attention_bias hidden_act intermediate_size layer_norm_eps
  mlp_bias num_key_value_heads vocab_size
jais?: @loading activation_function embeddings_scale hidden_size layer_norm_epsilon
  mup_embeddings_scale mup_output_alpha mup_scale_qk_dot_by_d mup_width_scale n_head n_inner
  scale_qk_dot_by_d width_scale
llama: @caches @loading @masks @rope attention_bias hidden_act intermediate_size mlp_bias
  num_key_value_heads rms_norm_eps vocab_size
llama4_text: @caches @loading @masks @rope attention_bias attn_scale attn_temperature_tuning
  floor_scale hidden_act interleave_moe_layer_step intermediate_size intermediate_size_mlp
  moe_layers no_rope_layer_interval no_rope_layers num_channels num_experts_per_tok
  num_key_value_heads num_local_experts rms_norm_eps use_qk_norm vision_feature_select_strategy
  vocab_size
mellum: @caches @loading @masks @rope attention_bias hidden_act intermediate_size mlp_layer_types
  moe_intermediate_size mtp_layer_types mtp_mlp_layer_types norm_topk_prob num_experts
  num_experts_per_tok num_key_value_heads num_local_experts num_mtp_layers num_nextn_predict_layers
  rms_norm_eps vocab_size
mimo_v2_flash: @caches @loading @masks @rope attention_bias attention_value_scale hidden_act
  intermediate_size mlp_layer_types moe_intermediate_size n_group n_routed_experts norm_topk_prob
  num_experts_per_tok num_key_value_heads num_local_experts rms_norm_eps routed_scaling_factor
  sliding_window_size topk_group v_head_dim vocab_size
minicpm3: @caches @loading @masks @rope attention_bias dim_model_base hidden_act intermediate_size
  kv_lora_rank logits_scaling mlp_bias num_key_value_heads q_lora_rank qk_nope_head_dim
  qk_rope_head_dim rms_norm_eps scale_depth scale_emb v_head_dim vocab_size
minicpm?: @caches @loading attention_bias block_size dense_len dim_model_base head_dim hidden_act
  hidden_size init_blocks intermediate_size kernel_size kernel_stride num_attention_heads
  num_key_value_heads rms_norm_eps rope_scaling rope_theta scale_depth scale_emb sparse_config topk
  use_nope vocab_size window_size
minimax: @caches @loading @masks @rope block_size full_attn_alpha_factor full_attn_beta_factor
  hidden_act intermediate_size linear_attn_alpha_factor linear_attn_beta_factor mlp_alpha_factor
  mlp_beta_factor num_experts num_experts_per_tok num_key_value_heads num_local_experts rms_norm_eps
  vocab_size
minimax_m2: @caches @loading @masks @rope hidden_act intermediate_size num_experts
  num_experts_per_tok num_key_value_heads num_local_experts rms_norm_eps vocab_size
ministral: @caches @loading @masks @rope hidden_act intermediate_size num_key_value_heads
  rms_norm_eps vocab_size
ministral3: @caches @loading @masks @rope hidden_act intermediate_size num_key_value_heads
  rms_norm_eps vocab_size
mistral: @caches @loading @masks @rope hidden_act intermediate_size num_key_value_heads rms_norm_eps
  vocab_size
mixtral: @caches @loading @masks @rope hidden_act intermediate_size num_experts num_experts_per_tok
  num_key_value_heads num_local_experts rms_norm_eps vocab_size
mpt: @caches @loading @masks attn_config attn_type clip_qkv d_model hidden_size layer_norm_epsilon
  n_heads n_layers num_attention_heads softmax_scale vocab_size
muse_glimmer_text: @caches @loading @masks @rope attention_bias final_logit_softcapping
  hidden_activation intermediate_size layer_rope_theta merge_size num_key_value_heads post_norm_eps
  projector_hidden_size qk_scale_factor rms_norm_eps vocab_size
nanochat: @caches @loading @masks @rope attention_bias final_logit_softcapping hidden_act
  intermediate_size num_key_value_heads rms_norm_eps vocab_size
nemotron: @caches @loading @masks @rope attention_bias hidden_act intermediate_size mlp_bias
  norm_eps num_key_value_heads vocab_size
olmo: @caches @loading @masks @rope attention_bias clip_qkv hidden_act intermediate_size
  num_key_value_heads vocab_size
olmo2: @caches @loading @masks @rope attention_bias hidden_act intermediate_size num_key_value_heads
  rms_norm_eps vocab_size
olmo3: @caches @loading @masks @rope attention_bias hidden_act intermediate_size num_key_value_heads
  rms_norm_eps vocab_size
olmoe: @caches @loading @masks @rope attention_bias clip_qkv hidden_act intermediate_size
  norm_topk_prob num_experts num_experts_per_tok num_key_value_heads num_local_experts rms_norm_eps
  vocab_size
opt: @caches @loading @masks activation_function do_layer_norm_before enable_bias ffn_dim
  hidden_size layer_norm_elementwise_affine num_attention_heads vocab_size word_embed_proj_dim
orion?: @loading head_dim hidden_size num_attention_heads num_key_value_heads rms_norm_eps
  rope_theta
persimmon: @caches @loading @masks @rope hidden_act intermediate_size layer_norm_eps qk_layernorm
  vocab_size
phi: @caches @loading @masks @rope hidden_act intermediate_size layer_norm_eps num_key_value_heads
  qk_layernorm vocab_size
phi3: @caches @loading @masks @rope hidden_act intermediate_size num_key_value_heads rms_norm_eps
  vocab_size
phi4_multimodal: @caches @loading @masks @rope hidden_act intermediate_size num_key_value_heads
  rms_norm_eps vocab_size
phimoe: @caches @loading @masks @rope attention_bias hidden_act intermediate_size lm_head_bias
  num_experts_per_tok num_key_value_heads num_local_experts rms_norm_eps use_sliding_window
  vocab_size
qwen2: @caches @loading @masks @rope hidden_act intermediate_size max_window_layers
  num_key_value_heads rms_norm_eps use_sliding_window vocab_size
qwen2_moe: @caches @loading @masks @rope decoder_sparse_step hidden_act intermediate_size
  max_window_layers mlp_only_layers moe_intermediate_size norm_topk_prob num_experts
  num_experts_per_tok num_key_value_heads qkv_bias rms_norm_eps shared_expert_intermediate_size
  use_sliding_window vocab_size
qwen3: @caches @loading @masks @rope attention_bias hidden_act intermediate_size max_window_layers
  num_key_value_heads rms_norm_eps use_sliding_window vocab_size
qwen3_moe: @caches @loading @masks @rope attention_bias decoder_sparse_step hidden_act
  intermediate_size mlp_only_layers moe_intermediate_size norm_topk_prob num_experts
  num_experts_per_tok num_key_value_heads num_local_experts rms_norm_eps use_sliding_window
  vocab_size
qwen?: @loading hidden_size intermediate_size kv_channels layer_norm_epsilon no_bias
  num_attention_heads num_hidden_layers rotary_emb_base rotary_pct use_dynamic_ntk use_logn_attn
  vocab_size
sarvam_mla?: @loading @rope num_key_value_heads q_head_dim qk_nope_head_dim qk_rope_head_dim
sarvam_moe?: @loading @rope
seed_oss: @caches @loading @masks @rope attention_bias attention_out_bias hidden_act
  intermediate_size mlp_bias num_key_value_heads rms_norm_eps vocab_size
smollm3: @caches @loading @masks @rope attention_bias hidden_act intermediate_size mlp_bias
  no_rope_layer_interval no_rope_layers num_key_value_heads rms_norm_eps use_sliding_window
  vocab_size
solar_open: @caches @loading @masks @rope attention_bias hidden_act intermediate_size
  moe_intermediate_size n_group n_routed_experts n_shared_experts norm_topk_prob num_experts_per_tok
  num_key_value_heads num_local_experts rms_norm_eps routed_scaling_factor topk_group vocab_size
stablelm: @caches @loading @masks @rope hidden_act intermediate_size layer_norm_eps norm_eps
  num_key_value_heads qk_layernorm rope_pct use_parallel_residual use_qkv_bias vocab_size
starcoder2: @caches @loading @masks @rope hidden_act intermediate_size norm_epsilon
  num_key_value_heads use_bias vocab_size
vaultgemma: @caches @loading @masks @rope attention_bias attn_logit_softcapping
  final_logit_softcapping hidden_activation intermediate_size num_key_value_heads
  query_pre_attn_scalar rms_norm_eps vocab_size
xglm: @caches @loading @masks activation_function add_cross_attention attention_heads d_model
  ffn_dim hidden_size num_attention_heads num_layers scale_embedding vocab_size
xverse?: @loading head_dim hidden_size num_attention_heads rms_norm_eps rope_theta
youtu: @caches @loading @masks @rope attention_bias embedding_initializer_range hidden_act
  intermediate_size kv_lora_rank num_key_value_heads q_lora_rank qk_nope_head_dim qk_rope_head_dim
  rms_norm_eps rope_interleave v_head_dim vocab_size
)";

using Rows = std::map<std::string, std::set<std::string, std::less<>>, std::less<>>;

Rows read_table() {
  Rows rows;
  std::istringstream words{std::string(kTable)};
  std::set<std::string, std::less<>>* row = nullptr;
  for (std::string word; words >> word;) {
    if (word.ends_with(':')) {
      row = &rows[word.substr(0, word.size() - 1)];
    } else {
      row->insert(word);
    }
  }
  return rows;
}

const Rows& rows() {
  static const Rows table = read_table();
  return table;
}

}  // namespace

KeyReading key_reading(std::string_view family, std::string_view key) {
  const auto known = rows().find(family);
  const auto own = rows().find(std::string(family) + "?");
  const auto row = known != rows().end() ? known : own;
  if (row == rows().end()) return KeyReading::unknown;
  if (row->second.contains(key)) return KeyReading::read;
  for (const std::string& word : row->second) {
    if (word.starts_with('@') && rows().at(word).contains(key)) return KeyReading::read;
  }
  return row == own ? KeyReading::unknown : KeyReading::never;
}

}  // namespace ovbake
