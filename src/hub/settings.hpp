// What the command line and the environment say of the hub.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <ovbake/hub_options.hpp>

namespace ovbake {

struct HubSettings {
  std::string endpoint;        ///< "https://huggingface.co", without a slash at its end.
  std::string shown_endpoint;  ///< As messages name it: without a password.
  std::filesystem::path cache;
  std::string token;  ///< Empty: none.
  std::string revision;
  bool offline = false;
  unsigned stall_seconds = 10;  ///< How long a connection may be silent.
  std::string certificates;     ///< File of certificate authorities; empty: the system's.
};

/// `text` without the user and the password of any URL in it: what an environment says of hubs and
/// proxies is repeated in messages.
std::string without_credentials(std::string_view text);

/// Throws a usage error for a revision, a token or an endpoint that makes no sense, and an input
/// error for a token file that cannot be read.
HubSettings read_settings(const HubOptions& options);

}  // namespace ovbake
