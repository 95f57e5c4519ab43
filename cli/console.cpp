#include "console.hpp"

#include <memory>

#include <spdlog/fmt/fmt.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <ovbake/ovbake.hpp>

namespace ovbake::cli {
namespace {

using Sink = spdlog::sink_ptr;

Sink plain(Sink sink, spdlog::level::level_enum level) {
  sink->set_pattern("%v");
  sink->set_level(level);
  return sink;
}

Sink open_log_file(const std::filesystem::path& path) {
  try {
    if (!std::filesystem::is_directory(std::filesystem::absolute(path).parent_path())) {
      throw spdlog::spdlog_ex("spdlog would make the folder");
    }
    auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path.string());
    sink->set_pattern("%Y-%m-%d %H:%M:%S.%e %l: %v");
    return sink;
  } catch (const spdlog::spdlog_ex&) {
    throw Error(ErrorCode::environment,
                fmt::format("The log file {} cannot be opened for appending; choose another with "
                            "--log_file.",
                            path.string()));
  }
}

std::shared_ptr<spdlog::logger> logger(const char* name, std::vector<Sink> sinks) {
  auto made = std::make_shared<spdlog::logger>(name, sinks.begin(), sinks.end());
  made->set_level(spdlog::level::debug);
  made->flush_on(spdlog::level::info);
  return made;
}

struct Console {
  ConsoleOptions options;
  std::shared_ptr<spdlog::logger> results, diagnostics;
};

Console make_console(const ConsoleOptions& options) {
  using namespace spdlog::level;
  std::vector<Sink> results{
      plain(std::make_shared<spdlog::sinks::stdout_sink_mt>(), options.quiet ? off : info)};
  std::vector<Sink> diagnostics{
      plain(std::make_shared<spdlog::sinks::stderr_sink_mt>(), options.quiet     ? err
                                                               : options.verbose ? debug
                                                                                 : info)};
  if (!options.log_file.empty()) {
    const Sink file = open_log_file(options.log_file);
    results.push_back(file);
    diagnostics.push_back(file);
  }
  return {options, logger("results", std::move(results)),
          logger("diagnostics", std::move(diagnostics))};
}

Console& the_console() {
  static Console instance = make_console({});
  return instance;
}

/// `text` with control characters, but for those of `kept`, escaped: a terminal would obey them.
std::string visible(std::string_view text, std::string_view kept) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool c1 =
        byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    const bool control = (byte < 0x20 && kept.find(text[i]) == kept.npos) || byte == 0x7f || c1;
    result += control ? fmt::format("\\x{:02x}", byte) : std::string(1, text[i]);
  }
  return result;
}

}  // namespace

void add_console_options(CLI::App& app, ConsoleOptions& options) {
  auto* quiet = app.add_flag("--quiet,-q", options.quiet, "Print nothing but errors");
  app.add_flag("--verbose,-v", options.verbose, "Print a line for every tensor")->excludes(quiet);
  app.add_option("--log_file", options.log_file,
                 "Append everything that is said, every tensor included, to this file");
}

void open_console(const ConsoleOptions& options) { the_console() = make_console(options); }

const ConsoleOptions& console() { return the_console().options; }

std::string one_line(std::string_view text) { return visible(text, ""); }

void print_result(std::string_view text) { the_console().results->info("{}", visible(text, "\n")); }
void note(std::string_view text) { the_console().diagnostics->info("{}", visible(text, "\n")); }
void detail(std::string_view text) { the_console().diagnostics->debug("{}", one_line(text)); }
void warning(std::string_view text) {
  the_console().diagnostics->warn("warning: {}", one_line(text));
}
void error(std::string_view text) {
  the_console().diagnostics->error("error: {}", visible(text, "\n"));
}

std::string format_bytes(std::uint64_t bytes) {
  const auto amount = static_cast<double>(bytes);
  if (amount >= 1e9) return fmt::format("{:.2f} GB", amount / 1e9);
  if (amount >= 1e6) return fmt::format("{:.1f} MB", amount / 1e6);
  if (amount >= 1e3) return fmt::format("{:.1f} KB", amount / 1e3);
  return fmt::format("{} B", bytes);
}

std::string format_seconds(double seconds) {
  if (seconds < 100) return fmt::format("{:.2f} s", seconds);
  const auto whole = static_cast<std::uint64_t>(seconds);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
}

}  // namespace ovbake::cli
