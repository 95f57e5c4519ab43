#include "hub/refusal.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace ovbake {
namespace {

/// What may be done about a door that is shut.
std::string_view with_token(const HubSettings& settings) {
  return settings.token.empty()
             ? "give a token that may read it by HF_TOKEN, `hf auth login` or --token"
             : "the token that was sent may not read it, so give another one by HF_TOKEN or "
               "--token";
}

}  // namespace

Error refusal(const HttpHead& head, const HubModel& model, const HubSettings& settings) {
  const std::string code = head.header("x-error-code");
  if (code == "RevisionNotFound") {
    return input_error("{} has no revision {} on {}; correct --revision.", model.id,
                       quote(model.revision), settings.shown_endpoint);
  }
  if (code == "GatedRepo" || (head.status == 403 && code.empty())) {
    return input_error("{} is gated: accept its conditions at {}/{}, and then {}.", model.id,
                       settings.shown_endpoint, model.id, with_token(settings));
  }
  if (head.status == 401 || head.status == 403 || head.status == 404) {
    return input_error(
        "There is no folder {0}, and {1} shows no model of this id: correct it if it is wrong; if "
        "the model is private, {2}.",
        model.id, settings.shown_endpoint, with_token(settings));
  }
  return environment_error("{} answers with status {} and {} when asked for {}; run again later.",
                           settings.shown_endpoint, head.status,
                           quote(head.header("x-error-message")), model.id);
}

Error refusal(const HttpHead& head, const HubSource& source, const HubSettings& settings) {
  if (head.header("x-error-code") == "EntryNotFound" || head.status == 404) {
    return input_error("{} is listed, but not there; run again later.", source.name());
  }
  if (head.status == 416) {
    return input_error("{} is shorter than the {} bytes that are listed; run again later.",
                       source.name(), source.file().size);
  }
  return refusal(head, source.model(), settings);
}

Error damaged(const HubSource& source) {
  return input_error(
      "{} does not have the digest that the hub lists, so it was damaged on the way; run again.",
      source.name());
}

}  // namespace ovbake
