#include "hub/http.hpp"

#include <algorithm>
#include <cctype>
#include <exception>
#include <mutex>
#include <new>
#include <utility>

#include <curl/curl.h>
#include <spdlog/fmt/fmt.h>

#include "base/text.hpp"

namespace ovbake {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

void start_curl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

struct FreeList {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

void add(HeaderList& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(list.release());
  list.reset(longer);
}

HeaderList headers_of(const HttpRequest& request) {
  HeaderList list;
  add(list, "Accept-Encoding: identity");
  if (!request.token.empty()) add(list, "Authorization: Bearer " + request.token);
  if (request.range) {
    add(list, fmt::format("Range: bytes={}-{}", request.range->begin, request.range->end - 1));
  }
  return list;
}

/// Whether the same request may work a moment later.
bool may_pass(CURLcode code) {
  switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_FILESIZE_EXCEEDED:
    case CURLE_BAD_CONTENT_ENCODING:
      return false;
    default:
      return true;
  }
}

struct FreeUrl {
  void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, FreeUrl>;

std::string part_of(const Url& url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url.get(), part, &text, flags) != CURLUE_OK) return {};
  std::string result(text);
  curl_free(text);
  return result;
}

}  // namespace

struct HttpConnection::State {
  CURL* handle;
  const std::atomic<bool>& stop;
  HttpHead head{};
  bool head_passed_on = false;
  const std::function<void(const HttpHead&)>* on_head = nullptr;
  const TakeBody* take = nullptr;
  std::exception_ptr failure{};
  char reason[CURL_ERROR_SIZE] = "";

  void pass_head_on() {
    if (std::exchange(head_passed_on, true)) return;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &head.status);
    (*on_head)(head);
  }

  static std::size_t header_came(char* data, std::size_t size, std::size_t count, void* self) {
    auto& state = *static_cast<State*>(self);
    const std::string_view line(data, size * count);
    const std::size_t colon = line.find(':');
    if (line.starts_with("HTTP/")) {
      state.head.headers.clear();
    } else if (colon != line.npos) {
      state.head.headers[lower(line.substr(0, colon))] = trimmed(line.substr(colon + 1));
    }
    return size * count;
  }

  static std::size_t body_came(char* data, std::size_t size, std::size_t count, void* self) {
    auto& state = *static_cast<State*>(self);
    try {
      state.pass_head_on();
      const bool wanted = state.head.status >= 200 && state.head.status < 300;
      if (wanted) (*state.take)(std::as_bytes(std::span(data, size * count)));
      return size * count;
    } catch (...) {
      state.failure = std::current_exception();
      return size * count == 0 ? 1 : 0;
    }
  }

  static int progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<State*>(self)->stop ? 1 : 0;
  }
};

std::string HttpHead::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

HttpConnection::HttpConnection(const HubSettings& settings, const std::atomic<bool>& stop) {
  start_curl();
  CURL* handle = curl_easy_init();
  if (handle == nullptr) throw std::bad_alloc();
  state_.reset(new State{.handle = handle, .stop = stop});
  const auto set = [handle](CURLoption option, auto value) {
    curl_easy_setopt(handle, option, value);
  };
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_USERAGENT, "ovbake/" OVBAKE_VERSION);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
  set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(settings.stall_seconds));
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(settings.stall_seconds));
  set(CURLOPT_BUFFERSIZE, 256L << 10);
  if (!settings.certificates.empty()) set(CURLOPT_CAINFO, settings.certificates.c_str());
  set(CURLOPT_ERRORBUFFER, static_cast<char*>(state_->reason));
  set(CURLOPT_HEADERFUNCTION, &State::header_came);
  set(CURLOPT_HEADERDATA, static_cast<void*>(state_.get()));
  set(CURLOPT_WRITEFUNCTION, &State::body_came);
  set(CURLOPT_WRITEDATA, static_cast<void*>(state_.get()));
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &State::progress);
  set(CURLOPT_XFERINFODATA, static_cast<void*>(state_.get()));
}

HttpConnection::~HttpConnection() { curl_easy_cleanup(state_->handle); }

void HttpConnection::get(const HttpRequest& request,
                         const std::function<void(const HttpHead&)>& on_head,
                         const TakeBody& take) {
  State& state = *state_;
  if (state.stop) throw Stopped();
  state.head = {};
  state.head_passed_on = false;
  state.on_head = &on_head;
  state.take = &take;
  state.failure = nullptr;
  state.reason[0] = '\0';
  const HeaderList headers = headers_of(request);
  curl_easy_setopt(state.handle, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(state.handle, CURLOPT_HTTPHEADER, headers.get());
  const CURLcode code = curl_easy_perform(state.handle);
  curl_easy_setopt(state.handle, CURLOPT_HTTPHEADER, nullptr);
  if (state.failure) std::rethrow_exception(state.failure);
  if (state.stop) throw Stopped();
  if (code != CURLE_OK) {
    const char* reason = state.reason[0] != '\0' ? state.reason : curl_easy_strerror(code);
    if (code == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
    throw LineError(without_credentials(trimmed(reason)), may_pass(code));
  }
  state.pass_head_on();
}

std::optional<std::string> resolved_url(const std::string& base, const std::string& reference) {
  const Url url(curl_url());
  if (curl_url_set(url.get(), CURLUPART_URL, base.c_str(), 0) != CURLUE_OK ||
      curl_url_set(url.get(), CURLUPART_URL, reference.c_str(), CURLU_URLENCODE) != CURLUE_OK) {
    return {};
  }
  const std::string scheme = part_of(url, CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") return {};
  return part_of(url, CURLUPART_URL);
}

std::string origin_of(const std::string& text) {
  const Url url(curl_url());
  if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) return {};
  return fmt::format("{}://{}:{}", lower(part_of(url, CURLUPART_SCHEME)),
                     lower(part_of(url, CURLUPART_HOST)),
                     part_of(url, CURLUPART_PORT, CURLU_DEFAULT_PORT));
}

}  // namespace ovbake
