// The XML of an IR: every byte of the file is the fuzzer's.
#include <ovbake/error.hpp>

#include "fuzz/memory_file.hpp"
#include "reader/ir_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static ovbake::MemoryFile memory;
  const ovbake::File file = ovbake::File::open(memory.with(bytes, size));
  std::size_t seen = 0;
  const ovbake::IrVisitor count{
      .layer = [&](const ovbake::IrLayer& layer) { seen += layer.outputs.size(); },
      .edge = [&](const ovbake::IrEdge& edge) { seen += edge.from_layer.size(); },
      .rt_info = [&](auto path, auto value) { seen += path.size() + value.size(); }};
  try {
    ovbake::read_ir(file, count);
  } catch (const ovbake::Error& error) {
    if (error.code() != ovbake::ErrorCode::input) std::abort();
  }
  return 0;
}
