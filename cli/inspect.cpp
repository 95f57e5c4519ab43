// `ovbake inspect` prints what OpenVINO IR holds, whoever made it.
#include <algorithm>
#include <cctype>
#include <memory>

#include <spdlog/fmt/fmt.h>

#include <ovbake/ovbake.hpp>

#include "command.hpp"
#include "console.hpp"
#include "table.hpp"

namespace ovbake::cli {
namespace {

constexpr std::size_t kLongestValue = 100;

/// Fit for a terminal: a stranger's text can neither steer it nor fill it.
std::string cell(std::string text) {
  std::ranges::replace_if(
      text, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  if (text.size() <= kLongestValue) return text;
  const std::size_t bytes = text.size();
  std::size_t cut = kLongestValue;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xc0) == 0x80) --cut;
  return fmt::format("{}... ({} bytes)", text.substr(0, cut), bytes);
}

/// "past_key_values.N.key" of "past_key_values.12.key".
std::string pattern_of(const std::string& name) {
  std::string pattern;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool digit = std::isdigit(static_cast<unsigned char>(name[i])) != 0;
    const bool numbers_a_layer = digit && i > 0 && (pattern.back() == '.' || pattern.back() == 'N');
    if (!numbers_a_layer) pattern += name[i];
    if (numbers_a_layer && pattern.back() != 'N') pattern += 'N';
  }
  return pattern;
}

/// A row for every port, and one alone for those that differ in a layer's number only.
void add_ports(Table& table, const char* kind, const std::vector<PortInfo>& ports) {
  struct Row {
    std::string pattern;
    const PortInfo* first;
    std::size_t count;
  };
  std::vector<Row> rows;
  for (const PortInfo& port : ports) {
    const std::string pattern = pattern_of(port.name);
    const auto same = std::ranges::find_if(rows, [&](const Row& row) {
      return row.pattern == pattern && row.first->element_type == port.element_type &&
             row.first->shape == port.shape;
    });
    if (same != rows.end()) {
      ++same->count;
    } else {
      rows.push_back({pattern, &port, 1});
    }
  }
  for (const Row& row : rows) {
    table.add({kind, cell(row.count > 1 ? row.pattern : row.first->name),
               cell(row.first->element_type), cell(row.first->shape),
               row.count > 1 ? fmt::format("{} of them", row.count) : ""});
  }
}

std::string group_text(std::int64_t group_size) {
  if (group_size == 0) return "";
  return group_size < 0 ? "one scale a row" : fmt::format("groups of {}", group_size);
}

std::string constants_table(const GraphInfo& graph) {
  std::uint64_t all = 0;
  for (const ConstantsInfo& kind : graph.constants) all += kind.bytes;
  Table table("<<>>><");
  for (const ConstantsInfo& kind : graph.constants) {
    const double percent = 100 * static_cast<double>(kind.bytes) / static_cast<double>(all);
    table.add({"  constants", cell(kind.element_type), std::to_string(kind.count),
               format_bytes(kind.bytes), fmt::format("{:.1f}%", all == 0 ? 0.0 : percent),
               group_text(kind.group_size)});
  }
  return table.text();
}

std::string graph_text(const GraphInfo& graph) {
  Table ports("<<<<>");
  add_ports(ports, "  input", graph.inputs);
  add_ports(ports, "  output", graph.outputs);
  add_ports(ports, "  state", graph.states);
  Table info("<<");
  for (const auto& [path, value] : graph.rt_info)
    info.add({"  rt_info", cell(fmt::format("{} = {}", path, value))});
  const std::string shapes = graph.dynamic_nodes == 0
                                 ? "all of static shape"
                                 : fmt::format("{} of dynamic shape", graph.dynamic_nodes);
  return fmt::format("{}: graph {}, {} nodes, {}, KV cache {}\n{}{}{}", cell(graph.file.string()),
                     cell(graph.name), graph.nodes, shapes, graph.kv_layout, ports.text(),
                     constants_table(graph), info.text());
}

Action declare_inspect(CLI::App& app) {
  auto path = std::make_shared<std::filesystem::path>();
  app.add_option("path", *path, "Folder with OpenVINO IR, or one XML file")->required();
  return [path] {
    const InspectReport report = inspect(*path);
    for (const GraphInfo& graph : report.graphs) print_result(graph_text(graph));
    if (report.faults.empty()) return;
    for (const std::string& fault : report.faults) warning(fault);
    throw Error(ErrorCode::input, fmt::format("{} of the graphs in {} cannot be used as they are.",
                                              report.faults.size(), path->string()));
  };
}

const Registered inspect_command{
    {"inspect", "Print what OpenVINO IR holds, whoever made it", declare_inspect}};

}  // namespace
}  // namespace ovbake::cli
