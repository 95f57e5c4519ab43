// The functions between the projections of an MLP.
#pragma once

#include "architecture/description/decoder.hpp"
#include "graph/ops.hpp"

namespace ovbake {

Value activate(Activation activation, const Value& x);

}  // namespace ovbake
