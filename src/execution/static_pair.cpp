#include "execution/static_pair.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "base/error.hpp"

namespace ovbake {
namespace {

constexpr std::size_t kRowAxis = 2;

/// The positions [first, first + rows) of keys or values [1, heads, positions, head_dim], not
/// copied.
ov::Tensor rows_of(const ov::Tensor& tensor, std::size_t first, std::size_t rows) {
  ov::Coordinate begin(tensor.get_shape().size(), 0);
  ov::Coordinate end(tensor.get_shape());
  begin[kRowAxis] = first;
  end[kRowAxis] = first + rows;
  return {tensor, begin, end};
}

/// A masked slot has no weight, but nothing times a NaN that stands in fresh memory is a NaN.
void clear(ov::Tensor past) { std::memset(past.data(), 0, past.get_byte_size()); }

std::span<std::int64_t> elements(ov::InferRequest& request, const char* input) {
  ov::Tensor tensor = request.get_tensor(input);
  return {tensor.data<std::int64_t>(), tensor.get_size()};
}

}  // namespace

StaticPair::StaticPair(ov::Core& core, const std::filesystem::path& prefill_xml,
                       const std::filesystem::path& decode_xml, const std::string& device,
                       const Properties& properties) {
  auto prefill = compile(core, prefill_xml, device, properties);
  auto decode = compile(core, decode_xml, device, properties);
  try {
    prefill_ = prefill.create_infer_request();
    decode_ = decode.create_infer_request();
    prompt_capacity_ = elements(prefill_, "input_ids").size();
    capacity_ = elements(decode_, "attention_mask").size();
    for (const auto& input : decode.inputs()) {
      const auto names = names_of_input(input.get_any_name());
      if (!names) continue;
      caches_.push_back({.names = *names, .past = decode_.get_tensor(names->past)});
      clear(caches_.back().past);
      prefill.output(names->present);
      decode.output(names->present);
    }
  } catch (const ov::Exception& error) {
    throw input_error("{} and {} are no pair that this program can run; bake the model again.",
                      prefill_xml.string(), decode_xml.string());
  }
}

std::span<const float> StaticPair::prefill(std::span<const std::int64_t> tokens) {
  const std::size_t padding = prompt_capacity_ - tokens.size();
  const auto ids = elements(prefill_, "input_ids");
  const auto mask = elements(prefill_, "attention_mask");
  const auto positions = elements(prefill_, "position_ids");
  std::ranges::fill(ids.first(padding), 0);
  std::ranges::fill(mask.first(padding), 0);
  std::ranges::fill(positions.first(padding), 0);
  std::ranges::copy(tokens, ids.begin() + static_cast<std::ptrdiff_t>(padding));
  std::ranges::fill(mask.subspan(padding), 1);
  std::iota(positions.begin() + static_cast<std::ptrdiff_t>(padding), positions.end(), 0);
  infer(prefill_);
  length_ = 0;
  keep(prefill_, padding, tokens.size());
  return last_logits(prefill_);
}

std::span<const float> StaticPair::next(std::int64_t token) {
  elements(decode_, "input_ids")[0] = token;
  elements(decode_, "position_ids")[0] = static_cast<std::int64_t>(length_);
  // Past slots come first, this token's own is the last one.
  const auto mask = elements(decode_, "attention_mask");
  std::ranges::fill(mask.first(length_), 1);
  std::ranges::fill(mask.subspan(length_), 0);
  mask.back() = 1;
  infer(decode_);
  if (length_ + 1 < capacity_) {
    keep(decode_, 0, 1);
  } else {
    ++length_;
  }
  return last_logits(decode_);
}

void StaticPair::keep(ov::InferRequest& request, std::size_t first_row, std::size_t rows) {
  for (Cache& cache : caches_) {
    const ov::Tensor present = request.get_tensor(cache.names.present);
    if (!grows(cache.names.kind)) {
      present.copy_to(cache.past);
      continue;
    }
    ov::Tensor kept = rows_of(cache.past, length_, rows);
    rows_of(present, first_row, rows).copy_to(kept);
  }
  length_ += rows;
}

}  // namespace ovbake
