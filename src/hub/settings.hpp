// What the command line and the environment say of the hub.
#pragma once

#include <filesystem>
#include <string>

#include <ovbake/hub_options.hpp>

namespace ovbake {

struct HubSettings {
  std::string endpoint;  ///< "https://huggingface.co", without a slash at its end.
  std::filesystem::path cache;
  std::string token;  ///< Empty: none.
  std::string revision;
  bool offline = false;
  unsigned stall_seconds = 10;  ///< How long a connection may be silent.
  std::string certificates;     ///< File of certificate authorities; empty: the system's.
};

/// Throws a usage error for a revision, a token or an endpoint that makes no sense, and an input
/// error for a token file that cannot be read.
HubSettings read_settings(const HubOptions& options);

}  // namespace ovbake
