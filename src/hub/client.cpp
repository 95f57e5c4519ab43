#include "hub/client.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "hub/model_id.hpp"
#include "hub/refusal.hpp"
#include "hub/retries.hpp"

namespace ovbake {
namespace {

constexpr int kMostRedirects = 10;
constexpr std::size_t kMaxDocumentBytes = 64 << 20;

bool is_redirect(long status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// A place that the hub signed for a while answers so when that is over.
bool may_be_expired(long status) {
  return status == 401 || status == 403 || status == 404 || status == 410;
}

/// `"abc"` and `W/"abc"` are abc.
std::string bare_etag(std::string etag) {
  if (etag.starts_with("W/")) etag.erase(0, 2);
  std::erase(etag, '"');
  return etag;
}

/// The URL of `<URL>; rel="next"` in a Link header; empty where there is no next page. Throws where
/// there is one that cannot be asked for, without which the list would be cut short.
std::string next_link(const HttpHead& head, const std::string& base) {
  const std::string link = head.header("link");
  std::size_t relation = link.find("rel=\"next\"");
  if (relation == link.npos) relation = link.find("rel=next");
  if (relation == link.npos) return {};
  const std::size_t end = link.rfind('>', relation);
  const std::size_t begin = end == link.npos ? link.npos : link.rfind('<', end);
  const std::string address =
      begin == link.npos ? std::string() : link.substr(begin + 1, end - begin - 1);
  const auto next = address.empty() ? std::nullopt : resolved_url(base, address);
  if (!next) {
    throw input_error("{} names a next page of its list by {}, which is no address.",
                      origin_of(base), quote(without_credentials(link)));
  }
  return *next;
}

std::string status_text(const HttpHead& head, const std::string& url) {
  return fmt::format("{} answers with status {}", origin_of(url), head.status);
}

Error changed(const HubSource& source) {
  return input_error("{} changed while it was being read; run again.", source.name());
}

/// Whether `head` brings `range` of a file of `size` bytes, and not the whole file. Throws where it
/// brings anything else.
bool brings_range(const HttpHead& head, const ByteRange& range, const HubSource& source) {
  const std::uint64_t size = source.file().size;
  if (head.status == 206) {
    const std::string expected = fmt::format("bytes {}-{}/{}", range.begin, range.end - 1, size);
    const std::string encoding = head.header("content-encoding");
    if (head.header("content-range") != expected || (!encoding.empty() && encoding != "identity")) {
      throw input_error("{} was asked for {} and sends {} {}, which cannot be used.", source.name(),
                        expected, quote(head.header("content-range")), encoding);
    }
    return true;
  }
  if (range.end != size) {
    throw input_error(
        "{} comes whole where a part of it was asked for; that server gives no parts, so leave "
        "--stream out, and plan from a folder.",
        source.name());
  }
  const std::string length = head.header("content-length");
  if (head.header("content-encoding").empty() && !length.empty() &&
      length != std::to_string(size)) {
    throw input_error("{} comes with {} bytes where the hub lists {}; run again later.",
                      source.name(), length, size);
  }
  return false;
}

}  // namespace

HubSource::HubSource(const HubSettings& settings, const HubModel& model, HubFile file)
    : file_(std::move(file)),
      model_(model),
      url_(fmt::format("{}/{}/resolve/{}/{}", settings.endpoint, model.id, model.commit,
                       url_escaped(file_.path, true))) {}

std::string HubSource::name() const {
  return fmt::format("{} of {} on the hub", quote(file_.path), model_.id);
}

HttpHead HubClient::follow(HttpRequest& request,
                           const std::function<void(const HttpHead&)>& on_head,
                           const TakeBody& take) {
  for (int hop = 0; hop <= kMostRedirects; ++hop) {
    const bool is_hub = origin_of(request.url) == origin_of(settings_.endpoint);
    request.token = is_hub ? settings_.token : std::string();
    HttpHead head;
    const auto keep_head = [&](const HttpHead& came) { on_head(head = came); };
    connection_.get(request, keep_head, take);
    if (!is_redirect(head.status)) return head;
    const auto next = resolved_url(request.url, head.header("location"));
    if (!next || (request.url.starts_with("https:") && !next->starts_with("https:"))) {
      throw input_error("{} redirects to {}, where nothing is fetched from.",
                        origin_of(request.url), next ? origin_of(*next) : "no place on the web");
    }
    request.url = *next;
  }
  throw input_error("{} redirects more than {} times.", origin_of(request.url), kMostRedirects);
}

HubClient::Page HubClient::get_json(const std::string& url, const HubModel& model) {
  Retries retries(stop_);
  const std::string what = fmt::format("{} cannot be looked up on the hub", model.id);
  while (true) {
    HttpRequest request{.url = url};
    std::string text;
    const auto take = [&](std::span<const std::byte> piece) {
      text.append(reinterpret_cast<const char*>(piece.data()), piece.size());
      if (text.size() > kMaxDocumentBytes) {
        throw input_error("{} sends more than {} bytes for {}, which no model needs.",
                          origin_of(request.url), kMaxDocumentBytes, model.id);
      }
    };
    try {
      const HttpHead head = follow(
          request, [](const HttpHead&) {}, take);
      if (head.status == 200) {
        return {.json = parse_json(
                    text, fmt::format("What {} says of {}", origin_of(request.url), model.id)),
                .next = next_link(head, request.url)};
      }
      if (!may_pass(head.status)) throw refusal(head, model, settings_);
      retries.wait(what, status_text(head, request.url), retry_after(head));
    } catch (const LineError& error) {
      if (!error.passing) throw environment_error("{}: {}.", what, error.what());
      retries.wait(what, error.what());
    }
  }
}

HttpHead HubClient::try_bytes(HubSource& source, ByteRange& range, const TakeBody& take) {
  HttpRequest request;
  if (range.bytes() < source.file().size) request.range = range;
  {
    const std::lock_guard lock(source.mutex_);
    request.url = source.redirected_.empty() ? source.url_ : source.redirected_;
  }
  std::uint64_t surplus = 0;
  const auto on_head = [&](const HttpHead& head) {
    const std::string linked = bare_etag(head.header("x-linked-etag"));
    if (!linked.empty() && linked != source.file().etag()) throw changed(source);
    if (head.status != 200 && head.status != 206) return;
    surplus = brings_range(head, range, source) ? 0 : range.begin;
    const std::string validator = bare_etag(head.header("etag"));
    const std::lock_guard lock(source.mutex_);
    if (source.validator_.empty()) source.validator_ = validator;
    if (source.validator_ != validator) throw changed(source);
    source.redirected_ = request.url;
  };
  const auto take_wanted = [&](std::span<const std::byte> piece) {
    const std::uint64_t skipped = std::min<std::uint64_t>(surplus, piece.size());
    surplus -= skipped;
    piece = piece.subspan(skipped);
    if (piece.size() > range.bytes()) {
      throw input_error("{} sends more bytes than the hub lists; run again later.", source.name());
    }
    if (piece.empty()) return;
    take(piece);
    range.begin += piece.size();
  };
  HttpHead head = follow(request, on_head, take_wanted);
  if (request.url != source.url_ && may_be_expired(head.status)) {
    const std::lock_guard lock(source.mutex_);
    source.redirected_.clear();
    throw LineError(status_text(head, request.url), true);
  }
  return head;
}

void HubClient::get_bytes(HubSource& source, ByteRange range, const TakeBody& take) {
  Retries retries(stop_);
  const std::string what = fmt::format("{} cannot be fetched", source.name());
  while (range.bytes() > 0) {
    const std::uint64_t before = range.begin;
    std::string reason = "the answer ends early";
    std::optional<std::chrono::seconds> asked;
    try {
      const HttpHead head = try_bytes(source, range, take);
      const bool good = head.status == 200 || head.status == 206;
      if (!good && !may_pass(head.status)) throw refusal(head, source, settings_);
      if (!good) {
        reason = fmt::format("the server answers with status {}", head.status);
        asked = retry_after(head);
      }
    } catch (const LineError& error) {
      if (!error.passing) throw environment_error("{}: {}.", what, error.what());
      reason = error.what();
    }
    if (range.begin != before) retries.progressed();
    if (range.bytes() > 0) retries.wait(what, reason, asked);
  }
}

}  // namespace ovbake
