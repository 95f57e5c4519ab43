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
#include "weights/row_reader.hpp"

namespace ovbake {
namespace {

struct Work {
  std::vector<Reading> readings;  ///< One a tensor.
  std::vector<Chunk> chunks;
};

std::vector<ConstantLayout> layout_of(const PlannedTensor& tensor) {
  return tensor.format->layout(tensor.weight);
}

Reading reading_of(const PlannedTensor& tensor, const WorkSpace& space) {
  return reading_of(tensor.rows(), space.chunk_bytes,
                    row_alignment(tensor.weight, layout_of(tensor)));
}

/// Chunks of the tensors that are not finished.
Work cut(const CompressionPlan& plan, const Digests& finished, const WorkSpace& space) {
  Work work;
  for (std::size_t i = 0; i < plan.tensors.size(); ++i) {
    const Reading& reading = work.readings.emplace_back(reading_of(plan.tensors[i], space));
    if (finished[i].empty()) append_chunks(i, reading, work.chunks);
  }
  sort_by_place(work.chunks, work.readings);
  return work;
}

/// The encoded bytes of a chunk, one buffer a constant.
class Encoder {
 public:
  Encoder(const Checkpoint& checkpoint, bool allow_nonfinite)
      : reader_(checkpoint, allow_nonfinite) {}

  std::span<const std::vector<std::byte>> encode(const PlannedTensor& tensor, const Work& work,
                                                 const Chunk& chunk, float max_abs) {
    const auto layout = layout_of(tensor);
    const std::size_t count = layout.size();
    if (buffers_.size() < count) buffers_.resize(count);
    spans_.resize(count);
    begin(tensor, layout, chunk, max_abs);

    const Reading& reading = work.readings[chunk.weight];
    if (tensor.is_moved()) {
      reader_.read_mxfp4(reading.source, chunk.first_row, chunk.rows, buffers_[0], buffers_[1]);
      return {buffers_.data(), count};
    }
    reader_.read(reading.source, chunk.first_row, chunk.rows, reading.alignment,
                 [&](RowBlock block) {
                   block.tensor_max_abs = max_abs;
                   const std::int64_t done = block.first_row - chunk.first_row;
                   for (std::size_t i = 0; i < count; ++i) {
                     if (!layout[i].per_row) continue;
                     spans_[i] = std::span(buffers_[i])
                                     .subspan(row_bytes(tensor.weight, layout[i], done),
                                              row_bytes(tensor.weight, layout[i], block.rows));
                   }
                   tensor.format->encode(tensor.weight, block, spans_);
                 });
    return {buffers_.data(), count};
  }

 private:
  /// Sizes the buffers; the first chunk of a tensor carries what is not per row.
  void begin(const PlannedTensor& tensor, std::span<const ConstantLayout> layout,
             const Chunk& chunk, float max_abs) {
    for (std::size_t i = 0; i < layout.size(); ++i) {
      const std::uint64_t whole =
          chunk.ordinal == 0 ? byte_count(layout[i].type, layout[i].shape) : 0;
      buffers_[i].resize(layout[i].per_row ? row_bytes(tensor.weight, layout[i], chunk.rows)
                                           : whole);
      spans_[i] = layout[i].per_row ? std::span<std::byte>() : std::span(buffers_[i]);
    }
    if (chunk.ordinal == 0 && tensor.format->encode_whole != nullptr) {
      tensor.format->encode_whole(tensor.weight, max_abs, spans_);
    }
    std::ranges::fill(spans_, std::span<std::byte>());
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
      largest_of(chunks, work.readings, checkpoint, threads, allow_nonfinite,
                 [&](const Chunk& chunk, const RowBlock& block) {
                   const std::int64_t columns = work.readings[chunk.weight].source.columns;
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

  void apply_to(const PlannedTensor& tensor, RowSource& source) const {
    if (!tensor.awq) return;
    if (tensor.awq->side == AwqUse::Side::columns) {
      source.column_factors = scales_.at(tensor.awq->target);
    } else {
      source.row_factors = inverse_.at(tensor.awq->target);
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

void drop_from_cache(const Checkpoint& checkpoint, const Work& work, const Chunk& chunk) {
  const RowSource& source = work.readings[chunk.weight].source;
  if (!source.storage->transposed) {
    for (const PartRows& rows : source.parts_of(chunk.first_row, chunk.rows)) {
      const StoredTensor& tensor = *source.storage->parts[rows.part].tensor;
      checkpoint.drop_from_cache(tensor, source.place_of(rows));
    }
  } else if (chunk.first_row + chunk.rows == source.rows) {
    // Other chunks read from the same pages.
    for (const auto& [tensor, first] : source.storage->parts) {
      checkpoint.drop_from_cache(*tensor, {0, tensor->bytes});
    }
  }
}

/// Of a thread that works on the tensor.
std::uint64_t chunk_memory(const PlannedTensor& tensor, const WorkSpace& space) {
  const Reading reading = reading_of(tensor, space);
  const std::int64_t rows = std::min(reading.chunk_rows, tensor.weight.rows());
  std::uint64_t bytes = reader_memory(reading.source, rows, reading.alignment);
  for (const ConstantLayout& constant : layout_of(tensor)) {
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
        tensor.storage.parts.size() * static_cast<std::uint64_t>(tensor.weight.columns());
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
    awq.apply_to(plan.tensors[i], work.readings[i].source);
  }
  const std::vector<float> max_abs =
      survey(plan, checkpoint, work, threads, options.allow_nonfinite);

  expect(work.chunks, work.readings, checkpoint);

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
    if (options.drop_source_cache) drop_from_cache(checkpoint, work, chunk);
    for (std::size_t i = 0; i < encoded.size(); ++i) {
      bin.write(offset_in_bin(tensor, layout_of(tensor)[i], i, chunk), encoded[i]);
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
