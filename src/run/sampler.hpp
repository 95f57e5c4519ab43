// Chooses the next token.
#pragma once

#include <cstdint>
#include <random>
#include <span>

#include <ovbake/ovbake.hpp>

namespace ovbake {

/// Temperature, then top-k, then top-p, then a draw, as transformers does it. The same seed draws
/// the same tokens on every machine.
class Sampler {
 public:
  /// Throws a usage error for a temperature below 0 or a top_p outside (0, 1].
  explicit Sampler(const GenerateOptions& options);

  std::int64_t pick(std::span<const float> logits);

 private:
  GenerateOptions options_;
  std::mt19937_64 random_;
};

}  // namespace ovbake
