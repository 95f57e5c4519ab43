// `ovbake bake` makes the IR, `ovbake plan` (or bake --dry_run) says what it would be.
#include <memory>

#include <ovbake/ovbake.hpp>

#include "baking.hpp"
#include "command.hpp"
#include "console.hpp"
#include "options.hpp"
#include "summary.hpp"

namespace ovbake::cli {
namespace {

void print_plan(const BakeOptions& options) { print_result(plan_table(plan(options))); }

Action declare_bake(CLI::App& app) {
  struct Arguments : BakeArguments {
    bool dry_run = false;
  };
  auto arguments = std::make_shared<Arguments>();
  add_bake_options(app, *arguments);
  BakeOptions& bake = arguments->bake;
  add_stream_option(app, bake);
  auto* output =
      app.add_option("--output_dir,-o", bake.output_dir, "Folder to make")->group("Output");
  add_writing_options(app, bake);
  app.add_flag("--dry_run", arguments->dry_run, "Print the plan and write nothing")
      ->group("Output");
  add_console_options(app, arguments->console);
  return [&app, output, arguments] {
    if (!arguments->dry_run && output->count() == 0) {
      throw Error(ErrorCode::usage, "--output_dir is required; see `ovbake bake --help`.");
    }
    const BakeOptions options = resolve(app, *arguments);
    open_console_beside(arguments->console, options);
    arguments->dry_run ? print_plan(options) : bake_and_report(options);
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
