// Which of its instruction sets a machine uses.
#pragma once

#include <cstdint>

#include <hwy/highway.h>

namespace ovbake {

/// Lets encoders use one of hwy::SupportedAndGeneratedTargets(); 0: the best that there is.
inline void use_instruction_set(std::int64_t target) {
  hwy::SetSupportedTargetsForTest(target);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace ovbake
