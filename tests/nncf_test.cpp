// Plans and bytes against NNCF itself, as tests/record/nncf_formats.py recorded them: the formats
// that every configuration of the grid gives to the weights of a model, and the bytes of every
// weight in every format.
#include <map>
#include <ostream>
#include <set>

#include <gtest/gtest.h>

#include "architecture/family.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "compression/planner.hpp"
#include "filling/fill.hpp"
#include "support/data.hpp"
#include "support/error_of.hpp"
#include "support/planned_bytes.hpp"
#include "support/recorded_options.hpp"
#include "support/safetensors.hpp"
#include "support/temporary_folder.hpp"
#include "support/tiny_model.hpp"

namespace ovbake {
namespace {

constexpr std::string_view kRefused = "refused";

const Json& recorded() {
  static const Json recorded = parse_json(read_text(test_data("nncf.json"), 16 << 20), "nncf.json");
  return recorded;
}

Digest digest_of(std::span<const std::byte> bytes) {
  Xxh3 hash;
  hash.update(bytes);
  return hash.digest();
}

/// A model of the recording, written into a folder of its own.
class NncfTest : public testing::TestWithParam<std::size_t> {
 protected:
  void SetUp() override {
    const TinyCheckpoint tiny = tiny_checkpoint(entry_["model"], entry_["dtype"], entry_["tied"]);
    ASSERT_EQ(digest_of(std::as_bytes(std::span(tiny.data))), entry_["checkpoint"])
        << "the formula of the weights differs";
    const std::string header = tiny.header.dump();
    write_text(folder_ / "config.json", tiny.config.dump());
    write_text(folder_ / "model.safetensors", little_endian(header.size()) + header + tiny.data);
  }

  /// "int4_sym:64" or "int4_sym:64+awq", as the recording says it.
  static std::string recorded_kind(const PlannedTensor& planned, const Json& options) {
    return kind_of(planned) + (options.contains("awq") ? "+awq" : "");
  }

  /// Calls visit(options, what NNCF made of the model under them: a letter a weight, or "refused").
  template <typename Visit>
  void for_each_run(Visit visit) const {
    const Json& configurations = recorded()["configurations"];
    for (std::size_t i = 0; i < configurations.size(); ++i) {
      const Json& formats = entry_["formats"][i];
      if (!formats.is_null()) visit(configurations[i], formats.get<std::string>());
    }
  }

  /// How many weights and formats the recording has bytes for.
  std::size_t recorded_digests() const {
    std::size_t count = 0;
    for (const Json& kinds : entry_["digests"]) count += kinds.size();
    return count;
  }

  const Json& entry_ = recorded()["models"][GetParam()];
  TemporaryFolder folder_;
};

TEST_P(NncfTest, GivesEveryWeightTheSameFormat) {
  const Checkpoint checkpoint = Checkpoint::open(folder_.path());
  const Decoder decoder = describe(checkpoint.config());
  Sensitivity sensitivity(checkpoint, 2);
  const Json& legend = entry_["legend"];
  for_each_run([&](const Json& options, const std::string& expected) {
    SCOPED_TRACE(options.dump());
    const auto plan = [&] {
      return plan_compression(decoder, checkpoint, recorded_options(options), sensitivity);
    };
    if (expected == kRefused) {
      const bool awq = options.contains("awq");
      expect_error(awq ? ErrorCode::usage : ErrorCode::input, plan,
                   awq ? "--awq is for" : "does not divide");
      return;
    }
    const CompressionPlan planned = plan();
    std::size_t index = 0;
    for (const auto& [name, shape] : tiny_tensors(tiny_model(entry_["model"]), entry_["tied"])) {
      if (shape.size() != 2) continue;
      EXPECT_EQ(recorded_kind(planned.at(name), options), legend[std::string(1, expected[index++])])
          << name;
    }
  });
}

TEST_P(NncfTest, GivesEveryWeightTheSameBytes) {
  const Checkpoint checkpoint = Checkpoint::open(folder_.path());
  const Decoder decoder = describe(checkpoint.config());
  Sensitivity sensitivity(checkpoint, 2);
  std::set<std::pair<std::string, std::string>> checked;
  for_each_run([&](const Json& options, const std::string& expected) {
    if (expected == kRefused) return;
    const CompressionPlan plan =
        plan_compression(decoder, checkpoint, recorded_options(options), sensitivity);
    std::vector<const PlannedTensor*> fresh;
    for (const PlannedTensor& planned : plan.tensors) {
      const bool weight = planned.tensor.role != Role::vector;
      if (weight && checked.emplace(planned.tensor.name, recorded_kind(planned, options)).second) {
        fresh.push_back(&planned);
      }
    }
    if (fresh.empty()) return;
    const std::filesystem::path path = folder_ / fmt::format("{}.bin", checked.size());
    NewFile bin = NewFile::create(path);
    bin.preallocate(plan.weight_bytes);
    fill_weights(plan, checkpoint, bin, {.space = {.threads = 2}, .allow_nonfinite = true},
                 [](const PlannedTensor&, auto) {});
    const File written = File::open(path);
    for (const PlannedTensor* planned : fresh) {
      EXPECT_EQ(digest_of(bytes_in_bin(*planned, written)),
                entry_["digests"][planned->tensor.name].value(recorded_kind(*planned, options), ""))
          << planned->tensor.name << " as " << recorded_kind(*planned, options);
    }
  });
  EXPECT_EQ(checked.size(), recorded_digests());
}

INSTANTIATE_TEST_SUITE_P(Models, NncfTest,
                         testing::Range<std::size_t>(0, recorded()["models"].size()),
                         [](const auto& param) {
                           const Json& entry = recorded()["models"][param.param];
                           return fmt::format("{}_{}_{}", entry["model"].get<std::string>(),
                                              entry["dtype"].get<std::string>(),
                                              entry["tied"] ? "tied" : "untied");
                         });

}  // namespace
}  // namespace ovbake
