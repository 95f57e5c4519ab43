// The graphs of a model, all over the same weights. Inputs are named input_ids,
// attention_mask and position_ids, the output logits. They are made one at a time, so that only one
// is in memory.
#pragma once

#include <cstdint>
#include <memory>

#include <openvino/core/model.hpp>

#include "architecture/decoder.hpp"
#include "compression/plan.hpp"

namespace ovbake {

/// Every dimension open: what GenAI, optimum-intel and Model Server load. Its fourth input is
/// beam_idx, and its state is named as optimum-intel names it.
std::shared_ptr<ov::Model> stateful_graph(const Decoder& decoder, const CompressionPlan& plan);

/// Every dimension open. Further inputs are past_key_values.N.key and .value [batch, kv, past,
/// head_dim]; outputs besides logits are present.N.key and .value [batch, kv, past + query,
/// head_dim].
std::shared_ptr<ov::Model> with_past_graph(const Decoder& decoder, const CompressionPlan& plan);

/// Every dimension open. Input and output are a whole sequence and its logits.
std::shared_ptr<ov::Model> without_past_graph(const Decoder& decoder, const CompressionPlan& plan);

/// [1, S], left-padded, no past. Outputs logits [1, 1, V], or [1, S, V] unless `last_logits_only`,
/// and present.N.key and present.N.value [1, kv, S, head_dim].
std::shared_ptr<ov::Model> prefill_graph(const Decoder& decoder, const CompressionPlan& plan,
                                         std::int64_t max_prompt_len, bool last_logits_only);

/// [1, 1]. attention_mask is [1, capacity]: the past's slots, then this token. Further inputs are
/// past_key_values.N.key and .value [1, kv, capacity − 1, head_dim]; outputs besides logits are the
/// keys and values of this token alone, present.N.key and present.N.value [1, kv, 1, head_dim].
std::shared_ptr<ov::Model> decode_graph(const Decoder& decoder, const CompressionPlan& plan,
                                        std::int64_t capacity);

}  // namespace ovbake
