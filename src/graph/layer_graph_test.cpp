// A model that runs a layer at a time computes what its whole graph computes.
#include <map>

#include <gmock/gmock.h>

#include <openvino/runtime/core.hpp>
#include <openvino/runtime/properties.hpp>

#include "architecture/family.hpp"
#include "compression/planner.hpp"
#include "graph/graphs.hpp"
#include "graph/loaded_weights.hpp"
#include "source/checkpoint.hpp"
#include "support/data.hpp"

namespace ovbake {
namespace {

using Tensors = std::map<std::string, ov::Tensor>;

constexpr std::int64_t kTokens = 12;
constexpr std::int64_t kPadding = 3;  ///< At the left of the second sequence.

std::vector<std::string> fixtures() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(test_data("families"))) {
    if (std::filesystem::exists(entry.path() / "model.safetensors")) {
      names.push_back(entry.path().filename());
    }
  }
  std::ranges::sort(names);
  return names;
}

ov::Tensor integers(const std::function<std::int64_t(std::int64_t, std::int64_t)>& value) {
  ov::Tensor tensor(ov::element::i64, {2, kTokens});
  for (std::int64_t row = 0; row < 2; ++row) {
    for (std::int64_t i = 0; i < kTokens; ++i) {
      tensor.data<std::int64_t>()[row * kTokens + i] = value(row, i);
    }
  }
  return tensor;
}

class LayerGraphs : public ::testing::TestWithParam<std::string> {
 protected:
  LayerGraphs()
      : checkpoint_(Checkpoint::open(test_data("families/" + GetParam()))),
        decoder_(describe(checkpoint_)),
        sensitivity_(checkpoint_, 1),
        plan_(plan_compression(decoder_, checkpoint_, {.weight_format = "fp32"}, sensitivity_)) {}

  /// Every output of a graph, fed with those of `given` that it has as inputs.
  static Tensors run(const std::shared_ptr<ov::Model>& model, const Tensors& given) {
    ov::InferRequest request =
        core()
            .compile_model(model, "CPU", ov::hint::inference_precision(ov::element::f32),
                           ov::hint::kv_cache_precision(ov::element::f32),
                           ov::hint::dynamic_quantization_group_size(0))
            .create_infer_request();
    for (std::size_t i = 0; i < model->inputs().size(); ++i) {
      request.set_input_tensor(i, given.at(model->input(i).get_any_name()));
    }
    request.infer();
    Tensors outputs;
    for (std::size_t i = 0; i < model->outputs().size(); ++i) {
      for (const std::string& name : model->output(i).get_names()) {
        outputs[name] = request.get_output_tensor(i);
      }
    }
    return outputs;
  }

  /// The outputs of all layers, by name, from one graph.
  Tensors run_whole(const Tensors& given) {
    LoadedWeights weights(plan_, checkpoint_);
    const auto model = without_past_graph(decoder_, weights);
    std::map<std::string, ov::Output<ov::Node>> layers;
    for (const auto& node : model->get_ordered_ops()) {
      if (node->get_output_size() == 0) continue;
      layers[node->get_friendly_name()] = node->output(0);
    }
    for (const DecoderLayer& layer : decoder_.layers) {
      if (layers.contains(layer.name)) {
        model->add_output(layers.at(layer.name)).get_tensor().add_names({layer.name});
      }
    }
    return run(model, given);
  }

  static ov::Core& core() {
    static ov::Core core;
    return core;
  }

  Checkpoint checkpoint_;
  Decoder decoder_;
  Sensitivity sensitivity_;
  CompressionPlan plan_;
};

void expect_near(const ov::Tensor& got, const ov::Tensor& expected, const std::string& what) {
  ASSERT_EQ(got.get_shape(), expected.get_shape()) << what;
  float largest = 0;
  float difference = 0;
  const std::size_t hidden_size = got.get_shape().back();
  for (std::size_t i = 0; i < got.get_size(); ++i) {
    const std::size_t token = i / hidden_size;
    if (token >= kTokens && token < kTokens + kPadding) continue;
    largest = std::max(largest, std::fabs(expected.data<float>()[i]));
    difference = std::max(difference, std::fabs(got.data<float>()[i] - expected.data<float>()[i]));
  }
  EXPECT_LE(difference, 1e-6F * largest) << what;
}

TEST_P(LayerGraphs, ComputeWhatTheWholeGraphComputes) {
  const auto padding = [](std::int64_t row) { return row == 0 ? 0 : kPadding; };
  Tensors given{
      {"input_ids", integers([&](auto row, auto i) { return (7 * i + 31 * row + 3) % 90; })},
      {"attention_mask", integers([&](auto row, auto i) { return i >= padding(row) ? 1 : 0; })},
      {"position_ids",
       integers([&](auto row, auto i) { return std::max<std::int64_t>(i - padding(row), 0); })}};
  const Tensors expected = run_whole(given);

  LoadedWeights embeddings(plan_, checkpoint_);
  given.merge(run(embedding_graph(decoder_, embeddings), given));
  given["hidden_states"] = given.at("inputs_embeds");
  for (std::size_t i = 0; i < decoder_.layers.size(); ++i) {
    LoadedWeights weights(plan_, checkpoint_);
    Tensors outputs = run(layer_graph(decoder_, i, weights), given);
    const std::string& name = decoder_.layers[i].name;
    expect_near(outputs.at("last_hidden_state"), expected.at(name), name);
    walk(decoder_.layers[i], [&](const TensorRef& weight) {
      if (weight.role != Role::projection) return;
      const ov::Tensor& input = outputs.at(weight.name.substr(0, weight.name.rfind('.')));
      EXPECT_EQ(static_cast<std::int64_t>(input.get_shape().back()), weight.shape.back());
    });
    // The whole graph's, so that what layers round differently does not add up.
    given["hidden_states"] = expected.at(name);
    given.merge(outputs);
  }
}

INSTANTIATE_TEST_SUITE_P(EveryFixture, LayerGraphs, ::testing::ValuesIn(fixtures()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace ovbake
