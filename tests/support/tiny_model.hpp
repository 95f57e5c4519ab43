// The tiny checkpoints of tests/record/tiny_model.py, made by the same formula.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "base/half.hpp"
#include "base/json.hpp"
#include "base/shape.hpp"

namespace ovbake {

struct TinyModel {
  std::int64_t hidden, inner, heads, kv_heads, vocab, kinds;
};

inline TinyModel tiny_model(const std::string& name) {
  if (name == "adversarial") return {128, 256, 4, 2, 160, 16};
  return {96, 200, 3, 3, 120, 1};
}

/// splitmix64 of seed · 2^32 + index.
inline std::uint64_t hashed(std::uint64_t seed, std::uint64_t index) {
  std::uint64_t z = (seed << 32) + index + 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

/// `kind` of row is a rule that an encoder may trip over; `half` stays within the range of f16.
inline double tiny_value(std::int64_t kind, std::uint64_t u, std::int64_t column, bool half,
                         bool first_tensor) {
  const auto byte = [u](int shift) { return static_cast<double>(u >> shift & 255); };
  const double n = byte(0) + byte(8) + byte(16) + byte(24) - 510;
  const double sign = (u >> 40 & 1) == 1 ? -1 : 1;
  const auto steps = static_cast<double>(u >> 32 & 31);
  const double halves = (steps - 16) * 0.5;
  const auto scaled = [n](int exponent) { return std::ldexp(n, exponent); };
  switch (kind) {
    case 0:
      return scaled(-14);
    case 1:
      return 0;
    case 2:
      return sign * 0.0;
    case 3:
      return scaled(column % 64 == 5 ? -4 : -14);
    case 4:
      return column % 32 == 0 ? -8 : halves;
    case 5:
      return column % 32 == 0 ? 8 : halves + 0.5;
    case 6:
      return column % 32 == 0 ? -8 : (column % 32 == 1 ? 8 : halves);
    case 7:
      return scaled(half ? -24 : -149);
    case 8:
      return scaled(half ? -26 : -130);
    case 9:
      return scaled(-30);
    case 10:
      return scaled(half ? 6 : (first_tensor ? 118 : 50));
    case 11:
      return std::fabs(scaled(-12));
    case 12:
      return -std::fabs(scaled(-12));
    case 13:
      return scaled(-static_cast<int>(u >> 40 & 15));
    case 14:
      return column % 128 == 77 ? scaled(-3) : 0;
    default:
      return sign * std::exp2(half ? std::floor(steps / 2) - 20 : steps - 20);
  }
}

inline std::vector<std::pair<std::string, Shape>> tiny_tensors(const TinyModel& m, bool tied) {
  const std::int64_t head = m.hidden / m.heads;
  std::vector<std::pair<std::string, Shape>> tensors{
      {"model.embed_tokens.weight", {m.vocab, m.hidden}}};
  for (const std::string layer : {"model.layers.0.", "model.layers.1."}) {
    tensors.insert(tensors.end(),
                   {
                       {layer + "self_attn.q_proj.weight", {m.hidden, m.hidden}},
                       {layer + "self_attn.k_proj.weight", {m.kv_heads * head, m.hidden}},
                       {layer + "self_attn.v_proj.weight", {m.kv_heads * head, m.hidden}},
                       {layer + "self_attn.o_proj.weight", {m.hidden, m.hidden}},
                       {layer + "mlp.gate_proj.weight", {m.inner, m.hidden}},
                       {layer + "mlp.up_proj.weight", {m.inner, m.hidden}},
                       {layer + "mlp.down_proj.weight", {m.hidden, m.inner}},
                       {layer + "input_layernorm.weight", {m.hidden}},
                       {layer + "post_attention_layernorm.weight", {m.hidden}},
                   });
  }
  tensors.push_back({"model.norm.weight", {m.hidden}});
  if (!tied) tensors.push_back({"lm_head.weight", {m.vocab, m.hidden}});
  return tensors;
}

struct TinyCheckpoint {
  Json config;
  Json header;  ///< Of the safetensors file.
  std::string data;
};

/// `dtype` is a word of tiny_model.py's DTYPES, such as "f32_as_bf16".
inline TinyCheckpoint tiny_checkpoint(const std::string& model, const std::string& dtype,
                                      bool tied) {
  const TinyModel m = tiny_model(model);
  const std::string stored =
      dtype.starts_with("f32") ? "F32" : (dtype.starts_with("bf16") ? "BF16" : "F16");
  const std::string cast =
      dtype.ends_with("bf16") ? "bfloat16" : (dtype.ends_with("f16") ? "float16" : "float32");
  const bool half = stored == "F16" || cast == "float16";
  TinyCheckpoint result;
  std::uint64_t seed = 0;
  for (const auto& [name, shape] : tiny_tensors(m, tied)) {
    const std::size_t begin = result.data.size();
    const std::int64_t columns = shape.back();
    for (std::int64_t i = 0; i < element_count(shape); ++i) {
      const std::int64_t kind = shape.size() == 2 ? i / columns % m.kinds : 0;
      const auto value = static_cast<float>(tiny_value(
          kind, hashed(seed, static_cast<std::uint64_t>(i)), i % columns, half, seed == 0));
      const auto bits = std::bit_cast<std::uint32_t>(value);
      const std::uint16_t narrow = stored == "F16" ? f16_from_float(value) : bf16_from_float(value);
      if (stored == "F32") {
        result.data.append(reinterpret_cast<const char*>(&bits), sizeof bits);
      } else {
        result.data.append(reinterpret_cast<const char*>(&narrow), sizeof narrow);
      }
    }
    result.header[name] = {
        {"dtype", stored}, {"shape", shape}, {"data_offsets", {begin, result.data.size()}}};
    ++seed;
  }
  result.config = {{"model_type", "llama"},
                   {"hidden_size", m.hidden},
                   {"intermediate_size", m.inner},
                   {"num_hidden_layers", 2},
                   {"num_attention_heads", m.heads},
                   {"num_key_value_heads", m.kv_heads},
                   {"vocab_size", m.vocab},
                   {"rms_norm_eps", 1e-5},
                   {"rope_theta", 10000.0},
                   {"max_position_embeddings", 128},
                   {"hidden_act", "silu"},
                   {"tie_word_embeddings", tied},
                   {"torch_dtype", cast}};
  return result;
}

}  // namespace ovbake
