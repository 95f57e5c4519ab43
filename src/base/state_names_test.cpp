// The names of states are those that libopenvino, the NPU plug-in and GenAI look for.
#include "base/state_names.hpp"

#include <regex>

#include <gmock/gmock.h>

namespace ovbake {
namespace {

constexpr StateKind kKinds[] = {StateKind::key, StateKind::value, StateKind::conv, StateKind::ssm};

// As they stand in libopenvino.so and libopenvino_intel_npu_plugin.so of 2026.4.1 (found by
// `strings`).
const std::regex kHybridVariable(
    R"((cache_params)\.past\.(key|value|conv|ssm)\.(\d+)cache_params\.present\.(key|value|conv|ssm)\.(\d+))");
const std::regex kLinearCache(R"(^cache_params\.past\.(conv|ssm)\.(\d+)$)");

TEST(StateNames, OfKeysAndValuesAreThoseOfOptimumIntel) {
  const StateNames names = cache_names(StateKind::value, 12);
  EXPECT_EQ(names.past, "past_key_values.12.value");
  EXPECT_EQ(names.present, "present.12.value");
}

TEST(StateNames, OfHybridModelsAreTheOnesThatOpenVinoKnows) {
  for (const StateKind kind : kKinds) {
    const StateNames names = hybrid_names(kind, 10);
    EXPECT_TRUE(std::regex_match(names.past + names.present, kHybridVariable)) << names.past;
    EXPECT_EQ(std::regex_match(names.past, kLinearCache), !grows(kind)) << names.past;
  }
}

TEST(StateNames, AreFoundAgainByTheNameOfTheInput) {
  for (const StateKind kind : kKinds) {
    for (const StateNames& names : {cache_names(kind, 3), hybrid_names(kind, 10)}) {
      const auto found = names_of_input(names.past);
      ASSERT_TRUE(found) << names.past;
      EXPECT_EQ(found->kind, kind);
      EXPECT_EQ(found->past, names.past);
      EXPECT_EQ(found->present, names.present);
    }
  }
  for (const char* other : {"input_ids", "present.0.key", "past_key_values.0.length", ""}) {
    EXPECT_FALSE(names_of_input(other)) << other;
  }
}

}  // namespace
}  // namespace ovbake
