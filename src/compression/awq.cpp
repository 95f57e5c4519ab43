#include "compression/awq.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "base/error.hpp"
#include "base/parallel_for.hpp"
#include "compression/row_reader.hpp"

namespace ovbake {
namespace {

constexpr std::uint64_t kChunkBytes = 1 << 20;
constexpr int kMostBits = 4;
constexpr float kLeastMagnitude = 0x1p-23F;

/// A projection, and the one that makes what it reads, if its rows can be divided by the scales.
struct Match {
  const Linear* target = nullptr;
  const Linear* source = nullptr;
};

/// Activations behind which NNCF looks for a projection.
bool is_known(Activation activation) {
  return activation == Activation::silu || activation == Activation::relu;
}

Match match(const GatedMlp& mlp) {
  if (mlp.sub_norm) return {};
  if (!mlp.up_proj.bias) return {&mlp.down_proj, &mlp.up_proj};
  return is_known(mlp.hidden_act) ? Match{&mlp.down_proj} : Match{};
}

/// With or without a gate beside it.
template <typename OneProjectionMlp>
Match match(const OneProjectionMlp& mlp) {
  return is_known(mlp.hidden_act) ? Match{&mlp.down_proj} : Match{};
}

Match match(const XieluMlp& /*mlp*/) { return {}; }

int bits_of(const PlannedTensor& planned) {
  const std::int64_t elements = element_count(planned.weight.shape);
  for (const ConstantLayout& constant : planned.format->layout(planned.weight)) {
    if (element_count(constant.shape) == elements) return constant.type.bits;
  }
  throw std::logic_error("a format without codes");
}

void add_magnitudes(const RowBlock& block, std::span<float> sums) {
  const float* value = block.values;
  for (std::int64_t row = 0; row < block.rows; ++row) {
    for (float& sum : sums) sum += std::fabs(*value++);
  }
}

std::vector<float> scales_of(const PlannedTensor& target, RowReader& reader) {
  const RowSource source = row_source(target);
  const std::int64_t all_rows = target.weight.rows();
  const std::int64_t rows = rows_of(kChunkBytes, source.row_bytes(), 1);
  std::vector<float> scales(static_cast<std::size_t>(source.columns), 0);
  for (std::int64_t first = 0; first < all_rows; first += rows) {
    reader.read(source, first, std::min(rows, all_rows - first), 1,
                [&](const RowBlock& block) { add_magnitudes(block, scales); });
  }
  for (float& scale : scales) {
    scale = 1 / std::max(scale / static_cast<float>(all_rows), kLeastMagnitude);
  }
  return scales;
}

}  // namespace

void apply_awq(const Decoder& decoder, std::vector<PlannedTensor>& tensors) {
  std::unordered_map<std::string_view, PlannedTensor*> by_name;
  for (PlannedTensor& planned : tensors) by_name[planned.tensor.name] = &planned;
  for (const DecoderLayer& layer : decoder.layers) {
    const auto [target, source] = std::visit([](const auto& mlp) { return match(mlp); }, layer.mlp);
    if (target == nullptr) continue;
    const std::string& name = target->weight.name;
    PlannedTensor& planned = *by_name.at(name);
    if (bits_of(planned) > kMostBits) continue;
    if (planned.tensor.transposed) {
      throw input_error(
          "{} is stored as columns, which --awq cannot scale as NNCF does; leave --awq out.", name);
    }
    planned.awq = {name, AwqUse::Side::columns, source == nullptr};
    if (source != nullptr) by_name.at(source->weight.name)->awq = {name, AwqUse::Side::rows};
  }
}

AwqScales awq_scales(const CompressionPlan& plan, const Checkpoint& checkpoint, unsigned threads) {
  AwqScales scales;
  std::vector<const PlannedTensor*> targets;
  for (const PlannedTensor& planned : plan.tensors) {
    if (!planned.awq || planned.awq->side != AwqUse::Side::columns) continue;
    scales[planned.tensor.name];
    targets.push_back(&planned);
  }
  std::vector<const StoredTensor*> expected;
  for (const PlannedTensor* target : targets) expected.push_back(target->source);
  if (!expected.empty()) checkpoint.expect(expected);
  std::vector<RowReader> readers(threads, RowReader(checkpoint));
  parallel_for(targets.size(), threads, [&](std::size_t index, unsigned worker) {
    scales.at(targets[index]->tensor.name) = scales_of(*targets[index], readers[worker]);
  });
  return scales;
}

}  // namespace ovbake
