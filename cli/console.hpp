// Where words go: results to stdout, everything else (progress, warnings, errors) to stderr, and
// both to the log file when there is one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

namespace ovbake::cli {

struct ConsoleOptions {
  bool quiet = false;    ///< Nothing but errors.
  bool verbose = false;  ///< A line for every tensor.
  std::filesystem::path log_file;
};

void add_console_options(CLI::App& app, ConsoleOptions& options);

/// Sets the console up. Throws an environment error for a log file that cannot be appended to.
void open_console(const ConsoleOptions& options);

/// The options it was opened with.
const ConsoleOptions& console();

/// `text` with line ends and other control characters escaped.
std::string one_line(std::string_view text);

void print_result(std::string_view text);  ///< To stdout, with a line end, unless quiet.
void note(std::string_view text);          ///< To stderr, unless quiet.
void detail(std::string_view text);        ///< To stderr if verbose; always to the log file.
void warning(std::string_view text);       ///< To stderr, unless quiet.
void error(std::string_view text);         ///< To stderr, always.

std::string format_bytes(std::uint64_t bytes);  ///< "14.48 GB": decimal units, as disks are sold.
std::string format_seconds(double seconds);     ///< "4.31 s", "3 min 12 s".

}  // namespace ovbake::cli
