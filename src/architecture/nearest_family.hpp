// Which families a checkpoint of an unknown model_type is like, for whoever wants to describe it.
#pragma once

#include <string>
#include <string_view>

#include "source/checkpoint.hpp"

namespace ovbake {

/// The families that are nearest by their tensors and their name, the nearest first: "llama,
/// mistral (what differs); phi3 (what differs)". Empty where none has anything in common.
std::string nearest_families(std::string_view model_type, const Checkpoint& checkpoint);

}  // namespace ovbake
