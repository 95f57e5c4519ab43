// `ovbake lint` says what the readers of an exported model would stumble over, whoever made it.
#include <memory>

#include <spdlog/fmt/fmt.h>

#include <ovbake/ovbake.hpp>

#include "command.hpp"
#include "console.hpp"
#include "options.hpp"

namespace ovbake::cli {
namespace {

struct Arguments {
  std::filesystem::path folder;
  Target target = Target::npu;
};

Action declare_lint(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  app.add_option("folder", arguments->folder, "Folder with OpenVINO IR of a language model")
      ->required();
  add_target_option(app, arguments->target);
  return [arguments] {
    const LintReport report = lint(arguments->folder, arguments->target);
    for (const std::string& line : report.warnings) print_result("warning: " + one_line(line));
    for (const std::string& line : report.faults) print_result("fault: " + one_line(line));
    print_result(
        fmt::format("{} faults, {} warnings", report.faults.size(), report.warnings.size()));
    if (report.faults.empty()) return;
    throw Error(ErrorCode::verification,
                fmt::format("{} has faults; see above what to do.", arguments->folder.string()));
  };
}

const Registered lint_command{
    {"lint", "Say what readers of OpenVINO IR would stumble over", declare_lint}};

}  // namespace
}  // namespace ovbake::cli
