// What the library makes of a model in one configuration after the other, for a grid of thousands
// that tests/python/test_nncf.py compares with NNCF's.
//
//   nncf_grid MODEL < CONFIGURATIONS
//
// For every line of options (recorded_options.hpp) prints a line of JSON: of each matrix its name,
// "format:group size" and the SHA-256 of its constants; or the message of a refusal. A weight that
// is known in a format is not encoded again, except by AWQ, which changes what is encoded.
#include <exception>
#include <iostream>
#include <map>
#include <span>
#include <string>
#include <utility>

#include "architecture/family.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/hasher.hpp"
#include "compression/planner.hpp"
#include "filling/fill.hpp"
#include "support/planned_bytes.hpp"
#include "support/recorded_options.hpp"
#include "support/temporary_folder.hpp"

namespace ovbake {
namespace {

constexpr unsigned kThreads = 2;

std::string sha256_of(std::span<const std::byte> bytes) {
  Hasher hash = Hasher::sha256();
  hash.update(bytes);
  return hash.hex();
}

class Grid {
 public:
  explicit Grid(const std::filesystem::path& model) : checkpoint_(Checkpoint::open(model)) {}

  Json run(const CompressionOptions& options) {
    const CompressionPlan plan = plan_compression(decoder_, checkpoint_, options, sensitivity_);
    Encoded with_awq;
    Encoded& encoded = options.awq ? with_awq : encoded_;
    encode_new(plan, encoded);
    Json matrices = Json::array();
    for (const PlannedTensor& planned : plan.tensors) {
      if (!is_matrix(planned)) continue;
      const Key key = key_of(planned);
      matrices.push_back({key.first, key.second, encoded.at(key)});
    }
    return matrices;
  }

 private:
  using Key = std::pair<std::string, std::string>;  ///< Name, "format:group size".
  using Encoded = std::map<Key, std::string>;       ///< SHA-256 of the constants.

  static bool is_matrix(const PlannedTensor& planned) {
    return planned.tensor.role != Role::vector;
  }

  static Key key_of(const PlannedTensor& planned) {
    return {planned.tensor.name, kind_of(planned)};
  }

  void encode_new(const CompressionPlan& plan, Encoded& encoded) {
    Digests finished;
    for (const PlannedTensor& planned : plan.tensors) {
      const bool skipped = !is_matrix(planned) || encoded.contains(key_of(planned));
      finished.emplace_back(skipped ? planned.constants.size() : 0);
    }
    const std::filesystem::path path = folder_ / "weights.bin";
    NewFile bin = NewFile::create(path);
    fill_weights(plan, checkpoint_, bin,
                 {.space = {.threads = kThreads}, .allow_nonfinite = true, .finished = finished},
                 [](const PlannedTensor&, auto) {});
    const File written = File::open(path);
    for (std::size_t i = 0; i < plan.tensors.size(); ++i) {
      const PlannedTensor& planned = plan.tensors[i];
      if (finished[i].empty())
        encoded.emplace(key_of(planned), sha256_of(bytes_in_bin(planned, written)));
    }
    std::filesystem::remove(path);
  }

  Checkpoint checkpoint_;
  Decoder decoder_ = describe(checkpoint_.config());
  Sensitivity sensitivity_{checkpoint_, kThreads};
  TemporaryFolder folder_;
  Encoded encoded_;
};

void run(const std::filesystem::path& model) {
  Grid grid(model);
  for (std::string line; std::getline(std::cin, line);) {
    const CompressionOptions options = recorded_options(parse_json(line, "standard input"));
    try {
      std::cout << grid.run(options) << "\n";
    } catch (const Error& error) {
      std::cout << Json(error.what()) << "\n";
    }
  }
}

}  // namespace
}  // namespace ovbake

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "Usage: nncf_grid MODEL < CONFIGURATIONS\n";
    return 2;
  }
  try {
    ovbake::run(argv[1]);
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
