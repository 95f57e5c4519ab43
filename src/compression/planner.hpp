// Decides, before any weight is read, which format every tensor gets and where each of its
// constants will lie.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <ovbake/ovbake.hpp>

#include "architecture/description/decoder.hpp"
#include "compression/plan.hpp"
#include "compression/sensitivity.hpp"
#include "source/checkpoint.hpp"

namespace ovbake {

/// The dtype to which transformers casts a model as it loads it, "BF16" or "F16"; none where
/// config.json asks for float32 or says nothing, because then the exporter leaves the weights as
/// they are stored.
std::optional<std::string> cast_dtype(const Config& config);

/// Chooses as NNCF does: every projection gets the format that was asked for; embeddings and an
/// lm_head of its own get the backup precision, as does what `ratio` leaves out. Reads headers
/// only, except for ratio < 1, where the choice depends on the values' `sensitivity`. Throws a
/// usage error for an option out of range, and an input error where the checkpoint's tensors are
/// not the model's, those that `ignore_tensors` matches apart, or group_size_fallback is "error"
/// and the group does not divide a row.
CompressionPlan plan_compression(const Decoder& decoder, const Checkpoint& checkpoint,
                                 const CompressionOptions& options, Sensitivity& sensitivity,
                                 const std::vector<std::string>& ignore_tensors = {});

}  // namespace ovbake
