#include "architecture/rope.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <string>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace ovbake {
namespace {

constexpr double kDefaultTheta = 10000.0;
constexpr std::string_view kOriginal = "original_max_position_embeddings";

/// What config.json says of one rope.
struct RopeWords {
  Config model;
  Config parameters;  ///< rope_parameters or rope_scaling; empty where it has neither.
  std::int64_t head_dim;
  double theta = 0;
  std::int64_t rotary_dim = 0;
};

void check_rotary_dim(const Config& config, std::int64_t rotary_dim, std::int64_t head_dim) {
  if (rotary_dim >= 2 && rotary_dim <= head_dim && rotary_dim % 2 == 0) return;
  throw input_error("{}: {} of {} elements of a head cannot be turned in pairs.", config.where(),
                    rotary_dim, head_dim);
}

/// theta^(2i / rotary_dim)
std::vector<float> powers(double theta, std::int64_t rotary_dim) {
  std::vector<float> result;
  for (std::int64_t i = 0; i < rotary_dim; i += 2) {
    const float exponent = static_cast<float>(i) / static_cast<float>(rotary_dim);
    result.push_back(static_cast<float>(std::pow(theta, exponent)));
  }
  return result;
}

/// inv_freq[i] = 1 / (factor[i] · theta^(2i / rotary_dim)); no factors: all 1.
std::vector<float> frequencies(double theta, std::int64_t rotary_dim,
                               const std::vector<double>& factors = {}) {
  std::vector<float> inv_freq = powers(theta, rotary_dim);
  for (std::size_t i = 0; i < inv_freq.size(); ++i) {
    if (!factors.empty()) inv_freq[i] *= static_cast<float>(factors[i]);
    inv_freq[i] = 1.0F / inv_freq[i];
  }
  return inv_freq;
}

std::vector<float> frequencies(const RopeWords& words) {
  return frequencies(words.theta, words.rotary_dim);
}

Rope unscaled_rope(const RopeWords& words) { return {.inv_freq = frequencies(words)}; }

/// How many positions the model was first trained for: the model's own word goes before the rope's.
std::int64_t original_length(const RopeWords& words) {
  words.parameters.mark_read(kOriginal);
  if (words.model.has(kOriginal)) return words.model.size(kOriginal);
  if (words.parameters.has(kOriginal)) return words.parameters.size(kOriginal);
  return words.model.size("max_position_embeddings");
}

/// By how much the length grew since then.
double stretch(const RopeWords& words) {
  if (words.parameters.has("factor")) return words.parameters.number("factor");
  return static_cast<double>(words.model.size("max_position_embeddings")) /
         static_cast<double>(original_length(words));
}

Rope linear_rope(const RopeWords& words) {
  Rope rope{.inv_freq = frequencies(words)};
  const auto factor = static_cast<float>(words.parameters.number("factor"));
  for (float& frequency : rope.inv_freq) frequency /= factor;
  return rope;
}

/// Long wavelengths are slowed down by `factor`, short ones kept, those between blended
/// (Llama 3.1, transformers' _compute_llama3_parameters).
Rope llama3_rope(const RopeWords& words) {
  Rope rope{.inv_freq = frequencies(words)};
  const auto factor = static_cast<float>(words.parameters.number("factor"));
  const auto low = static_cast<float>(words.parameters.number("low_freq_factor"));
  const auto high = static_cast<float>(words.parameters.number("high_freq_factor"));
  const auto context = static_cast<float>(original_length(words));
  for (float& frequency : rope.inv_freq) {
    const float wavelength = static_cast<float>(2 * std::numbers::pi) / frequency;
    if (wavelength > context / low) {
      frequency /= factor;
    } else if (wavelength >= context / high) {
      const float smooth = (context / wavelength - low) / (high - low);
      frequency = (1 - smooth) * frequency / factor + smooth * frequency;
    }
  }
  return rope;
}

/// The base grows with the sequence once that is longer than max_position_embeddings
/// (_compute_dynamic_ntk_parameters).
Rope dynamic_rope(const RopeWords& words) {
  return {.inv_freq = frequencies(words),
          .beyond =
              GrowingBase{.factor = words.parameters.number("factor"),
                          .max_position_embeddings = words.model.size("max_position_embeddings")}};
}

/// As if the rotated part were the whole head: the pairs that are left stand still
/// (_compute_proportional_rope_parameters).
Rope proportional_rope(const RopeWords& words) {
  Rope rope{.inv_freq = frequencies(words.theta, words.head_dim)};
  const auto factor = static_cast<float>(words.parameters.number("factor", 1));
  for (std::size_t i = 0; i < rope.inv_freq.size(); ++i) {
    const bool turns = static_cast<std::int64_t>(i) < words.rotary_dim / 2;
    rope.inv_freq[i] = turns ? rope.inv_freq[i] / factor : 0;
  }
  return rope;
}

std::vector<double> long_factors(const RopeWords& words, std::string_view key) {
  std::vector<double> factors = words.parameters.numbers(key);
  if (static_cast<std::int64_t>(factors.size()) * 2 != words.rotary_dim) {
    throw input_error("{}: {} has {} entries, but {} elements of a head are turned in pairs.",
                      words.parameters.where(), key, factors.size(), words.rotary_dim);
  }
  return factors;
}

/// Factors of their own for sequences within and beyond the length of the first training
/// (_compute_longrope_parameters).
Rope longrope(const RopeWords& words) {
  const std::int64_t original = original_length(words);
  const double factor = stretch(words);
  const double usual =
      factor <= 1 ? 1 : std::sqrt(1 + std::log(factor) / std::log(static_cast<double>(original)));
  const auto with = [&](std::string_view key) {
    return frequencies(words.theta, words.rotary_dim, long_factors(words, key));
  };
  return {
      .inv_freq = with("short_factor"),
      .attention_factor = static_cast<float>(words.parameters.number("attention_factor", usual)),
      .beyond = LongFrequencies{.inv_freq = with("long_factor"),
                                .original_max_position_embeddings = original}};
}

/// By how much yarn multiplies cos and sin.
double yarn_attention_factor(const Config& parameters, double factor) {
  const auto grown = [&](double weight) {
    return factor <= 1 ? 1 : 0.1 * weight * std::log(factor) + 1;
  };
  const double mscale = parameters.number("mscale", 0);
  const double mscale_all_dim = parameters.number("mscale_all_dim", 0);
  const bool both = mscale != 0 && mscale_all_dim != 0;
  return parameters.number("attention_factor",
                           both ? grown(mscale) / grown(mscale_all_dim) : grown(1));
}

/// Fast pairs are kept, slow ones slowed down by `factor`, those between blended
/// (_compute_yarn_parameters).
Rope yarn_rope(const RopeWords& words) {
  const Config& parameters = words.parameters;
  const double factor = stretch(words);
  const auto length = static_cast<double>(original_length(words));
  const auto dim = static_cast<double>(words.rotary_dim);
  const auto pair_that_turns = [&](double times) {
    return dim * std::log(length / (times * 2 * std::numbers::pi)) / (2 * std::log(words.theta));
  };
  const auto or_else = [&](std::string_view key, double usual) {
    const double value = parameters.number(key, usual);
    return value == 0 ? usual : value;
  };
  double low = pair_that_turns(or_else("beta_fast", 32));
  double high = pair_that_turns(or_else("beta_slow", 1));
  if (parameters.flag("truncate", true)) {
    low = std::floor(low);
    high = std::ceil(high);
  }
  low = std::max(low, 0.0);
  high = std::min(high, dim - 1);
  if (low == high) high += 0.001;

  Rope rope{.inv_freq = powers(words.theta, words.rotary_dim),
            .attention_factor = static_cast<float>(yarn_attention_factor(parameters, factor))};
  for (std::size_t i = 0; i < rope.inv_freq.size(); ++i) {
    const float ramp =
        (static_cast<float>(i) - static_cast<float>(low)) / static_cast<float>(high - low);
    const float kept = 1 - std::clamp(ramp, 0.0F, 1.0F);
    const float power = rope.inv_freq[i];
    rope.inv_freq[i] = 1 / (static_cast<float>(factor) * power) * (1 - kept) + 1 / power * kept;
  }
  return rope;
}

/// The first that is there: the rope's word, the model's, each also in an older spelling.
double number(const RopeWords& words, std::string_view key, std::string_view older,
              double fallback) {
  double value = fallback;
  for (const Config& config : {words.model, words.parameters}) {
    for (const std::string_view spelling : {older, key}) value = config.number(spelling, value);
  }
  return value;
}

/// Multimodal RoPE rotates sections of a head, in one piece or interleaved, by positions in time,
/// in height and in width. The three are equal for text, so that it is plain RoPE there.
void mark_sections(const Config& parameters) {
  for (const auto key : {"mrope_section", "mrope_interleaved"}) parameters.mark_read(key);
}

RopeWords read_words(const Config& model, const Config& parameters, std::int64_t head_dim) {
  mark_sections(parameters);
  RopeWords words{.model = model, .parameters = parameters, .head_dim = head_dim};
  words.theta = number(words, "rope_theta", "rotary_emb_base", kDefaultTheta);
  const double part = number(words, "partial_rotary_factor", "rotary_pct", 1);
  if (!(part > 0 && part <= 1)) {
    throw input_error("{}: partial_rotary_factor {} is no share of a head; it must be in (0, 1].",
                      model.where(), part);
  }
  words.rotary_dim = static_cast<std::int64_t>(static_cast<double>(head_dim) * part);
  words.model.mark_read(kOriginal);
  check_rotary_dim(model, words.rotary_dim, head_dim);
  return words;
}

/// With the parameters of the whole model.
RopeWords read_words(const Config& model, std::int64_t head_dim) {
  for (const std::string_view key : kRopeSections) {
    if (model.has(key)) return read_words(model, model.section(key), head_dim);
  }
  return read_words(model, Config(Json::object(), model.where()), head_dim);
}

Rope describe_rope(const RopeWords& words) {
  static const std::map<std::string, Rope (*)(const RopeWords&)> kinds{
      {"deepseek_yarn", yarn_rope},
      {"default", unscaled_rope},
      {"dynamic", dynamic_rope},
      {"linear", linear_rope},
      {"llama3", llama3_rope},
      {"longrope", longrope},
      {"mrope", unscaled_rope},
      {"proportional", proportional_rope},
      {"su", longrope},
      {"yarn", yarn_rope},
  };
  const std::string older = words.parameters.text("type", "default");
  const std::string kind = words.parameters.text("rope_type", older);
  const auto found = kinds.find(kind);
  if (found != kinds.end()) return found->second(words);
  std::vector<std::string> known;
  for (const auto& [name, make] : kinds) known.push_back(name);
  throw input_error("{}: rope_type {} is not one that can be baked yet; known are {}.",
                    words.model.where(), quote(kind), fmt::join(known, ", "));
}

}  // namespace

Config with_usual_rope(const Config& config, const Defaults& usual) {
  const bool speaks = std::ranges::any_of(kRopeSections, [&](auto key) { return config.has(key); });
  if (!speaks) return config.with_defaults({{"rope_parameters", usual}});
  const auto theta = std::ranges::find(usual, "rope_theta", &Default::key);
  return theta == usual.end() ? config : config.with_defaults({*theta});
}

Rope describe_rope(const Config& config, std::int64_t head_dim) {
  return describe_rope(read_words(config, head_dim));
}

Rope describe_rope(const Config& config, std::int64_t head_dim, std::string_view layer_type) {
  const Config parameters = config.section("rope_parameters").section(layer_type);
  return describe_rope(read_words(config, parameters, head_dim));
}

Rope describe_rope(const Config& config, std::int64_t head_dim, double theta) {
  RopeWords words = read_words(config, head_dim);
  words.theta = theta;
  return describe_rope(words);
}

Rope describe_unscaled_rope(const Config& config, std::int64_t head_dim) {
  return unscaled_rope(read_words(config, head_dim));
}

Rope default_rope(const Config& config, double theta, std::int64_t rotary_dim,
                  std::int64_t head_dim) {
  check_rotary_dim(config, rotary_dim, head_dim);
  return {.inv_freq = frequencies(theta, rotary_dim)};
}

}  // namespace ovbake
