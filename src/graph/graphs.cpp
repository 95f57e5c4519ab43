#include "graph/graphs.hpp"

#include "graph/blocks/blocks.hpp"
#include "graph/form.hpp"

namespace ovbake {
namespace {

std::shared_ptr<ov::Model> build(const Decoder& decoder, const CompressionPlan& plan, Form& form,
                                 const std::string& name) {
  Weights weights(plan);
  Blocks blocks(weights, form);

  Value hidden = blocks.embedding(decoder.embed_tokens);
  for (std::size_t i = 0; i < decoder.layers.size(); ++i) {
    const DecoderLayer& layer = decoder.layers[i];
    const Value attended = blocks.attention(layer.self_attn, i, layer.name + ".self_attn",
                                            blocks.rms_norm(layer.input_layernorm, hidden));
    hidden = make<ov::op::v1::Add>(hidden, attended);
    const Value transformed = blocks.mlp(layer.mlp, layer.name + ".mlp",
                                         blocks.rms_norm(layer.post_attention_layernorm, hidden));
    hidden = named(make<ov::op::v1::Add>(hidden, transformed), layer.name);
  }
  hidden = blocks.rms_norm(decoder.norm, form.rows_with_logits(hidden));
  return form.finish(blocks.linear(decoder.lm_head, hidden), name);
}

}  // namespace

std::shared_ptr<ov::Model> dynamic_graph(const Decoder& decoder, const CompressionPlan& plan) {
  return build(decoder, plan, *dynamic_form(), decoder.model_type);
}

std::shared_ptr<ov::Model> prefill_graph(const Decoder& decoder, const CompressionPlan& plan,
                                         std::int64_t max_prompt_len, bool last_logits_only) {
  return build(decoder, plan, *prefill_form(max_prompt_len, last_logits_only),
               decoder.model_type + "_prefill");
}

std::shared_ptr<ov::Model> decode_graph(const Decoder& decoder, const CompressionPlan& plan,
                                        std::int64_t capacity) {
  return build(decoder, plan, *decode_form(capacity), decoder.model_type + "_decode");
}

}  // namespace ovbake
