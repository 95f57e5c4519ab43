#include "hub/model_id.hpp"

#include <algorithm>

#include <spdlog/fmt/fmt.h>

namespace ovbake {
namespace {

constexpr std::size_t kMaxIdBytes = 96;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_part(std::string_view part) {
  const auto allowed = [](char c) {
    return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.';
  };
  const auto at_an_end = [](char c) { return c != '-' && c != '.'; };
  return !part.empty() && at_an_end(part.front()) && at_an_end(part.back()) &&
         std::ranges::all_of(part, allowed) && part.find("--") == part.npos &&
         part.find("..") == part.npos;
}

}  // namespace

bool is_model_id(std::string_view text) {
  if (text.size() > kMaxIdBytes || text.ends_with(".git")) return false;
  const std::size_t slash = text.find('/');
  if (slash == text.npos) return is_part(text);
  return is_part(text.substr(0, slash)) && is_part(text.substr(slash + 1));
}

std::string cache_name(std::string_view model_id) {
  std::string name = "models--";
  for (const char c : model_id) {
    if (c == '/') {
      name += "--";
    } else {
      name += c;
    }
  }
  return name;
}

std::string url_escaped(std::string_view text, bool keep_slashes) {
  std::string escaped;
  for (const char c : text) {
    const bool plain = is_letter_or_digit(c) || std::string_view("-._~").find(c) != text.npos;
    if (plain || (c == '/' && keep_slashes)) {
      escaped += c;
    } else {
      escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return escaped;
}

}  // namespace ovbake
