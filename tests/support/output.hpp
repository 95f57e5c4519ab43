// A small output folder with everything that a baked one has: files, a folder, a link.
#pragma once

#include <filesystem>
#include <string>

#include <ovbake/error.hpp>

#include "base/file.hpp"
#include "base/folder.hpp"
#include "writer/staging.hpp"

namespace ovbake {

/// What `version` of an output has in its .bin.
inline std::string weights_of(const std::string& version) {
  std::string bytes;
  while (bytes.size() < 5000) bytes += version + " weights ";
  return bytes;
}

inline void write_output(const std::filesystem::path& folder, const std::string& version) {
  const std::string weights = weights_of(version);
  NewFile bin = NewFile::create(folder / "openvino_model.bin");
  bin.preallocate(weights.size());
  bin.write(2500, std::as_bytes(std::span(weights)).subspan(2500));
  bin.write(0, std::as_bytes(std::span(weights)).first(2500));
  make_folder(folder / "genai");
  write_text(folder / "genai" / "config.json", version);
  make_link("../openvino_model.bin", folder / "genai" / "openvino_model.bin");
  write_text(folder / "bake.json", version);
}

/// Makes `version` the output as a bake does.
inline void bake_output(const std::filesystem::path& output_dir, const std::string& version,
                        bool overwrite, bool durable) {
  Staging staging(output_dir, overwrite);
  staging.require_space(1);
  write_output(staging.folder(), version);
  staging.publish(durable);
}

/// "none", "empty", the version that the folder holds, or "torn" where it holds none whole.
inline std::string state_of(const std::filesystem::path& output_dir) {
  namespace fs = std::filesystem;
  if (!is_there(output_dir)) return "none";
  if (fs::is_empty(output_dir)) return "empty";
  try {
    std::string version = read_text(output_dir / "bake.json", 1000);
    const bool whole =
        !version.empty() && read_text(output_dir / "genai/config.json", 1000) == version &&
        read_text(output_dir / "genai/openvino_model.bin", 10'000) == weights_of(version);
    return whole ? version : "torn";
  } catch (const Error&) {
    return "torn";
  }
}

}  // namespace ovbake
