#include "graph/graphs.hpp"

#include <stdexcept>

#include "graph/blocks/blocks.hpp"
#include "graph/form.hpp"

namespace ovbake {
namespace {

std::shared_ptr<ov::Model> build(const Decoder& decoder, const CompressionPlan& plan, Form& form,
                                 const std::string& name) {
  Weights weights(plan);
  Blocks blocks(weights, form);

  Value hidden = blocks.embedding(decoder);
  for (std::size_t i = 0; i < decoder.layers.size(); ++i) {
    hidden = blocks.layer(decoder.layers[i], i, hidden);
  }
  return form.finish(blocks.logits(decoder, hidden), name);
}

/// A file cannot tell a port of unknown rank from a scalar, so this is proven before there is one.
std::shared_ptr<ov::Model> require_static(const std::shared_ptr<ov::Model>& model) {
  for (const auto& node : model->get_ops()) {
    for (const auto& output : node->outputs()) {
      if (output.get_partial_shape().is_static()) continue;
      throw std::logic_error(node->get_friendly_name() + " has a dynamic shape in " +
                             model->get_name());
    }
  }
  return model;
}

}  // namespace

std::shared_ptr<ov::Model> stateful_graph(const Decoder& decoder, const CompressionPlan& plan) {
  return build(decoder, plan, *stateful_form(), decoder.model_type);
}

std::shared_ptr<ov::Model> with_past_graph(const Decoder& decoder, const CompressionPlan& plan) {
  return build(decoder, plan, *with_past_form(), decoder.model_type);
}

std::shared_ptr<ov::Model> without_past_graph(const Decoder& decoder, const CompressionPlan& plan) {
  return build(decoder, plan, *without_past_form(), decoder.model_type);
}

std::shared_ptr<ov::Model> prefill_graph(const Decoder& decoder, const CompressionPlan& plan,
                                         std::int64_t max_prompt_len, bool last_logits_only) {
  return require_static(build(decoder, plan, *prefill_form(max_prompt_len, last_logits_only),
                              decoder.model_type + "_prefill"));
}

std::shared_ptr<ov::Model> decode_graph(const Decoder& decoder, const CompressionPlan& plan,
                                        std::int64_t capacity) {
  return require_static(
      build(decoder, plan, *decode_form(capacity), decoder.model_type + "_decode"));
}

}  // namespace ovbake
