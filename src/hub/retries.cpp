#include "hub/retries.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <thread>

#include <curl/curl.h>

#include "base/error.hpp"

namespace ovbake {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kMostFailures = 5;
constexpr milliseconds kFirstWait{250};
constexpr seconds kLongestWait{300};

HubUnreachable unreachable(const std::string& message) {
  return {ErrorCode::environment, printable(message)};
}

}  // namespace

bool may_pass(long status) {
  return status == 408 || status == 429 || status == 500 || status == 502 || status == 503 ||
         status == 504;
}

std::optional<seconds> retry_after(const HttpHead& head) {
  const std::string text = head.header("retry-after");
  if (text.empty()) return {};
  unsigned number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault == std::errc() && end == text.data() + text.size()) return seconds(number);
  const time_t date = curl_getdate(text.c_str(), nullptr);
  if (date < 0) return {};
  return seconds(std::max<std::int64_t>(0, date - std::time(nullptr)));
}

void Retries::wait(const std::string& what, const std::string& reason,
                   std::optional<seconds> asked) {
  if (asked && *asked > kLongestWait) {
    throw unreachable(fmt::format("{}: {}; the server asks to try again in {} seconds.", what,
                                  reason, asked->count()));
  }
  if (++failures_ > kMostFailures) {
    throw unreachable(
        fmt::format("{}: {}, {} times in a row; run again later.", what, reason, failures_));
  }
  milliseconds left = kFirstWait * (1 << (failures_ - 1));
  if (asked) left = *asked;
  constexpr milliseconds kStep{50};
  for (; left.count() > 0; left -= kStep) {
    if (stop_) throw Stopped();
    std::this_thread::sleep_for(std::min(left, kStep));
  }
}

}  // namespace ovbake
