// The graphs of a model, all over the same weights. Inputs are named input_ids,
// attention_mask and position_ids, the output logits. They are made one at a time, so that only one
// is in memory.
#pragma once

#include <cstdint>
#include <memory>

#include <openvino/core/model.hpp>

#include "architecture/description/decoder.hpp"
#include "graph/weights.hpp"

namespace ovbake {

/// Every dimension open: what GenAI, optimum-intel and Model Server load. Its fourth input is
/// beam_idx, and its state is named as optimum-intel names it.
std::shared_ptr<ov::Model> stateful_graph(const Decoder& decoder, Weights& weights);

/// Every dimension open. Further inputs are past_key_values.N.key and .value [batch, kv, past,
/// head_dim]; outputs besides logits are present.N.key and .value [batch, kv, past + query,
/// head_dim].
std::shared_ptr<ov::Model> with_past_graph(const Decoder& decoder, Weights& weights);

/// Every dimension open. Input and output are a whole sequence and its logits.
std::shared_ptr<ov::Model> without_past_graph(const Decoder& decoder, Weights& weights);

/// [1, S], left-padded, no past. Outputs logits [1, 1, V], or [1, S, V] unless `last_logits_only`,
/// and present.N.key and present.N.value [1, kv, S, head_dim].
std::shared_ptr<ov::Model> prefill_graph(const Decoder& decoder, Weights& weights,
                                         std::int64_t max_prompt_len, bool last_logits_only);

/// [1, 1]. attention_mask is [1, capacity]: the past's slots, then this token. Further inputs are
/// past_key_values.N.key and .value [1, kv, capacity − 1, head_dim]; outputs besides logits are the
/// keys and values of this token alone, present.N.key and present.N.value [1, kv, 1, head_dim].
std::shared_ptr<ov::Model> decode_graph(const Decoder& decoder, Weights& weights,
                                        std::int64_t capacity);

/// Every dimension open. Outputs are inputs_embeds, f32 [batch, query, hidden_size], which the
/// first layer reads, and, where the model has them, per_layer_inputs.
std::shared_ptr<ov::Model> embedding_graph(const Decoder& decoder, Weights& weights);

/// One layer of a whole sequence, every dimension open. hidden_states [batch, query, hidden_size]
/// takes the place of input_ids. Outputs are last_hidden_state and the input of each projection,
/// named by its module. Where layers borrow keys and values, present.N.key and present.N.value are
/// outputs of the layer that lends them and inputs of the others. per_layer_inputs are an input
/// too, those of all layers.
std::shared_ptr<ov::Model> layer_graph(const Decoder& decoder, std::size_t index, Weights& weights);

}  // namespace ovbake
