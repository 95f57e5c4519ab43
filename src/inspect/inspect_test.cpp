#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <ovbake/ovbake.hpp>

namespace ovbake {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

std::string port(int id, const std::string& precision, const std::vector<int>& dims) {
  std::string text = "<port id=\"" + std::to_string(id) + "\" precision=\"" + precision + "\">";
  for (const int dim : dims) text += "<dim>" + std::to_string(dim) + "</dim>";
  return text + "</port>";
}

std::string layer(int id, const std::string& type, const std::string& data,
                  const std::string& ports) {
  return "<layer id=\"" + std::to_string(id) + "\" name=\"" + type + "_" + std::to_string(id) +
         "\" type=\"" + type + "\" version=\"opset1\">" + data + ports + "</layer>";
}

std::string constant(int id, const std::string& type, const std::string& shape, int offset,
                     int size) {
  return layer(id, "Const",
               "<data element_type=\"" + type + "\" shape=\"" + shape + "\" offset=\"" +
                   std::to_string(offset) + "\" size=\"" + std::to_string(size) + "\"/>",
               "<output>" + port(0, "I4", {}) + "</output>");
}

std::string edge(int from, int to, int to_port) {
  return "<edge from-layer=\"" + std::to_string(from) + "\" from-port=\"0\" to-layer=\"" +
         std::to_string(to) + "\" to-port=\"" + std::to_string(to_port) + "\"/>";
}

/// A grouped int4 weight, a per-row int8 one with zero points, a 3-D int8 one of experts that looks
/// like a grouped one, and a state, as exporters write them.
std::string stateful_graph() {
  std::string layers =
      layer(0, "Parameter", "<data shape=\"?,?\" element_type=\"i64\"/>",
            "<output><port id=\"0\" precision=\"I64\" names=\"input_ids\"><dim>-1</dim>"
            "<dim>-1</dim></port></output>") +
      constant(1, "i4", "8, 2, 4", 0, 32) + constant(2, "f16", "8, 2, 1", 32, 32) +
      constant(3, "u8", "8, 8", 64, 64) + constant(4, "u8", "8, 1", 128, 8) +
      constant(5, "f16", "8, 1", 136, 16) + constant(6, "u8", "2, 8, 8", 152, 128) +
      constant(7, "f16", "2, 8, 1", 280, 32) + constant(8, "i64", "2", 312, 16) +
      constant(9, "i64", "2", 312, 16);
  for (int id = 10; id < 14; ++id) {
    layers += layer(id, "Convert", "<data destination_type=\"f16\"/>", "");
  }
  layers += layer(14, "Multiply", "", "") + layer(15, "Subtract", "", "") +
            layer(16, "Multiply", "", "") + layer(17, "Multiply", "", "") +
            layer(18, "Reshape", "", "") + layer(19, "MatMul", "", "") +
            layer(20, "MatMul", "", "") + layer(21, "MatMul", "", "") +
            layer(22, "ReadValue",
                  "<data variable_id=\"past_key_values.0.keypresent.0.key\" variable_type=\"f32\" "
                  "variable_shape=\"?,3,?,64\"/>",
                  "<output>" + port(0, "FP32", {-1, 3, -1, 64}) + "</output>") +
            layer(23, "Add", "",
                  "<output><port id=\"0\" precision=\"FP32\" names=\"logits\"><dim>-1</dim>"
                  "</port></output>") +
            layer(24, "Result", "", "<input>" + port(0, "FP32", {-1, -1, 16}) + "</input>");
  const std::string edges = edge(1, 10, 0) + edge(10, 14, 0) + edge(2, 14, 1) + edge(14, 18, 0) +
                            edge(8, 18, 1) + edge(18, 19, 1) + edge(3, 11, 0) + edge(11, 15, 0) +
                            edge(4, 12, 0) + edge(12, 15, 1) + edge(15, 16, 0) + edge(5, 16, 1) +
                            edge(16, 20, 1) + edge(6, 13, 0) + edge(13, 17, 0) + edge(7, 17, 1) +
                            edge(17, 21, 1) + edge(23, 24, 0);
  return "<net name=\"Model0\" version=\"11\"><layers>" + layers + "</layers><edges>" + edges +
         "</edges><rt_info><nncf><weight_compression><group_size value=\"4\"/>"
         "</weight_compression></nncf></rt_info></net>";
}

std::string explicit_graph() {
  return "<net name=\"decode\" version=\"11\"><layers>" +
         layer(0, "Parameter", "<data shape=\"1,3,7,64\" element_type=\"f16\"/>",
               "<output><port id=\"0\" precision=\"FP16\" names=\"past_key_values.0.key\">"
               "<dim>1</dim></port></output>") +
         "<layer id=\"1\" name=\"r\" type=\"Result\" version=\"opset1\" "
         "output_names=\"present.0.key\"><input>" +
         port(0, "FP16", {1, 3, 1, 64}) + "</input></layer></layers></net>";
}

class Inspect : public ::testing::Test {
 protected:
  Inspect() {
    std::string name = std::filesystem::temp_directory_path() / "ovbake_inspect_XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error(name);
    folder = name;
  }
  ~Inspect() override { std::filesystem::remove_all(folder); }

  void write(const std::string& file, const std::string& text) const {
    std::filesystem::create_directories((folder / file).parent_path());
    std::ofstream(folder / file) << text;
  }
  std::string complaint(const std::filesystem::path& path) const {
    try {
      inspect(path);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::input);
      return error.what();
    }
    return "";
  }

  std::filesystem::path folder;
};

auto is_port(const std::string& name, const std::string& type, const std::string& shape) {
  return AllOf(Field(&PortInfo::name, name), Field(&PortInfo::element_type, type),
               Field(&PortInfo::shape, shape));
}

auto are_constants(const std::string& type, std::int64_t group, std::uint64_t count,
                   std::uint64_t bytes) {
  return AllOf(Field(&ConstantsInfo::element_type, type), Field(&ConstantsInfo::group_size, group),
               Field(&ConstantsInfo::count, count), Field(&ConstantsInfo::bytes, bytes));
}

TEST_F(Inspect, DescribesAStatefulGraph) {
  write("openvino_model.xml", stateful_graph());
  write("openvino_model.bin", std::string(328, 'x'));
  const InspectReport report = inspect(folder);
  EXPECT_THAT(report.faults, IsEmpty());
  ASSERT_THAT(report.graphs, SizeIs(1));
  const GraphInfo& graph = report.graphs[0];
  EXPECT_EQ(graph.file, "openvino_model.xml");
  EXPECT_EQ(graph.name, "Model0");
  EXPECT_EQ(graph.nodes, 25u);
  EXPECT_EQ(graph.dynamic_nodes, 3u);
  EXPECT_EQ(graph.kv_layout, "stateful");
  EXPECT_THAT(graph.inputs, ElementsAre(is_port("input_ids", "i64", "[?, ?]")));
  EXPECT_THAT(graph.outputs, ElementsAre(is_port("logits", "f32", "[?, ?, 16]")));
  EXPECT_THAT(graph.states,
              ElementsAre(is_port("past_key_values.0.keypresent.0.key", "f32", "[?, 3, ?, 64]")));
  EXPECT_THAT(graph.rt_info, ElementsAre(Pair("nncf/weight_compression/group_size", "4")));
}

TEST_F(Inspect, FindsGroupSizesAndCountsSharedBytesOnce) {
  write("openvino_model.xml", stateful_graph());
  const InspectReport report = inspect(folder / "openvino_model.xml");
  EXPECT_THAT(report.graphs[0].constants,
              ElementsAre(are_constants("u8", -1, 2, 64 + 128), are_constants("f16", 0, 3, 80),
                          are_constants("i4", 4, 1, 32), are_constants("i64", 0, 1, 16),
                          are_constants("u8", 0, 1, 8)));
}

TEST_F(Inspect, DescribesAPairAndTheFolderBesideIt) {
  write("openvino_model_decode.xml", explicit_graph());
  write("genai/openvino_model.xml", stateful_graph());
  write("genai/openvino_model.bin", std::string(328, 'x'));
  const InspectReport report = inspect(folder);
  EXPECT_THAT(report.faults, IsEmpty());
  ASSERT_THAT(report.graphs, SizeIs(2));
  EXPECT_EQ(report.graphs[0].file, "genai/openvino_model.xml");
  EXPECT_EQ(report.graphs[1].kv_layout, "explicit");
  EXPECT_EQ(report.graphs[1].dynamic_nodes, 0u);
  EXPECT_THAT(report.graphs[1].inputs,
              ElementsAre(is_port("past_key_values.0.key", "f16", "[1, 3, 7, 64]")));
  EXPECT_THAT(report.graphs[1].outputs,
              ElementsAre(is_port("present.0.key", "f16", "[1, 3, 1, 64]")));
}

TEST_F(Inspect, TakesNoOtherStateForAKvCache) {
  write("openvino_tokenizer.xml",
        "<net name=\"tokenizer\" version=\"11\"><layers>" +
            layer(0, "ReadValue",
                  "<data variable_id=\"truncation\" variable_type=\"dynamic\" "
                  "variable_shape=\"...\"/>",
                  "") +
            "</layers></net>");
  const InspectReport report = inspect(folder);
  EXPECT_EQ(report.graphs[0].kv_layout, "none");
  EXPECT_THAT(report.graphs[0].states, ElementsAre(is_port("truncation", "dynamic", "[...]")));
}

TEST_F(Inspect, TellsOfABinThatIsMissingOrCutShort) {
  write("openvino_model.xml", stateful_graph());
  EXPECT_THAT(inspect(folder).faults, ElementsAre(HasSubstr("which is not there")));
  write("openvino_model.bin", std::string(327, 'x'));
  EXPECT_THAT(inspect(folder).faults, ElementsAre(HasSubstr("327 bytes and")));
}

TEST_F(Inspect, DescribesTheOtherGraphsOfAFolderWithABadOne) {
  write("good.xml", explicit_graph());
  write("bad.xml", "<net");
  const InspectReport report = inspect(folder);
  EXPECT_THAT(report.graphs, SizeIs(1));
  EXPECT_THAT(report.faults, ElementsAre(HasSubstr("bad.xml is no well-formed XML")));
}

TEST_F(Inspect, RefusesWhatIsNoIr) {
  EXPECT_THAT(complaint(folder), HasSubstr("holds no OpenVINO IR"));
  EXPECT_THAT(complaint(folder / "absent"), HasSubstr("absent cannot be read: No such file"));
  write("only.xml", "<svg/>");
  EXPECT_THAT(complaint(folder), HasSubstr("begins with <svg>"));
}

}  // namespace
}  // namespace ovbake
