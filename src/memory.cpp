#include "memory.hpp"

#include <algorithm>
#include <filesystem>

#include "compression/fill.hpp"
#include "tokenizer/checkpoint_tokenizer.hpp"

namespace ovbake {
namespace {

/// Code of ovbake and OpenVINO that is in use, and their tables.
constexpr std::uint64_t kProgram = 16 << 20;

constexpr std::uint64_t kThreadScratch = 128 << 10;

/// A graph and its XML while it is written: by layer, and by constant with what decodes it. Of 13
/// families with 36 layers, gemma4 comes closest.
constexpr std::uint64_t kGraph = 6 << 20;
constexpr std::uint64_t kGraphLayer = 640 << 10;
constexpr std::uint64_t kGraphConstant = 22 << 10;

constexpr std::uint64_t kTokenizer = 4 << 20;
/// Of a tokenizer.json and of denser files, by their bytes.
constexpr std::uint64_t kTokenizerJson = 4;
constexpr std::uint64_t kTokenizerBinary = 13;

std::uint64_t graph_memory(const Decoder& decoder, const CompressionPlan& plan) {
  std::uint64_t constants = 0;
  for (const PlannedTensor& planned : plan.tensors) constants += planned.constants.size();
  return kGraph + decoder.layers.size() * kGraphLayer + constants * kGraphConstant;
}

std::uint64_t tokenizer_memory(const Checkpoint& checkpoint) {
  const std::filesystem::path file = find_checkpoint_tokenizer(checkpoint.folder());
  std::error_code none;
  const std::uint64_t bytes = file.empty() ? 0 : std::filesystem::file_size(file, none);
  return kTokenizer + bytes * (file.extension() == ".json" ? kTokenizerJson : kTokenizerBinary);
}

}  // namespace

std::uint64_t peak_memory(const Decoder& decoder, const CompressionPlan& plan,
                          const Checkpoint& checkpoint, bool convert_tokenizer, unsigned threads) {
  const std::uint64_t tokenizer = convert_tokenizer ? tokenizer_memory(checkpoint) : 0;
  return kProgram + std::max(tokenizer, graph_memory(decoder, plan)) + fill_memory(plan, threads) +
         threads * kThreadScratch;
}

}  // namespace ovbake
