#include "baking/output_layout.hpp"

#include <stdexcept>

#include "graph/graphs.hpp"

namespace ovbake {
namespace {

OutputLayout static_pair(const BakeOptions& options) {
  const auto prefill = [options](const Decoder& decoder, Weights& weights) {
    return prefill_graph(decoder, weights, *options.max_prompt_len, options.last_logits_only);
  };
  const auto decode = [capacity = *options.max_prompt_len + *options.min_response_len](
                          const Decoder& decoder, Weights& weights) {
    return decode_graph(decoder, weights, capacity);
  };
  return {.companions = "genai",
          .graphs = {{"openvino_model.xml", "prefill", true, prefill},
                     {"openvino_model_decode.xml", "decode", true, decode},
                     {"genai/openvino_model.xml", "stateful", false, stateful_graph}}};
}

}  // namespace

OutputLayout output_layout(const BakeOptions& options) {
  switch (options.graphs) {
    case Graphs::static_pair:
      return static_pair(options);
    case Graphs::stateful:
      return {"", {{"openvino_model.xml", "stateful", false, stateful_graph}}};
    case Graphs::with_past:
      return {"", {{"openvino_model.xml", "with_past", false, with_past_graph}}};
    case Graphs::without_past:
      return {"", {{"openvino_model.xml", "without_past", false, without_past_graph}}};
  }
  throw std::logic_error("no such Graphs");
}

}  // namespace ovbake
