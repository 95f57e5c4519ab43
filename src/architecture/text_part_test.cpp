#include "architecture/text_part.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include "architecture/family.hpp"
#include "architecture/nearest_family.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "support/data.hpp"
#include "support/safetensors.hpp"
#include "support/temporary_folder.hpp"

namespace ovbake {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Json text(const std::string& model_type) {
  return {{"model_type", model_type}, {"hidden_size", 32},        {"intermediate_size", 48},
          {"num_hidden_layers", 2},   {"num_attention_heads", 4}, {"num_key_value_heads", 2},
          {"vocab_size", 96}};
}

Decoder described(const Json& json) { return describe(Config(json, "config.json")); }

std::string refusal(const Json& json) {
  try {
    described(json);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(TextPart, IsTheSectionThatAConfigHasForIt) {
  for (const std::string section :
       {"text_config", "llm_config", "language_config", "llm_cfg", "text_model_config"}) {
    const Json json{{"model_type", "a_vlm"}, {section, text("qwen2")}};
    EXPECT_EQ(described(json).model_type, "qwen2") << section;
  }
  const Json nested{{"model_type", "an_omni"},
                    {"thinker_config", {{"text_config", text("qwen3")}, {"audio_config", Json()}}},
                    {"talker_config", Json{{"text_config", text("llama")}}}};
  EXPECT_EQ(described(nested).model_type, "qwen3");
}

// What Llava 1.5 leaves to LlamaConfig, and InternVL to Qwen2Config.
TEST(TextPart, HasTheFamilyAndTheSizesThatTransformersTakes) {
  const Decoder llava =
      described({{"model_type", "llava"}, {"text_config", {{"vocab_size", 32064}}}});
  EXPECT_EQ(llava.model_type, "llama");
  EXPECT_EQ(llava.hidden_size, 4096);
  EXPECT_EQ(llava.layers.size(), 32U);
  EXPECT_EQ(llava.vocab_size, 32064);
  const Json mistral{{"model_type", "llava_next"}, {"text_config", {{"model_type", "mistral"}}}};
  EXPECT_EQ(described(mistral).layers[0].self_attn().num_key_value_heads, 8);
}

// Of every model_type whose text_config may be silent; PaliGemma is refused.
TEST(TextPart, HasTheFamilyThatTransformersRecordsForEveryWrapper) {
  const Json recorded = read_json(test_data("wrappers.json"))["wrappers"];
  std::size_t described = 0;
  for (const auto& [model_type, part] : recorded.items()) {
    const std::string text = part["text"];
    if (find_family(text) == nullptr || find_family(model_type) != nullptr) continue;
    if (model_type == "paligemma") continue;
    const Json json{{"model_type", model_type}, {part["section"], Json::object()}};
    const auto found = find_text_part(Config(json, "config.json"));
    ASSERT_TRUE(found) << model_type;
    EXPECT_EQ(found->model_type, text) << model_type;
    ++described;
  }
  EXPECT_GT(described, 40U);
}

// As Qwen2-VL and the first Llava with Qwen2 are published.
TEST(TextPart, MayStandAmongTheKeysOfTheWholeModel) {
  for (const std::string model_type : {"qwen2_vl", "qwen2_5_vl", "llava_qwen2"}) {
    Json json = text(model_type);
    json["vision_config"] = {{"depth", 32}};
    json["vision_start_token_id"] = 90;
    json["rope_scaling"] = {{"type", "mrope"}, {"mrope_section", {2, 1, 1}}};
    const Decoder decoder = described(json);
    const auto& projections =
        std::get<SeparateProjections>(decoder.layers[0].self_attn().projections);
    EXPECT_TRUE(projections.q_proj.bias) << model_type;
  }
}

TEST(TextPart, RotatesTextByMultimodalRopeAsByPlainRope) {
  Json json{{"model_type", "qwen3_vl"}, {"text_config", text("qwen3_vl_text")}};
  const auto plain = described(json).layers[0].self_attn().rope->inv_freq;
  json["text_config"]["rope_scaling"] = {
      {"rope_type", "default"}, {"mrope_section", {2, 1, 1}}, {"mrope_interleaved", true}};
  EXPECT_EQ(described(json).layers[0].self_attn().rope->inv_freq, plain);
}

TEST(TextPart, OfAnUnknownFamilyIsRefusedByItsName) {
  const Json json{{"model_type", "mistral3"}, {"text_config", text("mistral4x")}};
  EXPECT_THAT(refusal(json), HasSubstr("config.json (text_config): model_type \"mistral4x\""));
}

TEST(TextPart, IsRefusedWhereItsPromptIsReadBothWays) {
  const Json json{{"model_type", "paligemma"}, {"text_config", text("gemma")}};
  EXPECT_THAT(refusal(json), HasSubstr("both directions"));
}

TEST(TextPart, LeavesQuantizationOfTheWholeModelToBeUnderstood) {
  const Json json{
      {"model_type", "llava"}, {"quantization", {{"bits", 4}}}, {"text_config", text("llama")}};
  EXPECT_THAT(refusal(json), HasSubstr("quantization"));
}

/// Whether the model is tied, of what config.json and text_config say and of a checkpoint that
/// stores a head or not.
bool is_tied(const Json& whole, const Json& part, bool stores_head) {
  Json json{{"model_type", "llava"}, {"text_config", text("llama")}};
  if (!whole.is_null()) json["tie_word_embeddings"] = whole;
  if (!part.is_null()) json["text_config"]["tie_word_embeddings"] = part;
  const std::string name = stores_head ? "language_model.lm_head.weight" : "other.weight";
  const std::string header =
      R"({")" + name + R"(": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}})";
  const TemporaryFolder folder;
  write_text(folder / "config.json", json.dump());
  write_text(folder / "model.safetensors", safetensors(header, 4));
  return describe(Checkpoint::open(folder.path())).tie_word_embeddings();
}

// transformers 4 went by text_config, 5 by the whole; a checkpoint without a head was tied.
TEST(TextPart, IsTiedAsItIsSaidOrStored) {
  for (const bool stored : {false, true}) {
    EXPECT_TRUE(is_tied(true, Json(), stored));
    EXPECT_TRUE(is_tied(Json(), true, stored));
    EXPECT_FALSE(is_tied(false, false, stored));
    EXPECT_FALSE(is_tied(false, Json(), stored));
    EXPECT_EQ(is_tied(false, true, stored), !stored);
    EXPECT_EQ(is_tied(true, false, stored), !stored);
    EXPECT_EQ(is_tied(Json(), Json(), stored), !stored);
  }
}

TEST(TextPart, KnowsWhatElseTheModelTakes) {
  const auto modalities = [](const Json& json) {
    return other_modalities(Config(json, "config.json"));
  };
  EXPECT_THAT(modalities({{"vision_config", {{"depth", 1}}}}), ElementsAre("pictures"));
  EXPECT_THAT(modalities({{"mm_vision_tower", "clip"}, {"audio_config", {{"depth", 1}}}}),
              ElementsAre("pictures", "sounds"));
  EXPECT_THAT(modalities(text("llama")), testing::IsEmpty());
}

}  // namespace
}  // namespace ovbake
