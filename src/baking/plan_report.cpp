#include "baking/plan_report.hpp"

#include <algorithm>
#include <concepts>

#include "architecture/text_part.hpp"
#include "baking/options.hpp"
#include "base/error.hpp"
#include "base/system_error.hpp"
#include "inspect/npu_rules.hpp"

namespace ovbake {
namespace {

/// Share of the projections' elements that no backup precision and no fallback took.
double ratio_reached(const CompressionPlan& plan) {
  double all = 0;
  double primary = 0;
  for (const PlannedTensor& planned : plan.tensors) {
    if (planned.tensor.role != Role::projection) continue;
    const auto elements = static_cast<double>(element_count(planned.tensor.shape));
    all += elements;
    if (planned.format == plan.primary) primary += elements;
  }
  return all == 0 ? 1 : primary / all;
}

/// Fills in a line for each kind of weight that the device refuses or takes badly.
void ask_npu(const CompressionPlan& plan, PlanReport& report) {
  WeightKinds kinds;
  for (const PlannedTensor& planned : plan.tensors) {
    if (planned.constants.size() == 1) continue;  // no scale: not compressed
    kinds.add({planned.codes().type.name, planned.weight.group_size}, planned.tensor.name);
  }
  for (const auto& [first, count, refused, text] : kinds.ask_npu()) {
    const std::string others = count == 1 ? "" : fmt::format(" and {} others", count - 1);
    (refused ? report.refusals : report.warnings)
        .push_back(fmt::format("{}{}: {}", first, others, text));
  }
}

/// Sums up what the mixers keep, in f32.
void count_states(const Decoder& decoder, PlanReport& report) {
  // The alternatives of a mixer convert to one and must not be counted again.
  walk(decoder, [&]<std::same_as<Mixer> Visited>(const Visited& mixer) {
    for (const State& state : states(mixer)) {
      const std::uint64_t bytes = byte_count(element::f32, state.shape);
      (grows(state.kind) ? report.cache_bytes_per_token : report.state_bytes) += bytes;
    }
  });
}

/// Lengths that the model has no room for, and keys that the bake goes without.
std::vector<std::string> notes(const Decoder& decoder, const BakeOptions& options,
                               const BakeOptions& asked) {
  std::vector<std::string> result;
  const bool is_cut = !asked.max_prompt_len || !asked.min_response_len;
  if (options.graphs == Graphs::static_pair && is_cut && decoder.max_positions &&
      *decoder.max_positions < 2 * kUsualLength) {
    result.push_back(
        fmt::format("the model has {} positions: max_prompt_len is {}, min_response_len {}",
                    *decoder.max_positions, *options.max_prompt_len, *options.min_response_len));
  }
  if (!options.ignore_config_keys.empty()) {
    result.push_back(fmt::format(
        "baked as if config.json had no {}, as --ignore_config_keys says; what the model computes "
        "may differ from what was published",
        fmt::join(options.ignore_config_keys, ", ")));
  }
  return result;
}

}  // namespace

std::uint64_t int4_bytes(const CompressionPlan& plan) {
  std::uint64_t bytes = 0;
  for (const PlannedTensor& planned : plan.tensors) {
    if (planned.codes().type.bits != 4) continue;
    for (const PlannedConstant& constant : planned.constants) bytes += constant.bytes;
  }
  return bytes;
}

PlanReport report(const Decoder& decoder, const CompressionPlan& plan, const BakeOptions& options,
                  const BakeOptions& asked) {
  PlanReport result{.model_type = decoder.model_type,
                    .tensors = {},
                    .ignored_tensors = plan.ignored,
                    .weight_bytes = plan.weight_bytes,
                    .notes = notes(decoder, options, asked)};
  for (const PlannedTensor& planned : plan.tensors) {
    TensorPlan tensor{.name = planned.tensor.name,
                      .shape = planned.tensor.shape,
                      .source_dtype = planned.storage.dtype(),
                      .format = std::string(planned.format->name),
                      .group_size = planned.weight.group_size,
                      .source_bytes = planned.storage.bytes,
                      .remark = planned.remark};
    for (const PlannedConstant& constant : planned.constants) tensor.output_bytes += constant.bytes;
    result.source_bytes += tensor.source_bytes;
    result.tensors.push_back(std::move(tensor));
  }
  result.int4_share =
      static_cast<double>(int4_bytes(plan)) / static_cast<double>(plan.weight_bytes);
  result.ratio = ratio_reached(plan);
  count_states(decoder, result);
  if (options.target == Target::npu) ask_npu(plan, result);
  if (decoder.dense_positions) {
    result.warnings.push_back(fmt::format(
        "its attention is that of the model up to {} positions; beyond them the model would choose "
        "{} for each query, and the graphs attend to all",
        *decoder.dense_positions, *decoder.dense_positions));
  }
  if (options.compression.awq &&
      std::ranges::none_of(plan.tensors, [](const auto& t) { return t.awq.has_value(); })) {
    result.warnings.emplace_back(
        "--awq changes nothing: no projection of at most 4 bits reads an activation or a product "
        "that AWQ knows");
  }
  return result;
}

void warn_of_what_is_left_out(const Checkpoint& checkpoint, PlanReport& report) {
  const Config& config = checkpoint.config();
  if (const auto modalities = other_modalities(config); !modalities.empty()) {
    report.warnings.push_back(fmt::format("of {} the language model alone is baked: it takes no {}",
                                          config.text("model_type"),
                                          fmt::join(modalities, " and no ")));
  }
  if (const auto& files = checkpoint.absent_files(); !files.empty()) {
    report.warnings.push_back(fmt::format(
        "the index of shards names {}, which is not there; the model needs nothing of it",
        join_quoted(files)));
  }
}

void require_target(const PlanReport& report) {
  if (report.refusals.empty()) return;
  throw error_with_list(ErrorCode::usage,
                        "An NPU would refuse this; --target any bakes it all the same:\n  {}.",
                        fmt::join(report.refusals, "\n  "));
}

}  // namespace ovbake
