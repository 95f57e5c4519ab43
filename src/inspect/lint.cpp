// What the readers of an exported language model would stumble over. Each check is one function.
#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include <ovbake/ovbake.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/folder.hpp"
#include "base/json.hpp"
#include "base/template_tokens.hpp"
#include "base/text.hpp"
#include "inspect/npu_rules.hpp"
#include "inspect/weight_groups.hpp"
#include "reader/ir_reader.hpp"

namespace ovbake {
namespace {

namespace fs = std::filesystem;

/// What must be known of a graph beyond its GraphInfo.
class Nodes {
 public:
  explicit Nodes(const File& xml) {
    read_ir(xml, {.layer = [this](const IrLayer& layer) { add(layer); },
                  .edge = [this](const IrEdge& edge) { add(edge); },
                  .rt_info = {}});
  }

  WeightKinds weights() const {
    WeightKinds kinds;
    for (const Constant& constant : constants_) {
      if (const auto storage = groups_.storage(constant.layer_id, constant.value)) {
        kinds.add(*storage, constant.name);
      }
    }
    return kinds;
  }

  /// Types of the nodes from the first output up to a MatMul, through the inputs at port 0, and
  /// through port 1 where an Add has its MatMul there: "Multiply(Tanh(Divide(MatMul))".
  std::string tail() const {
    constexpr int kLongestTail = 5;
    std::string text;
    std::string at = source_of(result_, "0");
    for (int step = 0; step < kLongestTail && !at.empty(); ++step) {
      const std::string type = type_of(at);
      text += text.empty() ? type : "(" + type;
      if (type == "MatMul") break;
      const std::string first = source_of(at, "0");
      const std::string second = source_of(at, "1");
      const bool swapped = type == "Add" && type_of(second) == "MatMul";
      at = swapped ? second : first;
    }
    return text;
  }

 private:
  struct Constant {
    std::string layer_id, name;
    IrConstant value;
  };

  void add(const IrLayer& layer) {
    groups_.add(layer);
    if (layer.depth > 0) return;
    types_.emplace(layer.id, layer.type);
    if (layer.constant) constants_.push_back({layer.id, layer.name, *layer.constant});
    if (layer.type == "Result" && result_.empty()) result_ = layer.id;
  }
  void add(const IrEdge& edge) {
    groups_.add(edge);
    sources_[std::string(edge.to_layer)][std::string(edge.to_port)] = edge.from_layer;
  }

  /// Empty for a layer that an edge names and that is not there.
  std::string type_of(const std::string& layer) const {
    const auto found = types_.find(layer);
    return found == types_.end() ? "" : found->second;
  }

  std::string source_of(const std::string& layer, const std::string& port) const {
    const auto ports = sources_.find(layer);
    if (ports == sources_.end()) return "";
    const auto source = ports->second.find(port);
    return source == ports->second.end() ? "" : source->second;
  }

  WeightGroups groups_;
  std::vector<Constant> constants_;
  std::unordered_map<std::string, std::string> types_;
  std::unordered_map<std::string, std::map<std::string, std::string>> sources_;
  std::string result_;
};

std::optional<std::string> rt_info(const GraphInfo& graph, std::string_view path) {
  const auto found = std::ranges::find(
      graph.rt_info, path, [](const auto& entry) { return std::string_view(entry.first); });
  return found == graph.rt_info.end() ? std::nullopt : std::optional(found->second);
}

bool has_input(const GraphInfo& graph, std::string_view name) {
  return std::ranges::any_of(graph.inputs, [&](const PortInfo& input) {
    return (',' + input.name + ',').find(',' + std::string(name) + ',') != std::string::npos;
  });
}

bool is_static(const std::vector<PortInfo>& ports) {
  return std::ranges::none_of(ports, [](const PortInfo& port) {
    return port.shape.find_first_of("?.") != port.shape.npos;
  });
}

/// That of the first output, such as 32000 of "[?, ?, 32000]"; 0 where it is not known.
std::int64_t last_dimension(const std::vector<PortInfo>& outputs) {
  if (outputs.empty()) return 0;
  const std::string& shape = outputs.front().shape;
  const std::size_t begin = shape.find_last_of(" [");
  std::int64_t dimension = 0;
  if (begin != shape.npos)
    std::from_chars(&shape[begin + 1], shape.data() + shape.size(), dimension);
  return dimension;
}

/// What the files of a tokenizer in `folder` list as tokens that are cut out of a text.
std::set<std::string> added_tokens(const fs::path& folder) {
  std::set<std::string> tokens;
  const auto read = [&](const char* name) {
    return is_there(folder / name) ? read_json(folder / name) : Json::object();
  };
  const auto add = [&](const Json& token) {
    if (token.is_string()) tokens.insert(token.get<std::string>());
    if (token.is_object()) tokens.insert(token.value("content", std::string()));
  };
  for (const char* name : {"tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"}) {
    const Json members = read(name);
    for (const auto& [key, value] : members.items()) {
      const bool lists = key.starts_with("added_tokens") || key.ends_with("special_tokens");
      if (lists && value.is_structured()) std::ranges::for_each(value, add);
      if (key.ends_with("_token")) add(value);
    }
  }
  const Json listed = read("added_tokens.json");
  for (const auto& [token, id] : listed.items()) tokens.insert(token);
  return tokens;
}

class Linter {
 public:
  Linter(fs::path folder, Target target) : folder_(std::move(folder)), target_(target) {}

  LintReport run() {
    const InspectReport inspected = inspect(folder_);
    report_.faults = inspected.faults;
    for (const GraphInfo& graph : inspected.graphs) {
      if (!has_input(graph, "input_ids")) continue;
      check_shapes(graph);
      check_compression(graph);
      if (graph.kv_layout == "stateful") check_companions(graph, inspected.graphs);
    }
    return std::move(report_);
  }

 private:
  template <typename... Args>
  void fault(const GraphInfo& graph, fmt::format_string<Args...> format, Args&&... args) {
    report_.faults.push_back(fmt::format("{}: {}.", graph.file.string(),
                                         fmt::format(format, std::forward<Args>(args)...)));
  }
  template <typename... Args>
  void warn(const GraphInfo& graph, fmt::format_string<Args...> format, Args&&... args) {
    report_.warnings.push_back(fmt::format("{}: {}.", graph.file.string(),
                                           fmt::format(format, std::forward<Args>(args)...)));
  }

  void check_shapes(const GraphInfo& graph) {
    if (graph.dynamic_nodes == 0) return;
    if (is_static(graph.inputs)) {
      fault(
          graph,
          "every input is of static shape but {} nodes are not, so it loads and fails at the first "
          "prompt; export it without reshaping, or bake a static pair",
          graph.dynamic_nodes);
    } else if (target_ == Target::npu && graph.kv_layout != "stateful") {
      fault(
          graph,
          "it is dynamic and keeps no state, which neither LLMPipeline nor the compiler of an NPU "
          "takes; export it stateful, or bake a static pair");
    }
  }

  void check_compression(const GraphInfo& graph) {
    const Nodes nodes(File::open(folder_ / graph.file));
    const WeightKinds weights = nodes.weights();
    if (target_ == Target::npu) {
      for (const auto& [first, count, refused, text] : weights.ask_npu()) {
        const std::string line = fmt::format("{} ({} such weights): {}", first, count, text);
        refused ? fault(graph, "{}", line) : warn(graph, "{}", line);
      }
    }
    if (graph.kv_layout != "stateful") return;
    if (!weights.empty() && !rt_info(graph, "nncf/weight_compression/mode")) {
      warn(graph,
           "rt_info has no nncf/weight_compression/mode though weights are compressed, so "
           "optimum-intel would compress them again");
    }
    constexpr auto kKnownTails = std::to_array<std::string_view>(
        {"MatMul", "Add(MatMul", "Transpose(MatMul", "Multiply(Tanh(Divide(MatMul"});
    if (const std::string tail = nodes.tail();
        std::ranges::find(kKnownTails, tail) == kKnownTails.end()) {
      warn(graph,
           "its logits come from {}, which GenAI does not know as an lm_head, so it computes "
           "them for every token of a prompt",
           tail);
    }
  }

  /// Beside a stateful graph LLMPipeline wants a tokenizer that says what the configs say.
  void check_companions(const GraphInfo& graph, const std::vector<GraphInfo>& graphs) {
    const fs::path folder = graph.file.parent_path();
    const GraphInfo* tokenizer = nullptr;
    for (const char* name : {"openvino_detokenizer.xml", "openvino_tokenizer.xml"}) {
      const auto found = std::ranges::find(graphs, folder / name, &GraphInfo::file);
      if (found == graphs.end()) {
        fault(graph,
              "there is no {} beside it, so LLMPipeline cannot load it; make it with `ovbake "
              "tokenizer`",
              name);
        return;
      }
      tokenizer = &*found;
    }
    check_eos(*tokenizer);
    check_template(*tokenizer);
    check_ids(graph, folder / "openvino_detokenizer.xml");
    check_tokens_of_template(*tokenizer);
  }

  /// The detokenizer has a string for every id; the logits have a column for every row of the
  /// embedding.
  void check_ids(const GraphInfo& graph, const fs::path& detokenizer) {
    std::int64_t ids = 0;
    read_ir(File::open(folder_ / detokenizer),
            {.layer =
                 [&](const IrLayer& layer) {
                   if (layer.type != "VocabDecoder" || layer.inputs.size() < 2) return;
                   const Shape& strings = layer.inputs[1].shape;
                   if (strings.size() == 1) ids = strings[0];
                 },
             .edge = {},
             .rt_info = {}});
    const std::int64_t columns = last_dimension(graph.outputs);
    if (columns <= 0 || ids <= columns) return;
    warn(
        graph,
        "the tokenizer beside it has {} ids and the logits {} columns, so an id of {} or more gives "
        "nonsense; take the tokenizer that the model was trained with",
        ids, columns, columns);
  }

  void check_tokens_of_template(const GraphInfo& tokenizer) {
    const auto chat_template = rt_info(tokenizer, "chat_template");
    const std::set<std::string> known = added_tokens(folder_ / tokenizer.file.parent_path());
    if (!chat_template || known.empty()) return;
    std::vector<std::string> unknown;
    for (const std::string& token : tokens_written_by(*chat_template)) {
      if (!known.contains(token)) unknown.push_back(quote(token));
    }
    if (unknown.empty()) return;
    warn(
        tokenizer,
        "the chat template writes {}, which the tokenizer does not know as one token but cuts into "
        "pieces; see whether the template is of another model",
        join_some(unknown));
  }

  void check_eos(const GraphInfo& tokenizer) {
    const auto eos = rt_info(tokenizer, "eos_token_id");
    if (!eos)
      return warn(tokenizer, "rt_info has no eos_token_id, so GenAI guesses where texts end");
    const fs::path file = folder_ / tokenizer.file.parent_path() / "generation_config.json";
    if (!is_there(file)) return;
    const Json config = read_json(file);
    if (!config.is_object() || !config.contains("eos_token_id")) return;
    const Json& ids = config["eos_token_id"];
    const bool agrees =
        ids.is_array() ? std::ranges::any_of(ids, [&](const Json& id) { return id.dump() == *eos; })
                       : ids.dump() == *eos;
    if (!agrees) {
      fault(tokenizer, "its eos_token_id is {} and that of {} is {}; one of them never ends a text",
            *eos, file.filename().string(), ids.dump());
    }
  }

  void check_template(const GraphInfo& tokenizer) {
    const fs::path file = folder_ / tokenizer.file.parent_path() / "chat_template.jinja";
    const auto stored = rt_info(tokenizer, "chat_template");
    if (!stored || !is_there(file)) return;
    if (*stored != read_text(file, kMaxChatTemplateBytes)) {
      fault(tokenizer,
            "the chat_template in its rt_info is not that of {}; GenAI takes the one in "
            "rt_info, other readers the file",
            file.filename().string());
    }
  }

  fs::path folder_;
  Target target_;
  LintReport report_;
};

}  // namespace

LintReport lint(const fs::path& folder, Target target) {
  if (!is_folder(folder)) {
    throw input_error("{} is no folder; give the folder of an exported model.", folder.string());
  }
  return Linter(folder, target).run();
}

}  // namespace ovbake
