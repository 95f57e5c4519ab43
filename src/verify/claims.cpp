#include "verify/claims.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/hasher.hpp"
#include "base/json.hpp"

namespace ovbake {
namespace {

constexpr std::int64_t kSchema = 2;

/// The second line of bake.json; the first is the brace that opens it.
constexpr std::string_view kBeforeDigest = "{\n \"sha256_of_the_lines_below\": \"";
constexpr std::string_view kBehindDigest = "\",\n";
constexpr std::size_t kDigestDigits = 64;
constexpr std::uint64_t kMaxBytes = 256 << 20;

/// A value of bake.json that knows where it stands, for the sake of errors.
class Value {
 public:
  Value(const Json& json, std::string where) : json_(json), where_(std::move(where)) {}

  std::string text(std::string_view key) const {
    const Json& value = member(key);
    if (!value.is_string()) fail(key, "a text");
    return value.get<std::string>();
  }
  bool has(std::string_view key) const { return json_.is_object() && json_.contains(key); }
  std::optional<std::string> optional_text(std::string_view key) const {
    if (!has(key)) return {};
    return text(key);
  }
  std::int64_t integer(std::string_view key) const {
    const Json& value = member(key);
    if (!value.is_number_integer()) fail(key, "a whole number");
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX) {
      fail(key, "a number below 2^63");
    }
    return value.get<std::int64_t>();
  }
  std::uint64_t count(std::string_view key) const {
    const std::int64_t value = integer(key);
    if (value < 0) fail(key, "a count");
    return static_cast<std::uint64_t>(value);
  }
  bool flag(std::string_view key) const {
    const Json& value = member(key);
    if (!value.is_boolean()) fail(key, "true or false");
    return value.get<bool>();
  }
  /// A path that stays inside the folder.
  std::filesystem::path inner_path(std::string_view key) const {
    std::filesystem::path path = text(key);
    const bool climbs = std::ranges::find(path, "..") != path.end();
    if (path.empty() || path.is_absolute() || climbs) fail(key, "a path inside the folder");
    return path;
  }
  Shape shape(std::string_view key) const {
    Shape dimensions;
    for (const Json& dimension : array(key)) {
      if (!dimension.is_number_unsigned() || dimension.get<std::uint64_t>() > INT64_MAX) {
        fail(key, "a list of dimensions");
      }
      dimensions.push_back(dimension.get<std::int64_t>());
    }
    return dimensions;
  }
  Value object(std::string_view key) const {
    return {member(key), where_.empty() ? std::string(key) : fmt::format("{}.{}", where_, key)};
  }
  /// One T for each object of a list.
  template <typename T>
  std::vector<T> list(std::string_view key, T (*read)(const Value&)) const {
    std::vector<T> items;
    for (const Json& item : array(key)) {
      const std::string prefix = where_.empty() ? "" : where_ + ".";
      items.push_back(read(Value(item, fmt::format("{}{}[{}]", prefix, key, items.size()))));
    }
    return items;
  }

  [[noreturn]] void fail(std::string_view key, std::string_view wanted) const {
    throw verification_error("bake.json: {}{}{} is not {}; bake the model again.", where_,
                             where_.empty() ? "" : ".", key, wanted);
  }

 private:
  const Json& member(std::string_view key) const {
    if (!has(key)) fail(key, "there");
    return json_[std::string(key)];
  }
  const Json& array(std::string_view key) const {
    const Json& value = member(key);
    if (!value.is_array()) fail(key, "a list");
    return value;
  }

  const Json& json_;
  std::string where_;
};

ClaimedConstant read_constant(const Value& value) {
  return {.name = value.text("name"),
          .element_type = value.text("element_type"),
          .shape = value.shape("shape"),
          .offset = value.count("offset"),
          .bytes = value.count("bytes"),
          .xxh3_128 = value.text("xxh3_128")};
}

ClaimedTensor read_tensor(const Value& value) {
  ClaimedTensor tensor{.name = value.text("name"),
                       .shape = value.shape("shape"),
                       .format = value.text("format"),
                       .group_size = {},
                       .constants = value.list("constants", read_constant)};
  if (value.has("group_size")) tensor.group_size = value.integer("group_size");
  return tensor;
}

ClaimedGraph read_graph(const Value& value) {
  return {.file = value.inner_path("file"),
          .role = value.text("role"),
          .is_static = value.flag("static")};
}

ClaimedFile read_file(const Value& value) {
  return {.file = value.inner_path("file"),
          .bytes = value.count("bytes"),
          .xxh3_128 = value.optional_text("xxh3_128"),
          .sha256 = value.optional_text("sha256")};
}

ClaimedLink read_link(const Value& value) {
  return {.file = value.inner_path("file"), .to = value.text("to")};
}

ClaimedWeights read_weights(const Value& value) {
  ClaimedWeights weights{.file = value.inner_path("file"),
                         .bytes = value.count("bytes"),
                         .int4_bytes = value.count("int4_bytes"),
                         .graph_constants_offset = value.count("graph_constants_offset"),
                         .graph_constants_bytes = value.count("graph_constants_bytes"),
                         .xxh3_128_of_graph_constants = value.text("xxh3_128_of_graph_constants")};
  if (weights.graph_constants_offset > weights.bytes ||
      weights.graph_constants_bytes != weights.bytes - weights.graph_constants_offset) {
    value.fail("graph_constants_offset", "where the last graph_constants_bytes of the file begin");
  }
  return weights;
}

std::string read(const std::filesystem::path& file) try {
  return read_text(file, kMaxBytes);
} catch (const Error& error) {
  if (error.code() != ErrorCode::input) throw;
  throw verification_error("The folder has no usable bake.json, so it cannot be verified: {}",
                           error.what());
}

Json parse(const std::string& text, const std::filesystem::path& file) try {
  return parse_json(text, file.string());
} catch (const Error& error) {
  if (error.code() != ErrorCode::input) throw;
  throw verification_error("The folder has no usable bake.json, so it cannot be verified: {}",
                           error.what());
}

/// Throws where `text` is not, byte for byte, what its own digest was taken of.
void check_digest(std::string_view text) {
  const std::size_t lines_below = kBeforeDigest.size() + kDigestDigits + kBehindDigest.size();
  const bool well_formed = text.starts_with(kBeforeDigest) && text.size() > lines_below &&
                           text.substr(0, lines_below).ends_with(kBehindDigest);
  if (well_formed) {
    Hasher hasher = Hasher::sha256();
    hasher.update(std::as_bytes(std::span(text.substr(lines_below))));
    if (hasher.hex() == text.substr(kBeforeDigest.size(), kDigestDigits)) return;
  }
  throw verification_error(
      "bake.json is not as it was written: it does not have the digest that its second line says; "
      "bake the model again.");
}

}  // namespace

Claims read_claims(const std::filesystem::path& output_dir) {
  const std::filesystem::path file = output_dir / "bake.json";
  const std::string text = read(file);
  const Json json = parse(text, file);
  const Value root(json, "");
  if (const std::int64_t schema = root.integer("schema"); schema != kSchema) {
    throw verification_error(
        "bake.json has schema {} and this version of ovbake knows {}; verify it with the ovbake "
        "that made it, or bake the model again.",
        schema, kSchema);
  }
  check_digest(text);
  return {.weights = read_weights(root.object("weights")),
          .graphs = root.list("graphs", read_graph),
          .files = root.list("files", read_file),
          .links = root.list("links", read_link),
          .tensors = root.list("tensors", read_tensor)};
}

}  // namespace ovbake
