// One HTTP exchange at a time, over libcurl: no redirect is followed and nothing is tried twice.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/random_access.hpp"
#include "hub/settings.hpp"

namespace ovbake {

struct HttpRequest {
  std::string url;
  std::string token{};  ///< Sent as Authorization: Bearer; empty: none is sent.
  std::optional<ByteRange> range{};
};

/// What an answer says before its body.
struct HttpHead {
  long status = 0;
  std::map<std::string, std::string> headers{};  ///< Names in lower case.

  /// Empty where there is none of this name.
  std::string header(const std::string& name) const;
};

/// The line failed: no answer came, or it broke off.
struct LineError : std::runtime_error {
  LineError(const std::string& what, bool may_pass) : runtime_error(what), passing(may_pass) {}
  bool passing;  ///< Whether trying again can help; false for a bad certificate or URL.
};

/// Something asked to stop; it knows why.
struct Stopped {};

/// The body of an answer, piece by piece, decompressed.
using TakeBody = std::function<void(std::span<const std::byte>)>;

/// A connection that is kept for the next exchange with the same host. One thread at a time.
class HttpConnection {
 public:
  /// `stop`, once true, ends an exchange with Stopped.
  HttpConnection(const HubSettings& settings, const std::atomic<bool>& stop);
  ~HttpConnection();
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  /// Calls `on_head` once, before any of the body, which `take` gets where the status is 2xx. What
  /// they throw ends the exchange and is thrown on. Throws LineError.
  void get(const HttpRequest& request, const std::function<void(const HttpHead&)>& on_head,
           const TakeBody& take);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// `reference` as a page at `base` means it; nothing where that is no http or https URL.
std::optional<std::string> resolved_url(const std::string& base, const std::string& reference);

/// "https://host:443": what a token may be sent to is told apart by it.
std::string origin_of(const std::string& url);

}  // namespace ovbake
