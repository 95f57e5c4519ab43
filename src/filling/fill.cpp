#include "filling/fill.hpp"

#include <algorithm>
#include <bit>
#include <iterator>
#include <mutex>

#include "base/parallel_for.hpp"
#include "compression/awq.hpp"
#include "filling/finite_output.hpp"
#include "filling/tensor_digests.hpp"
#include "weights/chunks.hpp"

namespace ovbake {
namespace {

/// What there is to do, parallel to the tensors of a plan.
struct Work {
  std::vector<WeightRows> weights;
  std::vector<std::vector<ConstantLayout>> layouts;
  std::vector<Chunk> chunks;  ///< Of the tensors that are not finished, in the order of the files.
};

Work cut(const CompressionPlan& plan, const Digests& finished, const WorkSpace& space) {
  Work work;
  for (std::size_t i = 0; i < plan.tensors.size(); ++i) {
    const PlannedTensor& tensor = plan.tensors[i];
    const WeightRows& weight = work.weights.emplace_back(tensor.rows());
    work.layouts.push_back(tensor.format->layout(tensor.weight));
    if (!finished[i].empty()) continue;
    append_chunks(i, weight, rows_in_chunk(weight, space.chunk_bytes), work.chunks);
  }
  sort_by_place(work.chunks, work.weights);
  return work;
}

/// The bytes that a chunk becomes, one buffer a constant.
class Encoder {
 public:
  Encoder(const Checkpoint& checkpoint, bool allow_nonfinite)
      : reader_(checkpoint, allow_nonfinite) {}

  std::span<const std::vector<std::byte>> encode(const PlannedTensor& tensor, const Work& work,
                                                 const Chunk& chunk, float max_abs) {
    const std::span<const ConstantLayout> layout = work.layouts[chunk.weight];
    begin(tensor, layout, chunk, max_abs);
    const WeightRows& weight = work.weights[chunk.weight];
    if (tensor.is_moved()) {
      const Pack pack = std::get<WeightFormat::Coded>(tensor.format->rounding).pack;
      reader_.read_codes(weight, chunk.first_row, chunk.rows, [&](const CodeBlock& block) {
        aim(tensor, layout, block.first_row - chunk.first_row, block.rows);
        pack(tensor.weight, block.codes, max_abs, spans_);
      });
    } else {
      reader_.read(weight, chunk.first_row, chunk.rows, [&](const RowBlock& block) {
        aim(tensor, layout, block.first_row - chunk.first_row, block.rows);
        ovbake::encode(*tensor.format, tensor.weight, block, max_abs, spans_);
      });
    }
    return {buffers_.data(), layout.size()};
  }

 private:
  /// Sizes the buffers; the first chunk of a tensor carries what is not per row.
  void begin(const PlannedTensor& tensor, std::span<const ConstantLayout> layout,
             const Chunk& chunk, float max_abs) {
    if (buffers_.size() < layout.size()) buffers_.resize(layout.size());
    spans_.resize(layout.size());
    for (std::size_t i = 0; i < layout.size(); ++i) {
      const std::uint64_t whole =
          chunk.ordinal == 0 ? byte_count(layout[i].type, layout[i].shape) : 0;
      buffers_[i].resize(layout[i].per_row ? row_bytes(tensor.weight, layout[i], chunk.rows)
                                           : whole);
      spans_[i] = layout[i].per_row ? std::span<std::byte>() : std::span(buffers_[i]);
    }
    if (chunk.ordinal == 0 && tensor.format->pack_whole != nullptr) {
      tensor.format->pack_whole(tensor.weight, max_abs, spans_);
    }
  }

  /// Points spans_ at what `rows` rows of the chunk take, `done` coming before them.
  void aim(const PlannedTensor& tensor, std::span<const ConstantLayout> layout, std::int64_t done,
           std::int64_t rows) {
    for (std::size_t i = 0; i < layout.size(); ++i) {
      spans_[i] = {};
      if (!layout[i].per_row) continue;
      spans_[i] = std::span(buffers_[i])
                      .subspan(row_bytes(tensor.weight, layout[i], done),
                               row_bytes(tensor.weight, layout[i], rows));
    }
  }

  RowReader reader_;
  std::vector<std::vector<std::byte>> buffers_;
  std::vector<std::span<std::byte>> spans_;
};

float max_magnitude(std::span<const float> values) {
  std::uint32_t largest = 0;
  for (const float value : values) {
    largest = std::max(largest, std::bit_cast<std::uint32_t>(value) & 0x7fffffffU);
  }
  return std::bit_cast<float>(largest);
}

/// max|value| of every tensor whose format asks for it, 0 for the others.
std::vector<float> survey(const CompressionPlan& plan, const Checkpoint& checkpoint,
                          const Work& work, unsigned threads, bool allow_nonfinite) {
  std::vector<Chunk> chunks;
  std::ranges::copy_if(work.chunks, std::back_inserter(chunks), [&](const Chunk& chunk) {
    return plan.tensors[chunk.weight].format->needs_max_abs;
  });
  if (chunks.empty()) return std::vector<float>(plan.tensors.size(), 0);
  const std::vector<double> largest =
      largest_of(chunks, work.weights, checkpoint, threads, allow_nonfinite,
                 [&](const Chunk& chunk, const RowBlock& block) {
                   const std::int64_t columns = work.weights[chunk.weight].columns;
                   const auto count = static_cast<std::size_t>(block.rows * columns);
                   return max_magnitude({block.values, count});
                 });
  return {largest.begin(), largest.end()};
}

/// What AWQ multiplies by: scales, and for what a target reads 1 / scale.
class AwqFactors {
 public:
  AwqFactors(const CompressionPlan& plan, const Checkpoint& checkpoint, unsigned threads)
      : scales_(awq_scales(plan, checkpoint, threads)) {
    for (const auto& [target, scales] : scales_) {
      for (const float scale : scales) inverse_[target].push_back(1 / scale);
    }
  }

  void apply_to(const PlannedTensor& tensor, WeightRows& weight) const {
    if (!tensor.awq) return;
    if (tensor.awq->side == AwqUse::Side::columns) {
      weight.column_factors = scales_.at(tensor.awq->target);
    } else {
      weight.row_factors = inverse_.at(tensor.awq->target);
    }
  }

  std::span<const std::byte> of_input(const PlannedTensor& tensor) const {
    return std::as_bytes(std::span(inverse_.at(tensor.awq->target)));
  }

 private:
  AwqScales scales_, inverse_;
};

std::uint64_t offset_in_bin(const PlannedTensor& tensor, const ConstantLayout& layout,
                            std::size_t constant, const Chunk& chunk) {
  const std::uint64_t start = tensor.constants[constant].offset;
  return layout.per_row ? start + row_bytes(tensor.weight, layout, chunk.first_row) : start;
}

/// Of a thread that works on the tensor.
std::uint64_t chunk_memory(const PlannedTensor& tensor, const WorkSpace& space) {
  const WeightRows weight = tensor.rows();
  const std::int64_t rows = std::min(rows_in_chunk(weight, space.chunk_bytes), weight.rows);
  std::uint64_t bytes = reader_memory(weight, rows);
  for (const ConstantLayout& constant : tensor.format->layout(tensor.weight)) {
    bytes += constant.per_row ? row_bytes(tensor.weight, constant, rows)
                              : byte_count(constant.type, constant.shape);
  }
  return bytes;
}

}  // namespace

std::uint64_t fill_memory(const CompressionPlan& plan, const WorkSpace& space) {
  std::uint64_t most = 0, awq = 0;
  for (const PlannedTensor& tensor : plan.tensors) {
    most = std::max(most, chunk_memory(tensor, space));
    const bool target = tensor.awq && tensor.awq->side == AwqUse::Side::columns;
    const std::uint64_t columns =
        tensor.storage.matrices.size() * static_cast<std::uint64_t>(tensor.weight.columns());
    if (target) awq += 2 * sizeof(float) * columns;
  }
  return space.threads * most + awq;
}

Digests fill_weights(const CompressionPlan& plan, const Checkpoint& checkpoint, NewFile& bin,
                     const FillOptions& options, const TensorDone& tensor_done) {
  const unsigned threads = options.space.threads;
  Digests digests = options.finished;
  digests.resize(plan.tensors.size());
  for (std::size_t i = 0; i < digests.size(); ++i) {
    if (!digests[i].empty()) tensor_done(plan.tensors[i], digests[i]);
  }
  Work work = cut(plan, digests, options.space);
  const AwqFactors awq(plan, checkpoint, threads);
  for (std::size_t i = 0; i < plan.tensors.size(); ++i) {
    awq.apply_to(plan.tensors[i], work.weights[i]);
  }
  const std::vector<float> max_abs =
      survey(plan, checkpoint, work, threads, options.allow_nonfinite);

  expect(work.chunks, work.weights, checkpoint);

  TensorDigests taken(plan, work.chunks, bin);
  for (std::size_t i = 0; i < plan.tensors.size(); ++i) {
    const PlannedConstant* factors = plan.tensors[i].awq_factors();
    if (factors == nullptr || !digests[i].empty()) continue;
    bin.write(factors->offset, awq.of_input(plan.tensors[i]));
    taken.add_whole(i, plan.tensors[i].constants.size() - 1, awq.of_input(plan.tensors[i]));
  }
  std::vector<Encoder> encoders(threads, Encoder(checkpoint, options.allow_nonfinite));
  std::mutex done_mutex;

  const auto fill_chunk = [&](const Chunk& chunk, Encoder& encoder) {
    const PlannedTensor& tensor = plan.tensors[chunk.weight];
    const auto encoded = encoder.encode(tensor, work, chunk, max_abs[chunk.weight]);
    if (!options.allow_nonfinite) require_finite(tensor, chunk.first_row, encoded);
    if (options.drop_source_cache) drop_from_cache(chunk, work.weights[chunk.weight], checkpoint);
    for (std::size_t i = 0; i < encoded.size(); ++i) {
      bin.write(offset_in_bin(tensor, work.layouts[chunk.weight][i], i, chunk), encoded[i]);
    }
    if (auto all = taken.add(chunk, encoded)) {
      const std::lock_guard lock(done_mutex);
      digests[chunk.weight] = std::move(*all);
      tensor_done(tensor, digests[chunk.weight]);
    }
  };
  parallel_for(work.chunks.size(), threads, [&](std::size_t index, unsigned worker) {
    try {
      fill_chunk(work.chunks[index], encoders[worker]);
    } catch (...) {
      taken.give_up();
      throw;
    }
  });
  return digests;
}

}  // namespace ovbake
