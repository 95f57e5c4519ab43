// The part of verification that computes.
#pragma once

#include <filesystem>

#include <ovbake/ovbake.hpp>

#include "verify/claims.hpp"

namespace ovbake {

/// Proves that the static pair and the dynamic graph agree. Reports first, as progress, how much
/// memory it takes; throws an environment error where the machine has less available, and a
/// verification error where the graphs disagree.
void verify_by_running(const std::filesystem::path& output_dir, const Claims& claims,
                       const ProgressCallback& progress);

}  // namespace ovbake
