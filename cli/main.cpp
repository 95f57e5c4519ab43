// The program: `ovbake SUBCOMMAND …`, and under the name bake_model the same as `ovbake bake …`.
#include <algorithm>
#include <cctype>
#include <cstring>
#include <filesystem>
#include <new>
#include <string>
#include <system_error>
#include <utility>

#include <spdlog/fmt/fmt.h>

#include <ovbake/ovbake.hpp>

#include "command.hpp"
#include "console.hpp"
#include "interrupt.hpp"
#include "standard_streams.hpp"

namespace ovbake::cli {
namespace {

/// The arguments after the program's name, every long option spelt with underscores.
std::vector<std::string> normalized_arguments(int argc, char** argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  for (std::string& argument : arguments) {
    if (argument == "--") break;
    if (!argument.starts_with("--")) continue;
    const auto name_end = std::find(argument.begin(), argument.end(), '=');
    std::replace(argument.begin() + 2, name_end, '-', '_');
  }
  if (std::filesystem::path(argv[0]).filename() == "bake_model") {
    arguments.insert(arguments.begin(), "bake");
  }
  return arguments;
}

std::string version_text() {
  return fmt::format("ovbake {} (OpenVINO {})", version(), openvino_version());
}

/// One sentence for what CLI11 found wrong, naming the subcommand whose help has the answer. A word
/// that was not understood comes first: it is often why something else is missing.
std::string sentence(const CLI::App& app, const CLI::ParseError& wrong) {
  const auto chosen = app.get_subcommands();
  const std::string help = chosen.empty() ? "" : chosen[0]->get_name() + " ";
  const auto unknown = app.remaining(true);
  std::string text = unknown.empty() ? wrong.what() : unknown[0] + " is not understood here";
  return fmt::format("{}; see `ovbake {}--help`.", text, help);
}

class Program {
 public:
  Program()
      : app_("Bakes Hugging Face causal language models into INT4 OpenVINO IR for Intel NPUs.",
             "ovbake") {
    app_.set_version_flag("--version", version_text);
    app_.require_subcommand(1);
    for (const Command& command : commands()) {
      CLI::App* subcommand = app_.add_subcommand(command.name, command.summary);
      subcommand->set_version_flag("--version", version_text);
      subcommand->option_defaults()->always_capture_default()->multi_option_policy(
          CLI::MultiOptionPolicy::TakeLast);
      actions_.emplace_back(subcommand, command.declare(*subcommand));
    }
  }

  int run(std::vector<std::string> arguments) {
    std::reverse(arguments.begin(), arguments.end());  // CLI11 takes the last one first
    try {
      app_.parse(std::move(arguments));
    } catch (const CLI::Success& asked) {  // --help, --version
      return app_.exit(asked);
    } catch (const CLI::ParseError& wrong) {
      throw Error(ErrorCode::usage, sentence(app_, wrong));
    }
    for (const auto& [subcommand, action] : actions_) {
      if (subcommand->parsed()) action();
    }
    return 0;
  }

 private:
  CLI::App app_;
  std::vector<std::pair<CLI::App*, Action>> actions_;
};

int fail(ErrorCode code, std::string_view message) {
  error(message);
  return static_cast<int>(code);
}

int fail_for_memory() {
  return fail(ErrorCode::environment,
              "There is not enough memory; close other programs or use fewer --threads.");
}

int run(int argc, char** argv) {
  try {
    const int status = Program().run(normalized_arguments(argc, argv));
    flush_stdout();
    return status;
  } catch (const Error& failure) {
    const int status = fail(failure.code(), failure.what());
    return failure.code() == ErrorCode::interrupted ? 128 + interrupting_signal() : status;
  } catch (const std::bad_alloc&) {
    return fail_for_memory();
  } catch (const std::system_error& failure) {  // of a file system, of threads
    return fail(ErrorCode::environment, fmt::format("The system refused: {}.", failure.what()));
  } catch (const std::exception& unforeseen) {
    // Libraries pass on as their own what was thrown in them.
    if (std::strstr(unforeseen.what(), "bad_alloc") != nullptr) return fail_for_memory();
    error(fmt::format("Unforeseen, and a fault of ovbake's own: {}", unforeseen.what()));
    return 1;
  }
}

}  // namespace
}  // namespace ovbake::cli

int main(int argc, char** argv) {
  ovbake::cli::open_standard_streams();
  ovbake::cli::ignore_file_size_signal();
  return ovbake::cli::run(argc, argv);
}
