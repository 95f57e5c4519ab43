// BakeOptions: which values make sense, what stands for those not given, how bake.json records
// them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>

#include <ovbake/ovbake.hpp>

#include "architecture/description/decoder.hpp"
#include "base/json_fwd.hpp"
#include "source/checkpoint.hpp"

namespace ovbake {

/// Throws a usage error that lists every option out of range.
void validate(const BakeOptions& options);

/// Throws a usage error where one of `sources`, links followed, lies in the output folder.
void require_apart(std::span<const std::filesystem::path> sources,
                   const std::filesystem::path& output_dir);

/// Throws a usage error where there is a static pair and it would hold more positions than the
/// model has.
void require_positions(const BakeOptions& options, std::optional<std::int64_t> max_positions);

/// The options with a weight format: where none is asked for, optimum-cli's choice for the model.
BakeOptions with_defaults(BakeOptions options, const Decoder& decoder,
                          const Checkpoint& checkpoint);

/// Every option that decides what a bake makes, by its long name; no path and no thread count.
Json to_json(const BakeOptions& options);

}  // namespace ovbake
