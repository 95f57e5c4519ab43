// Messages in protobuf's wire format, read field by field.
// Format: https://protobuf.dev/programming-guides/encoding/
#pragma once

#include <cstdint>
#include <string_view>

namespace ovbake {

/// `for (ProtobufReader r(message); r.next();) if (r.field() == 1) use(r.bytes());`
/// Throws an input error where the message breaks off or is malformed.
class ProtobufReader {
 public:
  explicit ProtobufReader(std::string_view message) : rest_(message) {}

  bool next();
  std::uint64_t field() const noexcept { return field_; }

  /// The value, which must be of this kind.
  std::uint64_t integer() const;
  float float32() const;
  std::string_view bytes() const;

 private:
  std::uint64_t take_varint();
  std::string_view take(std::uint64_t count);

  std::string_view rest_;
  std::uint64_t field_ = 0, kind_ = 0, integer_ = 0;
  std::string_view bytes_;
};

}  // namespace ovbake
