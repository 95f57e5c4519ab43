// How a model's id is looked up.
#pragma once

#include <filesystem>
#include <string>

namespace ovbake {

/// What is empty is taken from the environment variables that huggingface_hub reads: HF_HUB_CACHE
/// or HF_HOME, HF_TOKEN or HF_TOKEN_PATH. HF_ENDPOINT, HF_HUB_OFFLINE, HTTPS_PROXY and
/// SSL_CERT_FILE mean what they mean there.
struct HubOptions {
  std::string revision = "main";      ///< A branch, a tag, or the hash of a commit.
  std::filesystem::path cache_dir{};  ///< The hub's cache, which huggingface_hub shares.
  std::string token{};                ///< Never written or printed, and sent to the hub alone.
};

}  // namespace ovbake
