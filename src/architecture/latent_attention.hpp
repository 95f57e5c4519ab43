// Multi-head latent attention in the words of DeepSeek's config.json, which MiniCPM 3 shares.
#pragma once

#include <string>

#include "architecture/description/decoder.hpp"
#include "source/config.hpp"

namespace ovbake {

/// The attention `name` with `rope` on the last qk_rope_head_dim elements of a head. Queries pass
/// through a narrow vector where config.json has a q_lora_rank.
Attention latent_attention(const Config& config, const std::string& name, const Rope& rope);

}  // namespace ovbake
