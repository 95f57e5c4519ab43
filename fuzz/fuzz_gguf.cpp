// A GGUF file, and all that is made of its header: every byte of the file is the fuzzer's.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include <ovbake/error.hpp>

#include "base/file.hpp"
#include "fuzz/memory_file.hpp"
#include "source/checkpoint.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static ovbake::MemoryFile memory;
  const std::string& path = memory.with(bytes, size);
  try {
    const auto file = std::make_shared<const ovbake::File>(ovbake::File::open(path));
    const ovbake::Checkpoint checkpoint =
        ovbake::Checkpoint::open({.folder = "model", .weights = {{"model.gguf", file}}});
    for (const ovbake::StoredTensor& tensor : checkpoint.tensors()) {
      if (tensor.offset > file->size() || tensor.bytes > file->size() - tensor.offset) std::abort();
      std::vector<std::byte> first(4);
      if (tensor.dtype == "F32") checkpoint.read(tensor, 0, first);
    }
  } catch (const ovbake::Error& error) {
    if (error.code() != ovbake::ErrorCode::input) std::abort();
  }
  return 0;
}
