#include "architecture/family.hpp"

#include <cmath>
#include <filesystem>
#include <map>
#include <set>

#include <gmock/gmock.h>

#include <ovbake/error.hpp>

#include "base/json.hpp"
#include "support/data.hpp"

namespace ovbake {
namespace {

using testing::AnyOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Json tiny(const std::string& model_type) {
  return {{"model_type", model_type}, {"hidden_size", 32},
          {"intermediate_size", 48},  {"num_hidden_layers", 2},
          {"num_attention_heads", 4}, {"num_key_value_heads", 2},
          {"vocab_size", 96},         {"rms_norm_eps", 1e-5},
          {"rope_theta", 10000.0},    {"max_position_embeddings", 4096}};
}

std::string refusal(const Json& config) {
  try {
    describe(Config(config, "config.json"));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::input);
    return error.what();
  }
  return "";
}

std::vector<std::string> tensor_names(const Decoder& decoder) {
  std::vector<std::string> names;
  for_each_tensor(decoder, [&](const TensorRef& tensor) { names.push_back(tensor.name); });
  return names;
}

Json recorded(const std::string& fixture) {
  return read_json(test_data("families/" + fixture + "/config.json"));
}

TEST(Family, EveryModelTypeHasARecordedFixture) {
  std::set<std::string> proven;
  for (const auto& entry : std::filesystem::directory_iterator(test_data("families"))) {
    if (std::filesystem::exists(entry.path() / "expected.npz")) {
      const Json config = read_json(entry.path() / "config.json");
      proven.insert(config["model_type"]);
      if (config.contains("text_config")) proven.insert(config["text_config"]["model_type"]);
    }
  }
  for (const Family* family : families()) {
    for (const std::string_view model_type : family->model_types) {
      EXPECT_TRUE(proven.contains(std::string(model_type)))
          << model_type
          << ": add it to tests/record/families.py or published_families.py, and run it";
    }
  }
}

TEST(Family, LlamaHasTheShapesThatItsConfigSays) {
  const Decoder decoder = describe(Config(tiny("llama"), "config.json"));
  ASSERT_EQ(decoder.layers.size(), 2U);
  const Attention& attention = decoder.layers[1].self_attn();
  const auto& projections = std::get<SeparateProjections>(attention.projections);
  EXPECT_EQ(attention.head_dim, 8);
  EXPECT_EQ(projections.k_proj.weight.name, "model.layers.1.self_attn.k_proj.weight");
  EXPECT_EQ(projections.k_proj.weight.shape, (Shape{16, 32}));
  EXPECT_FALSE(projections.k_proj.bias);
  EXPECT_FALSE(attention.window);
  EXPECT_FALSE(decoder.tie_word_embeddings());
  EXPECT_EQ(tensor_names(decoder).size(), 2 * 9U + 3);
}

TEST(Family, ATiedEmbeddingIsOneTensor) {
  Json config = tiny("llama");
  config["tie_word_embeddings"] = true;
  const Decoder decoder = describe(Config(config, "config.json"));
  EXPECT_TRUE(decoder.tie_word_embeddings());
  EXPECT_EQ(tensor_names(decoder).size(), 2 * 9U + 2);
}

TEST(Family, CohereIsRefusedWithoutItsTheta) {
  Json config = tiny("cohere");
  config.erase("rope_theta");
  EXPECT_THAT(refusal(config), HasSubstr("there is no rope_theta"));
}

// What torch.tensor(3072**0.5) is in each dtype.
TEST(Family, GemmaScalesEmbeddingsByARootOfTheirDtype) {
  Json config = tiny("gemma");
  config["hidden_size"] = 3072;
  for (const auto& [dtype, scale] : std::map<std::string, double>{
           {"bfloat16", 55.5}, {"float16", 55.4375}, {"float32", 55.42562484741211}}) {
    config["torch_dtype"] = dtype;
    EXPECT_EQ(describe(Config(config, "config.json")).embedding_multiplier, scale) << dtype;
  }
}

// What configuration_gemma4.py forces, with a warning.
TEST(Family, TheLastLayerOfGemma4SeesAllPositions) {
  Json config = recorded("gemma4_text");
  config["layer_types"] = std::vector<std::string>(4, "sliding_attention");
  config["num_kv_shared_layers"] = 0;
  const Decoder decoder = describe(Config(config, "config.json"));
  EXPECT_TRUE(decoder.layers[2].self_attn().window);
  EXPECT_FALSE(decoder.layers[3].self_attn().window);
}

// What modeling_gemma4.py and the docstring of its config do without them.
TEST(Family, LayersOfGemma4ThatSeeAllHaveTheUsualSizesWhereTheirOwnAreNull) {
  Json config = recorded("gemma4_keys_as_values");
  config["num_global_key_value_heads"] = nullptr;
  config["global_head_dim"] = nullptr;
  const Attention attention = describe(Config(config, "config.json")).layers[1].self_attn();
  EXPECT_FALSE(attention.window);
  EXPECT_EQ(attention.num_key_value_heads, 2);
  EXPECT_EQ(attention.head_dim, 8);
}

// As in modeling_gemma4.py, where no layer would be left to lend.
TEST(Family, NoLayerOfGemma4BorrowsWhereAllWould) {
  Json config = recorded("gemma4_text");
  config["num_kv_shared_layers"] = 4;
  for (const DecoderLayer& layer : describe(Config(config, "config.json")).layers) {
    EXPECT_FALSE(std::holds_alternative<BorrowedKeys>(layer.self_attn().projections));
  }
}

// Published checkpoints of Gemma 4 have the keys and values that no layer uses.
TEST(Family, KeysOfLayersThatBorrowMayBeStored) {
  const Json config = recorded("gemma4_text");
  const std::vector<std::string> others = describe(Config(config, "config.json")).other_parts;
  for (const std::string part : {"k_proj.", "v_proj.", "k_norm.", "v_norm."}) {
    EXPECT_THAT(others, Contains("model.layers.2.self_attn." + part));
    EXPECT_THAT(others, Not(Contains("model.layers.1.self_attn." + part)));
  }
}

// ACT2FN of transformers has two names or more for some.
TEST(Family, AnActivationHasEveryNameThatTransformersHasForIt) {
  Json config = tiny("llama");
  for (const auto& [name, activation] :
       std::map<std::string, Activation>{{"gelu", Activation::gelu},
                                         {"gelu_python", Activation::gelu},
                                         {"gelu_fast", Activation::gelu_tanh},
                                         {"gelu_new", Activation::gelu_tanh},
                                         {"gelu_pytorch_tanh", Activation::gelu_tanh},
                                         {"silu", Activation::silu},
                                         {"swish", Activation::silu}}) {
    config["hidden_act"] = name;
    const Decoder decoder = describe(Config(config, "config.json"));
    EXPECT_EQ(std::get<GatedMlp>(decoder.layers[0].mlp->body).hidden_act, activation) << name;
  }
}

// LlamaConfig of transformers puts num_attention_heads there.
TEST(Family, LlamaHasKeysForEveryHeadWhereConfigIsSilent) {
  Json config = tiny("llama");
  config.erase("num_key_value_heads");
  EXPECT_EQ(describe(Config(config, "config.json")).layers[0].self_attn().num_key_value_heads, 4);
}

// GPTJConfig() of transformers has rotary_dim 64, which the heads of fixtures are too small for.
TEST(Family, GptjTurnsSixtyFourElementsOfAHeadWhereConfigIsSilent) {
  Json config = recorded("gptj");
  config["n_embd"] = 512;
  config.erase("rotary_dim");
  EXPECT_EQ(describe(Config(config, "config.json")).layers[0].self_attn().rope->rotary_dim(), 64);
}

// Its table has 66 rows for max_position_embeddings 64.
TEST(Family, OptHasNoPositionsForTheOffsetOfItsTable) {
  const Json config = recorded("opt");
  EXPECT_EQ(describe(Config(config, "config.json")).max_positions, 64);
}

TEST(Family, GptjIsRefusedWithoutTheUsualScaleOfScores) {
  Json config = recorded("gptj");
  config["scale_attn_weights"] = false;
  EXPECT_THAT(refusal(config), HasSubstr("scale_attn_weights"));
}

TEST(Family, MistralSlidesOnEveryLayerOnlyWhereConfigSaysSo) {
  Json config = tiny("mistral");
  config["sliding_window"] = nullptr;
  EXPECT_FALSE(describe(Config(config, "config.json")).layers[0].self_attn().window);
  config["sliding_window"] = 7;
  for (const DecoderLayer& layer : describe(Config(config, "config.json")).layers) {
    EXPECT_EQ(layer.self_attn().window, Window(SlidingWindow{7}));
  }
}

TEST(Family, Qwen2HasBiasOnQueriesKeysAndValuesAlone) {
  const Decoder decoder = describe(Config(tiny("qwen2"), "config.json"));
  const Attention& attention = decoder.layers[0].self_attn();
  const auto& [q_proj, k_proj, v_proj] = std::get<SeparateProjections>(attention.projections);
  ASSERT_TRUE(q_proj.bias && k_proj.bias && v_proj.bias);
  EXPECT_EQ(v_proj.bias->name, "model.layers.0.self_attn.v_proj.bias");
  EXPECT_FALSE(attention.o_proj.bias);
}

TEST(Family, AnUnknownModelTypeNamesTheKnownOnes) {
  EXPECT_THAT(refusal(tiny("xlnet")), HasSubstr("model_type \"xlnet\""));
  EXPECT_THAT(refusal(tiny("xlnet")), HasSubstr("known are afmoe, apertus, aquila, "));
}

TEST(Family, CodeOfAnUnknownModelTypeIsNeverExecuted) {
  EXPECT_THAT(refusal(tiny("xlnet")), Not(HasSubstr("auto_map")));
  Json config = tiny("xlnet");
  config["auto_map"] = {{"AutoModelForCausalLM", "modeling_xlnet.XLNetForCausalLM"}};
  EXPECT_THAT(refusal(config), HasSubstr("the code that auto_map names for it is never executed"));
}

TEST(Family, RopeRatioOfChatGlm2IsRefused) {
  Json config = recorded("chatglm");
  EXPECT_EQ(refusal(config), "");
  config["_name_or_path"] = "THUDM/chatglm2-6b-32k";
  EXPECT_THAT(refusal(config), HasSubstr("rope_ratio 50 means another thing"));
  config["rope_ratio"] = 1;
  EXPECT_EQ(refusal(config), "");
}

TEST(Family, OnlyTheSecondGenerationOfBaichuanHasAHeadOfUnitRows) {
  Json config = recorded("baichuan");
  const auto has_unit_rows = [](const Json& json) {
    return describe(Config(json, "config.json")).lm_head.weight.unit_rows;
  };
  EXPECT_TRUE(has_unit_rows(config));
  config.erase("z_loss_weight");
  EXPECT_FALSE(has_unit_rows(config));
  config["vocab_size"] = 125696;
  EXPECT_TRUE(has_unit_rows(config));
}

// yarn_get_mscale of DeepSeek's modeling code, squared: of a factor above 1, and of a weight that
// is stated.
TEST(Family, DeepseekScalesScoresByTheSquareOfItsMscale) {
  Json config = recorded("deepseek_v3");
  Json& rope = config["rope_parameters"];
  const double usual = 1 / std::sqrt(config["qk_head_dim"].get<double>());
  const auto scaling = [&] {
    return describe(Config(config, "config.json")).layers[0].self_attn().scaling;
  };
  rope["factor"] = 1.5;
  rope["mscale_all_dim"] = 0.9;
  EXPECT_DOUBLE_EQ(scaling(), usual * std::pow(0.1 * 0.9 * std::log(1.5) + 1, 2));
  rope.erase("mscale_all_dim");
  EXPECT_DOUBLE_EQ(scaling(), usual);
}

TEST(Family, HunyuanHasOneThetaInBothSpellings) {
  Json config = recorded("hunyuan_v1_moe");
  const auto frequencies = [&] {
    return describe(Config(config, "config.json")).layers[0].self_attn().rope->inv_freq;
  };
  config["rope_parameters"]["rope_theta"] = 500.0;
  const auto expected = frequencies();
  config["rope_scaling"] = config["rope_parameters"];
  config["rope_scaling"].erase("rope_theta");
  config.erase("rope_parameters");
  config["rope_theta"] = 500.0;
  EXPECT_EQ(frequencies(), expected);
}

// The same model in the words of another time.
TEST(Family, OlderWordsAreReadAsThatFamily) {
  const auto names_and_rope = [](const Json& json) {
    const Decoder decoder = describe(Config(json, "config.json"));
    return std::pair(tensor_names(decoder), decoder.layers[0].self_attn().rope);
  };
  const auto renamed = [](Json json, const std::map<std::string, std::string>& older) {
    Json result;
    for (const auto& [key, value] : json.items()) {
      const auto found = older.find(key);
      result[found == older.end() ? key : found->second] = value;
    }
    return result;
  };
  struct Case {
    std::string fixture, model_type;
    std::map<std::string, std::string> older;
  };
  for (const auto& [fixture, model_type, older] : std::vector<Case>{
           {"deepseek_v3", "kimi_k2", {}},
           {"falcon_new",
            "RefinedWeb",
            {{"num_hidden_layers", "n_layer"},
             {"num_attention_heads", "n_head"},
             {"num_kv_heads", "n_head_kv"}}},
           {"stablelm", "stablelm_epoch", {{"layer_norm_eps", "norm_eps"}}},
           {"qwen",
            "qwen",
            {{"hidden_size", "n_embd"},
             {"num_hidden_layers", "n_layer"},
             {"num_attention_heads", "n_head"},
             {"intermediate_size", "ffn_hidden_size"}}},
       }) {
    SCOPED_TRACE(model_type);
    const Json today = recorded(fixture);
    Json config = renamed(today, older);
    config["model_type"] = model_type;
    EXPECT_EQ(names_and_rope(config), names_and_rope(today));
  }
}

TEST(Family, InternLmIsLlamaWithBiasesAndARotaryOfItsOwn) {
  Json internlm = tiny("internlm");
  internlm.erase("rope_theta");
  internlm["rotary"] = {{"base", 500}, {"type", "dynamic"}};
  Json llama = tiny("llama");
  llama["attention_bias"] = true;
  llama["rope_theta"] = 500.0;
  llama["rope_scaling"] = {{"type", "dynamic"}, {"factor", 1.0}};
  const auto both = [](const Json& json) {
    const Decoder decoder = describe(Config(json, "config.json"));
    return std::pair(tensor_names(decoder), decoder.layers[0].self_attn().rope);
  };
  EXPECT_EQ(both(internlm), both(llama));
  internlm["bias"] = false;
  llama["attention_bias"] = false;
  EXPECT_EQ(both(internlm), both(llama));
  internlm["rotary"]["type"] = "xpos";
  EXPECT_THAT(refusal(internlm), HasSubstr("xpos"));
}

TEST(Family, MistralHasAWindowUnlessItsConfigSaysNone) {
  const auto window = [](const Json& json) {
    return describe(Config(json, "config.json")).layers[0].self_attn().window;
  };
  Json config = tiny("mistral");
  EXPECT_EQ(window(config), Window(SlidingWindow{4096}));
  config["sliding_window"] = nullptr;
  EXPECT_FALSE(window(config));
}

TEST(Family, GeluOfTheFirstGemmaIsItsTanhForm) {
  Json config = recorded("gemma");
  config.erase("hidden_activation");
  config["hidden_act"] = "gelu";
  const Decoder decoder = describe(Config(config, "config.json"));
  EXPECT_EQ(std::get<GatedMlp>(decoder.layers[0].mlp->body).hidden_act, Activation::gelu_tanh);
}

TEST(Family, ApertusTakesItsRopeInOlderWords) {
  Json config = recorded("apertus");
  const auto rope = [&] {
    return describe(Config(config, "config.json")).layers[0].self_attn().rope;
  };
  config["rope_parameters"] = {{"rope_type", "linear"}, {"factor", 3.0}, {"rope_theta", 500.0}};
  const auto expected = rope();
  config.erase("rope_parameters");
  config["rope_scaling"] = {{"rope_type", "linear"}, {"factor", 3.0}};
  config["rope_theta"] = 500.0;
  EXPECT_EQ(rope(), expected);
}

TEST(Family, PhimoeHasAFactorForShortAndOneForLongSequences) {
  Json config = recorded("phimoe");
  Json& rope = config[config.contains("rope_parameters") ? "rope_parameters" : "rope_scaling"];
  rope["short_mscale"] = 1.25;
  rope["long_mscale"] = 1.5;
  const Rope described = *describe(Config(config, "config.json")).layers[0].self_attn().rope;
  EXPECT_EQ(described.attention_factor, 1.25F);
  EXPECT_EQ(std::get<LongFrequencies>(described.beyond).attention_factor, 1.5F);
}

// As transformers 5.24 saves it.
TEST(Family, Gemma4SaysSizesOfLayersUnderTheirNumbers) {
  Json config = recorded("gemma4_text");
  const std::size_t last = config["num_hidden_layers"].get<std::size_t>() - 1;
  const auto head_dim = [&](std::size_t layer) {
    return describe(Config(config, "config.json")).layers[layer].self_attn().head_dim;
  };
  const auto usual = head_dim(0);
  config["per_layer_config"] = {{std::to_string(last), {{"head_dim", 24}}}};
  EXPECT_EQ(head_dim(last), 24);
  EXPECT_EQ(head_dim(0), usual);
}

TEST(Family, WordsThatNoFamilyDescribesAreRefused) {
  struct Word {
    std::string fixture, key;
    Json value;
  };
  for (const auto& [fixture, key, value] : std::vector<Word>{
           {"afmoe", "route_norm", false},
           {"afmoe", "score_func", "softmax"},
           {"baichuan", "tie_word_embeddings", true},
           {"chatglm", "apply_residual_connection_post_layernorm", true},
           {"chatglm", "kv_channels", 16},
           {"chatglm", "original_rope", false},
           {"chatglm", "post_layer_norm", false},
           {"chatglm", "pre_seq_len", 128},
           {"chatglm", "quantization_bit", 4},
           {"deepseek_v2", "norm_topk_prob", true},
           {"deepseek_v2", "scoring_func", "sigmoid"},
           {"deepseek_v2", "topk_method", "noaux_tc"},
           {"deepseek_v3", "moe_layer_freq", 2},
           {"deepseek_v3", "n_group", 3},
           {"deepseek_v3", "n_group", 8},
           {"deepseek_v3", "num_experts_per_tok", 9},
           {"deepseek_v3", "num_key_value_heads", 2},
           {"deepseek_v3", "scoring_func", "softmax"},
           {"deepseek_v3", "topk_group", 5},
           {"deepseek_v3", "topk_method", "greedy"},
           {"ernie4_5_moe", "moe_gate", "sigmoid"},
           {"ernie4_5_moe", "moe_use_aux_free", false},
           {"exaone", "head_dim", 16},
           {"hunyuan_v1_moe", "use_cla", true},
           {"hunyuan_v1_moe", "use_qk_norm", false},
           {"jais", "add_cross_attention", true},
           {"jais", "position_embedding_type", "learned"},
           {"jais", "scale_attn_by_inverse_layer_idx", true},
           {"jais", "scale_attn_weights", false},
           {"minicpm", "num_experts", 8},
           {"minicpm3", "num_key_value_heads", 2},
           {"qwen", "intermediate_size", 97},
           {"qwen", "kv_channels", 16},
           {"qwen", "scale_attn_weights", false},
       }) {
    Json config = recorded(fixture);
    EXPECT_EQ(refusal(config), "") << fixture;
    config[key] = value;
    EXPECT_THAT(refusal(config), AnyOf(HasSubstr(key), HasSubstr("cannot be chosen"))) << fixture;
  }
}

// As DeepSeek-V3 is published: behind its layers one more, of a number of its own.
TEST(Family, LayersThatPredictFurtherTokensAreLeftOut) {
  Json config = recorded("deepseek_v3");
  config["num_nextn_predict_layers"] = 2;
  EXPECT_THAT(describe(Config(config, "config.json")).other_parts,
              ElementsAre("model.layers.2.", "model.layers.3."));
  EXPECT_THAT(describe(Config(recorded("ernie4_5_moe"), "config.json")).other_parts,
              ElementsAre("model.mtp"));
}

TEST(Family, HeadsThatDoNotDivideAreRefused) {
  Json config = tiny("llama");
  config["num_key_value_heads"] = 3;
  EXPECT_THAT(refusal(config), HasSubstr("num_key_value_heads"));
}

}  // namespace
}  // namespace ovbake
