#include "run/text_stream.hpp"

namespace ovbake {
namespace {

constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

}  // namespace

std::string TextStream::push(std::int64_t token) {
  tokens_.push_back(token);
  const std::string text = decode_(tokens_);
  if (text.size() <= shown_.size() || text.ends_with(kReplacementCharacter)) return "";
  return take(text);
}

std::string TextStream::finish() {
  if (tokens_.size() == shown_tokens_) return "";
  const std::string text = decode_(tokens_);
  return text.size() <= shown_.size() ? "" : take(text);
}

std::string TextStream::take(const std::string& text) {
  std::string fresh = text.substr(shown_.size());
  tokens_.erase(tokens_.begin(), tokens_.begin() + static_cast<std::ptrdiff_t>(shown_tokens_));
  shown_tokens_ = tokens_.size();
  shown_ = decode_(tokens_);
  return fresh;
}

}  // namespace ovbake
