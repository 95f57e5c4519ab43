#include "hub/settings.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/folder.hpp"
#include "base/text.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxTokenBytes = 1 << 16;
constexpr std::size_t kMaxNameBytes = 255;

/// Null where it is not set.
const char* find_variable(const std::string& name) {
  return std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): nothing here sets variables
}

std::string variable(const std::string& name) {
  const char* value = find_variable(name);
  return value == nullptr ? std::string() : value;
}

/// The first of these variables that is set and not empty.
std::string first_of(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (std::string value = variable(name); !value.empty()) return value;
  }
  return {};
}

bool is_true(std::string value) {
  std::ranges::transform(value, value.begin(), [](unsigned char c) { return std::toupper(c); });
  return value == "1" || value == "ON" || value == "YES" || value == "TRUE";
}

/// "~" at the start, and $NAME anywhere, as a shell expands them.
fs::path expanded(std::string text) {
  if (text == "~" || text.starts_with("~/")) text.replace(0, 1, variable("HOME"));
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    const bool braced = text.compare(i, 2, "${") == 0;
    const std::size_t begin = i + (braced ? 2 : 1);
    std::size_t end = begin;
    while (end < text.size() &&
           (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_')) {
      ++end;
    }
    const bool closed = !braced || (end < text.size() && text[end] == '}');
    const char* value = nullptr;
    if (text[i] == '$' && end > begin && closed) {
      value = find_variable(text.substr(begin, end - begin));
    }
    if (value == nullptr) {
      result += text[i++];
    } else {
      result += value;
      i = end + (braced ? 1 : 0);
    }
  }
  return result;
}

fs::path home() {
  const std::string home = variable("HF_HOME");
  if (!home.empty()) return expanded(home);
  const std::string caches = variable("XDG_CACHE_HOME");
  return expanded(caches.empty() ? "~/.cache" : caches) / "huggingface";
}

fs::path cache_folder(const HubOptions& options) {
  if (!options.cache_dir.empty()) return expanded(options.cache_dir.string());
  const std::string cache = first_of({"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"});
  return cache.empty() ? home() / "hub" : expanded(cache);
}

/// Without the white space around it, and without line ends.
std::string cleaned(std::string token) {
  std::erase_if(token, [](char c) { return c == '\r' || c == '\n'; });
  return trimmed(token);
}

std::string read_token(const HubOptions& options) {
  std::string token = cleaned(options.token);
  if (token.empty()) token = cleaned(first_of({"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}));
  if (token.empty()) {
    const std::string named = variable("HF_TOKEN_PATH");
    const fs::path file = named.empty() ? home() / "token" : expanded(named);
    if (is_there(file)) token = cleaned(read_text(file, kMaxTokenBytes));
  }
  const auto printable_ascii = [](char c) { return c > ' ' && c < '\x7f'; };
  if (!std::ranges::all_of(token, printable_ascii)) {
    throw usage_error(
        "The token for the hub holds characters that no token has; give it again by HF_TOKEN.");
  }
  return token;
}

std::string read_endpoint() {
  std::string endpoint = variable("HF_ENDPOINT");
  while (endpoint.ends_with('/')) endpoint.pop_back();
  if (endpoint.empty()) return "https://huggingface.co";
  if (!endpoint.starts_with("https://") && !endpoint.starts_with("http://")) {
    throw usage_error("HF_ENDPOINT is {}; it must begin with https:// or http://.",
                      quote(without_credentials(endpoint)));
  }
  return endpoint;
}

unsigned read_stall_seconds() {
  const std::string text = variable("HF_HUB_DOWNLOAD_TIMEOUT");
  unsigned seconds = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  return fault == std::errc() && seconds > 0 ? seconds : HubSettings().stall_seconds;
}

/// A revision becomes the name of a file in the cache.
std::string checked_revision(const std::string& revision) {
  const fs::path path(revision);
  const bool leaves = std::ranges::any_of(path, [](const fs::path& part) {
    return part == ".." || part == "." || part.native().size() > kMaxNameBytes;
  });
  const auto control = [](unsigned char c) { return c < ' ' || c == '\\'; };
  if (revision.empty() || path.is_absolute() || leaves || revision.ends_with('/') ||
      std::ranges::any_of(revision, control)) {
    throw usage_error("--revision {} is no branch, tag or commit.", quote(revision));
  }
  return revision;
}

}  // namespace

std::string without_credentials(std::string_view text) {
  constexpr std::string_view kEnds = " \t\"'<>";
  std::string result;
  while (!text.empty()) {
    const std::size_t scheme = text.find("://");
    const std::size_t end = std::min(text.find_first_of(kEnds), text.size());
    const std::size_t begin = scheme < end ? scheme + 3 : 0;
    const std::size_t host_end = std::min(text.find_first_of("/?#", begin), end);
    const std::size_t at = text.substr(0, host_end).rfind('@');
    const bool named =
        at != text.npos && at >= begin && (begin > 0 || text.substr(0, at).find(':') != text.npos);
    result += text.substr(0, begin);
    const std::size_t shown = named ? at + 1 : begin;
    result += text.substr(shown, end - shown);
    const std::size_t next = std::min(text.find_first_not_of(kEnds, end), text.size());
    result += text.substr(end, next - end);
    text.remove_prefix(next);
  }
  return result;
}

HubSettings read_settings(const HubOptions& options) {
  std::string endpoint = read_endpoint();
  return {.endpoint = endpoint,
          .shown_endpoint = without_credentials(endpoint),
          .cache = cache_folder(options),
          .token = read_token(options),
          .revision = checked_revision(options.revision),
          .offline = is_true(first_of({"HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"})),
          .stall_seconds = read_stall_seconds(),
          .certificates = first_of({"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"})};
}

}  // namespace ovbake
