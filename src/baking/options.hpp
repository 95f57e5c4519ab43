// BakeOptions: which values make sense, what stands for those not given, how bake.json records
// them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include <ovbake/ovbake.hpp>

#include "architecture/description/decoder.hpp"
#include "base/json_fwd.hpp"
#include "source/checkpoint.hpp"

namespace ovbake {

/// max_prompt_len and min_response_len, where the model has room for both and nothing is asked.
inline constexpr std::int64_t kUsualLength = 1024;

/// Throws a usage error that lists every option out of range.
void validate(const BakeOptions& options);

/// Throws a usage error where one of `sources`, links followed, lies in the output folder.
void require_apart(std::span<const std::filesystem::path> sources,
                   const std::filesystem::path& output_dir);

/// The options with what was not asked for: optimum-cli's choice of a weight format for the model,
/// and lengths for which it has positions. Throws a usage error where it has fewer than are asked
/// for.
BakeOptions with_defaults(BakeOptions options, const Decoder& decoder,
                          const Checkpoint& checkpoint);

/// Every option that decides what a bake makes, by its long name; no path and no thread count.
Json to_json(const BakeOptions& options);

}  // namespace ovbake
