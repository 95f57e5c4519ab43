// As transformers 4.57.6 has them; tests/record/tokenizer_classes.py records them for the test.
#include "tokenizer/tokenizer_classes.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace ovbake {
namespace {

const std::array kClasses{
    TokenizerClass{.name = "LlamaTokenizer",
                   .builds_template = true,
                   .adds_bos = true,
                   .tokens = {{"unk_token", "<unk>"}, {"bos_token", "<s>"}, {"eos_token", "</s>"}}},
    TokenizerClass{.name = "CodeLlamaTokenizer",
                   .builds_template = true,
                   .adds_bos = true,
                   .tokens = {{"unk_token", "<unk>"}, {"bos_token", "<s>"}, {"eos_token", "</s>"}},
                   .more_tokens = {"▁<PRE>", "▁<MID>", "▁<SUF>", "▁<EOT>"}},
    TokenizerClass{.name = "GemmaTokenizer",
                   .builds_template = true,
                   .adds_bos = true,
                   .tokens = {{"unk_token", "<unk>"},
                              {"bos_token", "<bos>"},
                              {"eos_token", "<eos>"},
                              {"pad_token", "<pad>"}}},
    TokenizerClass{.name = "CohereTokenizer",
                   .builds_template = true,
                   .adds_bos = true,
                   .only_sets_prefix_space = true,
                   .tokens = {{"unk_token", "<UNK>"},
                              {"bos_token", "<BOS_TOKEN>"},
                              {"eos_token", "<|END_OF_TURN_TOKEN|>"}}},
    TokenizerClass{.name = "GPTNeoXTokenizer",
                   .builds_template = true,
                   .tokens = {{"unk_token", "<|endoftext|>"},
                              {"bos_token", "<|endoftext|>"},
                              {"eos_token", "<|endoftext|>"}}},
    TokenizerClass{.name = "GPT2Tokenizer",
                   .tokens = {{"unk_token", "<|endoftext|>"},
                              {"bos_token", "<|endoftext|>"},
                              {"eos_token", "<|endoftext|>"}}},
    TokenizerClass{.name = "CodeGenTokenizer",
                   .tokens = {{"unk_token", "<|endoftext|>"},
                              {"bos_token", "<|endoftext|>"},
                              {"eos_token", "<|endoftext|>"}}},
    TokenizerClass{.name = "Qwen2Tokenizer",
                   .tokens = {{"unk_token", "<|endoftext|>"},
                              {"eos_token", "<|endoftext|>"},
                              {"pad_token", "<|endoftext|>"}}},
    TokenizerClass{.name = "BloomTokenizer",
                   .only_sets_prefix_space = true,
                   .tokens = {{"unk_token", "<unk>"},
                              {"bos_token", "<s>"},
                              {"eos_token", "</s>"},
                              {"pad_token", "<pad>"}}},
    TokenizerClass{
        .name = "XGLMTokenizer",
        .tokens = {{"bos_token", "<s>"},
                   {"eos_token", "</s>"},
                   {"sep_token", "</s>"},
                   {"cls_token", "<s>"},
                   {"unk_token", "<unk>"},
                   {"pad_token", "<pad>"}},
        .more_tokens = {"<madeupword0>", "<madeupword1>", "<madeupword2>", "<madeupword3>",
                        "<madeupword4>", "<madeupword5>", "<madeupword6>"}},
    TokenizerClass{.name = "BertTokenizer",
                   .tokens = {{"unk_token", "[UNK]"},
                              {"sep_token", "[SEP]"},
                              {"pad_token", "[PAD]"},
                              {"cls_token", "[CLS]"},
                              {"mask_token", "[MASK]"}}},
};

const std::map<std::string_view, std::vector<std::string_view>> kModelTypes{
    {"LlamaTokenizer",
     {"arcee",
      "aria",
      "chameleon",
      "colpali",
      "deepseek_v2",
      "deepseek_v3",
      "deepseek_vl",
      "deepseek_vl_hybrid",
      "diffllama",
      "ernie4_5",
      "ernie4_5_moe",
      "idefics",
      "idefics2",
      "idefics3",
      "jamba",
      "janus",
      "jetmoe",
      "llama",
      "llama4",
      "llama4_text",
      "llava",
      "llava_next",
      "llava_next_video",
      "llava_onevision",
      "ministral",
      "mistral",
      "mistral3",
      "mixtral",
      "mllama",
      "paligemma",
      "persimmon",
      "phi3",
      "phimoe",
      "video_llava",
      "vipllava",
      "zamba",
      "zamba2"}},
    {"CodeLlamaTokenizer", {"code_llama"}},
    {"GemmaTokenizer",
     {"gemma", "gemma2", "gemma3", "gemma3_text", "gemma3n", "gemma3n_text", "recurrent_gemma",
      "shieldgemma2", "siglip2", "t5gemma"}},
    {"CohereTokenizer", {"aya_vision", "cohere", "cohere2"}},
    {"GPTNeoXTokenizer",
     {"falcon_mamba", "gpt_neox", "mamba", "mamba2", "mpt", "olmo", "olmo2", "olmoe", "rwkv",
      "stablelm", "xlstm"}},
    {"GPT2Tokenizer",
     {"blip-2", "dbrx", "emu3", "exaone4", "flex_olmo", "gpt2", "gpt_bigcode", "gpt_neo", "gptj",
      "granite", "granitemoe", "granitemoehybrid", "granitemoeshared", "instructblip",
      "instructblipvideo", "minimax", "olmo3", "opt", "starcoder2"}},
    {"CodeGenTokenizer", {"codegen", "phi"}},
    {"Qwen2Tokenizer",
     {"colqwen2", "internvl", "qwen2", "qwen2_5_omni", "qwen2_5_vl", "qwen2_audio", "qwen2_moe",
      "qwen2_vl", "qwen3", "qwen3_moe", "qwen3_next", "qwen3_omni_moe", "qwen3_vl",
      "qwen3_vl_moe"}},
    {"BloomTokenizer", {"bloom"}},
    {"XGLMTokenizer", {"xglm"}},
    {"BertTokenizer",
     {"align", "bark", "bert", "blip", "bros", "chinese_clip", "ernie", "git", "grounding-dino",
      "megatron-bert", "mm-grounding-dino", "nezha", "qdqbert", "tvp", "vilt", "visual_bert"}},
};

}  // namespace

const TokenizerClass& tokenizer_class(std::string_view name) {
  static const TokenizerClass kOther{};
  const auto found = std::ranges::find(kClasses, name, &TokenizerClass::name);
  return found == kClasses.end() ? kOther : *found;
}

std::string_view default_tokenizer_class(std::string_view model_type) {
  for (const auto& [name, model_types] : kModelTypes) {
    if (std::ranges::find(model_types, model_type) != model_types.end()) return name;
  }
  return {};
}

}  // namespace ovbake
