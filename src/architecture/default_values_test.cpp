// What config.json leaves out is what transformers, or the class beside a published checkpoint,
// takes for it (recorded by tests/record/default_values.py).
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include "architecture/family.hpp"
#include "base/json.hpp"
#include "support/data.hpp"

namespace ovbake {
namespace {

double eps_of(const Norm& norm) {
  return std::visit([](const auto& kind) { return kind.eps; }, norm);
}

std::string text_of(const TopKRouter& router) {
  const ExpertGroups groups = router.groups.value_or(ExpertGroups{});
  return fmt::format("scoring {} top {} of groups {} {} {}, divided {}, times {}",
                     static_cast<int>(router.scoring), router.top_k, groups.n_group,
                     groups.topk_group, groups.best, router.divisor.has_value(), router.scaling);
}

std::string text_of(const SparseMixer& router) {
  return fmt::format("jitter {}", router.jitter_eps);
}

/// Of whatever has nothing but constants, or an activation.
template <typename Kind>
std::string text_of(const Kind& kind) {
  if constexpr (requires { kind.hidden_act; }) return fmt::format("{}", int(kind.hidden_act));
  return "";
}

std::string text_of(const MixtureOfExperts& moe) {
  return std::visit([](const auto& kind) { return text_of(kind); }, moe.router);
}

std::string text_of(const Attention& attention) {
  const auto window = attention.window.value_or(SlidingWindow{0});
  const Rope rope = attention.rope.value_or(Rope{});
  return fmt::format(
      "{} heads, {} with keys, of {} and {}, times {}, window {}, rope {} {} {}, scaled {}",
      attention.num_attention_heads, attention.num_key_value_heads, attention.head_dim,
      attention.value_dim(), attention.scaling,
      std::visit([](const auto& kind) { return kind.size; }, window), rope.inv_freq,
      rope.attention_factor, rope.beyond.index(), attention.query_scale.has_value());
}

/// What describes the mathematics of `config` beyond its constants.
std::string text_of(const Json& config) {
  const Decoder decoder = describe(Config(config, "config.json"));
  std::string text =
      fmt::format("embedding times {}, logits times {}, eps {}\n", decoder.embedding_multiplier,
                  decoder.logits_multiplier, eps_of(decoder.norm.value()));
  for (const DecoderLayer& layer : decoder.layers) {
    text += fmt::format("{}: {}; {}; times {}, eps {}\n", layer.name, text_of(layer.self_attn),
                        std::visit([](const auto& kind) { return text_of(kind); }, *layer.mlp),
                        layer.mlp_multipliers.branch, eps_of(*layer.attention_norm));
  }
  for_each_tensor(decoder, [&](const TensorRef& tensor) {
    text += fmt::format("{} {}\n", tensor.name, tensor.shape);
  });
  return text;
}

TEST(DefaultValues, AreThoseOfTransformers) {
  for (const Json& entry : read_json(test_data("default_values.json"))) {
    const std::string fixture = entry["fixture"];
    Json said = read_json(test_data("families/" + fixture + "/config.json"));
    said.update(entry["stated"]);
    Json left_out = said;
    for (const auto& [key, value] : entry["filled"].items()) {
      left_out.erase(key);
      said[key] = value;
    }
    EXPECT_EQ(text_of(left_out), text_of(said)) << fixture;
  }
}

}  // namespace
}  // namespace ovbake
