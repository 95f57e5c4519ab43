// `ovbake verify` proves that a baked folder is what its bake.json says.
#include <chrono>
#include <memory>

#include <spdlog/fmt/fmt.h>

#include <ovbake/ovbake.hpp>

#include "command.hpp"
#include "console.hpp"
#include "options.hpp"
#include "progress.hpp"

namespace ovbake::cli {
namespace {

struct Arguments {
  std::filesystem::path output_dir;
  VerifyOptions verify;
  ConsoleOptions console;
};

void run_verify(const Arguments& arguments) {
  open_console(arguments.console);
  const auto start = std::chrono::steady_clock::now();
  VerifyReport report;
  {
    ProgressDisplay display;
    report = verify(arguments.output_dir, arguments.verify, display.callback());
  }
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  print_result(fmt::format(
      "{} is what its bake.json says: {} tensors, {:.1f}% of the weights' bytes in INT4, every one "
      "of the {} nodes of its static graphs of static shape; {} read back, {} in all.",
      arguments.output_dir.string(), report.tensors, 100 * report.int4_share, report.static_nodes,
      format_bytes(report.bytes_read), format_seconds(time.count())));
}

Action declare_verify(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  app.add_option("output_dir", arguments->output_dir, "Folder that a bake made")->required();
  app.add_flag("--sha256", arguments->verify.sha256,
               "Also check the sha256 of every file, where the bake recorded it");
  app.add_flag(
      "--run", arguments->verify.run,
      "Also compile the graphs on the CPU and compare the static pair's greedy tokens with "
      "the dynamic graph's; needs the model's memory and says how much");
  add_threads_option(app, arguments->verify.threads);
  add_console_options(app, arguments->console);
  return [arguments] { run_verify(*arguments); };
}

const Registered verify_command{
    {"verify", "Prove that a baked folder is what its bake.json says", declare_verify}};

}  // namespace
}  // namespace ovbake::cli
