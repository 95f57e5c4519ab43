#include "compression/planner.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <unordered_set>
#include <utility>

#include "base/error.hpp"
#include "base/system_error.hpp"
#include "compression/awq.hpp"
#include "compression/recipe.hpp"
#include "weights/inventory.hpp"

namespace ovbake {
namespace {

/// The smallest group that the fallback "adjust" may choose.
constexpr std::int64_t kMinAdjustedGroupSize = 32;

/// The format that keeps a value as it is once it has been cast.
const WeightFormat& uncompressed(const PlannedTensor& planned) {
  if (planned.tensor.role == Role::vector) return find_format("f32");
  if (planned.cast_dtype == "BF16") return find_format("bf16");
  return find_format(planned.cast_dtype == "F16" ? "f16" : "f32");
}

void set_format(PlannedTensor& planned, const WeightFormat& format, std::int64_t group_size) {
  planned.format = &format;
  planned.weight.group_size = group_size;
}

void set_backup(PlannedTensor& planned, const Recipe& recipe, std::string remark) {
  if (recipe.backup == nullptr) {
    set_format(planned, uncompressed(planned), -1);
  } else {
    set_format(planned, *recipe.backup, recipe.backup_group_size);
  }
  planned.remark = std::move(remark);
}

std::vector<PlannedTensor> uncompressed_tensors(const std::vector<InventoryItem>& items,
                                                const Config& config) {
  const std::optional<std::string> cast = cast_dtype(config);
  std::vector<PlannedTensor> tensors;
  for (const InventoryItem& item : items) {
    PlannedTensor& planned = tensors.emplace_back();
    planned.tensor = item.tensor;
    planned.storage = item.storage;
    planned.cast_dtype =
        cast.value_or(std::string(item.storage.encoding->loaded_as(item.storage.stored_dtype())));
    planned.exported_dtype = planned.cast_dtype;
    planned.weight.shape = item.tensor.shape;
    set_format(planned, uncompressed(planned), -1);
  }
  return tensors;
}

/// The exporter computes mixtures in float32, and folds their weights to that.
void fold_mixtures(const Decoder& decoder, std::vector<PlannedTensor>& tensors) {
  std::unordered_set<std::string_view> gates;
  walk(decoder,
       [&](const MixtureOfExperts& mixture) { gates.insert(gate_of(mixture.router).weight.name); });
  for (PlannedTensor& planned : tensors) {
    const bool is_stack = !planned.tensor.layouts.empty();
    if (is_stack || gates.contains(planned.tensor.name)) planned.exported_dtype = "F32";
  }
}

std::int64_t largest_power_of_two_dividing(std::int64_t number) { return number & -number; }

/// Gives a weight the primary format in groups that divide its rows, or whatever the fallback says.
/// Returns false where it is left out of the set that `ratio` is about.
bool set_primary(PlannedTensor& planned, const Recipe& recipe) {
  const std::int64_t wanted = recipe.primary_group_size;
  const std::int64_t columns = planned.weight.columns();
  const bool as_asked = recipe.fallback == GroupSizeFallback::error ||
                        (recipe.fallback == GroupSizeFallback::adjust &&
                         recipe.primary->groups == WeightFormat::Groups::fixed);
  if (wanted == -1 || columns % wanted == 0 || as_asked) {
    set_format(planned, *recipe.primary, wanted);
    return true;
  }
  if (recipe.fallback == GroupSizeFallback::ignore) {
    set_format(planned, uncompressed(planned), -1);
    planned.remark =
        fmt::format("not compressed: groups of {} do not divide {} columns", wanted, columns);
    return false;
  }
  const std::int64_t adjusted = largest_power_of_two_dividing(columns);
  if (adjusted < kMinAdjustedGroupSize) {
    set_backup(planned, recipe,
               fmt::format("backup precision: no group of {} or more that is a power of two "
                           "divides {} columns",
                           kMinAdjustedGroupSize, columns));
    return false;
  }
  set_format(planned, *recipe.primary, adjusted);
  planned.remark =
      fmt::format("group size {}: {} does not divide {} columns", adjusted, wanted, columns);
  return true;
}

/// Moves all but the least sensitive to the backup precision: in the order of their scores weights
/// stay at the primary one while their share of all elements is below the ratio.
void apply_ratio(std::vector<PlannedTensor*>& candidates, const Recipe& recipe,
                 Sensitivity& sensitivity) {
  const std::vector<double> scores = sensitivity.of(candidates);
  std::vector<std::size_t> order(candidates.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, {}, [&](std::size_t index) { return scores[index]; });

  double total = 0;
  for (const PlannedTensor* candidate : candidates) {
    total += static_cast<double>(element_count(candidate->weight.shape));
  }
  double taken = 0;
  bool room = true;
  for (const std::size_t index : order) {
    PlannedTensor& planned = *candidates[index];
    taken += static_cast<double>(element_count(planned.weight.shape));
    room = room && taken / total < recipe.ratio;
    if (!room) {
      set_backup(planned, recipe, fmt::format("backup precision: beyond ratio {}", recipe.ratio));
    }
  }
}

void check_groups(const std::vector<PlannedTensor>& tensors) {
  std::vector<std::string> lines;
  for (const PlannedTensor& planned : tensors) {
    const WeightShape& weight = planned.weight;
    if (weight.grouped() && weight.columns() % weight.group_size != 0) {
      lines.push_back(fmt::format("{} {} in groups of {}", escape(planned.tensor.name),
                                  to_string(weight.shape), weight.group_size));
    }
  }
  if (lines.empty()) return;
  throw error_with_list(
      ErrorCode::input,
      "The group size does not divide the rows of {} weights; choose another --group_size or "
      "--backup_precision, or ignore or adjust as --group_size_fallback:\n  {}.",
      lines.size(), fmt::join(lines, "\n  "));
}

/// The weights that may get the primary format, in NNCF's order; the others get theirs here.
/// Without all_layers those are the projections: NNCF leaves out the last MatMul of the graph, an
/// lm_head, unless its weight is shared or ignored and so no candidate of its own.
std::vector<PlannedTensor*> primary_candidates(std::vector<PlannedTensor>& tensors,
                                               const Recipe& recipe) {
  std::vector<PlannedTensor*> candidates;
  std::vector<PlannedTensor*> embeddings;
  for (PlannedTensor& planned : tensors) {
    const Role role = planned.tensor.role;
    if (role == Role::vector) continue;
    if (recipe.ignores(planned.tensor.name)) {
      planned.remark = "not compressed: ignored";
    } else if (role == Role::projection || recipe.all_layers) {
      (role == Role::embedding ? embeddings : candidates).push_back(&planned);
    } else {
      set_backup(
          planned, recipe,
          role == Role::embedding ? "backup precision: embedding" : "backup precision: lm_head");
    }
  }
  candidates.insert(candidates.end(), embeddings.begin(), embeddings.end());
  return candidates;
}

/// Gives every weight its format. `tensors` is in the order of computation.
void choose_formats(std::vector<PlannedTensor>& tensors, const Recipe& recipe,
                    Sensitivity& sensitivity) {
  if (recipe.uniform()) {
    for (PlannedTensor& planned : tensors) {
      if (planned.tensor.role == Role::vector || recipe.ignores(planned.tensor.name)) continue;
      set_format(planned, *recipe.primary, -1);
    }
    return;
  }
  std::vector<PlannedTensor*> candidates = primary_candidates(tensors, recipe);
  std::erase_if(candidates, [&](PlannedTensor* planned) { return !set_primary(*planned, recipe); });
  if (recipe.ratio < 1) apply_ratio(candidates, recipe, sensitivity);
  check_groups(tensors);
}

std::uint64_t aligned(std::uint64_t offset) {
  return (offset + kConstantAlignment - 1) / kConstantAlignment * kConstantAlignment;
}

/// The constants that a tensor becomes, in the order in which they are stored.
std::vector<ConstantLayout> constants_of(const PlannedTensor& planned) {
  std::vector<ConstantLayout> constants = planned.format->layout(planned.weight);
  if (planned.awq && planned.awq->multiplies_input) {
    const auto matrices = static_cast<std::int64_t>(planned.storage.matrices.size());
    constants.push_back({"/awq_mul", element::f32, {matrices, 1, planned.weight.columns()}});
  }
  return constants;
}

void lay_out(CompressionPlan& plan) {
  std::ranges::sort(plan.tensors, {},
                    [](const PlannedTensor& planned) { return planned.storage.place(); });
  for (std::size_t i = 0; i < plan.tensors.size(); ++i) {
    PlannedTensor& planned = plan.tensors[i];
    for (const ConstantLayout& layout : constants_of(planned)) {
      PlannedConstant& constant = planned.constants.emplace_back();
      constant.name = planned.tensor.name + std::string(layout.suffix);
      constant.type = layout.type;
      constant.shape = layout.shape;
      constant.offset = aligned(plan.weight_bytes);
      constant.bytes = byte_count(layout.type, layout.shape);
      plan.weight_bytes = constant.offset + constant.bytes;
    }
    plan.index_by_name.emplace(planned.tensor.name, i);
  }
}

}  // namespace

std::optional<std::string> cast_dtype(const Config& config) {
  const std::string dtype = config.text("dtype", config.text("torch_dtype", ""));
  if (dtype == "bfloat16") return "BF16";
  if (dtype == "float16") return "F16";
  return std::nullopt;
}

CompressionPlan plan_compression(const Decoder& decoder, const Checkpoint& checkpoint,
                                 const CompressionOptions& options, Sensitivity& sensitivity,
                                 const std::vector<std::string>& ignore_tensors) {
  const Recipe recipe = read_recipe(options);
  Inventory inventory = take_inventory(decoder, checkpoint, ignore_tensors);
  CompressionPlan plan{.primary = recipe.primary, .ignored = std::move(inventory.ignored)};
  plan.tensors = uncompressed_tensors(inventory.items, checkpoint.config());
  fold_mixtures(decoder, plan.tensors);
  choose_formats(plan.tensors, recipe, sensitivity);
  if (recipe.awq) apply_awq(decoder, plan.tensors);
  lay_out(plan);
  return plan;
}

}  // namespace ovbake
