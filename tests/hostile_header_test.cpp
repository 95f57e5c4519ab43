// Safetensors headers that nobody meant well: 100,000 generated ones. Whatever a header says, the
// answer is an input error that names the file, or tensors of which everything is true.
#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <spdlog/fmt/fmt.h>
#include <sys/mman.h>
#include <unistd.h>

#include <ovbake/ovbake.hpp>

#include "base/file.hpp"
#include "source/safetensors.hpp"
#include "support/safetensors.hpp"

namespace ovbake {
namespace {

struct DtypeBits {
  const char* name;
  unsigned bits;
};

constexpr auto kDtypes = std::to_array<DtypeBits>(
    {{"U8", 8}, {"BF16", 16}, {"F32", 32}, {"I64", 64}, {"F4", 4}, {"F6_E2M3", 6}, {"F8_E4M3", 8}});

/// Numbers at which something tends to overflow, wrap or be off by one.
constexpr auto kEdges = std::to_array<const char*>(
    {"0", "1", "-1", "7", "2147483648", "4294967296", "9223372036854775807", "9223372036854775808",
     "18446744073709551615", "18446744073709551616", "1e3", "8.0", "1e400", "\"8\"", "null", "[]"});

/// A content of a file that a test can change before it is read. No disk is touched.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(::memfd_create("hostile", MFD_CLOEXEC)) {}

  File with(std::string_view content) {
    EXPECT_EQ(::ftruncate(descriptor_.number(), 0), 0);
    EXPECT_EQ(::pwrite(descriptor_.number(), content.data(), content.size(), 0),
              static_cast<ssize_t>(content.size()));
    return File::open(path());
  }
  std::string path() const { return fmt::format("/proc/self/fd/{}", descriptor_.number()); }

 private:
  Descriptor descriptor_;
};

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  /// A valid file, then up to three changes of its entries and up to two of its bytes.
  std::string next() {
    entries_.clear();
    data_bytes_ = 0;
    for (std::size_t i = below(5); i > 0; --i) add_tensor();
    for (std::size_t i = below(4); i > 0 && !entries_.empty(); --i) change_entry();
    std::ranges::shuffle(entries_, random_);

    std::string content = safetensors(fmt::format("{{{}}}", fmt::join(entries_, ",")), data_bytes_);
    for (std::size_t i = below(3); i > 0; --i) change_bytes(content);
    return content;
  }

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }

  void add_tensor() {
    const DtypeBits& dtype = kDtypes[below(kDtypes.size())];
    std::vector<std::uint64_t> shape(below(4));
    std::uint64_t bits = dtype.bits;
    for (std::uint64_t& dimension : shape) bits *= dimension = below(5);
    if (bits % 8 != 0) return;
    entries_.push_back(fmt::format(R"("t{}":{{"dtype":"{}","shape":[{}],"data_offsets":[{},{}]}})",
                                   entries_.size(), dtype.name, fmt::join(shape, ","), data_bytes_,
                                   data_bytes_ + bits / 8));
    data_bytes_ += bits / 8;
  }

  /// Replaces one number of an entry, or does something to the entry as a whole.
  void change_entry() {
    std::string& entry = entries_[below(entries_.size())];
    switch (below(8)) {
      case 0:
        entries_.push_back(entry);
        break;
      case 1:
        entry += entry;
        break;
      case 2:
        entry = R"("__metadata__":{"format":"pt"})";
        break;
      case 3:
        entry.insert(entry.size() - 1, R"(,"extra":0)");
        break;
      case 4:
        data_bytes_ += below(3);
        break;
      default:
        replace_number(entry);
    }
  }

  void replace_number(std::string& entry) {
    std::vector<std::size_t> digits;
    for (std::size_t i = 0; i < entry.size(); ++i) {
      if (std::isdigit(static_cast<unsigned char>(entry[i])) != 0) digits.push_back(i);
    }
    if (digits.empty()) return;
    const std::size_t at = digits[below(digits.size())];
    const std::string edge =
        below(2) == 0 ? kEdges[below(kEdges.size())] : std::to_string(below(9));
    entry.replace(at, 1, edge);
  }

  void change_bytes(std::string& content) {
    const std::size_t at = below(content.size());
    switch (below(5)) {
      case 0:
        content[at] = static_cast<char>(below(256));
        break;
      case 1:
        content.erase(at, 1 + below(8));
        break;
      case 2:
        content.insert(at, 1 + below(70), "[{\"0,:"[below(6)]);
        break;
      case 3:
        content.resize(at);
        break;
      default:
        content.replace(0, 8, little_endian(random_() >> below(64)));
        break;
    }
    if (content.empty()) content = "x";
  }

  std::mt19937_64 random_;
  std::vector<std::string> entries_;
  std::size_t data_bytes_ = 0;
};

/// Checks, in arithmetic too wide to overflow, that tensors fill the end of a file of `size` bytes.
void expect_true(const std::vector<StoredTensor>& tensors, std::uint64_t size) {
  std::uint64_t end = tensors.empty() ? size : tensors.front().offset;
  for (const StoredTensor& tensor : tensors) {
    const auto dtype = std::ranges::find(kDtypes, tensor.dtype,
                                         [](const DtypeBits& d) { return std::string(d.name); });
    long double bits = dtype == kDtypes.end() ? 0 : dtype->bits;
    for (const std::int64_t dimension : tensor.shape) bits *= static_cast<long double>(dimension);
    if (dtype != kDtypes.end()) {
      EXPECT_EQ(bits, 8 * static_cast<long double>(tensor.bytes));
    }
    EXPECT_EQ(tensor.offset, end);
    end += tensor.bytes;
  }
  EXPECT_EQ(end, size);
}

TEST(HostileHeaders, AreRefusedOrTrue) {
  constexpr int kCases = 100'000;
  Generator generator(20261124);
  MemoryFile memory;
  int accepted = 0;
  for (int i = 0; i < kCases && !testing::Test::HasFailure(); ++i) {
    const std::string content = generator.next();
    SCOPED_TRACE(content);
    const File file = memory.with(content);
    try {
      expect_true(read_safetensors_header(file), file.size());
      ++accepted;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::input);
      EXPECT_THAT(error.what(), testing::StartsWith(memory.path()));
      EXPECT_LT(std::string_view(error.what()).size(), 600U);
    }
  }
  // Neither side may be empty, or nothing was tested.
  EXPECT_GT(accepted, kCases / 20);
  EXPECT_LT(accepted, kCases / 2);
}

}  // namespace
}  // namespace ovbake
