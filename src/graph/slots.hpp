// Where the layers of a model keep what they have seen: each state of each layer, with its names.
#pragma once

#include <span>
#include <vector>

#include "architecture/description/decoder.hpp"

namespace ovbake {

/// One state of one layer, and its names in a graph.
struct Slot {
  State state;
  StateNames names;
};

/// The slots of every layer, in the order in which states() lists them.
std::vector<std::vector<Slot>> slots(const Decoder& decoder);

}  // namespace ovbake
