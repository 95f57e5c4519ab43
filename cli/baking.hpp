// What `ovbake bake` and `ovbake export` have in common.
#pragma once

#include <ovbake/ovbake.hpp>

#include "console.hpp"

namespace ovbake::cli {

/// Opens the console, after making sure that the log never lands in the model or the output.
void open_console_beside(const ConsoleOptions& console, const BakeOptions& bake);

/// Bakes under the eyes of the user: progress, warnings, and a summary at the end.
void bake_and_report(const BakeOptions& options);

}  // namespace ovbake::cli
