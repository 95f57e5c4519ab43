// What the fuzz targets begin with, and what they once found: none of it ends the process.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "support/data.hpp"

extern "C" {
int fuzz_chat_template(const std::uint8_t* bytes, std::size_t size);
int fuzz_config(const std::uint8_t* bytes, std::size_t size);
int fuzz_index(const std::uint8_t* bytes, std::size_t size);
int fuzz_ir(const std::uint8_t* bytes, std::size_t size);
int fuzz_safetensors(const std::uint8_t* bytes, std::size_t size);
int fuzz_tokenizer(const std::uint8_t* bytes, std::size_t size);
}

namespace ovbake {
namespace {

struct Target {
  const char* name;
  int (*run)(const std::uint8_t*, std::size_t);
};

class FuzzCorpus : public testing::TestWithParam<Target> {};

TEST_P(FuzzCorpus, EndsNothing) {
  const std::filesystem::path folder = fuzz_corpus(GetParam().name);
  std::size_t inputs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    SCOPED_TRACE(entry.path());
    const std::string text = read_text(entry.path(), 1 << 20);
    EXPECT_EQ(GetParam().run(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()), 0);
    ++inputs;
  }
  EXPECT_GT(inputs, 0U);
}

INSTANTIATE_TEST_SUITE_P(All, FuzzCorpus,
                         testing::Values(Target{"chat_template", fuzz_chat_template},
                                         Target{"config", fuzz_config}, Target{"index", fuzz_index},
                                         Target{"ir", fuzz_ir},
                                         Target{"safetensors", fuzz_safetensors},
                                         Target{"tokenizer", fuzz_tokenizer}),
                         [](const auto& target) { return std::string(target.param.name); });

}  // namespace
}  // namespace ovbake
