// For tests: a small folder as a bake would leave it, with two tensors and three graphs, that can
// be falsified before its manifest is signed (a wrong bake) or after (a damaged one).
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <span>
#include <stdexcept>
#include <string>

#include <openssl/sha.h>
#include <stdlib.h>

#include "base/hasher.hpp"
#include "base/json.hpp"
#include "base/xxh3.hpp"

namespace ovbake {

class BakedFolder {
 public:
  static constexpr std::uint64_t kBinBytes = 336;

  BakedFolder() {
    std::string name = std::filesystem::temp_directory_path() / "ovbake_verify_XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error(name);
    path_ = name;
    manifest = Json::parse(kManifest);
    files_["openvino_model.bin"] = weights();
    files_["genai/config.json"] = "{}\n";
    for (const char* xml :
         {"openvino_model.xml", "openvino_model_decode.xml", "genai/openvino_model.xml"}) {
      files_[xml] = graph({});
    }
  }
  ~BakedFolder() { std::filesystem::remove_all(path_); }
  BakedFolder(const BakedFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

  Json manifest;
  bool record_sha256 = false;

  Json& constant(const std::string& name) {
    for (Json& tensor : manifest["tensors"]) {
      for (Json& constant : tensor["constants"]) {
        if (constant["name"] == name) return constant;
      }
    }
    throw std::logic_error(name);
  }

  void replace_in(const std::string& file, const std::string& text, const std::string& by) {
    const auto at = files_.at(file).find(text);
    if (at == std::string::npos) throw std::logic_error(text);
    files_.at(file).replace(at, text.size(), by);
  }

  void graphs_without(const std::set<std::string>& constants) {
    for (auto& [file, text] : files_) {
      if (file.ends_with(".xml")) text = graph(constants);
    }
  }

  /// Writes everything, with the digests that its bytes really have.
  void write() {
    for (const auto& [file, text] : files_) {
      std::filesystem::create_directories((path_ / file).parent_path());
      std::ofstream(path_ / file, std::ios::binary) << text;
      manifest["files"].push_back(entry(file, text));
    }
    for (const Json& link : manifest["links"]) {
      std::filesystem::create_symlink(link["to"].get<std::string>(),
                                      path_ / link["file"].get<std::string>());
    }
    sign_constants();
    write_manifest();
  }

  /// With the digest that a bake writes into its second line.
  void write_manifest() const {
    const std::string text = manifest.dump(1) + "\n";
    const std::string members = text.substr(text.find('\n') + 1);
    Hasher hasher = Hasher::sha256();
    hasher.update(std::as_bytes(std::span(members)));
    std::ofstream(path_ / "bake.json")
        << "{\n \"sha256_of_the_lines_below\": \"" << hasher.hex() << "\",\n"
        << members;
  }

  void flip_byte(const std::string& file, std::uint64_t at) const {
    std::fstream stream(path_ / file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(at));
    const char byte = static_cast<char>(stream.get() ^ 0x10);
    stream.seekp(static_cast<std::streamoff>(at));
    stream.put(byte);
  }

 private:
  static std::string weights() {
    std::string bytes(kBinBytes, '\0');
    const auto fill = [&](std::size_t offset, std::size_t count) {
      for (std::size_t i = 0; i < count; ++i) bytes[offset + i] = static_cast<char>(offset + 7 * i);
    };
    fill(0, 32), fill(64, 4), fill(128, 8), fill(192, 16), fill(256, 16), fill(320, 16);
    return bytes;
  }

  static std::string layer(int id, const std::string& name, const std::string& type,
                           const std::string& data, const std::string& precision,
                           const std::string& dims) {
    return "<layer id=\"" + std::to_string(id) + "\" name=\"" + name + "\" type=\"" + type +
           "\" version=\"opset1\">" + data + "<output><port id=\"0\" precision=\"" + precision +
           "\">" + dims + "</port></output></layer>\n";
  }

  static std::string graph(const std::set<std::string>& left_out) {
    std::string text = "<?xml version=\"1.0\"?>\n<net name=\"tiny\" version=\"11\"><layers>\n";
    text += layer(0, "input_ids", "Parameter", "<data shape=\"1,4\" element_type=\"i64\" />", "I64",
                  "<dim>1</dim><dim>4</dim>");
    const auto constant = [&](int id, const std::string& name, const std::string& type,
                              const std::string& shape, const std::string& place,
                              const std::string& precision, const std::string& dims) {
      if (left_out.contains(name)) return;
      const std::string data =
          "<data element_type=\"" + type + "\" shape=\"" + shape + "\" " + place + " />";
      text += layer(id, name, "Const", data, precision, dims);
    };
    constant(1, "embed.weight", "u8", "4, 8", "offset=\"0\" size=\"32\"", "U8",
             "<dim>4</dim><dim>8</dim>");
    constant(2, "embed.weight/zero_point", "u8", "4, 1", "offset=\"64\" size=\"4\"", "U8",
             "<dim>4</dim><dim>1</dim>");
    constant(3, "embed.weight/scale", "f16", "4, 1", "offset=\"128\" size=\"8\"", "FP16",
             "<dim>4</dim><dim>1</dim>");
    constant(4, "proj.weight", "i4", "4, 2, 4", "offset=\"192\" size=\"16\"", "I4",
             "<dim>4</dim><dim>2</dim><dim>4</dim>");
    constant(5, "proj.weight/scale", "f16", "4, 2, 1", "offset=\"256\" size=\"16\"", "FP16",
             "<dim>4</dim><dim>2</dim><dim>1</dim>");
    constant(6, "axis", "i64", "1", "offset=\"320\" size=\"8\"", "I64", "<dim>1</dim>");
    text += layer(7, "proj", "MatMul", "<data transpose_a=\"false\" transpose_b=\"true\" />",
                  "FP32", "<dim>1</dim><dim>4</dim><dim>8</dim>");
    return text + "</layers><edges></edges><rt_info></rt_info></net>\n";
  }

  static std::string xxh3(std::string_view bytes) {
    Xxh3 digest;
    digest.update(std::as_bytes(std::span(bytes)));
    return digest.digest();
  }

  static std::string sha256(const std::string& bytes) {
    unsigned char digest[SHA256_DIGEST_LENGTH];
    ::SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest);
    std::string hex;
    for (const unsigned byte : digest) {
      char two[3];
      std::snprintf(two, sizeof two, "%02x", byte);
      hex += two;
    }
    return hex;
  }

  Json entry(const std::string& file, const std::string& text) const {
    Json entry{{"file", file}, {"bytes", text.size()}};
    if (file != "openvino_model.bin") entry["xxh3_128"] = xxh3(text);
    if (record_sha256) entry["sha256"] = sha256(text);
    return entry;
  }

  /// A range that leaves the file gets some digest: it is never compared.
  void sign_constants() {
    const std::string_view bin = files_.at("openvino_model.bin");
    for (Json& tensor : manifest["tensors"]) {
      for (Json& constant : tensor["constants"]) {
        const auto offset = constant["offset"].get<std::uint64_t>();
        constant["xxh3_128"] =
            xxh3(bin.substr(std::min(offset, bin.size()), constant["bytes"].get<std::uint64_t>()));
      }
    }
    manifest["weights"]["xxh3_128_of_graph_constants"] = xxh3(bin.substr(320));
  }

  static constexpr const char* kManifest = R"({
  "schema": 2, "ovbake": "0.0.0", "openvino": "0", "model_type": "tiny", "options": {},
  "weights": {"file": "openvino_model.bin", "bytes": 336, "int4_bytes": 32, "graph_constants_offset": 320,
              "graph_constants_bytes": 16},
  "graphs": [
    {"file": "openvino_model.xml", "role": "prefill", "static": true},
    {"file": "openvino_model_decode.xml", "role": "decode", "static": true},
    {"file": "genai/openvino_model.xml", "role": "stateful", "static": false}],
  "files": [],
  "links": [{"file": "openvino_model_decode.bin", "to": "openvino_model.bin"},
            {"file": "genai/openvino_model.bin", "to": "../openvino_model.bin"}],
  "tensors": [
    {"name": "embed.weight", "dtype": "BF16", "shape": [4, 8], "format": "int8_asym", "constants": [
      {"name": "embed.weight", "element_type": "u8", "shape": [4, 8], "offset": 0, "bytes": 32},
      {"name": "embed.weight/zero_point", "element_type": "u8", "shape": [4, 1], "offset": 64,
       "bytes": 4},
      {"name": "embed.weight/scale", "element_type": "f16", "shape": [4, 1], "offset": 128,
       "bytes": 8}]},
    {"name": "proj.weight", "dtype": "BF16", "shape": [4, 8], "format": "int4_sym", "group_size": 4,
     "constants": [
      {"name": "proj.weight", "element_type": "i4", "shape": [4, 2, 4], "offset": 192, "bytes": 16},
      {"name": "proj.weight/scale", "element_type": "f16", "shape": [4, 2, 1], "offset": 256,
       "bytes": 16}]}]
})";

  std::filesystem::path path_;
  std::map<std::string, std::string> files_;
};

}  // namespace ovbake
