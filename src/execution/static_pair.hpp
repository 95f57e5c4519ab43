// The prefill and the decode graph of a baked folder, run one after the other over one set of keys
// and values that the host keeps.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/state_names.hpp"
#include "execution/openvino.hpp"

namespace ovbake {

class StaticPair {
 public:
  /// Compiles both graphs. Throws what compile() throws, and an input error where they are no pair.
  StaticPair(ov::Core& core, const std::filesystem::path& prefill_xml,
             const std::filesystem::path& decode_xml, const std::string& device,
             const Properties& properties);

  /// The most tokens that prefill() takes.
  std::size_t prompt_capacity() const noexcept { return prompt_capacity_; }
  /// The most tokens that prefill() and next() take together.
  std::size_t capacity() const noexcept { return capacity_; }

  /// Forgets everything, reads `tokens`, at least one and at most prompt_capacity(), and returns
  /// the logits of the token after them, valid until the next call.
  std::span<const float> prefill(std::span<const std::int64_t> tokens);
  /// The same after one more token. At most capacity() tokens in all.
  std::span<const float> next(std::int64_t token);

 private:
  /// A state of one layer: an output of both graphs and an input of decode.
  struct Cache {
    StateNames names;
    ov::Tensor past;  ///< [1, heads, capacity − 1, head_dim] of keys and values.
  };
  void keep(ov::InferRequest& request, std::size_t first_row, std::size_t rows);

  ov::InferRequest prefill_, decode_;
  std::vector<Cache> caches_;
  std::size_t prompt_capacity_ = 0, capacity_ = 0;
  std::size_t length_ = 0;  ///< Tokens whose keys and values are kept.
};

}  // namespace ovbake
