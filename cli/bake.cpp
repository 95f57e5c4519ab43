// `ovbake bake` makes the IR, `ovbake plan` (or bake --dry_run) says what it would be.
#include <algorithm>
#include <memory>

#include <spdlog/fmt/fmt.h>

#include <ovbake/ovbake.hpp>

#include "command.hpp"
#include "console.hpp"
#include "options.hpp"
#include "progress.hpp"
#include "summary.hpp"

namespace ovbake::cli {
namespace {

bool lies_within(const std::filesystem::path& path, const std::filesystem::path& folder) {
  const auto inner = std::filesystem::weakly_canonical(path);
  const auto outer = std::filesystem::weakly_canonical(folder);
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

/// Opens the console, after making sure that the log never lands in the model or the output.
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

void print_plan(const BakeOptions& options) { print_result(plan_table(plan(options))); }

void run_bake(const BakeOptions& options) {
  BakeReport report;
  {
    ProgressDisplay display;
    report = bake(options, display.callback());
  }
  for (const std::string& text : report.warnings) warning(text);
  print_result(bake_summary(report, options.output_dir));
}

Action declare_bake(CLI::App& app) {
  struct Arguments : BakeArguments {
    bool dry_run = false;
  };
  auto arguments = std::make_shared<Arguments>();
  add_bake_options(app, *arguments);
  BakeOptions& bake = arguments->bake;
  auto* output =
      app.add_option("--output_dir,-o", bake.output_dir, "Folder to make")->group("Output");
  app.add_flag("--overwrite", bake.overwrite,
               "Replace the folder if it exists, in one step at the end")
      ->group("Output");
  app.add_flag("--sha256", bake.sha256, "Also record the sha256 of every file")->group("Output");
  app.add_flag("!--no_fsync", bake.durable, "Do not wait until the disk holds everything")
      ->group("Output");
  app.add_flag("--drop_source_cache", bake.drop_source_cache,
               "Evict what was read of the model from the page cache")
      ->group("Output");
  app.add_flag("--dry_run", arguments->dry_run, "Print the plan and write nothing")
      ->group("Output");
  app.add_option("--threads", bake.threads, "Threads to use; default: all cores")
      ->check(CLI::PositiveNumber);
  add_console_options(app, arguments->console);
  return [&app, output, arguments] {
    if (!arguments->dry_run && output->count() == 0) {
      throw Error(ErrorCode::usage, "--output_dir is required; see `ovbake bake --help`.");
    }
    const BakeOptions options = resolve(app, *arguments);
    open_console_beside(arguments->console, options);
    arguments->dry_run ? print_plan(options) : run_bake(options);
  };
}

Action declare_plan(CLI::App& app) {
  auto arguments = std::make_shared<BakeArguments>();
  add_bake_options(app, *arguments);
  return [&app, arguments] { print_plan(resolve(app, *arguments)); };
}

const Registered bake_command{{"bake", "Bake a checkpoint into INT4 OpenVINO IR", declare_bake}};
const Registered plan_command{
    {"plan", "Print what every tensor would become; write nothing", declare_plan}};

}  // namespace
}  // namespace ovbake::cli
