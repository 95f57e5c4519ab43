// The three graphs of a model, all over the same weights.
#pragma once

#include <cstdint>
#include <memory>
#include <openvino/core/model.hpp>

#include "architecture/decoder.hpp"
#include "compression/plan.hpp"

namespace ovbake {

struct GraphOptions {
  std::int64_t max_prompt_len;
  std::int64_t min_response_len;
  bool last_logits_only;
};

/// Inputs are named input_ids, attention_mask, position_ids; the output is named logits.
struct Graphs {
  /// Stateful, every dimension open: what GenAI, optimum-intel and Model Server load. Its fourth
  /// input is beam_idx, and its state is named as optimum-intel names it.
  std::shared_ptr<ov::Model> dynamic;
  /// [1, S], left-padded, no past; outputs present.N.key and present.N.value [1, kv, S, head_dim].
  std::shared_ptr<ov::Model> prefill;
  /// [1, 1]; inputs past_key_values.N.key and .value [1, kv, S + R − 1, head_dim], outputs the keys
  /// and values of this token alone [1, kv, 1, head_dim]. attention_mask [1, S + R]: past slots, then
  /// this token.
  std::shared_ptr<ov::Model> decode;
};

Graphs build_graphs(const Decoder& decoder, const CompressionPlan& plan,
                    const GraphOptions& options);

}  // namespace ovbake
