// Where the data of tests lie. One source file alone is compiled with the path of the tree, so that
// a compiler cache serves the others in every tree.
#pragma once

#include <string>
#include <string_view>

namespace ovbake {

/// The path of a file or folder of tests/data/.
std::string test_data(std::string_view name);
/// The folder of a fuzz target's corpus.
std::string fuzz_corpus(std::string_view name);

}  // namespace ovbake
