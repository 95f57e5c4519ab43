// How much a weight is hurt by fewer bits, judged by its values alone.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "compression/plan.hpp"
#include "source/checkpoint.hpp"

namespace ovbake {

/// NNCF's weight_quantization_error for each weight, to be taken in ascending order:
///   1 / (max over rows of mean((w − int8_asym(w))²) + eps)
/// with the eps of float16 for 16-bit weights and of float32 for others.
class Sensitivity {
 public:
  Sensitivity(const Checkpoint& checkpoint, unsigned threads)
      : checkpoint_(checkpoint), threads_(threads) {}

  /// Streams those of the weights that it was not asked for before.
  std::vector<double> of(const std::vector<PlannedTensor*>& weights);

 private:
  void stream(const std::vector<const PlannedTensor*>& weights);

  const Checkpoint& checkpoint_;
  unsigned threads_;
  std::unordered_map<std::string, double> error_by_name_;
};

}  // namespace ovbake
