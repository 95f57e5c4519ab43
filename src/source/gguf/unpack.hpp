// Blocks of ggml's types taken apart, a function a type. Layouts are those of gguf-py's quants.py.
#pragma once

#include <cstddef>

#include "source/gguf/ggml_type.hpp"

namespace ovbake {

void unpack_q4_0(const std::byte* stored, GgmlBlock& block);
void unpack_q4_1(const std::byte* stored, GgmlBlock& block);
void unpack_q5_0(const std::byte* stored, GgmlBlock& block);
void unpack_q5_1(const std::byte* stored, GgmlBlock& block);
void unpack_q8_0(const std::byte* stored, GgmlBlock& block);
void unpack_q2_k(const std::byte* stored, GgmlBlock& block);
void unpack_q3_k(const std::byte* stored, GgmlBlock& block);
void unpack_q4_k(const std::byte* stored, GgmlBlock& block);
void unpack_q5_k(const std::byte* stored, GgmlBlock& block);
void unpack_q6_k(const std::byte* stored, GgmlBlock& block);
void unpack_iq4_nl(const std::byte* stored, GgmlBlock& block);
void unpack_iq4_xs(const std::byte* stored, GgmlBlock& block);
void unpack_mxfp4(const std::byte* stored, GgmlBlock& block);

}  // namespace ovbake
