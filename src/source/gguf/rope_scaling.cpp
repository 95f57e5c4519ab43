#include "source/gguf/rope_scaling.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <vector>

#include "base/error.hpp"

namespace ovbake {
namespace {

/// Factors are stored as f32 and were computed in it.
constexpr double kTolerance = 1e-5;

/// Parameters of Llama 3.1's rule.
struct Llama3 {
  double factor, low_freq_factor = 1, high_freq_factor = 4;
  std::int64_t original_length = 8192;
};

/// By what a frequency is divided (transformers' _compute_llama3_parameters).
double divisor(const Llama3& rule, double wavelength) {
  const auto length = static_cast<double>(rule.original_length);
  if (wavelength < length / rule.high_freq_factor) return 1;
  if (wavelength > length / rule.low_freq_factor) return rule.factor;
  const double smooth =
      (length / wavelength - rule.low_freq_factor) / (rule.high_freq_factor - rule.low_freq_factor);
  return 1 / ((1 - smooth) / rule.factor + smooth);
}

std::vector<double> wavelengths(double theta, std::size_t count) {
  std::vector<double> result;
  for (std::size_t i = 0; i < count; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(count);
    result.push_back(2 * std::numbers::pi * std::pow(theta, share));
  }
  return result;
}

bool fits(const Llama3& rule, const std::vector<float>& factors,
          const std::vector<double>& lengths) {
  for (std::size_t i = 0; i < factors.size(); ++i) {
    const double expected = divisor(rule, lengths[i]);
    if (!(std::abs(factors[i] - expected) <= kTolerance * expected)) return false;
  }
  return true;
}

/// The rule whose blend is a line through the first and the last factor between 1 and the largest.
/// Any low_freq_factor would do, so it is 1.
std::optional<Llama3> solved(const std::vector<float>& factors, const std::vector<double>& lengths,
                             double factor) {
  std::vector<std::pair<double, double>> points;  // 1 / wavelength, share of the plain frequency
  for (std::size_t i = 0; i < factors.size(); ++i) {
    if (factors[i] <= 1 || factors[i] >= static_cast<float>(factor)) continue;
    points.emplace_back(1 / lengths[i], (1 / factors[i] - 1 / factor) / (1 - 1 / factor));
  }
  if (points.size() < 2) return std::nullopt;
  const auto& [x0, y0] = points.front();
  const auto& [x1, y1] = points.back();
  const double slope = (y1 - y0) / (x1 - x0);
  const double width = -1 / (y0 - slope * x0);
  const double length = slope * width;
  if (!(width > 0 && length >= 1 && length < 1e9)) return std::nullopt;
  return Llama3{
      .factor = factor, .high_freq_factor = 1 + width, .original_length = std::llround(length)};
}

/// Llama 3.1's rule where it gives the factors, and else the factors themselves.
Json scaling_by_factors(const GgufModel& model, const std::vector<float>& factors, double theta) {
  const float factor = *std::ranges::max_element(factors);
  if (std::ranges::all_of(factors, [](float one) { return one == 1; })) return nullptr;
  const std::vector<double> lengths = wavelengths(theta, factors.size());
  for (const std::optional<Llama3>& rule :
       {std::optional(Llama3{.factor = factor}), solved(factors, lengths, factor)}) {
    if (!rule || !fits(*rule, factors, lengths)) continue;
    return {{"rope_type", "llama3"},
            {"factor", rule->factor},
            {"low_freq_factor", rule->low_freq_factor},
            {"high_freq_factor", rule->high_freq_factor},
            {"original_max_position_embeddings", rule->original_length}};
  }
  return {{"rope_type", "longrope"},
          {"short_factor", factors},
          {"long_factor", factors},
          {"attention_factor", 1.0},
          {"original_max_position_embeddings", model.integer("context_length")}};
}

Json longrope(const GgufModel& model, const std::vector<float>& short_factors,
              const std::vector<float>& long_factors) {
  Json scaling{
      {"rope_type", "longrope"},
      {"short_factor", short_factors},
      {"long_factor", long_factors},
      {"original_max_position_embeddings", model.integer("rope.scaling.original_context_length")}};
  if (model.has("rope.scaling.attn_factor")) {
    scaling["attention_factor"] = model.number("rope.scaling.attn_factor");
  }
  return scaling;
}

Json yarn(const GgufModel& model) {
  Json scaling{{"rope_type", "yarn"}, {"factor", model.number("rope.scaling.factor")}};
  const auto take = [&](const char* stored, const char* name) {
    if (model.has(stored)) scaling[name] = model.number(stored);
  };
  if (model.has("rope.scaling.original_context_length")) {
    scaling["original_max_position_embeddings"] =
        model.integer("rope.scaling.original_context_length");
  }
  take("rope.scaling.yarn_beta_fast", "beta_fast");
  take("rope.scaling.yarn_beta_slow", "beta_slow");
  take("rope.scaling.attn_factor", "attention_factor");
  return scaling;
}

}  // namespace

Json rope_scaling(const GgufModel& model, double theta, std::int64_t rotary_dim) {
  model.metadata().mark_read(model.key("rope.scaling.finetuned"));
  const auto require_length = [&](const std::vector<float>& factors) {
    if (static_cast<std::int64_t>(factors.size()) * 2 == rotary_dim) return;
    throw input_error("{}: there are factors for {} rotary frequencies of heads with {} elements.",
                      model.metadata().where(), factors.size(), rotary_dim);
  };
  const auto long_factors = model.numbers("rope_factors_long.weight");
  const auto short_factors = model.numbers("rope_factors_short.weight");
  const std::string type = model.metadata().text(model.key("rope.scaling.type"), "none");
  if (long_factors && short_factors) {
    require_length(*long_factors);
    require_length(*short_factors);
    return longrope(model, *short_factors, *long_factors);
  }
  if (const auto factors = model.numbers("rope_freqs.weight")) {
    require_length(*factors);
    if (type == "none") return scaling_by_factors(model, *factors, theta);
  } else if (type == "none") {
    return nullptr;
  } else if (type == "linear") {
    return {{"rope_type", "linear"}, {"factor", model.number("rope.scaling.factor")}};
  } else if (type == "yarn") {
    return yarn(model);
  }
  throw input_error("{}: {} \"{}\" is not one that can be baked.", model.metadata().where(),
                    model.key("rope.scaling.type"), type);
}

}  // namespace ovbake
