// model.safetensors.index.json, beside one shard with the tensors "a" and "b".
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

#include <ovbake/error.hpp>

#include "source/checkpoint.hpp"

namespace {

namespace fs = std::filesystem;

/// A checkpoint in a folder of this process, removed at its end.
struct Folder {
  Folder() {
    fs::create_directory(path);
    std::ofstream(path / "config.json") << "{}";
    const std::string header = R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                               R"("b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})";
    std::ofstream shard(path / "1.safetensors", std::ios::binary);
    shard << static_cast<char>(header.size()) << std::string(7, '\0') << header << "xy";
  }
  ~Folder() { fs::remove_all(path); }

  fs::path path = fs::temp_directory_path() / ("ovbake-fuzz-" + std::to_string(::getpid()));
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const Folder folder;
  std::ofstream(folder.path / "model.safetensors.index.json", std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes), static_cast<std::streamsize>(size));
  try {
    const ovbake::Checkpoint checkpoint = ovbake::Checkpoint::open(folder.path);
    if (checkpoint.tensors().size() != 2) std::abort();
    for (const ovbake::StoredTensor& tensor : checkpoint.tensors()) {
      const std::filesystem::path file = checkpoint.file_of(tensor).name();
      if (file.parent_path() != folder.path) std::abort();
    }
  } catch (const ovbake::Error& error) {
    if (error.code() != ovbake::ErrorCode::input) std::abort();
  }
  return 0;
}
