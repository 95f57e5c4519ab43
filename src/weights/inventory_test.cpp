#include "weights/inventory.hpp"

#include <cstring>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include "architecture/family.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "support/safetensors.hpp"
#include "support/temporary_folder.hpp"
#include "support/tiny_model.hpp"

namespace ovbake {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Tensor {
  std::string name;
  Shape shape;
  std::string dtype = "F32";
};

std::size_t bytes_of(const Tensor& tensor) {
  const std::map<std::string, std::size_t> sizes{{"I64", 8}, {"F32", 4}, {"I32", 4},  {"BF16", 2},
                                                 {"F16", 2}, {"U8", 1},  {"BOOL", 1}, {"I8", 1}};
  return sizes.at(tensor.dtype) * static_cast<std::size_t>(element_count(tensor.shape));
}

/// A tiny llama with more tensors, or under other names.
class InventoryTest : public testing::Test {
 protected:
  void add(const Tensor& tensor) {
    const std::size_t begin = tiny_.data.size();
    tiny_.data.append(bytes_of(tensor), '\x01');
    tiny_.header[tensor.name] = {{"dtype", tensor.dtype},
                                 {"shape", tensor.shape},
                                 {"data_offsets", {begin, tiny_.data.size()}}};
  }

  void rename(const std::string& from, const std::string& to) {
    Json renamed;
    for (const auto& [name, entry] : tiny_.header.items()) {
      renamed[name.starts_with(from) ? to + name.substr(from.size()) : name] = entry;
    }
    tiny_.header = std::move(renamed);
  }

  Inventory take(const std::vector<std::string>& ignore_tensors = {}) {
    const TemporaryFolder folder;
    write_text(folder / "config.json", tiny_.config.dump());
    const std::string header = tiny_.header.dump();
    write_text(folder / "model.safetensors", little_endian(header.size()) + header + tiny_.data);
    const Checkpoint checkpoint = Checkpoint::open(folder.path());
    return take_inventory(describe(checkpoint), checkpoint, ignore_tensors);
  }

  std::string refusal() {
    try {
      take();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::input);
      return error.what();
    }
    return "";
  }

  TinyCheckpoint tiny_ = tiny_checkpoint("plain", "f32", false);
};

TEST_F(InventoryTest, LeavesNothingOutOfAModelAsItIsPublished) {
  const Inventory inventory = take();
  EXPECT_EQ(inventory.items.size(), 2 * 9U + 3);
  EXPECT_THAT(inventory.ignored, IsEmpty());
}

struct Surplus {
  Tensor tensor;
  std::string why;
};

class LeftOut : public InventoryTest, public testing::WithParamInterface<Surplus> {};

TEST_P(LeftOut, WithTheReason) {
  add(GetParam().tensor);
  const Inventory inventory = take();
  EXPECT_EQ(inventory.items.size(), 2 * 9U + 3);
  ASSERT_EQ(inventory.ignored.size(), 1U);
  EXPECT_EQ(inventory.ignored[0].name, GetParam().tensor.name);
  EXPECT_THAT(inventory.ignored[0].why, HasSubstr(GetParam().why));
}

// The names are of published files: buffers of llama, qwen, gpt2, chatglm, mpt and minimax, what
// trl and Megatron leave, DeepSeek's and MiMo's layers for further tokens, parts of Llava and
// Qwen2-VL.
INSTANTIATE_TEST_SUITE_P(
    Kinds, LeftOut,
    testing::Values(Surplus{{"model.layers.0.self_attn.rotary_emb.inv_freq", {16}}, "config.json"},
                    Surplus{{"model.rotary_emb.original_inv_freq", {16}, "BF16"}, "config.json"},
                    Surplus{{"model.rotary_pos_emb.inv_freq", {8}, "F16"}, "config.json"},
                    Surplus{{"rotary_emb.inv_freq", {16}}, "config.json"},
                    Surplus{{"rope.freqs", {16}}, "config.json"},
                    Surplus{{"model.layers.1.self_attn.rotary_emb.cos_cached", {1, 1, 8, 32}},
                            "config.json"},
                    Surplus{{"model.layers.1.attn.bias", {1, 1, 8, 8}, "U8"}, "config.json"},
                    Surplus{{"model.layers.1.self_attn.masked_bias", {}}, "config.json"},
                    Surplus{{"model.causal_mask", {8, 8}, "BOOL"}, "config.json"},
                    Surplus{{"model.layers.1.self_attn.slope_rate", {3, 1, 1}}, "config.json"},
                    Surplus{{"model.position_ids", {1, 8}, "I64"}, "config.json"},
                    Surplus{{"model.layers.0.self_attn.window_index", {4}, "I64"}, "config.json"},
                    Surplus{{"model.layers.2.eh_proj.weight", {96, 192}}, "further tokens"},
                    Surplus{{"mtp.layers.0.mlp.up_proj.weight", {200, 96}}, "further tokens"},
                    Surplus{{"model.mtp_block.0.norm.weight", {96}}, "further tokens"},
                    Surplus{{"medusa_head.0.0.linear.weight", {96, 96}}, "further tokens"},
                    Surplus{{"v_head.summary.weight", {1, 96}}, "head"},
                    Surplus{{"score.weight", {2, 96}}, "head"},
                    Surplus{{"optimizer.state.step", {}}, "training"},
                    Surplus{{"model.layers.0.mlp.up_proj.weight.exp_avg", {200, 96}}, "training"},
                    Surplus{{"ema.decay", {}}, "training"},
                    Surplus{{"model.vision_tower.layers.0.mlp.fc1.weight", {8, 8}}, "modality"},
                    Surplus{{"model.image_newline", {96}}, "modality"},
                    Surplus{{"visual.patch_embed.proj.weight", {8, 3, 2, 2}}, "modality"},
                    Surplus{{"mlp1.0.weight", {8}}, "modality"},
                    Surplus{{"audio_tower.conv1.bias", {8}}, "modality"}));

class Refused : public InventoryTest, public testing::WithParamInterface<Surplus> {};

TEST_P(Refused, WithWhatItMightBe) {
  add(GetParam().tensor);
  EXPECT_THAT(refusal(), AllOf(HasSubstr(GetParam().tensor.name + " "), HasSubstr(GetParam().why)));
  const Inventory inventory = take({"*" + GetParam().tensor.name.substr(3)});
  ASSERT_EQ(inventory.ignored.size(), 1U);
  EXPECT_EQ(inventory.ignored[0].why, "named in ignore_tensors");
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, Refused,
    testing::Values(
        Surplus{{"model.layers.0.self_attn.q_proj.bias", {96}}, "--ignore_tensors"},
        Surplus{{"model.layers.0.self_attn.q_norm.weight", {32}}, "--ignore_tensors"},
        Surplus{{"model.layers.1.attn.bias", {96}}, "--ignore_tensors"},
        Surplus{{"model.layers.1.mlp.vision_expert.weight", {96}}, "--ignore_tensors"},
        Surplus{{"model.embed_norm.weight", {96}}, "--ignore_tensors"},
        Surplus{{"lm_head.bias", {120}}, "--ignore_tensors"},
        Surplus{{"model.layers.2.input_layernorm.weight", {96}}, "the last of the 2 layers"},
        Surplus{{"model.layers.0.mlp.gate.expert_ids", {4}, "I64"}, "--ignore_tensors"},
        Surplus{{"model.layers.0.self_attn.q_proj.lora_A.weight", {4, 96}}, "merge the adapter"}));

TEST_F(InventoryTest, NamesEveryFaultAtOnce) {
  add({"model.layers.0.self_attn.q_proj.bias", {96}});
  add({"model.layers.0.self_attn.k_proj.bias", {96}});
  rename("model.layers.1.mlp.up_proj", "model.layers.1.mlp.up");
  EXPECT_THAT(refusal(), AllOf(HasSubstr("q_proj.bias"), HasSubstr("k_proj.bias"),
                               HasSubstr("mlp.up_proj.weight [200, 96] is missing"),
                               Not(HasSubstr("download"))));
}

class Prefixed : public InventoryTest,
                 public testing::WithParamInterface<std::pair<std::string, std::string>> {};

// Of the model, and of lm_head.
TEST_P(Prefixed, IsFoundByWhatItHolds) {
  const auto& [model, head] = GetParam();
  rename("lm_head.", head + "lm_head.");
  rename("model.", model);
  add({"vision_tower.encoder.layers.0.input_layernorm.weight", {8}});
  add({model + "layers.0.self_attn.rotary_emb.inv_freq", {16}});
  const Inventory inventory = take();
  EXPECT_EQ(inventory.items.size(), 2 * 9U + 3);
  EXPECT_EQ(inventory.ignored.size(), 2U);
}

INSTANTIATE_TEST_SUITE_P(
    Places, Prefixed,
    testing::Values(std::pair("", ""), std::pair("model.language_model.", ""),
                    std::pair("language_model.model.", "language_model."),
                    std::pair("model.language_model.model.", "language_model."),
                    std::pair("model.text_model.", ""), std::pair("llm.model.", "llm."),
                    std::pair("base_model.model.model.", "base_model.model."),
                    std::pair("vlm.lang_model.model.", "vlm.lang_model."),
                    std::pair("transformer.", ""), std::pair("thinker.model.", "thinker.")));

TEST_F(InventoryTest, TakesNoHeadOfAnotherPart) {
  rename("lm_head.", "mtp.lm_head.");
  EXPECT_THAT(refusal(), HasSubstr("lm_head.weight [120, 96] is missing"));
}

TEST_F(InventoryTest, TakesWhateverStandsBesideALanguageModelForOtherParts) {
  rename("lm_head.", "language_model.lm_head.");
  rename("model.", "language_model.model.");
  add({"glue.0.weight", {96, 8}});
  EXPECT_THAT(refusal(), HasSubstr("glue.0.weight"));
  tiny_.config = {{"model_type", "a_vlm"}, {"text_config", tiny_.config}};
  EXPECT_EQ(take().ignored.size(), 1U);
  add({"language_model.model.glue.weight", {96, 8}});
  EXPECT_THAT(refusal(), AllOf(HasSubstr("language_model.model.glue.weight"),
                               Not(HasSubstr("glue.0.weight"))));
}

/// A head that is tied and stored all the same.
class TiedHead : public InventoryTest {
 protected:
  /// Stores the first `rows` rows of the embedding in `dtype` as lm_head.
  void store_head(const std::string& dtype) {
    tiny_ = tiny_checkpoint("plain", "f32", true);
    const Json table = tiny_.header["model.embed_tokens.weight"];
    const std::size_t begin = table["data_offsets"][0], end = table["data_offsets"][1];
    const std::size_t first = tiny_.data.size();
    for (std::size_t i = begin; i < end; i += sizeof(float)) {
      float value = 0;
      std::memcpy(&value, &tiny_.data[i], sizeof value);
      const std::uint16_t half = dtype == "F16" ? f16_from_float(value) : bf16_from_float(value);
      if (dtype == "F32") {
        tiny_.data.append(reinterpret_cast<const char*>(&value), sizeof value);
      } else {
        tiny_.data.append(reinterpret_cast<const char*>(&half), sizeof half);
      }
    }
    tiny_.header["lm_head.weight"] = {
        {"dtype", dtype}, {"shape", table["shape"]}, {"data_offsets", {first, tiny_.data.size()}}};
  }
};

TEST_F(TiedHead, IsLeftOutInEveryDtypeIfItsValuesAreTheSame) {
  for (const std::string dtype : {"F32", "BF16", "F16"}) {
    store_head(dtype);
    const Inventory inventory = take();
    ASSERT_EQ(inventory.ignored.size(), 1U) << dtype;
    EXPECT_THAT(inventory.ignored[0].why, HasSubstr("tied"));
    tiny_.data.back() ^= 0x40;
    EXPECT_THAT(refusal(), HasSubstr("differs")) << dtype;
  }
}

// Transformers ties whichever of the two is there.
TEST_F(TiedHead, StandsForAnEmbeddingThatIsNotStored) {
  tiny_ = tiny_checkpoint("plain", "f32", true);
  rename("model.embed_tokens.", "lm_head.");
  EXPECT_EQ(take().items.size(), 2 * 9U + 2);
}

}  // namespace
}  // namespace ovbake
