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
  const TensorRef* target;
  const TensorRef* source = nullptr;
};

/// Activations behind which NNCF looks for a projection.
bool is_known(Activation activation) {
  return activation == Activation::silu || activation == Activation::relu;
}

/// Finds the matches in a description. XieluMlp has none: NNCF does not know its activation.
struct FindMatches {
  std::vector<Match>& found;

  void operator()(const GatedMlp& mlp) const {
    if (mlp.sub_norm) return;
    if (mlp.up_proj.bias) return behind(mlp.hidden_act, mlp.down_proj);
    found.push_back({&mlp.down_proj.weight, &mlp.up_proj.weight});
  }
  void operator()(const FusedGatedMlp& mlp) const { behind(mlp.hidden_act, mlp.down_proj); }
  void operator()(const PlainMlp& mlp) const { behind(mlp.hidden_act, mlp.down_proj); }
  void operator()(const GatedExperts& experts) const {
    found.push_back({&experts.down_proj, &experts.up_proj});
  }
  void operator()(const ClampedExperts& experts) const { found.push_back({&experts.down_proj}); }

 private:
  void behind(Activation activation, const Linear& down_proj) const {
    if (is_known(activation)) found.push_back({&down_proj.weight});
  }
};

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

/// Computes the scales of one matrix; `matrix` is a chunk that spans the whole matrix.
void find_scales(const WeightRows& weight, const Chunk& matrix, RowReader& reader,
                 std::span<float> scales) {
  const std::int64_t rows = rows_in_chunk(weight, kChunkBytes);
  for (std::int64_t done = 0; done < matrix.rows; done += rows) {
    reader.read(weight, matrix.first_row + done, std::min(rows, matrix.rows - done),
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
  std::vector<Match> matches;
  walk(decoder, FindMatches{matches});
  for (const auto& [target, source] : matches) {
    const std::string& name = target->name;
    PlannedTensor& planned = *by_name.at(name);
    if (bits_of(planned) > kMostBits) continue;
    if (planned.tensor.transposed) {
      throw input_error(
          "{} is stored as columns, which --awq cannot scale as NNCF does; leave --awq out.", name);
    }
    planned.awq = {name, AwqUse::Side::columns, source == nullptr};
    if (source != nullptr) by_name.at(source->name)->awq = {name, AwqUse::Side::rows};
  }
}

AwqScales awq_scales(const CompressionPlan& plan, const Checkpoint& checkpoint, unsigned threads) {
  std::vector<const PlannedTensor*> targets;
  std::vector<WeightRows> weights;
  std::vector<Chunk> matrices;
  AwqScales scales;
  for (const PlannedTensor& planned : plan.tensors) {
    if (!planned.awq || planned.awq->side != AwqUse::Side::columns) continue;
    WeightRows& weight = weights.emplace_back(planned.rows());
    weight.alignment = 1;
    append_chunks(targets.size(), weight, weight.rows_of_matrix(), matrices);
    targets.push_back(&planned);
    scales[planned.tensor.name].resize(planned.storage.matrices.size() *
                                       static_cast<std::size_t>(weight.columns));
  }
  if (targets.empty()) return scales;
  sort_by_place(matrices, weights);
  expect(matrices, weights, checkpoint);
  std::vector<RowReader> readers(threads, RowReader(checkpoint));
  parallel_for(matrices.size(), threads, [&](std::size_t index, unsigned worker) {
    const Chunk& matrix = matrices[index];
    const WeightRows& weight = weights[matrix.weight];
    const auto columns = static_cast<std::size_t>(weight.columns);
    const std::span all(scales.at(targets[matrix.weight]->tensor.name));
    find_scales(weight, matrix, readers[worker], all.subspan(matrix.ordinal * columns, columns));
  });
  return scales;
}

}  // namespace ovbake
