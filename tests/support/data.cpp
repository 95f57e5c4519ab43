#include "support/data.hpp"

namespace ovbake {

std::string test_data(std::string_view name) { return OVBAKE_TEST_DATA "/" + std::string(name); }

std::string fuzz_corpus(std::string_view name) {
  return OVBAKE_FUZZ_CORPUS "/" + std::string(name);
}

}  // namespace ovbake
