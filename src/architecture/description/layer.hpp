// A decoder layer: up to two branches of the residual stream.
#pragma once

#include "architecture/description/attention.hpp"
#include "architecture/description/mlp.hpp"
#include "architecture/description/recurrent.hpp"

namespace ovbake {

/// What moves information between positions. One alternative is one file of graph/blocks/.
using Mixer = std::variant<Attention, LightningAttention, Linear>;

/// What a mixer keeps of earlier calls, in the order in which it computes them.
std::vector<State> states(const Mixer& mixer);

/// How a branch joins the residual stream x, f being norm, body and output_norm.
struct Residual {
  enum class Placement {
    branch,  ///< stream · x + branch · f(x), the norm reads x
    input,  ///< the residual stream carries the normalized input: stream · norm(x) + branch · f(x)
    sum,    ///< the norm reads the sum: norm(stream · x + branch · body(x))
  };

  Placement placement = Placement::branch;
  double stream = 1, branch = 1;

  auto parts() const { return std::tie(placement, stream, branch); }
};

/// One branch of the residual stream: x becomes x + output_norm(body(norm(x))), or what `residual`
/// makes of that.
template <typename Body>
struct Branch {
  std::optional<Norm> norm;
  Body body;
  std::optional<Norm> output_norm;
  Residual residual;

  auto parts() const { return std::tie(norm, body, output_norm, residual); }
};

/// How the two branches of a layer stand to each other.
enum class Arrangement {
  sequential,   ///< The MLP's branch reads what the mixer's branch left.
  parallel,     ///< Both read the layer's input, and both outputs are added to it.
  shared_norm,  ///< Like parallel, and the MLP reads what the mixer's norm made.
};

/// x += norm(projection(activation(gate(x)) · the layer's own input))
struct PerLayerGate {
  Linear gate, projection;
  Norm norm;
  Activation hidden_act;

  auto parts() const { return std::tie(gate, hidden_act, projection, norm); }
};

struct DecoderLayer {
  std::string name;  ///< "model.layers.0"
  std::optional<Branch<Mixer>> mixer;
  std::optional<Branch<Mlp>> mlp;
  Arrangement arrangement = Arrangement::sequential;
  std::optional<PerLayerGate> per_layer_gate;
  std::optional<TensorRef> layer_scalar;  ///< [1], multiplies the layer's output.

  /// The mixer of a layer that has attention; throws std::logic_error where it has another one.
  Attention& self_attn();
  const Attention& self_attn() const;

  auto parts() const {
    return std::tie(name, arrangement, mixer, mlp, per_layer_gate, layer_scalar);
  }
};

}  // namespace ovbake
