// The files and links of a baked folder against its claims: all there, nothing else, each as long
// as it should be, no way out.
#pragma once

#include <filesystem>
#include <map>
#include <vector>

#include "base/file.hpp"
#include "verify/claims.hpp"
#include "verify/faults.hpp"

namespace ovbake {

/// The claimed files that are there, by their path in the folder, opened.
using OpenFiles = std::map<std::filesystem::path, File>;

OpenFiles check_folder(const std::filesystem::path& output_dir, const Claims& claims,
                       Faults& faults);

}  // namespace ovbake
