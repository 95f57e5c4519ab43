#include "graph/graphs.hpp"

#include <stdexcept>

#include "graph/blocks/blocks.hpp"
#include "graph/form.hpp"

namespace ovbake {
namespace {

constexpr const char* kPerLayerInputs = "per_layer_inputs";

std::shared_ptr<ov::Model> build(const Decoder& decoder, Weights& weights, Form& form,
                                 const std::string& name) {
  Blocks blocks(decoder, weights, form);

  Value hidden = blocks.embedding(decoder);
  for (std::size_t i = 0; i < decoder.layers.size(); ++i) {
    hidden = blocks.layer(decoder.layers[i], i, hidden);
  }
  return form.finish(blocks.logits(decoder, hidden), "logits", name);
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

std::shared_ptr<ov::Model> stateful_graph(const Decoder& decoder, Weights& weights) {
  return build(decoder, weights, *stateful_form(), decoder.model_type);
}

std::shared_ptr<ov::Model> with_past_graph(const Decoder& decoder, Weights& weights) {
  return build(decoder, weights, *with_past_form(), decoder.model_type);
}

std::shared_ptr<ov::Model> without_past_graph(const Decoder& decoder, Weights& weights) {
  return build(decoder, weights, *without_past_form(), decoder.model_type);
}

std::shared_ptr<ov::Model> prefill_graph(const Decoder& decoder, Weights& weights,
                                         std::int64_t max_prompt_len, bool last_logits_only) {
  return require_static(build(decoder, weights, *prefill_form(max_prompt_len, last_logits_only),
                              decoder.model_type + "_prefill"));
}

std::shared_ptr<ov::Model> decode_graph(const Decoder& decoder, Weights& weights,
                                        std::int64_t capacity) {
  return require_static(
      build(decoder, weights, *decode_form(capacity), decoder.model_type + "_decode"));
}

std::shared_ptr<ov::Model> embedding_graph(const Decoder& decoder, Weights& weights) {
  const auto form = without_past_form();
  Blocks blocks(decoder, weights, *form);
  const Value hidden = blocks.embedding(decoder);
  if (const auto& inputs = blocks.per_layer_inputs()) form->add_output(kPerLayerInputs, *inputs);
  return form->finish(hidden, "inputs_embeds", decoder.model_type + "_embedding");
}

std::shared_ptr<ov::Model> layer_graph(const Decoder& decoder, std::size_t index,
                                       Weights& weights) {
  bool lends = false;
  walk(decoder, [&](const BorrowedKeys& borrowed) { lends = lends || borrowed.layer == index; });
  const auto form = one_layer_form(decoder.hidden_size, lends);
  Blocks blocks(decoder, weights, *form);
  const DecoderLayer& layer = decoder.layers.at(index);
  if (layer.per_layer_gate) {
    const auto layers = static_cast<std::int64_t>(decoder.layers.size());
    blocks.set_per_layer_inputs(form->add_input(kPerLayerInputs, ov::element::f32,
                                                {-1, -1, layers, decoder.per_layer_inputs->width}));
  }
  return form->finish(blocks.layer(layer, index, form->tokens()), "last_hidden_state", layer.name);
}

}  // namespace ovbake
