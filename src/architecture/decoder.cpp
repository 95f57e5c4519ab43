#include "architecture/decoder.hpp"

#include <set>

namespace ovbake {
namespace {

/// Passes each tensor on once, so that a weight used twice (tied embeddings) counts as one.
class Visitor {
 public:
  explicit Visitor(const std::function<void(const TensorRef&)>& visit) : visit_(visit) {}

  void operator()(const TensorRef& tensor) {
    if (seen_.insert(tensor.name).second) visit_(tensor);
  }
  void operator()(const Linear& linear) {
    (*this)(linear.weight);
    if (linear.bias) (*this)(*linear.bias);
  }
  void operator()(const RmsNorm& norm) { (*this)(norm.weight); }
  void operator()(const Attention& attention) {
    (*this)(attention.q_proj);
    (*this)(attention.k_proj);
    (*this)(attention.v_proj);
    (*this)(attention.o_proj);
  }
  void operator()(const GatedMlp& mlp) {
    (*this)(mlp.gate_proj);
    (*this)(mlp.up_proj);
    (*this)(mlp.down_proj);
  }

 private:
  const std::function<void(const TensorRef&)>& visit_;
  std::set<std::string> seen_;
};

}  // namespace

void for_each_tensor(const Decoder& decoder, const std::function<void(const TensorRef&)>& visit) {
  Visitor visitor(visit);
  visitor(decoder.embed_tokens);
  for (const DecoderLayer& layer : decoder.layers) {
    visitor(layer.input_layernorm);
    visitor(layer.self_attn);
    visitor(layer.post_attention_layernorm);
    visitor(layer.mlp);
  }
  visitor(decoder.norm);
  visitor(decoder.lm_head);
}

}  // namespace ovbake
