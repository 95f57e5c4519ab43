// The tables are those that tests/record/tokenizer_classes.py read from transformers itself.
#include "tokenizer/tokenizer_classes.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "support/data.hpp"

namespace ovbake {
namespace {

TEST(TokenizerClasses, KnowWhatTransformersKnows) {
  const Json recorded = read_json(test_data("tokenizer_classes.json"));
  for (const auto& [name, known] : recorded["classes"].items()) {
    const TokenizerClass& ours = tokenizer_class(name);
    EXPECT_EQ(ours.name, name);
    EXPECT_EQ(ours.builds_template, known["builds_template"].get<bool>()) << name;
    EXPECT_EQ(ours.adds_bos, known["adds_bos"].get<bool>()) << name;
    Json tokens = Json::object();
    for (const auto& [key, token] : ours.tokens) tokens[std::string(key)] = token;
    // Json keeps the order of members, which says nothing here.
    EXPECT_EQ(nlohmann::json(tokens), nlohmann::json(known["tokens"])) << name;
  }
  for (const auto& [name, model_types] : recorded["model_types"].items()) {
    for (const Json& model_type : model_types) {
      EXPECT_EQ(default_tokenizer_class(model_type.get<std::string>()), name) << model_type;
    }
  }
}

TEST(TokenizerClasses, KnowNothingOfOthers) {
  EXPECT_TRUE(tokenizer_class("SomeTokenizer").name.empty());
  EXPECT_TRUE(default_tokenizer_class("falcon").empty());
}

}  // namespace
}  // namespace ovbake
