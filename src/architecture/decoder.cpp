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
  template <typename T>
  void operator()(const std::optional<T>& part) {
    if (part) (*this)(*part);
  }
  template <typename T>
  void operator()(const std::vector<T>& parts) {
    for (const T& part : parts) (*this)(part);
  }
  template <typename... Kinds>
  void operator()(const std::variant<Kinds...>& part) {
    std::visit(*this, part);
  }
  void operator()(const Linear& linear) { all(linear.weight, linear.bias); }
  void operator()(const RmsNorm& norm) { all(norm.weight); }
  void operator()(const LayerNorm& norm) { all(norm.weight, norm.bias); }
  void operator()(const HeadNorms& norm) { all(norm.weights); }
  void operator()(const LearnedPositions& positions) { all(positions.weight); }
  void operator()(const SinusoidalPositions& /*positions*/) {}
  void operator()(const SeparateProjections& separate) {
    all(separate.q_proj, separate.k_proj, separate.v_proj);
  }
  void operator()(const FusedProjection& fused) { all(fused.qkv_proj); }
  void operator()(const KeysAsValues& shared) { all(shared.q_proj, shared.k_proj); }
  void operator()(const BorrowedKeys& borrowed) { all(borrowed.q_proj); }
  void operator()(const LatentProjections& latent) {
    all(latent.q_a_proj, latent.q_a_layernorm, latent.q_b_proj);
    all(latent.kv_a_proj_with_mqa, latent.kv_a_layernorm, latent.kv_b_proj);
  }
  void operator()(const QueryKeyNorm& norm) { all(norm.q_norm, norm.k_norm, norm.v_norm); }
  void operator()(const Attention& attention) {
    all(attention.projections, attention.qk_norm, attention.sub_norm);
    all(attention.sinks, attention.output_gate, attention.o_proj);
  }
  void operator()(const Skipped& /*nothing*/) {}
  void operator()(const LightningAttention& attention) {
    all(attention.qkv_proj, attention.norm, attention.output_gate, attention.out_proj);
  }
  void operator()(const GatedMlp& mlp) {
    all(mlp.gate_proj, mlp.up_proj, mlp.sub_norm, mlp.down_proj);
  }
  void operator()(const FusedGatedMlp& mlp) { all(mlp.gate_up_proj, mlp.down_proj); }
  void operator()(const PlainMlp& mlp) { all(mlp.up_proj, mlp.down_proj); }
  void operator()(const XieluMlp& mlp) {
    all(mlp.up_proj, mlp.alpha_p, mlp.alpha_n, mlp.beta, mlp.eps, mlp.down_proj);
  }
  void operator()(const TopKRouter& router) { all(router.gate, router.correction_bias); }
  void operator()(const SparseMixer& router) { all(router.gate); }
  void operator()(const InputScalingRouter& router) { all(router.gate); }
  void operator()(const NormedRouter& router) {
    all(router.norm, router.choice, router.per_expert_scale, router.tokens_norm);
  }
  void operator()(const GatedExperts& experts) {
    all(experts.gate_proj, experts.up_proj, experts.down_proj);
  }
  void operator()(const ClampedExperts& experts) {
    all(experts.gate_up_proj, experts.gate_up_bias, experts.down_proj, experts.down_bias);
  }
  void operator()(const SharedExpert& shared) { all(shared.mlp, shared.gate); }
  void operator()(const MixtureOfExperts& moe) { all(moe.router, moe.experts, moe.shared_expert); }
  void operator()(const MlpBesideExperts& both) {
    all(both.mlp_norm, both.mlp, both.mlp_output_norm, both.experts, both.experts_output_norm);
  }
  void operator()(const PerLayerInputs& inputs) {
    all(inputs.embed_tokens, inputs.projection, inputs.norm);
  }
  void operator()(const PerLayerGate& gate) { all(gate.gate, gate.projection, gate.norm); }
  void operator()(const DecoderLayer& layer) {
    all(layer.attention_norm, layer.substitute);
    if (!layer.substitute) all(layer.self_attn);
    all(layer.attention_output_norm);
    all(layer.mlp_norm, layer.mlp, layer.mlp_output_norm);
    all(layer.per_layer_gate, layer.layer_scalar);
  }
  void operator()(const Decoder& decoder) {
    all(decoder.embed_tokens, decoder.per_layer_inputs, decoder.project_in);
    all(decoder.embed_positions, decoder.embedding_norm);
    all(decoder.layers, decoder.norm, decoder.project_out, decoder.lm_head);
  }

 private:
  template <typename... Parts>
  void all(const Parts&... parts) {
    ((*this)(parts), ...);
  }

  const std::function<void(const TensorRef&)>& visit_;
  std::set<std::string> seen_;
};

}  // namespace

Shape TensorRef::stored_shape() const { return transposed ? Shape{shape[1], shape[0]} : shape; }

std::string StackLayout::name_of(std::int64_t matrix) const {
  if (!is_numbered()) return name;
  return std::string(name).replace(name.find('*'), 1, std::to_string(matrix));
}

const Linear& gate_of(const Router& router) {
  return std::visit(
      [](const auto& kind) -> const Linear& {
        if constexpr (requires { kind.choice; }) {
          return kind.choice.gate;
        } else {
          return kind.gate;
        }
      },
      router);
}

void for_each_tensor(const Decoder& decoder, const std::function<void(const TensorRef&)>& visit) {
  Visitor{visit}(decoder);
}

}  // namespace ovbake
