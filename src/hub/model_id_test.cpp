#include "hub/model_id.hpp"

#include <string>

#include <gtest/gtest.h>

namespace ovbake {
namespace {

TEST(ModelId, IsWhatAHubAllows) {
  for (const char* id : {"gpt2", "org/name", "Intel/neural-chat-7b-v3-1", "a/b_c.d"}) {
    EXPECT_TRUE(is_model_id(id)) << id;
  }
  for (const std::string& text :
       {std::string(), std::string("/"), std::string("/name"), std::string("org/"),
        std::string("a/b/c"), std::string("./name"), std::string("../name"), std::string("a--b"),
        std::string("-a"), std::string("a."), std::string("a..b"), std::string("a/b.git"),
        std::string("a b"), std::string("a\\b"), std::string("a\0b", 3), std::string("ä/b"),
        std::string(97, 'a')}) {
    EXPECT_FALSE(is_model_id(text)) << text;
  }
}

TEST(ModelId, BecomesAFolderOfTheCache) {
  EXPECT_EQ(cache_name("org/name"), "models--org--name");
  EXPECT_EQ(cache_name("gpt2"), "models--gpt2");
}

TEST(UrlEscaped, LeavesNothingThatAUrlWouldRead) {
  EXPECT_EQ(url_escaped("a dir/ü#?%.json", true), "a%20dir/%C3%BC%23%3F%25.json");
  EXPECT_EQ(url_escaped("refs/pr/1", false), "refs%2Fpr%2F1");
}

}  // namespace
}  // namespace ovbake
