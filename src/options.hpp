// BakeOptions: which values make sense, and how bake.json records them.
#pragma once

#include <cstdint>
#include <optional>

#include <ovbake/ovbake.hpp>

#include "base/json.hpp"

namespace ovbake {

/// Throws a usage error that lists every option out of range.
void validate(const BakeOptions& options);

/// Throws a usage error where the static pair would hold more positions than the model has.
void require_positions(const BakeOptions& options, std::optional<std::int64_t> max_positions);

/// Every option that decides what a bake makes, by its long name; no path and no thread count.
Json to_json(const BakeOptions& options);

}  // namespace ovbake
