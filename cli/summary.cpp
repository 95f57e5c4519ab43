#include "summary.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>

#include <spdlog/fmt/fmt.h>
#include <spdlog/fmt/ostr.h>

#include "console.hpp"
#include "table.hpp"

namespace ovbake::cli {
namespace {

std::string format_name(const TensorPlan& tensor) {
  return tensor.group_size > 0 ? fmt::format("{} g{}", tensor.format, tensor.group_size)
                               : tensor.format;
}

/// "210 int4_sym g64, 1 int8_asym, 61 f32".
std::string format_counts(const PlanReport& plan) {
  std::map<std::string, std::size_t> counts;
  for (const TensorPlan& tensor : plan.tensors) ++counts[format_name(tensor)];
  std::vector<std::string> parts;
  for (const auto& [name, count] : counts) parts.push_back(fmt::format("{} {}", count, name));
  return fmt::format("{}", fmt::join(parts, ", "));
}

/// "24 tensors: 22 computed from config.json, 2 another head than lm_head".
std::string left_out(const PlanReport& plan) {
  std::map<std::string, std::size_t> counts;
  for (const IgnoredTensor& tensor : plan.ignored_tensors) ++counts[tensor.why];
  std::vector<std::string> parts;
  for (const auto& [why, count] : counts) parts.push_back(fmt::format("{} {}", count, why));
  return fmt::format("{} tensors: {}", plan.ignored_tensors.size(), fmt::join(parts, ", "));
}

double percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

/// High-water mark of this program's own memory; getrusage would count the parent's from before
/// exec.
std::uint64_t peak_memory_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stoull(line.substr(6)) * 1024;
  }
  return 0;
}

/// Every stage with its time. Publishing, which is the disk's work and not ours, stands apart.
std::string stage_times(const std::vector<StageTime>& stages) {
  double total = 0;
  std::string apart;
  std::vector<std::string> parts;
  for (const auto& [stage, seconds] : stages) {
    if (stage == "publish") {
      apart = fmt::format(", then {} to publish (fsync)", format_seconds(seconds));
    } else {
      total += seconds;
      parts.push_back(fmt::format("{} {:.2f}", stage, seconds));
    }
  }
  return fmt::format("{} ({}){}", format_seconds(total), fmt::join(parts, ", "), apart);
}

/// "KV cache 92160 bytes a token, states 4096 bytes", as f32 numbers of one sequence.
std::string kept_bytes(const PlanReport& plan) {
  const std::string cache = fmt::format("KV cache {} bytes a token", plan.cache_bytes_per_token);
  return plan.state_bytes == 0 ? cache
                               : fmt::format("{}, states {} bytes", cache, plan.state_bytes);
}

/// A line each, and one of what config.json says in vain.
std::string notes(const PlanReport& plan) {
  std::string text;
  for (const std::string& line : plan.notes) text += fmt::format("note: {}\n", line);
  if (plan.ignored_config_keys.empty()) return text;
  return text + fmt::format("keys of config.json that nothing reads: {}\n",
                            fmt::join(plan.ignored_config_keys, ", "));
}

/// What the target says of the plan.
std::string verdict(const PlanReport& plan) {
  if (plan.refusals.empty() && plan.warnings.empty()) return "target: nothing to say against it";
  std::string text = "target:";
  for (const std::string& line : plan.refusals) text += "\n  refused: " + line;
  for (const std::string& line : plan.warnings) text += "\n  warning: " + line;
  return text;
}

/// The commands to type next, with the real paths.
std::string how_to_use(const BakeOptions& options) {
  const std::string out = std::filesystem::absolute(options.output_dir).lexically_normal().string();
  std::string text = fmt::format("Baked and verified: {}\nNow:\n", out);
  switch (options.graphs) {
    case Graphs::static_pair:
      return text + fmt::format(
                        "  ovbake run {} --prompt \"Once upon a time\"\n"
                        "  LLMPipeline(\"{}/genai\", \"NPU\")",
                        out, out);
    case Graphs::stateful:
      return text + fmt::format(
                        "  LLMPipeline(\"{}\", \"CPU\")\n"
                        "  OVModelForCausalLM.from_pretrained(\"{}\")",
                        out, out);
    default:
      return text + fmt::format("  openvino.Core().compile_model(\"{}/openvino_model.xml\")", out);
  }
}

}  // namespace

std::string plan_table(const PlanReport& plan) {
  Table table("<<<<><");
  table.add({"tensor", "shape", "source", "becomes", "bytes", ""});
  for (const TensorPlan& tensor : plan.tensors) {
    table.add({tensor.name, fmt::format("[{}]", fmt::join(tensor.shape, ", ")), tensor.source_dtype,
               format_name(tensor), std::to_string(tensor.output_bytes), tensor.remark});
  }
  const std::string ignored =
      plan.ignored_tensors.empty() ? "" : fmt::format("\nleft out {}", left_out(plan));
  return fmt::format(
      "{}\n{} model, {} tensors: {}{}\nsource {} bytes, openvino_model.bin {} bytes ({:.1f}%), "
      "{:.1f}% of them INT4\nratio {:.3f} of the projections' elements\n{} (f32)\n"
      "peak memory at most {}\n{}{}",
      table.text(), plan.model_type, plan.tensors.size(), format_counts(plan), ignored,
      plan.source_bytes, plan.weight_bytes, percent(plan.weight_bytes, plan.source_bytes),
      100 * plan.int4_share, plan.ratio, kept_bytes(plan), format_bytes(plan.peak_memory),
      notes(plan), verdict(plan));
}

std::string bake_summary(const BakeReport& report, const BakeOptions& options) {
  const PlanReport& plan = report.plan;
  Table table("<<");
  table.add({"tensors", fmt::format("{}: {}", plan.tensors.size(), format_counts(plan))});
  if (!plan.ignored_tensors.empty()) table.add({"left out", left_out(plan)});
  if (report.kept_tensors > 0) {
    table.add({"resumed", fmt::format("{} tensors were whole already", report.kept_tensors)});
  }
  table.add({"before", format_bytes(plan.source_bytes)});
  table.add({"after", fmt::format("{} ({:.1f}%)", format_bytes(report.output_bytes),
                                  percent(report.output_bytes, plan.source_bytes))});
  table.add({"INT4 share", fmt::format("{:.1f}% of the weights' bytes", 100 * plan.int4_share)});
  table.add({"peak memory", format_bytes(peak_memory_bytes())});
  table.add({"time", stage_times(report.stages)});
  for (const std::string& line : plan.notes) table.add({"note", line});
  return fmt::format("{}\n{}", table.text(), how_to_use(options));
}

}  // namespace ovbake::cli
