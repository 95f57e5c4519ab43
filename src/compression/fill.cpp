#include "compression/fill.hpp"

#include <algorithm>
#include <bit>
#include <condition_variable>
#include <iterator>
#include <mutex>

#include "base/parallel_for.hpp"
#include "compression/awq.hpp"
#include "compression/row_reader.hpp"

namespace ovbake {
namespace {

/// Consecutive rows of one tensor: the unit of work.
struct Chunk {
  std::size_t tensor;
  std::size_t ordinal;  ///< Among the chunks of its tensor.
  std::int64_t first_row;
  std::int64_t rows;
  bool last;
};

/// How a tensor is read: in chunks of so many rows, in blocks that begin at multiples of so many.
struct Reading {
  RowSource source;
  std::int64_t alignment;
  std::int64_t chunk_rows;
};

struct Work {
  std::vector<Reading> readings;  ///< One a tensor.
  std::vector<Chunk> chunks;
};

std::vector<ConstantLayout> layout_of(const PlannedTensor& tensor) {
  return tensor.format->layout(tensor.weight);
}

Reading reading_of(const PlannedTensor& tensor, const WorkSpace& space) {
  const RowSource source = row_source(tensor);
  const std::int64_t alignment = row_alignment(tensor.weight, layout_of(tensor));
  return {source, alignment, rows_of(space.chunk_bytes, source.row_bytes(), alignment)};
}

/// Chunks of the tensors that are not finished.
Work cut(const CompressionPlan& plan, const Digests& finished, const WorkSpace& space) {
  Work work;
  for (std::size_t i = 0; i < plan.tensors.size(); ++i) {
    const std::int64_t all_rows = plan.tensors[i].weight.rows();
    const Reading& reading = work.readings.emplace_back(reading_of(plan.tensors[i], space));
    if (!finished[i].empty()) continue;
    const std::int64_t rows = reading.chunk_rows;
    for (std::int64_t first = 0; first < all_rows; first += rows) {
      work.chunks.push_back({.tensor = i,
                             .ordinal = static_cast<std::size_t>(first / rows),
                             .first_row = first,
                             .rows = std::min(rows, all_rows - first),
                             .last = first + rows >= all_rows});
    }
  }
  return work;
}

/// Lets the chunks of each tensor pass one after the other, whichever threads encoded them. Chunks
/// are begun in order, so the one that all others wait for is always at work.
class Turns {
 public:
  explicit Turns(std::size_t tensors) : next_(tensors, 0) {}

  /// Returns false where the work was given up.
  bool wait(const Chunk& chunk) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return given_up_ || next_[chunk.tensor] == chunk.ordinal; });
    return !given_up_;
  }

  void pass(const Chunk& chunk) {
    {
      const std::lock_guard lock(mutex_);
      next_[chunk.tensor] = chunk.ordinal + 1;
    }
    changed_.notify_all();
  }

  void give_up() {
    {
      const std::lock_guard lock(mutex_);
      given_up_ = true;
    }
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::size_t> next_;
  bool given_up_ = false;
};

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

    const Reading& reading = work.readings[chunk.tensor];
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

/// Tells the checkpoint which tensors `chunks` will read.
void expect(std::span<const Chunk> chunks, const CompressionPlan& plan,
            const Checkpoint& checkpoint) {
  std::vector<const StoredTensor*> tensors;
  for (const Chunk& chunk : chunks) {
    if (chunk.ordinal == 0) tensors.push_back(plan.tensors[chunk.tensor].source);
  }
  checkpoint.expect(tensors);
}

/// max|value| of every tensor whose format asks for it, 0 for the others.
std::vector<float> survey(const CompressionPlan& plan, const Checkpoint& checkpoint,
                          const Work& work, unsigned threads, bool allow_nonfinite) {
  std::vector<float> max_abs(plan.tensors.size(), 0);
  std::vector<Chunk> chunks;
  std::ranges::copy_if(work.chunks, std::back_inserter(chunks), [&](const Chunk& chunk) {
    return plan.tensors[chunk.tensor].format->needs_max_abs;
  });
  if (chunks.empty()) return max_abs;
  expect(chunks, plan, checkpoint);
  std::mutex mutex;
  std::vector<RowReader> readers(threads, RowReader(checkpoint, allow_nonfinite));
  parallel_for(chunks.size(), threads, [&](std::size_t index, unsigned worker) {
    const Chunk& chunk = chunks[index];
    float largest = 0;
    const Reading& reading = work.readings[chunk.tensor];
    readers[worker].read(
        reading.source, chunk.first_row, chunk.rows, reading.alignment, [&](const RowBlock& block) {
          const auto count = static_cast<std::size_t>(block.rows * reading.source.columns);
          largest = std::max(largest, max_magnitude({block.values, count}));
        });
    const std::lock_guard lock(mutex);
    max_abs[chunk.tensor] = std::max(max_abs[chunk.tensor], largest);
  });
  return max_abs;
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
  const RowSource& source = work.readings[chunk.tensor].source;
  if (source.transposed) {
    // Other chunks read from the same pages.
    if (chunk.last) {
      checkpoint.drop_from_cache(*source.tensor, {0, source.tensor->bytes});
    }
    return;
  }
  const std::uint64_t begin = static_cast<std::uint64_t>(chunk.first_row) * source.row_bytes();
  const std::uint64_t bytes = static_cast<std::uint64_t>(chunk.rows) * source.row_bytes();
  checkpoint.drop_from_cache(*source.tensor, {begin, begin + bytes});
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
    if (target) awq += 2 * sizeof(float) * static_cast<std::uint64_t>(tensor.weight.columns());
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

  expect(work.chunks, plan, checkpoint);

  std::vector<std::vector<Xxh3>> hashes(plan.tensors.size());
  for (std::size_t i = 0; i < plan.tensors.size(); ++i) {
    hashes[i].resize(plan.tensors[i].constants.size());
    const PlannedConstant* factors = plan.tensors[i].awq_factors();
    if (factors != nullptr && digests[i].empty()) {
      bin.write(factors->offset, awq.of_input(plan.tensors[i]));
      hashes[i].back().update(awq.of_input(plan.tensors[i]));
    }
  }
  std::vector<Encoder> encoders(threads, Encoder(checkpoint, options.allow_nonfinite));
  Turns turns(plan.tensors.size());
  std::mutex done_mutex;

  const auto fill_chunk = [&](const Chunk& chunk, Encoder& encoder) {
    const PlannedTensor& tensor = plan.tensors[chunk.tensor];
    const auto encoded = encoder.encode(tensor, work, chunk, max_abs[chunk.tensor]);
    if (options.drop_source_cache) drop_from_cache(checkpoint, work, chunk);
    for (std::size_t i = 0; i < encoded.size(); ++i) {
      bin.write(offset_in_bin(tensor, layout_of(tensor)[i], i, chunk), encoded[i]);
    }
    if (!turns.wait(chunk)) return;
    for (std::size_t i = 0; i < encoded.size(); ++i) hashes[chunk.tensor][i].update(encoded[i]);
    turns.pass(chunk);
    if (chunk.last) {
      const std::lock_guard lock(done_mutex);
      for (const Xxh3& hash : hashes[chunk.tensor]) digests[chunk.tensor].push_back(hash.digest());
      tensor_done(tensor, digests[chunk.tensor]);
    }
  };
  parallel_for(work.chunks.size(), threads, [&](std::size_t index, unsigned worker) {
    try {
      fill_chunk(work.chunks[index], encoders[worker]);
    } catch (...) {
      turns.give_up();
      throw;
    }
  });
  return digests;
}

}  // namespace ovbake
