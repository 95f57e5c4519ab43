// A subcommand is one file of this folder: it declares its options on a CLI::App, returns what to
// do once they are parsed, and registers itself. There is no list of subcommands to edit.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace ovbake::cli {

/// Runs a subcommand. Throws ovbake::Error, whose code becomes the exit status.
using Action = std::function<void()>;

struct Command {
  std::string name;
  std::string summary;
  /// Adds the options to `app` and returns the action, which owns what they are stored in. Names
  /// are written with underscores; users may write - or _ in any of them.
  Action (*declare)(CLI::App& app);
};

/// Every registered subcommand, sorted by name.
std::vector<Command> commands();

/// `const Registered verify{{"verify", "Prove …", declare_verify}};` at namespace scope is all it
/// takes.
class Registered {
 public:
  explicit Registered(Command command);
};

}  // namespace ovbake::cli
