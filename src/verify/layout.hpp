// The weights as bake.json describes them: does the description hold together?
#pragma once

#include <cstdint>
#include <vector>

#include "verify/claims.hpp"
#include "verify/faults.hpp"

namespace ovbake {

/// Proves that every constant has the bytes its type and shape need, the element type and the count
/// that its tensor's format stands for, and a place of its own in the weights' part of the file;
/// and that as many bytes as claimed are of 4-bit tensors.
void check_layout(const Claims& claims, Faults& faults);

struct Padding {
  std::uint64_t offset, bytes;
};

/// The parts of the weights that belong to no constant: padding before the next one.
std::vector<Padding> padding(const Claims& claims);

/// Share of the weights' bytes that tensors stored in 4 bits take.
double int4_share(const Claims& claims);

}  // namespace ovbake
