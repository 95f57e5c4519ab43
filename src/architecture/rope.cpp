#include "architecture/rope.hpp"

#include <cmath>
#include <numbers>

#include "base/error.hpp"

namespace ovbake {
namespace {

constexpr double kDefaultTheta = 10000.0;

/// inv_freq[i] = 1 / (factor[i] · theta^(−2i / rotary_dim)); no factors: all 1.
std::vector<float> frequencies(double theta, std::int64_t rotary_dim,
                               const std::vector<double>& factors = {}) {
  std::vector<float> inv_freq;
  for (std::int64_t i = 0; i < rotary_dim; i += 2) {
    const float exponent = static_cast<float>(i) / static_cast<float>(rotary_dim);
    const auto power = static_cast<float>(std::pow(theta, exponent));
    const std::size_t pair = inv_freq.size();
    inv_freq.push_back(1.0F /
                       (factors.empty() ? power : static_cast<float>(factors[pair]) * power));
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

/// The first of two spellings of a number that is there.
double number(const Config& config, std::string_view key, std::string_view older, double fallback) {
  const double value = config.number(config.has(key) ? key : older, fallback);
  config.mark_read(older);
  return value;
}

void check_rotary_dim(const Config& config, std::int64_t rotary_dim, std::int64_t head_dim) {
  if (rotary_dim < 2 || rotary_dim > head_dim || rotary_dim % 2 != 0) {
    throw input_error("{}: {} of {} elements of a head cannot be turned in pairs.", config.where(),
                      rotary_dim, head_dim);
  }
}

std::vector<double> long_factors(const Config& scaling, std::string_view key,
                                 std::int64_t rotary_dim) {
  std::vector<double> factors = scaling.numbers(key);
  if (static_cast<std::int64_t>(factors.size()) * 2 != rotary_dim) {
    throw input_error("{}: {} has {} entries, but {} elements of a head are turned in pairs.",
                      scaling.where(), key, factors.size(), rotary_dim);
  }
  return factors;
}

/// Factors of their own for sequences within and beyond the length of the first training
/// (transformers' _compute_longrope_parameters).
Rope longrope(const Config& config, const Config& scaling, double theta, std::int64_t rotary_dim) {
  constexpr std::string_view kOriginal = "original_max_position_embeddings";
  const std::int64_t original =
      scaling.has(kOriginal) ? scaling.size(kOriginal) : config.size(kOriginal);
  const double stretch =
      static_cast<double>(config.size("max_position_embeddings")) / static_cast<double>(original);
  const double factor = scaling.number("factor", stretch);
  const double usual =
      factor <= 1 ? 1 : std::sqrt(1 + std::log(factor) / std::log(static_cast<double>(original)));
  const auto with = [&](std::string_view key) {
    return frequencies(theta, rotary_dim, long_factors(scaling, key, rotary_dim));
  };
  return {.inv_freq = with("short_factor"),
          .attention_factor = static_cast<float>(scaling.number("attention_factor", usual)),
          .long_context = LongContext{.inv_freq = with("long_factor"),
                                      .original_max_position_embeddings = original}};
}

}  // namespace

Rope default_rope(const Config& config, double theta, std::int64_t rotary_dim,
                  std::int64_t head_dim) {
  check_rotary_dim(config, rotary_dim, head_dim);
  return {.inv_freq = frequencies(theta, rotary_dim)};
}

Rope describe_rope(const Config& config, std::int64_t head_dim, double usual_part) {
  const bool modern = config.has("rope_parameters");
  const bool scaled = modern || config.has("rope_scaling");
  const Config scaling =
      scaled ? config.section(modern ? "rope_parameters" : "rope_scaling") : config;
  const Config& numbers = modern ? scaling : config;
  const double theta = number(numbers, "rope_theta", "rotary_emb_base", kDefaultTheta);
  const double part = number(numbers, "partial_rotary_factor", "rotary_pct", usual_part);
  const auto rotary_dim = static_cast<std::int64_t>(static_cast<double>(head_dim) * part);
  std::string kind = "default";
  if (scaled) kind = scaling.text(scaling.has("rope_type") ? "rope_type" : "type", kind);
  for (const std::string_view key : {"rope_theta", "partial_rotary_factor", "rotary_pct",
                                     "rotary_emb_base", "original_max_position_embeddings"}) {
    config.mark_read(key);
  }
  scaling.mark_read("type");
  check_rotary_dim(config, rotary_dim, head_dim);

  if (kind == "longrope" || kind == "su") return longrope(config, scaling, theta, rotary_dim);
  Rope rope{.inv_freq = frequencies(theta, rotary_dim)};
  if (kind == "linear") {
    const auto factor = static_cast<float>(scaling.number("factor"));
    for (float& frequency : rope.inv_freq) frequency /= factor;
  } else if (kind == "llama3") {
    scale_as_llama3(rope.inv_freq, scaling);
  } else if (kind != "default") {
    throw input_error(
        "{}: rope_type \"{}\" is not one that can be baked yet; known are default, "
        "linear, llama3 and longrope.",
        config.where(), kind);
  }
  return rope;
}

}  // namespace ovbake
