#include "run/sampler.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "base/error.hpp"
#include "execution/likeliest.hpp"

namespace ovbake {

Sampler::Sampler(const GenerateOptions& options) : options_(options), random_(options.seed) {
  if (!(options.temperature >= 0) || std::isinf(options.temperature)) {
    throw usage_error("The temperature is {}; it must be 0, for the likeliest token, or more.",
                      options.temperature);
  }
  if (!(options.top_p > 0 && options.top_p <= 1)) {
    throw usage_error("top_p is {}; it must be more than 0 and at most 1.", options.top_p);
  }
}

std::int64_t Sampler::pick(std::span<const float> logits) {
  if (options_.temperature == 0 || options_.top_k == 1) return likeliest(logits);

  std::vector<std::int64_t> tokens(logits.size());
  std::iota(tokens.begin(), tokens.end(), 0);
  std::ranges::stable_sort(tokens, [&](auto a, auto b) {
    return logits[static_cast<std::size_t>(a)] > logits[static_cast<std::size_t>(b)];
  });
  if (options_.top_k > 0 && options_.top_k < tokens.size()) tokens.resize(options_.top_k);

  std::vector<double> cumulative(tokens.size());
  const double largest = logits[static_cast<std::size_t>(tokens[0])];
  double sum = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const double logit = logits[static_cast<std::size_t>(tokens[i])];
    cumulative[i] = sum += std::exp((logit - largest) / options_.temperature);
  }
  // The fewest tokens whose share reaches top_p stay; the draw is below their sum.
  const auto last = std::ranges::lower_bound(cumulative, options_.top_p * sum);
  const double kept = last == cumulative.end() ? sum : *last;
  const double draw = static_cast<double>(random_() >> 11) * 0x1p-53 * kept;
  const auto drawn = std::ranges::upper_bound(cumulative, draw) - cumulative.begin();
  return tokens[std::min(static_cast<std::size_t>(drawn), tokens.size() - 1)];
}

}  // namespace ovbake
