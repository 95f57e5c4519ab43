#include "writer/ir.hpp"

#include <array>
#include <ostream>
#include <streambuf>

#include <spdlog/fmt/fmt.h>

#include <openvino/pass/serialize.hpp>

namespace ovbake {
namespace {

/// Appends what is written to a NewFile, from `position` on, through a buffer.
///
/// ov::pass::Serialize asks a stream for its position once before it writes, and gives every
/// constant the difference between its own position and that first one. This buffer therefore
/// answers 0 the first time and the true position ever after, which makes the offsets in the XML
/// count from the beginning of the file.
class FileAppender final : public std::streambuf {
 public:
  FileAppender(NewFile& file, std::uint64_t position, Xxh3* digest = nullptr)
      : file_(file), position_(position), digest_(digest) {
    setp(buffer_.data(), buffer_.data() + buffer_.size());
  }

  std::uint64_t position() const {
    return position_ + static_cast<std::uint64_t>(pptr() - pbase());
  }

 protected:
  int_type overflow(int_type character) override {
    sync();
    if (traits_type::eq_int_type(character, traits_type::eof()))
      return traits_type::not_eof(character);
    return sputc(traits_type::to_char_type(character));
  }

  int sync() override {
    const auto bytes = std::as_bytes(std::span(pbase(), pptr()));
    file_.write(position_, bytes);
    if (digest_ != nullptr) digest_->update(bytes);
    position_ += bytes.size();
    setp(buffer_.data(), buffer_.data() + buffer_.size());
    return 0;
  }

  pos_type seekoff(off_type offset, std::ios_base::seekdir direction,
                   std::ios_base::openmode) override {
    if (offset != 0 || direction != std::ios_base::cur) return pos_type(off_type(-1));
    if (std::exchange(is_first_question_, false)) return pos_type(0);
    return pos_type(static_cast<off_type>(position()));
  }

 private:
  NewFile& file_;
  std::uint64_t position_;
  Xxh3* digest_;
  bool is_first_question_ = true;
  std::array<char, 1 << 18> buffer_;
};

/// Names every node that has no name by its place in the graph. OpenVINO would name it by a counter
/// of the process, and the second bake of a process would write other bytes than the first.
void name_by_place(const ov::Model& model) {
  std::size_t place = 0;
  for (const auto& node : model.get_ordered_ops()) {
    if (node->get_friendly_name() == node->get_name()) {
      node->set_friendly_name(fmt::format("{}_{}", node->get_type_name(), place));
    }
    ++place;
  }
}

/// Serializes `model`; a write that fails throws instead of setting a bit that nobody looks at.
void serialize(const std::shared_ptr<ov::Model>& model, FileAppender& xml, FileAppender& bin) {
  std::ostream xml_stream(&xml);
  std::ostream bin_stream(&bin);
  xml_stream.exceptions(std::ios::badbit | std::ios::failbit);
  bin_stream.exceptions(std::ios::badbit | std::ios::failbit);
  ov::pass::Serialize(xml_stream, bin_stream).run_on_model(model);
  xml_stream.flush();
  bin_stream.flush();
}

}  // namespace

void IrWriter::write(const std::shared_ptr<ov::Model>& model, const std::filesystem::path& xml) {
  NewFile xml_file = NewFile::create(xml);
  const auto xml_buffer = std::make_unique<FileAppender>(xml_file, 0);
  const auto bin_buffer = std::make_unique<FileAppender>(bin_, bin_bytes_, &digest_);
  name_by_place(*model);
  serialize(model, *xml_buffer, *bin_buffer);
  bin_bytes_ = bin_buffer->position();
}

void write_ir(const std::shared_ptr<ov::Model>& model, const std::filesystem::path& stem) {
  const auto with_extension = [&](const char* extension) {
    return std::filesystem::path(stem).concat(extension);
  };
  NewFile bin = NewFile::create(with_extension(".bin"));
  IrWriter(bin, 0).write(model, with_extension(".xml"));
}

}  // namespace ovbake
