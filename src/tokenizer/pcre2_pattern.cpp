#include "tokenizer/pcre2_pattern.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <cstdint>
#include <memory>

#include <pcre2.h>

#include "base/error.hpp"

namespace ovbake {
namespace {

/// The most characters that PCRE2 looks behind within one group of fixed length.
constexpr std::uint32_t kLookbehind = 255;

PCRE2_SPTR units(std::string_view text) { return reinterpret_cast<PCRE2_SPTR>(text.data()); }

std::string message_of(int error) {
  PCRE2_UCHAR message[256];
  pcre2_get_error_message(error, message, sizeof message);
  return reinterpret_cast<const char*>(message);
}

class Code {
 public:
  explicit Code(std::string_view pattern)
      : code_(pcre2_compile(units(pattern), pattern.size(), PCRE2_UTF | PCRE2_UCP, &error_,
                            &offset_, nullptr)) {}
  ~Code() { pcre2_code_free(code_); }
  Code(const Code&) = delete;
  Code& operator=(const Code&) = delete;

  const pcre2_code* get() const { return code_; }
  std::string error() const { return fmt::format("{} at byte {}", message_of(error_), offset_); }

  std::uint32_t info(std::uint32_t what) const {
    std::uint32_t value = 0;
    pcre2_pattern_info(code_, what, &value);
    return value;
  }

 private:
  int error_ = 0;
  PCRE2_SIZE offset_ = 0;
  pcre2_code* code_;
};

/// Behind so many characters more, a pattern that takes none looks no further back.
bool takes_nothing(std::string_view pattern) {
  const Code behind(fmt::format("(?<=[\\x00-\\x{{10FFFF}}]{{{}}}(?:{}))", kLookbehind, pattern));
  return behind.get() && behind.info(PCRE2_INFO_MAXLOOKBEHIND) == kLookbehind;
}

}  // namespace

PatternFacts facts_of(std::string_view pattern) {
  const Code code(pattern);
  if (!code.get()) throw input_error("{}", code.error());
  const bool matches_empty = code.info(PCRE2_INFO_MATCHEMPTY) != 0;
  return {.matches_empty = matches_empty,
          .only_empty = matches_empty && takes_nothing(pattern),
          .min_length = code.info(PCRE2_INFO_MINLENGTH)};
}

std::string replace_matches(std::string_view text, std::string_view pattern,
                            std::string_view replacement, bool everywhere) {
  const Code code(pattern);
  if (!code.get()) throw input_error("{}", code.error());
  std::string result;
  PCRE2_SIZE size = 4 * (text.size() + replacement.size()) + 1;
  for (int attempt = 0; attempt < 2; ++attempt) {
    result.resize(size);
    const int count = pcre2_substitute(code.get(), units(text), text.size(), 0,
                                       (everywhere ? PCRE2_SUBSTITUTE_GLOBAL : 0u) |
                                           PCRE2_SUBSTITUTE_OVERFLOW_LENGTH | PCRE2_NO_UTF_CHECK,
                                       nullptr, nullptr, units(replacement), replacement.size(),
                                       reinterpret_cast<PCRE2_UCHAR*>(result.data()), &size);
    if (count >= 0) return result.substr(0, size);
    if (count != PCRE2_ERROR_NOMEMORY) throw input_error("{}", message_of(count));
  }
  throw input_error("the text that the pattern \"{}\" makes is too long", pattern);
}

}  // namespace ovbake
