// Tokenizer files: the first byte says whether tokenizer.json, tokenizer.model, a tiktoken file,
// one pattern or tekken.json follows.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <ovbake/error.hpp>

#include "fuzz/memory_file.hpp"
#include "tokenizer/checkpoint_tokenizer.hpp"
#include "tokenizer/regex.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static ovbake::MemoryFile file;
  if (size == 0) return 0;
  const std::string& path = file.with(bytes + 1, size - 1);
  try {
    switch (static_cast<unsigned>(bytes[0] - '0') % 5) {
      case 0:
        ovbake::read_tokenizer_json(std::filesystem::path(path));
        break;
      case 1:
        ovbake::read_sentencepiece_model(std::filesystem::path(path));
        break;
      case 2:
        ovbake::read_tiktoken(std::filesystem::path(path));
        break;
      case 3:
        ovbake::to_pcre2({reinterpret_cast<const char*>(bytes + 1), size - 1});
        break;
      default:
        ovbake::read_tekken(std::filesystem::path(path));
    }
  } catch (const ovbake::Error& error) {
    if (error.code() != ovbake::ErrorCode::input) std::abort();
  }
  return 0;
}
