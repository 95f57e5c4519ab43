#include "command.hpp"

#include <algorithm>
#include <utility>

namespace ovbake::cli {
namespace {

std::vector<Command>& registry() {
  static std::vector<Command> instance;
  return instance;
}

}  // namespace

std::vector<Command> commands() {
  auto sorted = registry();
  std::sort(sorted.begin(), sorted.end(),
            [](const Command& a, const Command& b) { return a.name < b.name; });
  return sorted;
}

Registered::Registered(Command command) { registry().push_back(std::move(command)); }

}  // namespace ovbake::cli
