#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <unordered_map>

#include <ovbake/ovbake.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/folder.hpp"
#include "base/state_names.hpp"
#include "base/text.hpp"
#include "inspect/weight_groups.hpp"
#include "reader/element_types.hpp"
#include "reader/ir_reader.hpp"
#include "verify/verify.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

/// "[1, ?, 4]" of "1,?,4", as Parameter and ReadValue layers spell a shape.
std::string with_brackets(std::string_view shape) {
  std::string text = "[";
  for (const char c : shape) {
    if (c == ',') text += ", ";
    if (c != ',' && c != ' ') text += c;
  }
  return text + "]";
}

/// That are told of one graph.
constexpr std::size_t kMostFaults = 10;

class Inspection {
 public:
  explicit Inspection(fs::path file) { graph_.file = std::move(file); }

  void run(const File& xml) {
    graph_.name = read_ir(xml, {.layer = [this](const IrLayer& layer) { visit(layer); },
                                .edge = [this](const IrEdge& edge) { visit(edge); },
                                .rt_info =
                                    [this](std::string_view path, std::string_view value) {
                                      graph_.rt_info.emplace_back(path, value);
                                    }});
    for (Result& result : results_) {
      if (result.port.name.empty()) result.port.name = tensor_names_[result.source];
      if (result.port.name.empty()) result.port.name = result.layer;
      graph_.outputs.push_back(std::move(result.port));
    }
    summarize_constants();
    graph_.kv_layout = kv_layout();
  }

  const GraphInfo& graph() const { return graph_; }
  /// A sentence for each constant that cannot be what it says.
  const std::vector<std::string>& faults() const { return faults_; }
  /// One past the last byte of .bin that a constant takes.
  std::uint64_t bin_end() const { return bin_end_; }

 private:
  struct Constant {
    std::string layer_id;
    std::size_t depth;
    IrConstant value;
  };
  struct Result {
    std::string id, layer, source;  ///< The layer and port whose tensor it returns: "7:1".
    PortInfo port;
  };

  static std::string address(std::string_view layer, std::string_view port) {
    return fmt::format("{}:{}", layer, port);
  }

  void visit(const IrLayer& layer) {
    ++graph_.nodes;
    graph_.dynamic_nodes += !std::ranges::all_of(layer.outputs, &IrPort::is_static);
    groups_.add(layer);
    if (layer.constant) return add_constant(layer);
    if (layer.depth > 0) return;
    for (const IrPort& port : layer.outputs) {
      if (!port.names.empty()) tensor_names_[address(layer.id, port.id)] = port.names;
    }
    if (layer.type == "Parameter") add_input(layer);
    if (layer.type == "Result") add_result(layer);
    if (layer.type == "ReadValue") add_state(layer);
  }

  void visit(const IrEdge& edge) {
    groups_.add(edge);
    const auto result = std::ranges::find(results_, edge.to_layer, &Result::id);
    if (result != results_.end()) result->source = address(edge.from_layer, edge.from_port);
  }

  void add_constant(const IrLayer& layer) {
    const IrConstant& constant = *layer.constant;
    check_size(layer.name, constant);
    if (!taken_.emplace(constant.offset, constant.bytes).second) return;
    constants_.push_back({layer.id, layer.depth, constant});
    std::uint64_t end = 0;
    if (__builtin_add_overflow(constant.offset, constant.bytes, &end)) end = UINT64_MAX;
    bin_end_ = std::max(bin_end_, end);
  }

  void check_size(const std::string& name, const IrConstant& constant) {
    const IrElementType* type = find_element_type(constant.element_type);
    if (type == nullptr) return;  // "string" has no fixed width
    std::uint64_t bytes = 0;
    try {
      bytes = byte_count(type->type, constant.shape);
    } catch (const Error&) {
    }
    if (bytes == constant.bytes || faults_.size() > kMostFaults) return;
    faults_.push_back(fmt::format("{}: {} is {}{}, which takes {} bytes, and is given {}.",
                                  graph_.file.string(), quote(name), constant.element_type,
                                  to_string(constant.shape), bytes, constant.bytes));
  }

  void add_input(const IrLayer& layer) {
    const bool named = !layer.outputs.empty() && !layer.outputs[0].names.empty();
    graph_.inputs.push_back({.name = named ? layer.outputs[0].names : layer.name,
                             .element_type = std::string(layer.attribute("element_type")),
                             .shape = with_brackets(layer.attribute("shape"))});
  }

  void add_result(const IrLayer& layer) {
    PortInfo port{.name = std::string(layer.attribute("output_names")),
                  .element_type = layer.inputs.empty() ? "" : layer.inputs[0].element_type,
                  .shape = layer.inputs.empty() ? "" : to_text(layer.inputs[0])};
    results_.push_back({layer.id, layer.name, "", std::move(port)});
  }

  void add_state(const IrLayer& layer) {
    graph_.states.push_back({.name = std::string(layer.attribute("variable_id")),
                             .element_type = std::string(layer.attribute("variable_type")),
                             .shape = with_brackets(layer.attribute("variable_shape"))});
  }

  void summarize_constants() {
    std::map<std::pair<std::string, std::int64_t>, ConstantsInfo> kinds;
    for (const Constant& constant : constants_) {
      const auto weight =
          constant.depth == 0 ? groups_.storage(constant.layer_id, constant.value) : std::nullopt;
      const std::int64_t group = weight ? weight->group_size : 0;
      ConstantsInfo& kind = kinds[{constant.value.element_type, group}];
      kind.element_type = constant.value.element_type;
      kind.group_size = group;
      kind.count += 1;
      kind.bytes += constant.value.bytes;
    }
    for (auto& [key, kind] : kinds) graph_.constants.push_back(std::move(kind));
    std::ranges::stable_sort(graph_.constants, std::ranges::greater{}, &ConstantsInfo::bytes);
  }

  std::string kv_layout() const {
    const auto is_past = [](const PortInfo& port) { return names_of_input(port.name).has_value(); };
    const auto is_present = [](const PortInfo& port) {
      return port.name.starts_with("present") || port.name.starts_with("cache_params.present");
    };
    // Tokenizers have states too; keys and values are [batch, heads, positions, head_dim].
    const auto is_cache = [](const PortInfo& state) {
      return std::ranges::count(state.shape, ',') == 3;
    };
    if (std::ranges::any_of(graph_.states, is_cache)) return "stateful";
    return std::ranges::any_of(graph_.inputs, is_past) ||
                   std::ranges::any_of(graph_.outputs, is_present)
               ? "explicit"
               : "none";
  }

  GraphInfo graph_;
  std::vector<std::string> faults_;
  WeightGroups groups_;
  std::vector<Constant> constants_;
  std::set<std::pair<std::uint64_t, std::uint64_t>> taken_;
  std::vector<Result> results_;
  std::unordered_map<std::string, std::string> tensor_names_;  ///< By address.
  std::uint64_t bin_end_ = 0;
};

void append_xml_files(const fs::path& folder, std::vector<fs::path>& files) {
  for (const std::string& name : names_in(folder)) {
    if (fs::path(name).extension() == ".xml") files.push_back(folder / name);
  }
}

/// Those of a folder and of the folders in it, or the one file that `path` is.
std::vector<fs::path> xml_files(const fs::path& path) {
  if (!is_folder(path)) return {path};
  std::vector<fs::path> files;
  append_xml_files(path, files);
  for (const std::string& name : names_in(path)) {
    if (is_folder(path / name) && !is_link(path / name)) {
      append_xml_files(path / name, files);
    }
  }
  std::ranges::sort(files);
  return files;
}

/// The folder that a bake made and `path` is or lies in; empty where there is none.
fs::path baked_folder(const fs::path& path) {
  const fs::path folder = is_folder(path) ? path : path.parent_path();
  for (const fs::path& place : {folder, folder / ".."}) {
    if (is_there(place / "bake.json")) return place;
  }
  return {};
}

/// Empty where the .bin beside `xml` holds every constant.
std::string fault_of_bin(const fs::path& xml, std::uint64_t needed) {
  if (needed == 0) return "";
  const fs::path bin = fs::path(xml).replace_extension(".bin");
  if (!is_file(bin)) {
    return fmt::format("{} needs {}, which is not there.", xml.string(), bin.string());
  }
  const std::uint64_t size = file_bytes(bin);
  if (size >= needed) return "";
  return fmt::format(
      "{} has {} bytes and {} needs {}; it was cut short, so fetch or make it again.", bin.string(),
      size, xml.string(), needed);
}

}  // namespace

InspectReport inspect(const fs::path& path) {
  InspectReport report;
  const std::vector<fs::path> files = xml_files(path);
  for (const fs::path& file : files) {
    try {
      const fs::path name = file == path ? file.filename() : file.lexically_relative(path);
      Inspection inspection(name);
      inspection.run(File::open(file));
      report.graphs.push_back(inspection.graph());
      std::ranges::copy(inspection.faults(), std::back_inserter(report.faults));
      const std::string fault = fault_of_bin(file, inspection.bin_end());
      if (!fault.empty()) report.faults.push_back(fault);
    } catch (const Error& error) {
      if (files.size() == 1 || error.code() != ErrorCode::input) throw;
      report.faults.emplace_back(error.what());
    }
  }
  if (const fs::path baked = baked_folder(path); !baked.empty()) {
    std::ranges::move(faults_beside_weights(baked), std::back_inserter(report.faults));
  }
  if (report.graphs.empty()) {
    throw input_error("{} holds no OpenVINO IR: no *.xml in it or in its folders could be read{}",
                      path.string(), report.faults.empty() ? "." : ": " + report.faults.front());
  }
  return report;
}

}  // namespace ovbake
