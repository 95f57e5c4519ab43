#include <limits>

#include <openvino/op/abs.hpp>
#include <openvino/op/broadcast.hpp>
#include <openvino/op/divide.hpp>
#include <openvino/op/exp.hpp>
#include <openvino/op/gather.hpp>
#include <openvino/op/gather_elements.hpp>
#include <openvino/op/greater.hpp>
#include <openvino/op/maximum.hpp>
#include <openvino/op/negative.hpp>
#include <openvino/op/reduce_sum.hpp>
#include <openvino/op/scatter_elements_update.hpp>
#include <openvino/op/select.hpp>
#include <openvino/op/shape_of.hpp>
#include <openvino/op/sigmoid.hpp>
#include <openvino/op/softmax.hpp>
#include <openvino/op/subtract.hpp>
#include <openvino/op/topk.hpp>

#include "graph/blocks/blocks.hpp"

namespace ovbake {
namespace {

struct Top {
  Value values, indices;
};

/// The largest along the last axis, the first of equal ones first.
Top largest(const Value& x, std::int64_t count) {
  const auto top = std::make_shared<ov::op::v11::TopK>(
      x, scalar_i64(count), -1, ov::op::TopKMode::MAX, ov::op::TopKSortType::SORT_VALUES,
      ov::element::i64, true);
  return {.values = top->output(0), .indices = top->output(1)};
}

void name_chosen(const Linear& gate, const Top& chosen) {
  named(chosen.indices, module_of(gate.weight) + ".chosen");
}

Value sum_of_last(const Value& x, bool keep_axis) {
  return make<ov::op::v1::ReduceSum>(x, vector_i64({-1}), keep_axis);
}

Value softmax(const Value& x) { return make<ov::op::v8::Softmax>(x, std::int64_t{-1}); }

/// Scores, but −∞ for the experts of groups that are not among the best: a corrected score may be
/// below 0.
Value within_groups(const Value& scores, const ExpertGroups& groups, std::int64_t experts) {
  const Value grouped = reshape(scores, {0, groups.n_group, experts / groups.n_group});
  const Value best = sum_of_last(largest(grouped, groups.best).values, false);
  const Value chosen = largest(best, groups.topk_group).indices;
  const Value ones = make<ov::op::v3::Broadcast>(scalar_f32(1), make<ov::op::v3::ShapeOf>(chosen));
  const Value mask = dense(ones, chosen, groups.n_group);
  const Value is_chosen = make<ov::op::v1::Greater>(unsqueeze(mask, -1), scalar_f32(0));
  const Value least = scalar_f32(-std::numeric_limits<float>::infinity());
  return reshape(make<ov::op::v1::Select>(is_chosen, grouped, least), {0, experts});
}

Value normalized(const ScoreSum& divisor, const Value& scores) {
  Value sum = sum_of_last(scores, true);
  if (divisor.eps > 0) {
    sum = make<ov::op::v1::Add>(sum, scalar_f32(static_cast<float>(divisor.eps)));
  }
  if (divisor.least > 0) {
    sum = make<ov::op::v1::Maximum>(sum, scalar_f32(static_cast<float>(divisor.least)));
  }
  return make<ov::op::v1::Divide>(scores, sum);
}

}  // namespace

Value dense(const Value& values, const Value& indices, std::int64_t width) {
  const Value shape = concat({dimension(values, 0), vector_i64({width})}, 0);
  return make<ov::op::v12::ScatterElementsUpdate>(make<ov::op::v3::Broadcast>(scalar_f32(0), shape),
                                                  indices, values, scalar_i64(1));
}

Routing Blocks::route(const TopKRouter& router, const Value& tokens) {
  const Value logits = linear(router.gate, tokens);
  const Value scores = router.scoring == TopKRouter::Scoring::softmax ? softmax(logits)
                       : router.scoring == TopKRouter::Scoring::sigmoid
                           ? make<ov::op::v0::Sigmoid>(logits)
                           : logits;
  Value choice = scores;
  if (router.correction_bias) {
    choice = make<ov::op::v1::Add>(choice, weights_(*router.correction_bias));
  }
  if (router.groups) choice = within_groups(choice, *router.groups, router.gate.out_features());

  const Top chosen = largest(choice, router.top_k);
  Value weights = choice == scores ? chosen.values
                                   : make<ov::op::v6::GatherElements>(scores, chosen.indices, 1);
  if (router.scoring == TopKRouter::Scoring::softmax_of_chosen) weights = softmax(weights);
  if (router.divisor) weights = normalized(*router.divisor, weights);
  name_chosen(router.gate, chosen);
  return {.experts = chosen.indices, .weights = scaled(weights, router.scaling), .tokens = tokens};
}

Routing Blocks::route(const SparseMixer& router, const Value& tokens) {
  const Value scores = linear(router.gate, tokens);
  const Top chosen = largest(scores, 2);
  name_chosen(router.gate, chosen);
  const auto share = [&](std::int64_t place) {
    const Value best = slice(chosen.values, place, place + 1, 1);
    const Value below = make<ov::op::v1::Subtract>(best, scores);
    const Value distance = make<ov::op::v1::Divide>(
        below, make<ov::op::v1::Maximum>(make<ov::op::v0::Abs>(scores), best));
    const Value is_far =
        make<ov::op::v1::Greater>(distance, scalar_f32(static_cast<float>(2 * router.jitter_eps)));
    const Value power = make<ov::op::v0::Exp>(make<ov::op::v0::Negative>(below));
    Value powers = make<ov::op::v1::Select>(is_far, scalar_f32(0), power);
    if (place > 0) {
      const Value first = slice(chosen.indices, 0, 1, 1);
      const Value nothing = scaled(slice(chosen.values, 0, 1, 1), 0);
      powers = make<ov::op::v12::ScatterElementsUpdate>(powers, first, nothing, scalar_i64(1));
    }
    return make<ov::op::v1::Divide>(scalar_f32(1), sum_of_last(powers, true));
  };
  return {.experts = chosen.indices, .weights = concat({share(0), share(1)}, 1), .tokens = tokens};
}

Routing Blocks::route(const InputScalingRouter& router, const Value& tokens) {
  const Top chosen = largest(linear(router.gate, tokens), 1);
  name_chosen(router.gate, chosen);
  const Value factor = make<ov::op::v0::Sigmoid>(chosen.values);
  return {.experts = chosen.indices,
          .weights = softmax(chosen.values),
          .tokens = make<ov::op::v1::Multiply>(tokens, factor)};
}

Routing Blocks::route(const NormedRouter& router, const Value& tokens) {
  Routing routing = route(router.choice, scaled(norm(router.norm, tokens), router.scaling));
  const Value scales =
      make<ov::op::v8::Gather>(weights_(router.per_expert_scale), routing.experts, scalar_i64(0));
  routing.weights = make<ov::op::v1::Multiply>(routing.weights, scales);
  routing.tokens = norm(router.tokens_norm, tokens);
  return routing;
}

}  // namespace ovbake
