// The header of a safetensors file: every byte of the file is the fuzzer's.
#include <ovbake/error.hpp>

#include "base/file.hpp"
#include "fuzz/memory_file.hpp"
#include "source/safetensors.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static ovbake::MemoryFile memory;
  const ovbake::File file = ovbake::File::open(memory.with(bytes, size));
  try {
    std::uint64_t end = 0;
    for (const ovbake::StoredTensor& tensor : ovbake::read_safetensors_header(file)) {
      if (end != 0 && tensor.offset != end) std::abort();
      end = tensor.offset + tensor.bytes;
      if (end > file.size()) std::abort();
    }
  } catch (const ovbake::Error& error) {
    if (error.code() != ovbake::ErrorCode::input) std::abort();
  }
  return 0;
}
