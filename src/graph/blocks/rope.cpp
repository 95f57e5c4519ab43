#include "graph/blocks/rope.hpp"

#include <limits>

#include <openvino/op/convert.hpp>
#include <openvino/op/cos.hpp>
#include <openvino/op/gather.hpp>
#include <openvino/op/greater.hpp>
#include <openvino/op/matmul.hpp>
#include <openvino/op/maximum.hpp>
#include <openvino/op/power.hpp>
#include <openvino/op/reduce_max.hpp>
#include <openvino/op/reduce_sum.hpp>
#include <openvino/op/select.hpp>
#include <openvino/op/sin.hpp>
#include <openvino/op/subtract.hpp>
#include <openvino/op/variadic_split.hpp>

namespace ovbake {
namespace {

constexpr std::int64_t kHeadAxis = 3;
/// Sequences are shorter than this many trained lengths.
constexpr std::int64_t kMostLengths = 1 << 12;
constexpr std::int64_t kToTheEnd = std::numeric_limits<std::int64_t>::max();

/// f32 [1, rotary_dim / 2, 1]
Value frequencies(const std::vector<float>& inv_freq) {
  return ov::op::v0::Constant::create(ov::element::f32, {1, inv_freq.size(), 1}, inv_freq);
}

Value beyond(const std::monostate&, const Rope& rope, const Value&) {
  return frequencies(rope.inv_freq);
}

Value is_beyond(const LongFrequencies& longer, const Value& length) {
  return make<ov::op::v1::Greater>(length, scalar_i64(longer.original_max_position_embeddings));
}

Value beyond(const LongFrequencies& longer, const Rope& rope, const Value& length) {
  return make<ov::op::v1::Select>(is_beyond(longer, length), frequencies(longer.inv_freq),
                                  frequencies(rope.inv_freq));
}

/// Pair i turns by base^(−2i / rotary_dim), so a base that grew turns it slower by a power.
Value with_grown_base(const Rope& rope, const Value& growth) {
  std::vector<float> exponents;
  for (std::int64_t i = 0; i < rope.rotary_dim(); i += 2) {
    exponents.push_back(-static_cast<float>(i) / static_cast<float>(rope.rotary_dim() - 2));
  }
  return make<ov::op::v1::Multiply>(frequencies(rope.inv_freq),
                                    make<ov::op::v1::Power>(growth, frequencies(exponents)));
}

Value beyond(const GrowingBase& base, const Rope& rope, const Value& length) {
  const auto limit = static_cast<double>(base.max_position_embeddings);
  const Value within = make<ov::op::v1::Maximum>(
      make<ov::op::v0::Convert>(length, ov::element::f32), scalar_f32(static_cast<float>(limit)));
  const Value growth = make<ov::op::v1::Subtract>(scaled(within, base.factor / limit),
                                                  scalar_f32(static_cast<float>(base.factor - 1)));
  return with_grown_base(rope, growth);
}

/// 3, 7, 15 … is 1 + 2 + 4 + 8 …, with a summand for every limit that the length is above.
Value beyond(const DoublingBase& base, const Rope& rope, const Value& length) {
  std::vector<std::int64_t> limits;
  std::vector<float> steps;
  for (std::int64_t factor = 1; factor < kMostLengths; factor *= 2) {
    limits.push_back(factor * base.trained_length);
    steps.push_back(static_cast<float>(2 * factor));
  }
  const Value above = make<ov::op::v0::Convert>(
      make<ov::op::v1::Greater>(length, vector_i64(limits)), ov::element::f32);
  const Value weights = ov::op::v0::Constant::create(ov::element::f32, {steps.size()}, steps);
  const Value sum = make<ov::op::v1::ReduceSum>(make<ov::op::v1::Multiply>(above, weights),
                                                vector_i64({0}), false);
  return with_grown_base(rope, make<ov::op::v1::Add>(sum, scalar_f32(1)));
}

/// Positions up to the youngest of `position_ids`.
Value length_of(const Value& position_ids) {
  const Value youngest = make<ov::op::v1::ReduceMax>(position_ids, vector_i64({0, 1}), false);
  return make<ov::op::v1::Add>(youngest, scalar_i64(1));
}

/// The frequencies for a call whose youngest position is that of `position_ids`.
Value frequencies(const Rope& rope, const Value& position_ids) {
  const Value length = length_of(position_ids);
  return std::visit([&](const auto& kind) { return beyond(kind, rope, length); }, rope.beyond);
}

/// (a, b) → (−b, a) for every pair.
Value quarter_turn(const Rope& rope, const Value& x) {
  const auto negative = [](const Value& value) {
    return make<ov::op::v1::Multiply>(value, scalar_f32(-1));
  };
  if (rope.layout == RopeLayout::halves) {
    const std::int64_t half = rope.rotary_dim() / 2;
    const Value upper = slice(x, half, kToTheEnd, kHeadAxis);
    return concat({negative(upper), slice(x, 0, half, kHeadAxis)}, -1);
  }
  const Value even = every_second(x, 0, kHeadAxis);
  const Value odd = every_second(x, 1, kHeadAxis);
  const Value pairs = concat({unsqueeze(negative(odd), -1), unsqueeze(even, -1)}, -1);
  return join_last_two(pairs);
}

/// Turns the pairs of `x`, whose last axis is a head.
Value turn(const Rope& rope, const RotaryTables& tables, const Value& x, std::int64_t head_dim) {
  const std::int64_t rotary_dim = rope.rotary_dim();
  const Value rotary = rotary_dim < head_dim ? slice(x, 0, rotary_dim, kHeadAxis) : x;
  Value turned =
      make<ov::op::v1::Add>(make<ov::op::v1::Multiply>(rotary, tables.cos),
                            make<ov::op::v1::Multiply>(quarter_turn(rope, rotary), tables.sin));
  if (rotary_dim == head_dim) return turned;
  return concat({turned, slice(x, rotary_dim, kToTheEnd, kHeadAxis)}, -1);
}

/// Sines or cosines times the attention factor.
Value with_factor(const Rope& rope, const Value& table, const Value& position_ids) {
  const auto* longer = std::get_if<LongFrequencies>(&rope.beyond);
  if (longer == nullptr || !longer->attention_factor) return scaled(table, rope.attention_factor);
  const Value factor = make<ov::op::v1::Select>(is_beyond(*longer, length_of(position_ids)),
                                                scalar_f32(*longer->attention_factor),
                                                scalar_f32(rope.attention_factor));
  return make<ov::op::v1::Multiply>(table, factor);
}

/// Tables of GPT-J's form: sines and cosines side by side, split, and each value repeated.
RotaryTables interleaved_tables(const Rope& rope, const Value& angles, const Value& position_ids) {
  const auto pairs = static_cast<std::int64_t>(rope.inv_freq.size());
  const Value sin_cos = concat({with_factor(rope, make<ov::op::v0::Sin>(angles), position_ids),
                                with_factor(rope, make<ov::op::v0::Cos>(angles), position_ids)},
                               -1);
  const auto halves =
      std::make_shared<ov::op::v1::VariadicSplit>(sin_cos, scalar_i64(-1), vector_i64({pairs, -1}));
  std::vector<std::int32_t> twice;
  for (std::int32_t i = 0; i < pairs; ++i) twice.insert(twice.end(), {i, i});
  const Value indices = ov::op::v0::Constant::create(ov::element::i32, {twice.size()}, twice);
  const auto spread = [&](std::size_t half) {
    return make<ov::op::v8::Gather>(unsqueeze(halves->output(half), 2), indices, scalar_i64(3));
  };
  return {.cos = spread(1), .sin = spread(0)};
}

}  // namespace

RotaryTables make_rotary_tables(const Rope& rope, const Value& position_ids) {
  const Value position = make<ov::op::v0::Convert>(unsqueeze(position_ids, 1), ov::element::f32);
  const Value product =
      make<ov::op::v0::MatMul>(frequencies(rope, position_ids), position, false, false);
  const Value angles = transpose(product, {0, 2, 1});
  if (rope.layout == RopeLayout::interleaved) {
    return interleaved_tables(rope, angles, position_ids);
  }
  const Value both = concat({angles, angles}, -1);
  return {.cos = unsqueeze(with_factor(rope, make<ov::op::v0::Cos>(both), position_ids), 1),
          .sin = unsqueeze(with_factor(rope, make<ov::op::v0::Sin>(both), position_ids), 1)};
}

Value apply_rotary(const Rope& rope, const RotaryTables& tables, const Value& heads,
                   std::int64_t head_dim) {
  if (rope.layout == RopeLayout::halves) return turn(rope, tables, heads, head_dim);
  const Value queries_first = transpose(heads, {0, 2, 1, 3});
  return transpose(turn(rope, tables, queries_first, head_dim), {0, 2, 1, 3});
}

}  // namespace ovbake
