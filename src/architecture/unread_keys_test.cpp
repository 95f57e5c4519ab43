#include "architecture/unread_keys.hpp"

#include <set>

#include <gmock/gmock.h>

#include <ovbake/error.hpp>

#include "architecture/family.hpp"
#include "architecture/read_keys.hpp"
#include "base/json.hpp"
#include "support/data.hpp"

namespace ovbake {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Json llama() {
  return {{"model_type", "llama"},          {"hidden_size", 32},        {"intermediate_size", 48},
          {"num_hidden_layers", 2},         {"num_attention_heads", 4}, {"vocab_size", 96},
          {"max_position_embeddings", 4096}};
}

Json recorded(const std::string& fixture) {
  return read_json(test_data("families/" + fixture + "/config.json"));
}

/// What is said against a config.json with these keys more; nothing where it is taken.
std::string refusal(Json config, const Json& more) {
  config.update(more);
  try {
    describe(Config(config, "config.json"));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::input);
    return error.what();
  }
  return "";
}

// Keys of published models: of Yarn, of a generation_config.json of old, of what a tokenizer needs.
TEST(UnreadKeys, WhatNoCodeReadsIsIgnoredWhateverItsValue) {
  Json json = llama();
  json.update({{"output_past", true},
               {"expert_dropout", 0.1},
               {"norm_type", "rms"},
               {"text_start_id", 7},
               {"temperature", 0.6},
               {"rope_scaling", {{"type", "linear"}, {"factor", 2.0}, {"finetuned", true}}}});
  const Config config(json, "config.json");
  describe(config);
  EXPECT_THAT(ignored_keys(config), ElementsAre("norm_type", "rope_scaling.finetuned"));
}

TEST(UnreadKeys, WhatCodeReadsIsRefusedWithItsValueAndMeaning) {
  EXPECT_THAT(refusal(llama(), {{"sliding_window", 128}}),
              AllOf(HasSubstr("sliding_window is 128"), HasSubstr("a window of the tokens"),
                    HasSubstr("--ignore_config_keys")));
  EXPECT_THAT(refusal(llama(), {{"pruned_heads", {{"0", {1, 2}}}}}), HasSubstr("pruned_heads"));
  EXPECT_THAT(refusal(llama(), {{"layer_types", {"full_attention", "sliding_attention"}}}),
              HasSubstr("layer_types"));
  EXPECT_THAT(refusal(recorded("minicpm"), {{"sparse_config", {{"topk", 64}}}}),
              HasSubstr("sparse_config"));
}

TEST(UnreadKeys, NeutralValuesOfKeysThatCodeReadsAreTaken) {
  for (const Json& more : std::vector<Json>{
           {{"sliding_window", 4096}},
           {{"sliding_window", 128}, {"use_sliding_window", false}},
           {{"sliding_window", nullptr}},
           {{"pruned_heads", Json::object()}},
           {{"is_causal", true}},
           {{"use_bidirectional_attention", false}},
           {{"layer_types", {"full_attention", "full_attention"}}},
           {{"attention_chunk_size", 0}},
       }) {
    EXPECT_EQ(refusal(llama(), more), "") << more;
  }
}

// Code comes with such checkpoints, which may be another than that which is known.
TEST(UnreadKeys, ValuesForCodeThatIsNotKnownAreRefusedUnlessNeutral) {
  const Json chatglm = recorded("chatglm");
  EXPECT_THAT(refusal(chatglm, {{"memory_layers", 3}}),
              AllOf(HasSubstr("memory_layers is 3"), HasSubstr("no code known here")));
  for (const Json& more : std::vector<Json>{
           {{"memory_layers", 0}},
           {{"num_hidden_layers", chatglm["num_layers"]}},
           {{"tokenizer_type", "SentencePiece"}},
           {{"gmask_token_id", 5}},
       }) {
    EXPECT_EQ(refusal(chatglm, more), "") << more;
  }
  EXPECT_THAT(refusal(chatglm, {{"num_hidden_layers", 77}}), HasSubstr("num_hidden_layers is 77"));
}

TEST(UnreadKeys, AnUnknownWordOfQuantizationIsRefused) {
  EXPECT_THAT(refusal(llama(), {{"quantization", {{"bits", 4}, {"group_size", 64}}}}),
              HasSubstr("quantization is "));
  const Json fp8 = recorded("deepseek_v3_fp8");
  EXPECT_EQ(refusal(fp8, Json::object()), "");
  Json other = fp8;
  other["quantization_config"]["activation_bits"] = 8;
  EXPECT_THAT(refusal(other, Json::object()),
              HasSubstr("quantization_config.activation_bits is 8"));
}

TEST(ReadKeys, AreThoseOfTheFamilyAndOfWhatItImports) {
  EXPECT_EQ(key_reading("llama", "mlp_bias"), KeyReading::read);
  EXPECT_EQ(key_reading("llama", "rope_theta"), KeyReading::read);
  EXPECT_EQ(key_reading("llama", "pruned_heads"), KeyReading::read);
  EXPECT_EQ(key_reading("llama", "final_logit_softcapping"), KeyReading::never);
  EXPECT_EQ(key_reading("gpt2", "rope_theta"), KeyReading::never);
  EXPECT_EQ(key_reading("qwen", "use_logn_attn"), KeyReading::read);
  EXPECT_EQ(key_reading("qwen", "attention_sinks"), KeyReading::unknown);
}

TEST(ReadKeys, EveryFamilyHasARow) {
  for (const Family* family : families()) {
    EXPECT_EQ(key_reading(family->model_types.front(), "quantization_config"), KeyReading::read)
        << family->model_types.front() << ": run tests/record/read_keys.py";
  }
}

// config.json of a default model, as transformers saves it (tests/record/saved_configs.py). The
// defaults of some make no model: they lack a number of experts, or heads divide into odd parts.
TEST(SavedConfigs, AreDescribed) {
  const std::set<std::string> kNoModels{"deepseek_v2", "dots1", "glm4_moe"};
  const Json saved = read_json(test_data("saved_configs.json"));
  for (const auto& [version, configs] : saved.items()) {
    for (const auto& [model_type, config] : configs.items()) {
      if (kNoModels.contains(model_type)) continue;
      EXPECT_EQ(refusal(config, Json::object()), "") << model_type << " of " << version;
    }
  }
}

}  // namespace
}  // namespace ovbake
