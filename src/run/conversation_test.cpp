#include "run/conversation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.hpp"
#include "support/error_of.hpp"
#include "support/temporary_folder.hpp"

namespace ovbake {
namespace {

TEST(Conversation, KnowsTheSpecialTokensOfTheTokenizer) {
  const TemporaryFolder folder;
  write_text(folder.path() / "chat_template.jinja",
             "{{ bos_token }}{{ pad_token }}{{ unk_token is defined }}"
             "{% for m in messages %}{{ m.role }}: {{ m.content }}{{ eos_token }}{% endfor %}"
             "{{ tools is none }}{{ add_generation_prompt }}");
  write_text(folder.path() / "tokenizer_config.json",
             R"({"bos_token": {"content": "<s>"}, "eos_token": "</s>", "unk_token": null})");
  write_text(folder.path() / "special_tokens_map.json",
             R"({"bos_token": "<other>", "pad_token": "<pad>"})");
  const std::vector<Message> messages{{"system", "Be."}, {"user", "Hi"}};
  EXPECT_EQ(write_conversation(folder.path(), messages),
            "<s><pad>Falsesystem: Be.</s>user: Hi</s>TrueTrue");
}

TEST(Conversation, RefusesWhatCannotBeWritten) {
  const TemporaryFolder folder;
  const std::vector<Message> broken{{"user", "\xFF"}};
  expect_error(
      ErrorCode::input, [&] { write_conversation(folder.path(), broken); },
      "chat_template.jinja is not there");
  write_text(folder.path() / "chat_template.jinja",
             "{{ raise_exception('no ' ~ messages[0].role) }}");
  expect_error(
      ErrorCode::usage, [&] { write_conversation(folder.path(), broken); }, "not valid UTF-8");
  const std::vector<Message> messages{{"stranger", "Hi"}};
  expect_error(
      ErrorCode::input, [&] { write_conversation(folder.path(), messages); },
      "chat_template.jinja, line 1: it refuses this conversation: \"no stranger\"");
}

}  // namespace
}  // namespace ovbake
