// Proofs that the rest of the library asks for; verify() itself is public.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ovbake {

/// What verify() would find wrong in bake.json and in every other file than the weights: what is
/// missing, what was changed, what came to be there besides. Reads no weights.
std::vector<std::string> faults_beside_weights(const std::filesystem::path& output_dir);

}  // namespace ovbake
