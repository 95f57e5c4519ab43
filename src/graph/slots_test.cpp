// What the layers of a model keep gets names by layer, or by kind where layers differ in kind.
#include "graph/slots.hpp"

#include <gmock/gmock.h>

namespace ovbake {
namespace {

using ::testing::ElementsAre;

Decoder decoder(std::vector<std::optional<Mixer>> mixers) {
  Decoder result;
  for (auto& mixer : mixers) {
    DecoderLayer& layer = result.layers.emplace_back();
    if (mixer) layer.mixer = Branch<Mixer>{.body = std::move(*mixer)};
  }
  return result;
}

std::vector<std::string> pasts(const Decoder& decoder) {
  std::vector<std::string> names;
  for (const auto& layer : slots(decoder)) {
    for (const Slot& slot : layer) names.push_back(slot.names.past);
  }
  return names;
}

TEST(Slots, OfAttentionAloneAreNumberedByLayer) {
  EXPECT_THAT(pasts(decoder({Attention{}, std::nullopt, Attention{}})),
              ElementsAre("past_key_values.0.key", "past_key_values.0.value",
                          "past_key_values.2.key", "past_key_values.2.value"));
}

TEST(Slots, OfHybridsAreCountedByKind) {
  EXPECT_THAT(
      pasts(decoder({LightningAttention{}, Attention{}, LightningAttention{}, Attention{}})),
      ElementsAre("cache_params.past.ssm.0", "cache_params.past.key.0", "cache_params.past.value.0",
                  "cache_params.past.ssm.1", "cache_params.past.key.1",
                  "cache_params.past.value.1"));
}

}  // namespace
}  // namespace ovbake
