#include "baking/memory.hpp"

#include <algorithm>
#include <span>
#include <string>

#include "base/error.hpp"
#include "base/file.hpp"
#include "tokenizer/checkpoint_tokenizer.hpp"

namespace ovbake {
namespace {

/// Code of ovbake and OpenVINO that is in use, and their tables.
constexpr std::uint64_t kProgram = 19 << 20;

/// Code of libcurl and TLS, and what is fetched ahead of the encoder.
constexpr std::uint64_t kStream = 40 << 20;

constexpr std::uint64_t kThreadScratch = 128 << 10;

/// A graph and its XML while it is written: by layer, and by constant with what decodes it. Of 13
/// families with 36 layers, gemma4 comes closest.
constexpr std::uint64_t kGraph = 6 << 20;
constexpr std::uint64_t kGraphLayer = 640 << 10;
constexpr std::uint64_t kGraphConstant = 22 << 10;

constexpr std::uint64_t kTokenizer = 4 << 20;
/// Of a tokenizer.json, by its bytes, and by its strings where these are short; of denser files by
/// their bytes.
constexpr std::uint64_t kTokenizerJson = 4;
constexpr std::uint64_t kTokenizerString = 112;
constexpr std::uint64_t kTokenizerBinary = 13;

/// Of all threads together; a chunk takes its size at most twice, as source and result.
constexpr std::uint64_t kMostBuffers = 24 << 20;
constexpr std::uint64_t kMostChunk = 1 << 20;
constexpr std::uint64_t kLeastChunk = 128 << 10;

std::uint64_t usual_chunk(unsigned threads) {
  return std::clamp(kMostBuffers / 2 / threads, kLeastChunk, kMostChunk);
}

std::uint64_t graph_memory(const Decoder& decoder, const CompressionPlan& plan) {
  std::uint64_t constants = 0;
  for (const PlannedTensor& planned : plan.tensors) constants += planned.constants.size();
  return kGraph + decoder.layers.size() * kGraphLayer + constants * kGraphConstant;
}

std::uint64_t count_of_strings(const File& json) {
  std::uint64_t quotes = 0;
  for_each_piece(json, [&](std::span<const std::byte> piece) {
    quotes += static_cast<std::uint64_t>(std::ranges::count(piece, std::byte{'"'}));
  });
  return quotes / 2;
}

std::uint64_t tokenizer_memory(const Checkpoint& checkpoint) {
  const std::string name = find_checkpoint_tokenizer(checkpoint.small_files());
  if (name.empty()) return kTokenizer;
  const File file = File::open(checkpoint.small_files().followed(name));
  if (!name.ends_with(".json")) return kTokenizer + kTokenizerBinary * file.size();
  return kTokenizer + std::max(kTokenizerJson * file.size(),
                               file.size() + kTokenizerString * count_of_strings(file));
}

}  // namespace

std::uint64_t peak_memory(const Decoder& decoder, const CompressionPlan& plan,
                          const Checkpoint& checkpoint, const BakeOptions& options,
                          const WorkSpace& space) {
  const std::uint64_t tokenizer = options.convert_tokenizer ? tokenizer_memory(checkpoint) : 0;
  return kProgram + std::max(tokenizer, graph_memory(decoder, plan)) + fill_memory(plan, space) +
         space.threads * kThreadScratch + (options.stream ? kStream : 0);
}

WorkSpace work_space(const Decoder& decoder, const CompressionPlan& plan,
                     const Checkpoint& checkpoint, const BakeOptions& options, unsigned threads) {
  if (options.max_memory == 0) return {.threads = threads, .chunk_bytes = usual_chunk(threads)};
  std::uint64_t least = 0;
  for (WorkSpace space{.threads = threads}; space.threads > 0; --space.threads) {
    for (space.chunk_bytes = usual_chunk(space.threads); space.chunk_bytes >= kLeastChunk;
         space.chunk_bytes /= 2) {
      least = peak_memory(decoder, plan, checkpoint, options, space);
      if (least <= options.max_memory) return space;
    }
  }
  const bool tokenizer_counts =
      options.convert_tokenizer && tokenizer_memory(checkpoint) > graph_memory(decoder, plan);
  throw usage_error("--max_memory {} is too little: this bake takes {} bytes{}; give it as much.",
                    options.max_memory, least,
                    tokenizer_counts ? ", most of them for its tokenizer" : "");
}

}  // namespace ovbake
