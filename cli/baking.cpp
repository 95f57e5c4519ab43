#include "baking.hpp"

#include <algorithm>
#include <system_error>

#include <spdlog/fmt/fmt.h>

#include "progress.hpp"
#include "standard_streams.hpp"
#include "summary.hpp"

namespace ovbake::cli {
namespace {

bool lies_within(const std::filesystem::path& path, const std::filesystem::path& folder) {
  std::error_code none;  // of what cannot be resolved the bake itself complains
  const auto inner = std::filesystem::weakly_canonical(path, none);
  const auto outer = std::filesystem::weakly_canonical(folder, none);
  return !none &&
         std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

}  // namespace

void open_console_beside(const ConsoleOptions& console, const BakeOptions& bake) {
  for (const auto& folder : {bake.model, bake.output_dir}) {
    if (console.log_file.empty() || folder.empty() || !lies_within(console.log_file, folder))
      continue;
    throw Error(
        ErrorCode::usage,
        fmt::format("The log file {} would lie in {}; choose another place with --log_file.",
                    console.log_file.string(), folder.string()));
  }
  open_console(console);
}

void bake_and_report(const BakeOptions& options) {
  BakeReport report;
  {
    ProgressDisplay display;
    report = bake(options, display.callback());
  }
  for (const IgnoredTensor& tensor : report.plan.ignored_tensors) {
    detail(fmt::format("left out {}: {}", tensor.name, tensor.why));
  }
  for (const auto* lines : {&report.plan.warnings, &report.warnings}) {
    for (const std::string& line : *lines) warning(line);
  }
  if (!report.plan.ignored_config_keys.empty()) {
    detail(fmt::format("Keys of config.json that nothing reads: {}",
                       fmt::join(report.plan.ignored_config_keys, ", ")));
  }
  if (has_stdout()) print_result(bake_summary(report, options));
}

}  // namespace ovbake::cli
