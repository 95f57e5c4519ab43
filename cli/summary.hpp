// What a bake or a plan came to, as text for people.
#pragma once

#include <filesystem>
#include <string>

#include <ovbake/ovbake.hpp>

namespace ovbake::cli {

/// A line for every tensor (source, format, exact bytes), then the totals.
std::string plan_table(const PlanReport& plan);

/// Sizes, INT4 share, peak memory, time per stage, and how to use the result.
std::string bake_summary(const BakeReport& report, const BakeOptions& options);

}  // namespace ovbake::cli
