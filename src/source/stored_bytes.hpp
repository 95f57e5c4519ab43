// The bytes of a tensor as they are read: what was done to it before it was stored is undone.
#pragma once

#include <cstdint>
#include <span>

#include "base/random_access.hpp"
#include "source/stored_tensor.hpp"

namespace ovbake {

/// Fills `into` with bytes of `tensor`, which lies in `file`, from `offset` on, as if it were
/// stored as its dtype in the order of transformers. Where it is stored otherwise, both are whole
/// elements.
void read_stored(const RandomAccess& file, const StoredTensor& tensor, std::uint64_t offset,
                 std::span<std::byte> into);

}  // namespace ovbake
