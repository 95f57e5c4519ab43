#include "compression/awq.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "base/error.hpp"
#include "base/parallel_for.hpp"
#include "weights/chunks.hpp"
#include "weights/row_reader.hpp"

namespace ovbake {
namespace {

constexpr std::uint64_t kChunkBytes = 1 << 20;
constexpr int kMostBits = 4;
constexpr float kLeastMagnitude = 0x1p-23F;

/// A projection, and the one that makes what it reads, if its rows can be divided by the scales.
struct Match {
  const TensorRef* target = nullptr;
  const TensorRef* source = nullptr;
};

/// Activations behind which NNCF looks for a projection.
bool is_known(Activation activation) {
  return activation == Activation::silu || activation == Activation::relu;
}

Match match(const GatedMlp& mlp) {
  if (mlp.sub_norm) return {};
  if (!mlp.up_proj.bias) return {&mlp.down_proj.weight, &mlp.up_proj.weight};
  return is_known(mlp.hidden_act) ? Match{&mlp.down_proj.weight} : Match{};
}

/// With or without a gate beside it.
template <typename OneProjectionMlp>
Match match(const OneProjectionMlp& mlp) {
  return is_known(mlp.hidden_act) ? Match{&mlp.down_proj.weight} : Match{};
}

Match match(const XieluMlp& /*mlp*/) { return {}; }

Match match(const GatedExperts& experts) { return {&experts.down_proj, &experts.up_proj}; }

Match match(const ClampedExperts& experts) { return {&experts.down_proj}; }

std::vector<Match> matches(const Linear& /*mlp*/) { return {}; }

template <typename DenseMlp>
std::vector<Match> matches(const DenseMlp& mlp) {
  return {match(mlp)};
}

std::vector<Match> matches(const MixtureOfExperts& moe) {
  std::vector<Match> result{std::visit([](const auto& kind) { return match(kind); }, moe.experts)};
  if (moe.shared_expert) result.push_back(match(moe.shared_expert->mlp));
  return result;
}

std::vector<Match> matches(const MlpBesideExperts& both) {
  std::vector<Match> result = matches(both.experts);
  result.push_back(match(both.mlp));
  return result;
}

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

/// Of a matrix, which is a chunk.
void find_scales(const RowSource& source, const Chunk& matrix, RowReader& reader,
                 std::span<float> scales) {
  const std::int64_t rows = rows_of(kChunkBytes, source.row_bytes(), source.rows_of_block());
  for (std::int64_t done = 0; done < matrix.rows; done += rows) {
    reader.read(source, matrix.first_row + done, std::min(rows, matrix.rows - done), 1,
                [&](const RowBlock& block) { add_magnitudes(block, scales); });
  }
  for (float& scale : scales) {
    scale = 1 / std::max(scale / static_cast<float>(matrix.rows), kLeastMagnitude);
  }
}

}  // namespace

void apply_awq(const Decoder& decoder, std::vector<PlannedTensor>& tensors) {
  std::unordered_map<std::string_view, PlannedTensor*> by_name;
  for (PlannedTensor& planned : tensors) by_name[planned.tensor.name] = &planned;
  for (const DecoderLayer& layer : decoder.layers) {
    if (!layer.mlp) continue;
    const auto all = std::visit([](const auto& mlp) { return matches(mlp); }, *layer.mlp);
    for (const auto& [target, source] : all) {
      if (target == nullptr) continue;
      const std::string& name = target->name;
      PlannedTensor& planned = *by_name.at(name);
      if (bits_of(planned) > kMostBits) continue;
      if (planned.tensor.transposed) {
        throw input_error(
            "{} is stored as columns, which --awq cannot scale as NNCF does; leave --awq out.",
            name);
      }
      planned.awq = {name, AwqUse::Side::columns, source == nullptr};
      if (source != nullptr) by_name.at(source->name)->awq = {name, AwqUse::Side::rows};
    }
  }
}

AwqScales awq_scales(const CompressionPlan& plan, const Checkpoint& checkpoint, unsigned threads) {
  std::vector<const PlannedTensor*> targets;
  std::vector<Reading> readings;
  std::vector<Chunk> matrices;
  AwqScales scales;
  for (const PlannedTensor& planned : plan.tensors) {
    if (!planned.awq || planned.awq->side != AwqUse::Side::columns) continue;
    const RowSource source = planned.rows();
    readings.push_back({source, 1, source.rows_of_part()});
    append_chunks(targets.size(), readings.back(), matrices);
    targets.push_back(&planned);
    scales[planned.tensor.name].resize(source.storage->parts.size() *
                                       static_cast<std::size_t>(source.columns));
  }
  if (targets.empty()) return scales;
  sort_by_place(matrices, readings);
  expect(matrices, readings, checkpoint);
  std::vector<RowReader> readers(threads, RowReader(checkpoint));
  parallel_for(matrices.size(), threads, [&](std::size_t index, unsigned worker) {
    const Chunk& matrix = matrices[index];
    const RowSource& source = readings[matrix.weight].source;
    const auto columns = static_cast<std::size_t>(source.columns);
    const std::span all(scales.at(targets[matrix.weight]->tensor.name));
    find_scales(source, matrix, readers[worker], all.subspan(matrix.ordinal * columns, columns));
  });
  return scales;
}

}  // namespace ovbake
