#include "base/new_file_stream.hpp"

#include "base/stop.hpp"

namespace ovbake {
namespace {

constexpr std::size_t kBufferBytes = 1 << 16;

}  // namespace

NewFileBuffer::NewFileBuffer(const std::filesystem::path& path)
    : file_(NewFile::create(path)), buffer_(kBufferBytes) {
  setp(buffer_.data(), buffer_.data() + buffer_.size());
}

void NewFileBuffer::append(std::span<const char> bytes) {
  check_stop();
  file_.write(written_, std::as_bytes(bytes));
  written_ += bytes.size();
}

void NewFileBuffer::flush_buffer() {
  append({pbase(), pptr()});
  setp(buffer_.data(), buffer_.data() + buffer_.size());
}

NewFileBuffer::int_type NewFileBuffer::overflow(int_type character) {
  flush_buffer();
  if (!traits_type::eq_int_type(character, traits_type::eof())) {
    sputc(traits_type::to_char_type(character));
  }
  return traits_type::not_eof(character);
}

int NewFileBuffer::sync() {
  flush_buffer();
  return 0;
}

std::streamsize NewFileBuffer::xsputn(const char* bytes, std::streamsize count) {
  if (count <= epptr() - pptr()) return std::streambuf::xsputn(bytes, count);
  flush_buffer();
  append({bytes, static_cast<std::size_t>(count)});
  return count;
}

NewFileBuffer::pos_type NewFileBuffer::seekoff(off_type offset, std::ios_base::seekdir from,
                                               std::ios_base::openmode) {
  if (offset != 0 || from != std::ios_base::cur) return pos_type(off_type(-1));
  return pos_type(static_cast<off_type>(written_) + (pptr() - pbase()));
}

NewFileStream::NewFileStream(const std::filesystem::path& path)
    : std::ostream(nullptr), buffer_(path) {
  rdbuf(&buffer_);
  exceptions(std::ios::badbit);
}

}  // namespace ovbake
