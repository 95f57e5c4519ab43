// Rotary frequencies from config.json, in both of its spellings (rope_theta with rope_scaling, and
// rope_parameters), computed in float32 as transformers' modeling_rope_utils does.
#pragma once

#include <array>
#include <string_view>

#include "architecture/description/decoder.hpp"
#include "source/config.hpp"

namespace ovbake {

/// Where config.json may speak of the rope, the newer spelling first.
inline constexpr std::array<std::string_view, 2> kRopeSections{"rope_parameters", "rope_scaling"};

/// `config` with what a model's class takes for rope_parameters where it says nothing of them; of
/// `usual` the rope_theta alone where it speaks of the rope in older words.
Config with_usual_rope(const Config& config, const Defaults& usual);

/// Rope kinds default, linear, dynamic, yarn, longrope, llama3 and proportional, on the part of the
/// head that config.json names. Throws an input error for another kind.
Rope describe_rope(const Config& config, std::int64_t head_dim);

/// The rope of one type of layers ("full_attention"), whose section rope_parameters has.
Rope describe_rope(const Config& config, std::int64_t head_dim, std::string_view layer_type);

/// The rope of a layer that has another rope_theta than the rest of the model.
Rope describe_rope(const Config& config, std::int64_t head_dim, double theta);

/// What describe_rope gives, without the scaling of its kind.
Rope describe_unscaled_rope(const Config& config, std::int64_t head_dim);

/// The default kind, on the first rotary_dim elements of a head.
Rope default_rope(const Config& config, double theta, std::int64_t rotary_dim,
                  std::int64_t head_dim);

}  // namespace ovbake
