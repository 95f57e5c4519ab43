// GGUF files for tests, byte by byte.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace ovbake {

template <typename Number>
std::string bytes_of(Number number) {
  std::string bytes(sizeof number, '\0');
  std::memcpy(bytes.data(), &number, sizeof number);
  return bytes;
}

inline std::string gguf_text(std::string_view text) {
  return bytes_of<std::uint64_t>(text.size()) + std::string(text);
}

/// Keys and tensors are appended as they will stand.
struct GgufWriter {
  std::uint32_t version = 3;
  std::uint64_t keys = 0, tensors = 0;
  std::string metadata{}, infos{}, data{};

  void key(std::string_view name, std::uint32_t type, const std::string& value) {
    metadata += gguf_text(name) + bytes_of(type) + value;
    ++keys;
  }
  void text(std::string_view name, std::string_view value) { key(name, 8, gguf_text(value)); }
  void integer(std::string_view name, std::uint32_t value) { key(name, 4, bytes_of(value)); }
  void number(std::string_view name, float value) { key(name, 6, bytes_of(value)); }
  void texts(std::string_view name, const std::vector<std::string>& values) {
    std::string array = bytes_of<std::uint32_t>(8) + bytes_of<std::uint64_t>(values.size());
    for (const std::string& value : values) array += gguf_text(value);
    key(name, 9, array);
  }
  /// `dimensions` innermost first, as the file has them.
  void tensor(std::string_view name, const std::vector<std::uint64_t>& dimensions,
              std::uint32_t type, std::uint64_t offset) {
    infos += gguf_text(name) + bytes_of(static_cast<std::uint32_t>(dimensions.size()));
    for (const std::uint64_t dimension : dimensions) infos += bytes_of(dimension);
    infos += bytes_of(type) + bytes_of(offset);
    ++tensors;
  }

  std::string file() const {
    std::string head = "GGUF" + bytes_of(version) + bytes_of(tensors) + bytes_of(keys);
    head += metadata + infos;
    head.resize((head.size() + 31) / 32 * 32);
    return head + data;
  }
};

}  // namespace ovbake
