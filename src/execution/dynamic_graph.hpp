// The stateful graph of a baked folder, which keeps keys and values itself.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "execution/openvino.hpp"

namespace ovbake {

class DynamicGraph {
 public:
  /// Throws what compile() throws.
  DynamicGraph(ov::Core& core, const std::filesystem::path& xml, const std::string& device,
               const Properties& properties);

  /// Forgets everything, reads `tokens` and returns the logits of the token after them, valid until
  /// the next call.
  std::span<const float> prefill(std::span<const std::int64_t> tokens);
  /// The same after one more token.
  std::span<const float> next(std::int64_t token);

 private:
  std::span<const float> run(std::span<const std::int64_t> tokens);

  ov::InferRequest request_;
  std::size_t length_ = 0;
};

}  // namespace ovbake
