#include "architecture/harmless_keys.hpp"

#include <algorithm>
#include <array>

namespace ovbake {
namespace {

constexpr auto kHarmless = std::to_array<std::string_view>({
    // What the folder is and who wrote it.
    "_name_or_path",
    "architectures",
    "auto_map",
    "custom_pipelines",
    "is_llama_config",
    "model_type",
    "name_or_path",
    "transformers_version",
    "transformers.js_config",
    "unsloth_fixed",
    "unsloth_version",
    // Types and caches of the program that runs it.
    "_attn_implementation",
    "_attn_implementation_autoset",
    "_flash_attn_2_enabled",
    "attn_implementation",
    "cache_implementation",
    "dtype",
    "torch_dtype",
    "torchscript",
    "use_cache",
    "use_bfloat16",
    "attention_softmax_in_fp32",
    "bias_dropout_fusion",
    "inference_runner",
    "masked_softmax_fusion",
    "max_batch_size",
    "max_sequence_length",
    "pad_key_length",
    "pre_allocate_kv_cache",
    "reorder_and_upcast_attn",
    "scale_attention_softmax_in_fp32",
    "skip_bias_add",
    "skip_bias_add_qkv",
    "slow_but_exact",
    "validate_runner_input",
    // Training.
    "activation_dropout",
    "attention_dropout",
    "attention_probs_dropout_prob",
    "attn_pdrop",
    "classifier_dropout",
    "dropout",
    "emb_pdrop",
    "embd_pdrop",
    "embedding_dropout",
    "gradient_checkpointing",
    "hidden_dropout",
    "hidden_dropout_prob",
    "init_std",
    "initializer_range",
    "input_jitter_noise",
    "layerdrop",
    "pretraining_tp",
    "resid_pdrop",
    "residual_dropout",
    "router_aux_loss_coef",
    "router_jitter_noise",
    // Token ids and the habits of generation: the tokenizer's and generation_config.json's
    // business.
    "bos_token_id",
    "eod_token_id",
    "eos_token_id",
    "pad_token_id",
    "sep_token_id",
    "unk_token_id",
    "decoder_start_token_id",
    "forced_bos_token_id",
    "forced_eos_token_id",
    "max_length",
    "max_position_embeddings",
    "n_ctx",
    "n_positions",
    "prefix",
    "seq_length",
    "task_specific_params",
    "tokenizer_class",
    // What other heads than the causal one would read.
    "_num_labels",
    "chunk_size_feed_forward",
    "cross_attention_hidden_size",
    "finetuning_task",
    "id2label",
    "is_decoder",
    "is_encoder_decoder",
    "label2id",
    "num_labels",
    "output_attentions",
    "output_hidden_states",
    "output_router_logits",
    "problem_type",
    "return_dict",
    "summary_activation",
    "summary_first_dropout",
    "summary_proj_to_labels",
    "summary_type",
    "summary_use_proj",
    "tie_encoder_decoder",
    // What makes tokens of pictures and sounds, which the text model gets none of.
    "audio_config",
    "audio_token_id",
    "boa_token_id",
    "boi_token_id",
    "boi_token_index",
    "eoa_token_id",
    "eoa_token_index",
    "eoi_token_id",
    "eoi_token_index",
    "image_token_id",
    "image_token_index",
    "mm_tokens_per_image",
    "multimodal_projector_bias",
    "projector_hidden_act",
    "spatial_merge_size",
    "video_token_id",
    "vision_config",
    "vision_feature_layer",
    "vision_soft_tokens_per_image",
    // Written by a training framework and read by no modeling code of transformers.
    "rope_interleaved",
});

}  // namespace

bool is_harmless_key(std::string_view key) {
  constexpr std::string_view kTextModel = "text_config.";
  if (key.starts_with(kTextModel)) key.remove_prefix(kTextModel.size());
  const std::string_view top = key.substr(0, key.find('.'));
  return std::ranges::find(kHarmless, key) != kHarmless.end() || top == "task_specific_params" ||
         top == "id2label" || top == "label2id";
}

std::vector<std::string> unknown_keys(const Config& config) {
  std::vector<std::string> keys = config.unread_keys();
  std::erase_if(keys, is_harmless_key);
  return keys;
}

}  // namespace ovbake
