#include "base/template_tokens.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ovbake {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(TemplateTokens, AreFoundInTextAndInStringsOfExpressions) {
  EXPECT_THAT(
      tokens_written_by("<|im_start|>{{ m.role }}\n{{ m.content + '<|im_end|>' }}<|im_start|>"),
      ElementsAre("<|im_start|>", "<|im_end|>"));
  EXPECT_THAT(tokens_written_by("{{'<｜User｜>' + text}}<｜end▁of▁sentence｜>"),
              ElementsAre("<｜User｜>", "<｜end▁of▁sentence｜>"));
  EXPECT_THAT(tokens_written_by("<start_of_turn>user\n<end_of_turn>"),
              ElementsAre("<start_of_turn>", "<end_of_turn>"));
}

TEST(TemplateTokens, AreNotPutTogether) {
  EXPECT_THAT(tokens_written_by("{{ '<|' + m['role'] + '|>' }} <| |  <tools></tools> a < b |> c"),
              IsEmpty());
}

}  // namespace
}  // namespace ovbake
