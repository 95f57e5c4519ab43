// config.json of every family, wrong in one place at a time: each value removed, and replaced by
// each of many that it should not be. The answer is an input error that names the file, or a
// description of a size that any machine has memory for.
#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <spdlog/fmt/fmt.h>

#include <ovbake/error.hpp>

#include "architecture/family.hpp"
#include "base/json.hpp"
#include "support/data.hpp"

namespace ovbake {
namespace {

const std::vector<Json> kWrong{nullptr,
                               true,
                               0,
                               -1,
                               1,
                               3,
                               4097,
                               2147483647,
                               4294967296,
                               INT64_MAX,
                               INT64_MIN,
                               UINT64_MAX,
                               0.5,
                               -0.0,
                               1e308,
                               1e-320,
                               "",
                               "x",
                               "\x1b[2J",
                               Json::array(),
                               Json::array({1, "x"}),
                               Json::object(),
                               {{"x", 1}}};

/// JSON pointers to every value below `json`.
void collect(const Json& json, const Json::json_pointer& at, std::vector<Json::json_pointer>& all) {
  if (!json.is_structured()) return;
  for (const auto& item : json.items()) {
    const Json::json_pointer below =
        json.is_array() ? at / std::stoul(item.key()) : at / item.key();
    all.push_back(below);
    collect(item.value(), below, all);
  }
}

/// Whether the config was refused, which must be in the way that input is.
bool is_refused(const Json& config) {
  try {
    const Decoder decoder = describe(Config(config, "m/config.json"));
    EXPECT_LE(decoder.layers.size(), 4096U);
    for_each_tensor(decoder, [](const TensorRef& tensor) {
      EXPECT_NO_THROW(element_count(tensor.shape)) << tensor.name;
      for (const std::int64_t dimension : tensor.shape) EXPECT_GT(dimension, 0) << tensor.name;
    });
    return false;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::input);
    EXPECT_THAT(error.what(), testing::HasSubstr("m/config.json"));
    EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("\x1b")));
    return true;
  }
}

TEST(HostileConfig, IsRefusedOrDescribed) {
  std::size_t cases = 0;
  std::size_t refused = 0;
  for (const auto& entry : std::filesystem::directory_iterator(test_data("families"))) {
    if (!entry.is_directory()) continue;
    const Json good = read_json(entry.path() / "config.json");
    EXPECT_FALSE(is_refused(good)) << entry.path();
    std::vector<Json::json_pointer> places;
    collect(good, Json::json_pointer(), places);
    for (const Json::json_pointer& place : places) {
      for (const Json& wrong : kWrong) {
        SCOPED_TRACE(
            fmt::format("{}: {} = {}", entry.path().string(), place.to_string(), wrong.dump()));
        Json config = good;
        config[place] = wrong;
        refused += is_refused(config);
        ++cases;
      }
    }
  }
  EXPECT_GT(cases, 1'000U);
  EXPECT_GT(refused, cases / 10);
}

}  // namespace
}  // namespace ovbake
