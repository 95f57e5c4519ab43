// Every walk over a description reads the parts that its structs list.
#include "architecture/description/decoder.hpp"

#include <gmock/gmock.h>

namespace ovbake {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TensorRef matrix(const std::string& name) { return {name, {2, 2}, Role::projection}; }
Linear linear(const std::string& name) { return {.weight = matrix(name)}; }
RmsNorm norm(const std::string& name) {
  return {.weight = TensorRef{name, {2}, Role::vector}, .eps = 1e-6};
}

DecoderLayer layer() {
  return {.name = "layer",
          .mixer =
              Branch<Mixer>{.norm = norm("mixer norm"),
                            .body = Attention{.num_attention_heads = 3,
                                              .num_key_value_heads = 1,
                                              .head_dim = 4,
                                              .v_head_dim = 5,
                                              .projections = KeysAsValues{linear("q"), linear("k")},
                                              .o_proj = linear("o")}},
          .mlp = Branch<Mlp>{.norm = norm("mlp norm"),
                             .body = GatedMlp{.gate_proj = linear("gate"),
                                              .up_proj = linear("up"),
                                              .down_proj = linear("down"),
                                              .hidden_act = Activation::silu},
                             .output_norm = norm("output norm")}};
}

Decoder decoder() {
  Decoder result{.embed_tokens = matrix("embedding"), .layers = {layer()}};
  result.lm_head.weight = result.embed_tokens;
  return result;
}

TEST(Description, TensorsComeOnceInTheOrderOfComputation) {
  std::vector<std::string> names;
  for_each_tensor(decoder(), [&](const TensorRef& tensor) { names.push_back(tensor.name); });
  EXPECT_THAT(names, ElementsAre("embedding", "mixer norm", "q", "k", "o", "mlp norm", "gate", "up",
                                 "down", "output norm"));
}

TEST(Description, AWalkFindsPartsOfOneKindWhereverTheyAre) {
  std::vector<std::string> found;
  walk(decoder(), [&](const Linear& projection) { found.push_back(projection.weight.name); });
  EXPECT_THAT(found, ElementsAre("q", "k", "o", "gate", "up", "down", "embedding"));
}

TEST(Description, EqualityReadsEveryPart) {
  const DecoderLayer same = layer();
  EXPECT_TRUE(same == layer());
  DecoderLayer other = layer();
  std::get<GatedMlp>(other.mlp->body).hidden_act = Activation::relu;
  EXPECT_FALSE(same == other);
  other = layer();
  other.self_attn().rope = Rope{.inv_freq = {1}};
  EXPECT_FALSE(same == other);
  other = layer();
  other.mixer->residual.branch = 2;
  EXPECT_FALSE(same == other);
}

TEST(Description, MixersDeclareWhatTheyKeep) {
  DecoderLayer attends = layer();
  EXPECT_THAT(states(attends.mixer->body),
              ElementsAre(State{StateKind::key, {1, 4}}, State{StateKind::value, {1, 5}}));
  attends.self_attn().projections = BorrowedKeys{linear("q"), 0};
  EXPECT_THAT(states(attends.mixer->body), IsEmpty());
  EXPECT_THAT(states(LightningAttention{.num_attention_heads = 3, .head_dim = 4}),
              ElementsAre(State{StateKind::ssm, {3, 4, 4}}));
  EXPECT_THAT(states(linear("projection")), IsEmpty());
}

TEST(Description, ALayerWithoutAttentionSaysSo) {
  DecoderLayer other = layer();
  other.mixer->body = linear("projection");
  EXPECT_THROW(other.self_attn(), std::logic_error);
  other.mixer.reset();
  EXPECT_THROW(other.self_attn(), std::logic_error);
}

}  // namespace
}  // namespace ovbake
