#include "architecture/other_kinds.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "support/safetensors.hpp"
#include "support/temporary_folder.hpp"

namespace ovbake {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// What is said of a llama whose config.json has more keys, and which stores tensors of these
/// names.
std::string refusal(Json keys, const std::vector<std::string>& names) {
  Json header;
  std::size_t begin = 0;
  for (const std::string& name : names) {
    header[name] = {{"dtype", "F32"}, {"shape", {1}}, {"data_offsets", {begin, begin + 4}}};
    begin += 4;
  }
  keys["model_type"] = "llama";
  const TemporaryFolder folder;
  write_text(folder / "config.json", keys.dump());
  write_text(folder / "model.safetensors", safetensors(header.dump(), begin));
  try {
    refuse_other_kinds(Checkpoint::open(folder.path()));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::input);
    return error.what();
  }
  return "";
}

const std::vector<std::string> kModel{"model.embed_tokens.weight", "lm_head.weight"};

TEST(OtherKinds, AreNoneWhereThereIsAHead) {
  EXPECT_EQ(refusal({}, kModel), "");
  EXPECT_EQ(refusal({{"is_causal", true}, {"use_bidirectional_attention", "vision"}}, kModel), "");
  EXPECT_EQ(refusal({}, {"lm_head.weight", "v_head.summary.weight"}), "");
  EXPECT_EQ(refusal({{"tie_word_embeddings", true}}, {"model.embed_tokens.weight", "v_head.0"}),
            "");
  EXPECT_EQ(refusal({{"quantization_config", {{"quant_method", "fp8"}}}}, kModel), "");
}

TEST(OtherKinds, NameTheMethodOfQuantizationThatConfigSays) {
  for (const std::string method : {"gptq", "awq", "bitsandbytes", "compressed-tensors", "hqq"}) {
    EXPECT_THAT(refusal({{"quantization_config", {{"quant_method", method}}}}, kModel),
                AllOf(HasSubstr("quantized by " + method), HasSubstr("quantized from")));
  }
}

// Names as the methods' own writers spell them.
TEST(OtherKinds, NameTheMethodOfQuantizationThatTensorsTell) {
  const std::string module = "model.layers.0.mlp.up_proj.";
  const auto said = [&](const std::vector<std::string>& leaves) {
    std::vector<std::string> names = kModel;
    for (const std::string& leaf : leaves) names.push_back(module + leaf);
    return refusal({}, names);
  };
  EXPECT_THAT(said({"qweight", "qzeros", "scales", "g_idx"}), HasSubstr("by GPTQ,"));
  EXPECT_THAT(said({"qweight", "qzeros", "scales"}), HasSubstr("by AWQ, or GPTQ"));
  EXPECT_THAT(said({"weight", "SCB"}), HasSubstr("bitsandbytes in 8 bits"));
  EXPECT_THAT(said({"weight", "weight.absmax", "weight.quant_map"}),
              HasSubstr("bitsandbytes in 4 bits"));
  EXPECT_THAT(said({"weight_packed", "weight_scale", "weight_shape"}),
              HasSubstr("compressed-tensors"));
  EXPECT_THAT(said({"weight", "weight_scale", "weight_scale_2"}), HasSubstr("ModelOpt"));
  EXPECT_THAT(said({"weight", "scales", "biases"}), HasSubstr("MLX"));
  EXPECT_THAT(said({"W_q"}), HasSubstr("HQQ"));
}

TEST(OtherKinds, NameDraftsOfSpeculativeDecoding) {
  EXPECT_THAT(refusal({{"draft_vocab_size", 32000}}, kModel), HasSubstr("EAGLE draft"));
  EXPECT_THAT(refusal({{"architectures", {"LlamaForCausalLMEagle3"}}}, kModel),
              HasSubstr("EAGLE draft"));
  EXPECT_THAT(refusal({}, {"d2t", "t2d", "lm_head.weight"}), HasSubstr("EAGLE draft"));
  EXPECT_THAT(refusal({}, {"midlayer.hidden_norm.weight", "lm_head.weight"}),
              HasSubstr("EAGLE draft"));
  EXPECT_THAT(refusal({{"dflash_config", {{"mask", 1}}}}, kModel), HasSubstr("DFlash draft"));
  EXPECT_THAT(refusal({{"medusa_num_heads", 4}}, kModel), HasSubstr("Medusa draft"));
}

TEST(OtherKinds, NameModelsWithAnotherHeadAlone) {
  EXPECT_THAT(refusal({}, {"model.embed_tokens.weight", "score.weight"}),
              HasSubstr("reward model"));
  EXPECT_THAT(refusal({{"architectures", {"LlamaForSequenceClassification"}},
                       {"tie_word_embeddings", true}},
                      {"model.embed_tokens.weight", "score.weight"}),
              HasSubstr("reward model"));
  EXPECT_THAT(refusal({{"architectures", {"InternLM2ForRewardModel"}}},
                      {"model.embed_tokens.weight", "v_head.weight"}),
              HasSubstr("reward model"));
}

TEST(OtherKinds, NameModelsWhoseTokensSeeAllOthers) {
  EXPECT_THAT(refusal({{"is_causal", false}}, kModel), HasSubstr("is_causal is false"));
  EXPECT_THAT(refusal({{"use_bidirectional_attention", true}}, kModel),
              HasSubstr("embedding model"));
}

}  // namespace
}  // namespace ovbake
