#include "tokenizer/protobuf.hpp"

#include <cstring>

#include "base/error.hpp"

namespace ovbake {
namespace {

enum Kind : std::uint64_t { kVarint = 0, kFixed64 = 1, kLengthDelimited = 2, kFixed32 = 5 };

}  // namespace

bool ProtobufReader::next() {
  if (rest_.empty()) return false;
  const std::uint64_t key = take_varint();
  field_ = key >> 3;
  kind_ = key & 7;
  switch (kind_) {
    case kVarint:
      integer_ = take_varint();
      return true;
    case kFixed64:
      bytes_ = take(8);
      return true;
    case kLengthDelimited:
      bytes_ = take(take_varint());
      return true;
    case kFixed32:
      bytes_ = take(4);
      return true;
    default:
      throw input_error("a field of the unknown kind {}", kind_);
  }
}

std::uint64_t ProtobufReader::integer() const {
  if (kind_ != kVarint) throw input_error("field {} is no integer", field_);
  return integer_;
}

float ProtobufReader::float32() const {
  if (kind_ != kFixed32) throw input_error("field {} is no number", field_);
  float value;
  std::memcpy(&value, bytes_.data(), sizeof value);
  return value;
}

std::string_view ProtobufReader::bytes() const {
  if (kind_ != kLengthDelimited) throw input_error("field {} holds no bytes", field_);
  return bytes_;
}

std::uint64_t ProtobufReader::take_varint() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const auto byte = static_cast<unsigned char>(take(1)[0]);
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  throw input_error("an integer of more than ten bytes");
}

std::string_view ProtobufReader::take(std::uint64_t count) {
  if (count > rest_.size()) throw input_error("the message breaks off");
  const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(count));
  rest_.remove_prefix(static_cast<std::size_t>(count));
  return taken;
}

}  // namespace ovbake
