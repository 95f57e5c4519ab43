// Writes graphs as OpenVINO IR: XML files over one shared .bin.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include <openvino/core/model.hpp>

#include "base/file.hpp"
#include "base/xxh3.hpp"

namespace ovbake {

/// The graphs' own small constants (shapes, axes, rotary frequencies) go into the .bin behind the
/// weights, whose nodes carry their offsets already (see graph/stored_constant.hpp).
class IrWriter {
 public:
  /// `bin` receives the constants from byte `weight_bytes` on.
  IrWriter(NewFile& bin, std::uint64_t weight_bytes) : bin_(bin), bin_bytes_(weight_bytes) {}

  /// Writes the XML file of `model`, final, and appends its constants to the .bin.
  void write(const std::shared_ptr<ov::Model>& model, const std::filesystem::path& xml);

  /// Bytes of .bin so far, weights included.
  std::uint64_t bin_bytes() const noexcept { return bin_bytes_; }
  /// Digest of the constants that the graphs appended.
  Digest constants_digest() const { return digest_.digest(); }

 private:
  NewFile& bin_;
  std::uint64_t bin_bytes_;
  Xxh3 digest_;
};

/// Writes a model that needs no weights (a tokenizer) as `stem`.xml and `stem`.bin.
void write_ir(const std::shared_ptr<ov::Model>& model, const std::filesystem::path& stem);

}  // namespace ovbake
