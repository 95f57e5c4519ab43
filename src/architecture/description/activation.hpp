// Activation functions, by the names that config.json gives them.
#pragma once

namespace ovbake {

enum class Activation { silu, gelu, gelu_tanh, relu, relu_squared };

}  // namespace ovbake
