// What is asked of a hub: a JSON document, or bytes of a file. Redirects are followed, what may
// pass is tried again, and the token goes to the hub alone.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

#include "base/json.hpp"
#include "hub/http.hpp"
#include "hub/listing.hpp"
#include "hub/settings.hpp"

namespace ovbake {

/// A model at a commit.
struct HubModel {
  std::string id;
  std::string revision;
  std::string commit;
};

/// Where the bytes of a file come from. Threads may share one object.
class HubSource {
 public:
  HubSource(const HubSettings& settings, const HubModel& model, HubFile file);

  const HubFile& file() const noexcept { return file_; }
  const HubModel& model() const noexcept { return model_; }
  std::string name() const;  ///< "org/name/model.safetensors on the hub"

 private:
  friend class HubClient;

  HubFile file_;
  HubModel model_;
  std::string url_;
  std::mutex mutex_;
  std::string redirected_;  ///< Where the last answer came from; empty: ask url_.
  std::string validator_;   ///< The ETag of the first answer.
};

/// One thread at a time.
class HubClient {
 public:
  HubClient(const HubSettings& settings, const std::atomic<bool>& stop)
      : settings_(settings), stop_(stop), connection_(settings, stop) {}

  struct Page {
    Json json;
    std::string next;  ///< URL of the page that follows; empty for the last.
  };

  /// A document of the hub's API. Throws an input error that says what to do where the model or the
  /// revision is not there or not to be had, HubUnreachable where the hub does not answer.
  Page get_json(const std::string& url, const HubModel& model);

  /// Hands over exactly the bytes of `range`, whatever the line does. Throws an input error where
  /// the file changes on the way or the server gives no parts of files.
  void get_bytes(HubSource& source, ByteRange range, const TakeBody& take);

 private:
  /// Follows redirects from request.url, which becomes the last one. `on_head` sees every answer.
  HttpHead follow(HttpRequest& request, const std::function<void(const HttpHead&)>& on_head,
                  const TakeBody& take);
  /// One try; takes what came off the front of `range`.
  HttpHead try_bytes(HubSource& source, ByteRange& range, const TakeBody& take);

  const HubSettings& settings_;
  const std::atomic<bool>& stop_;
  HttpConnection connection_;
};

}  // namespace ovbake
