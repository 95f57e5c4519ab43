#include "reader/ir_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <memory>

#include <expat.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "reader/element_types.hpp"

namespace ovbake {
namespace {

constexpr std::size_t kChunkBytes = 256 << 10;
constexpr std::size_t kMaxTagBytes = 4 << 20;
constexpr std::size_t kMaxDepth = 64;

/// The attributes of one element, as expat hands them over: name, value, …, null.
class Attributes {
 public:
  explicit Attributes(const char** pairs) : pairs_(pairs) {}

  const char* find(std::string_view name) const {
    for (const char** pair = pairs_; *pair != nullptr; pair += 2) {
      if (name == *pair) return pair[1];
    }
    return nullptr;
  }
  template <typename Visit>
  void for_each(Visit&& visit) const {
    for (const char** pair = pairs_; *pair != nullptr; pair += 2) visit(pair[0], pair[1]);
  }

 private:
  const char** pairs_;
};

class Reader {
 public:
  Reader(const File& xml, const IrVisitor& visitor)
      : xml_(xml), visitor_(visitor), parser_(XML_ParserCreate("UTF-8")) {
    if (!parser_) throw std::bad_alloc();
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), on_start, on_end);
    XML_SetCharacterDataHandler(parser_.get(), on_text);
    XML_SetStartDoctypeDeclHandler(parser_.get(), on_doctype);
  }

  std::string read() {
    std::vector<std::byte> chunk(kChunkBytes);
    std::uint64_t done = 0;
    do {
      const std::size_t bytes = std::min<std::uint64_t>(kChunkBytes, xml_.size() - done);
      xml_.read(done, std::span(chunk).first(bytes));
      done += bytes;
      parse(chunk.data(), bytes, done == xml_.size());
      const auto event = static_cast<std::uint64_t>(XML_GetCurrentByteIndex(parser_.get()));
      if (done - std::min(done, event) > kMaxTagBytes) fail("holds a tag of more than 4 MB");
    } while (done < xml_.size());
    return graph_name_;
  }

 private:
  struct FreeParser {
    void operator()(XML_ParserStruct* parser) const noexcept { XML_ParserFree(parser); }
  };

  // Exceptions must not cross expat's C frames: they wait in failure_ until XML_Parse has returned.
  template <typename Handle>
  static void guarded(void* self, Handle&& handle) {
    auto& reader = *static_cast<Reader*>(self);
    if (reader.failure_) return;
    try {
      handle(reader);
    } catch (...) {
      reader.failure_ = std::current_exception();
      XML_StopParser(reader.parser_.get(), XML_FALSE);
    }
  }
  static void on_start(void* self, const char* name, const char** attributes) {
    guarded(self, [&](Reader& reader) { reader.start(name, Attributes(attributes)); });
  }
  static void on_end(void* self, const char* name) {
    guarded(self, [&](Reader& reader) { reader.end(name); });
  }
  static void on_text(void* self, const char* text, int length) {
    auto& reader = *static_cast<Reader*>(self);
    if (reader.in_dim_ && reader.dim_.size() < 32) reader.dim_.append(text, std::size_t(length));
  }
  static void on_doctype(void* self, const char*, const char*, const char*, int) {
    guarded(self, [](Reader& reader) {
      reader.fail("holds a document type declaration, which IR never has");
    });
  }

  void parse(const std::byte* bytes, std::size_t count, bool last) {
    const auto* text = reinterpret_cast<const char*>(bytes);
    const XML_Status status = XML_Parse(parser_.get(), text, static_cast<int>(count), last);
    if (failure_) std::rethrow_exception(failure_);
    if (status != XML_STATUS_OK) {
      fail(fmt::format("is no well-formed XML ({})",
                       XML_ErrorString(XML_GetErrorCode(parser_.get()))));
    }
  }

  [[noreturn]] void fail(std::string_view what) const {
    throw input_error("{} {} at line {}; it is no IR as OpenVINO writes it, so make it again.",
                      xml_.path().string(), what, XML_GetCurrentLineNumber(parser_.get()));
  }

  const char* need(const Attributes& attributes, std::string_view name,
                   std::string_view element) const {
    const char* value = attributes.find(name);
    if (value == nullptr) fail(fmt::format("has a <{}> without {}", element, name));
    return value;
  }

  std::string_view parent(std::size_t up = 1) const {
    return path_.size() > up ? std::string_view(path_[path_.size() - 1 - up]) : "";
  }

  bool in_rt_info() const { return path_.size() > 2 && path_[1] == "rt_info"; }

  void start(std::string_view name, const Attributes& attributes) {
    if (path_.empty()) start_net(name, attributes);
    if (path_.size() >= kMaxDepth) fail("nests elements deeper than 64");
    path_.emplace_back(name);
    if (in_rt_info()) return start_rt_info(attributes);
    if (name == "layer" && parent() == "layers") return start_layer(attributes);
    if (name == "edge" && parent() == "edges") return edge(attributes);
    if (layers_.empty()) return;
    if (name == "data" && parent() == "layer") return add_attributes(attributes);
    const bool of_layer = parent(2) == "layer" && (parent() == "input" || parent() == "output");
    if (name == "port" && of_layer) return start_port(attributes);
    in_dim_ = name == "dim" && parent() == "port" && port_ != nullptr;
    dim_.clear();
  }

  void end(std::string_view name) {
    if (name == "layer" && parent() == "layers" && !in_rt_info()) end_layer();
    if (name == "port") port_ = nullptr;
    if (name == "dim" && in_dim_) end_dim();
    in_dim_ = false;
    path_.pop_back();
  }

  void start_net(std::string_view name, const Attributes& attributes) {
    if (name != "net") fail(fmt::format("begins with <{}> instead of <net>", escape(name)));
    const std::string_view version = need(attributes, "version", "net");
    if (version != "11" && version != "10") {
      fail(fmt::format("is IR of version {} instead of 10 or 11", escape(version)));
    }
    if (const char* graph_name = attributes.find("name")) graph_name_ = graph_name;
  }

  void start_layer(const Attributes& attributes) {
    IrLayer layer{.id = need(attributes, "id", "layer"),
                  .name = need(attributes, "name", "layer"),
                  .type = need(attributes, "type", "layer"),
                  .depth = layers_.size(),
                  .attributes = {},
                  .inputs = {},
                  .outputs = {},
                  .constant = {}};
    layers_.push_back(std::move(layer));
    add_attributes(attributes);
  }

  void add_attributes(const Attributes& attributes) {
    attributes.for_each([&](const char* name, const char* value) {
      layers_.back().attributes.emplace_back(name, value);
    });
  }

  void start_port(const Attributes& attributes) {
    auto& ports = parent() == "input" ? layers_.back().inputs : layers_.back().outputs;
    const char* precision = attributes.find("precision");
    const char* names = attributes.find("names");
    port_ = &ports.emplace_back(
        IrPort{.id = need(attributes, "id", "port"),
               .element_type = std::string(element_type_of_port(precision ? precision : "")),
               .names = names ? names : "",
               .shape = {}});
  }

  void end_dim() {
    const auto first = dim_.find_first_not_of(" \t\r\n");
    const auto last = dim_.find_last_not_of(" \t\r\n");
    const auto text = first == dim_.npos ? "" : dim_.substr(first, last - first + 1);
    if (text == "-1") return port_->shape.push_back(kDynamicDimension);
    port_->shape.push_back(static_cast<std::int64_t>(number(text, "dim")));
  }

  void end_layer() {
    IrLayer layer = std::move(layers_.back());
    layers_.pop_back();
    if (layer.type == "Const") layer.constant = constant(layer);
    if (visitor_.layer) visitor_.layer(layer);
  }

  void edge(const Attributes& attributes) {
    const IrEdge edge{.from_layer = need(attributes, "from-layer", "edge"),
                      .from_port = need(attributes, "from-port", "edge"),
                      .to_layer = need(attributes, "to-layer", "edge"),
                      .to_port = need(attributes, "to-port", "edge")};
    if (visitor_.edge && layers_.empty()) visitor_.edge(edge);
  }

  void start_rt_info(const Attributes& attributes) {
    const char* value = attributes.find("value");
    if (value == nullptr || !visitor_.rt_info) return;
    const char* name = attributes.find("name");
    std::string path = name ? name : path_.back();
    for (std::size_t level = path_.size() - 1; level-- > 2;)
      path = fmt::format("{}/{}", path_[level], path);
    visitor_.rt_info(path, value);
  }

  IrConstant constant(const IrLayer& layer) const {
    const auto need_data = [&](std::string_view name) {
      const bool known = std::ranges::any_of(layer.attributes,
                                             [&](const auto& pair) { return pair.first == name; });
      if (!known) fail(fmt::format("has a Const layer {} without {}", quote(layer.name), name));
      return layer.attribute(name);
    };
    return {.element_type = std::string(need_data("element_type")),
            .shape = shape(need_data("shape")),
            .offset = number(need_data("offset"), "offset"),
            .bytes = number(need_data("size"), "size")};
  }

  std::uint64_t number(std::string_view text, std::string_view what) const {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 0) {
      fail(fmt::format("has the {} {}, which is no number of 0 to 2^63 - 1,", what, quote(text)));
    }
    return static_cast<std::uint64_t>(value);
  }

  /// "4, 16" as a constant's shape has it.
  Shape shape(std::string_view text) const {
    Shape dimensions;
    while (!text.empty()) {
      const std::size_t comma = std::min(text.find(','), text.size());
      dimensions.push_back(static_cast<std::int64_t>(number(text.substr(0, comma), "dimension")));
      text.remove_prefix(std::min(comma + 1, text.size()));
      while (text.starts_with(' ')) text.remove_prefix(1);
    }
    return dimensions;
  }

  const File& xml_;
  const IrVisitor& visitor_;
  std::unique_ptr<XML_ParserStruct, FreeParser> parser_;
  std::exception_ptr failure_;
  std::string graph_name_;
  std::vector<std::string> path_;  ///< Names of the open elements.
  std::vector<IrLayer> layers_;    ///< The open ones: a layer, and in it one of its body, …
  IrPort* port_ = nullptr;
  std::string dim_;
  bool in_dim_ = false;
};

}  // namespace

bool IrPort::is_static() const {
  return std::ranges::find(shape, kDynamicDimension) == shape.end();
}

std::string_view IrLayer::attribute(std::string_view key) const {
  const auto found =
      std::ranges::find(attributes, key, &std::pair<std::string, std::string>::first);
  return found == attributes.end() ? std::string_view{} : found->second;
}

std::string read_ir(const File& xml, const IrVisitor& visitor) {
  return Reader(xml, visitor).read();
}

std::string to_text(const IrPort& port) {
  std::vector<std::string> dimensions;
  for (const std::int64_t dimension : port.shape) {
    dimensions.push_back(dimension == kDynamicDimension ? "?" : fmt::format("{}", dimension));
  }
  return fmt::format("[{}]", fmt::join(dimensions, ", "));
}

}  // namespace ovbake
