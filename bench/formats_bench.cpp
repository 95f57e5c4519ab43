// Encoding speed of every format on one core, in bytes of bf16 source a second, next to memcpy of a
// block that the caches hold and of as much as they do not: values are read, encoded and left in
// memory.
#include <cstring>
#include <random>

#include <benchmark/benchmark.h>

#include "base/half.hpp"
#include "compression/format.hpp"
#include "source/values.hpp"

namespace ovbake {
namespace {

/// A block as `fill` hands it to an encoder: 128 KB of f32 values.
constexpr std::int64_t kRows = 8;
constexpr std::int64_t kColumns = 4096;
constexpr std::size_t kElements = kRows * kColumns;

std::vector<std::uint16_t> bf16_weights() {
  std::mt19937 random(1);
  std::normal_distribution<float> normal(0, 0.02F);
  std::vector<std::uint16_t> weights(kElements);
  for (std::uint16_t& weight : weights) weight = bf16_from_float(normal(random));
  return weights;
}

constexpr std::size_t kBlockBytes = kElements * sizeof(std::uint16_t);
constexpr std::size_t kMemoryBytes = 512 << 20;

void set_speed(benchmark::State& state, std::size_t bytes) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}

void copy(benchmark::State& state, std::size_t bytes) {
  const std::vector<std::byte> from(bytes, std::byte{1});
  std::vector<std::byte> into(bytes);
  for (auto _ : state) {
    std::memcpy(into.data(), from.data(), bytes);
    benchmark::DoNotOptimize(into.data());
    benchmark::ClobberMemory();
  }
  set_speed(state, bytes);
}

void encode(benchmark::State& state, const WeightFormat& format) {
  const std::vector<std::uint16_t> weights = bf16_weights();
  std::vector<float> values(kElements);
  const WeightShape weight{.shape = {kRows, kColumns}, .group_size = format.default_group_size};
  std::vector<std::vector<std::byte>> constants;
  std::vector<std::span<std::byte>> spans;
  for (const ConstantLayout& layout : format.layout(weight)) {
    constants.emplace_back(byte_count(layout.type, layout.shape));
    spans.emplace_back(constants.back());
  }
  for (auto _ : state) {
    read_values(ValueRule::bf16, std::as_bytes(std::span(weights)), values);
    ovbake::encode(format, weight, {.first_row = 0, .rows = kRows, .values = values.data()}, 0,
                   spans);
    benchmark::ClobberMemory();
  }
  set_speed(state, kBlockBytes);
}

const int kRegistered = [] {
  benchmark::RegisterBenchmark("memcpy in the caches", copy, kBlockBytes);
  benchmark::RegisterBenchmark("memcpy of memory", copy, kMemoryBytes);
  for (const WeightFormat* format : formats()) {
    benchmark::RegisterBenchmark(std::string(format->name).c_str(), encode, *format);
  }
  return 0;
}();

}  // namespace
}  // namespace ovbake
