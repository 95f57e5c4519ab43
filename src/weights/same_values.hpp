// Whether two stored tensors hold the same weights, be it in different dtypes.
#pragma once

#include "source/checkpoint.hpp"

namespace ovbake {

/// Whether rounding one of two tensors to the dtype of the other gives the other, which two copies
/// of one weight do that were saved in float32 and bfloat16. Reads both, one after the other, in
/// pieces. False where a dtype is not BF16, F16 or F32.
bool same_values(const StoredTensor& a, const StoredTensor& b, const Checkpoint& checkpoint);

}  // namespace ovbake
