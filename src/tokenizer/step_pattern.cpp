#include "tokenizer/step_pattern.hpp"

#include "tokenizer/conversion.hpp"
#include "tokenizer/regex.hpp"

namespace ovbake {

std::string pattern_of(const Json& step) {
  const auto pattern = step.find("pattern");
  if (pattern != step.end() && pattern->is_object()) {
    if (pattern->contains("String")) return literal_pattern(text_of(*pattern, "String"));
    if (pattern->contains("Regex")) return to_pcre2(text_of(*pattern, "Regex"));
  }
  refuse_step(step, "its pattern is neither a String nor a Regex");
}

}  // namespace ovbake
