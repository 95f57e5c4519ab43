#include "architecture/rope.hpp"

#include <cmath>
#include <numbers>

#include "base/error.hpp"

namespace ovbake {
namespace {

constexpr double kDefaultTheta = 10000.0;

/// inv_freq[i] = theta^(−2i / head_dim)
std::vector<float> default_frequencies(double theta, std::int64_t head_dim) {
  std::vector<float> inv_freq;
  for (std::int64_t i = 0; i < head_dim; i += 2) {
    const float exponent = static_cast<float>(i) / static_cast<float>(head_dim);
    inv_freq.push_back(1.0F / static_cast<float>(std::pow(theta, exponent)));
  }
  return inv_freq;
}

/// Long wavelengths are slowed down by `factor`, short ones kept, those between blended
/// (Llama 3.1, transformers' _compute_llama3_parameters).
void scale_as_llama3(std::vector<float>& inv_freq, const Config& scaling) {
  const auto factor = static_cast<float>(scaling.number("factor"));
  const auto low = static_cast<float>(scaling.number("low_freq_factor"));
  const auto high = static_cast<float>(scaling.number("high_freq_factor"));
  const auto context = static_cast<float>(scaling.size("original_max_position_embeddings"));
  for (float& frequency : inv_freq) {
    const float wavelength = static_cast<float>(2 * std::numbers::pi) / frequency;
    if (wavelength > context / low) {
      frequency /= factor;
    } else if (wavelength >= context / high) {
      const float smooth = (context / wavelength - low) / (high - low);
      frequency = (1 - smooth) * frequency / factor + smooth * frequency;
    }
  }
}

}  // namespace

Rope describe_rope(const Config& config, std::int64_t head_dim) {
  const bool modern = config.has("rope_parameters");
  const bool scaled = modern || config.has("rope_scaling");
  const Config scaling =
      scaled ? config.section(modern ? "rope_parameters" : "rope_scaling") : config;
  const double theta = modern && scaling.has("rope_theta")
                           ? scaling.number("rope_theta")
                           : config.number("rope_theta", kDefaultTheta);
  std::string kind = "default";
  if (scaled) kind = scaling.text(scaling.has("rope_type") ? "rope_type" : "type", kind);
  scaling.mark_read("type");
  config.mark_read("rope_theta");

  Rope rope{.inv_freq = default_frequencies(theta, head_dim)};
  if (kind == "linear") {
    const auto factor = static_cast<float>(scaling.number("factor"));
    for (float& frequency : rope.inv_freq) frequency /= factor;
  } else if (kind == "llama3") {
    scale_as_llama3(rope.inv_freq, scaling);
  } else if (kind != "default") {
    throw input_error(
        "{}: rope_type \"{}\" is not one that can be baked yet; known are default, "
        "linear and llama3.",
        config.where(), kind);
  }
  return rope;
}

}  // namespace ovbake
