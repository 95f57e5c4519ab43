#include "reader/ir_reader.hpp"

#include <fstream>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <ovbake/error.hpp>

namespace ovbake {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

/// As OpenVINO 2026.4 writes it, with a loop's body added.
const std::string kGraph = R"(<?xml version="1.0"?>
<net name="small" version="11">
	<layers>
		<layer id="0" name="x" type="Parameter" version="opset1">
			<data shape="1,?,4" element_type="f32" />
			<output>
				<port id="0" precision="FP32" names="x,also &lt;x&gt;">
					<dim>1</dim>
					<dim>-1</dim>
					<dim>4</dim>
				</port>
			</output>
		</layer>
		<layer id="1" name="weight" type="Const" version="opset1">
			<data element_type="f16" shape="4, 16" offset="64" size="128" />
			<output>
				<port id="0" precision="FP16">
					<dim>4</dim>
					<dim>16</dim>
				</port>
			</output>
		</layer>
		<layer id="2" name="loop" type="TensorIterator" version="opset1">
			<input>
				<port id="0" precision="FP32" />
			</input>
			<output>
				<port id="1" precision="FP32" />
			</output>
			<body>
				<layers>
					<layer id="0" name="inner" type="Const" version="opset1">
						<data element_type="i64" shape="" offset="0" size="8" />
						<output>
							<port id="0" precision="I64" />
						</output>
					</layer>
				</layers>
				<edges>
					<edge from-layer="0" from-port="0" to-layer="9" to-port="0" />
				</edges>
			</body>
		</layer>
	</layers>
	<edges>
		<edge from-layer="0" from-port="0" to-layer="2" to-port="0" />
	</edges>
	<rt_info>
		<info name="OpenVINO Runtime" value="2026.4.1" />
		<layers><layer value="no layer" /></layers>
		<nncf>
			<weight_compression>
				<mode value="int4_sym" />
			</weight_compression>
		</nncf>
	</rt_info>
</net>
)";

class IrReader : public ::testing::Test {
 protected:
  ~IrReader() override { std::filesystem::remove(path); }

  void read(const std::string& text) {
    std::filesystem::remove(path);  // ext4 flushes a file that replaces its content
    std::ofstream(path, std::ios::binary) << text;
    layers.clear(), edges.clear(), rt_info.clear();
    name =
        read_ir(File::open(path),
                {.layer = [&](const IrLayer& layer) { layers.push_back(layer); },
                 .edge =
                     [&](const IrEdge& edge) {
                       edges.emplace_back(std::string(edge.from_layer), std::string(edge.to_layer));
                     },
                 .rt_info = [&](std::string_view key,
                                std::string_view value) { rt_info.emplace_back(key, value); }});
  }

  std::string complaint(const std::string& text) {
    try {
      read(text);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::input);
      return error.what();
    }
    return "";
  }

  static std::string with(const std::string& text, const std::string& by) {
    std::string graph = kGraph;
    const auto at = graph.find(text);
    EXPECT_NE(at, graph.npos) << text;
    return graph.replace(at, text.size(), by);
  }

  std::string name;
  std::vector<IrLayer> layers;
  std::vector<std::pair<std::string, std::string>> edges, rt_info;

  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("ovbake_ir_" + std::to_string(::getpid()) + ".xml");
};

TEST_F(IrReader, ReadsLayersEdgesAndRtInfo) {
  read(kGraph);
  EXPECT_EQ(name, "small");
  ASSERT_EQ(layers.size(), 4u);

  EXPECT_EQ(layers[0].type, "Parameter");
  EXPECT_EQ(layers[0].attribute("shape"), "1,?,4");
  EXPECT_EQ(layers[0].outputs[0].names, "x,also <x>");
  EXPECT_EQ(layers[0].outputs[0].element_type, "f32");
  EXPECT_THAT(layers[0].outputs[0].shape, ElementsAre(1, kDynamicDimension, 4));
  EXPECT_FALSE(layers[0].outputs[0].is_static());
  EXPECT_EQ(to_text(layers[0].outputs[0]), "[1, ?, 4]");

  ASSERT_TRUE(layers[1].constant);
  EXPECT_EQ(layers[1].constant->element_type, "f16");
  EXPECT_THAT(layers[1].constant->shape, ElementsAre(4, 16));
  EXPECT_EQ(layers[1].constant->offset, 64u);
  EXPECT_EQ(layers[1].constant->bytes, 128u);
  EXPECT_TRUE(layers[1].outputs[0].is_static());

  EXPECT_EQ(layers[2].name, "inner");
  EXPECT_EQ(layers[2].depth, 1u);
  EXPECT_THAT(layers[2].constant->shape, ElementsAre());
  EXPECT_EQ(layers[3].name, "loop");
  EXPECT_EQ(layers[3].inputs.size(), 1u);
  EXPECT_EQ(layers[3].outputs.size(), 1u);

  EXPECT_THAT(edges, ElementsAre(Pair("0", "2")));
  EXPECT_THAT(rt_info,
              ElementsAre(Pair("OpenVINO Runtime", "2026.4.1"), Pair("layers/layer", "no layer"),
                          Pair("nncf/weight_compression/mode", "int4_sym")));
}

TEST_F(IrReader, NeedsMemoryForOneLayerOnly) {
  std::string graph = kGraph.substr(0, kGraph.find("\t\t<layer id=\"1\""));
  const std::string layer = graph.substr(graph.find("\t\t<layer id=\"0\""));
  for (int i = 0; i < 20'000; ++i) graph += layer;
  read(graph + "</layers></net>");
  EXPECT_EQ(layers.size(), 20'001u);
}

TEST_F(IrReader, PassesOnWhatAVisitorThrows) {
  read(kGraph);
  EXPECT_THROW(
      read_ir(File::open(path), {.layer = [](const IrLayer&) { throw std::range_error("x"); },
                                 .edge = {},
                                 .rt_info = {}}),
      std::range_error);
}

TEST_F(IrReader, SaysWhereAFileIsNotIr) {
  EXPECT_THAT(complaint(""), HasSubstr("no well-formed XML (no element found) at line 1"));
  EXPECT_THAT(complaint("<net version='11'>"), HasSubstr("no well-formed XML"));
  EXPECT_THAT(complaint("<html/>"), HasSubstr("begins with <html> instead of <net>"));
  EXPECT_THAT(complaint("<net version='7'/>"), HasSubstr("version 7"));
  EXPECT_THAT(complaint("<net/>"), HasSubstr("<net> without version"));
  EXPECT_THAT(complaint(with("id=\"1\" ", "")),
              AllOf(HasSubstr("<layer> without id"), HasSubstr("at line 14")));
  EXPECT_THAT(complaint(with("from-port=\"0\" ", "")), HasSubstr("<edge> without from-port"));
  EXPECT_THAT(complaint(with("<port id=\"0\"", "<port")), HasSubstr("<port> without id"));
  EXPECT_THAT(complaint(with("offset=\"64\" ", "")),
              HasSubstr("Const layer \"weight\" without offset"));
  EXPECT_THAT(complaint(with("\"4, 16\"", "\"4, ?\"")), HasSubstr("dimension \"?\""));
}

TEST_F(IrReader, RefusesImpossibleNumbers) {
  for (const char* number :
       {"99999999999999999999", "-1", "0x10", "1e3", "", " 5", "9223372036854775808"}) {
    EXPECT_THAT(complaint(with("offset=\"64\"", std::string("offset=\"") + number + "\"")),
                HasSubstr("no number of 0 to 2^63 - 1"))
        << number;
  }
  EXPECT_THAT(complaint(with("<dim>4</dim>", "<dim>-2</dim>")), HasSubstr("the dim \"-2\""));
  EXPECT_THAT(complaint(with("<dim>4</dim>", "<dim/>")), HasSubstr("the dim \"\""));
  EXPECT_EQ(complaint(with("offset=\"64\"", "offset=\"9223372036854775807\"")), "");
}

TEST_F(IrReader, RefusesEntityTricks) {
  const std::string bomb =
      "<!DOCTYPE net [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
  EXPECT_THAT(complaint(bomb + "<net version='11' name='&b;'/>"),
              HasSubstr("document type declaration"));
  EXPECT_THAT(complaint("<!DOCTYPE net SYSTEM \"file:///etc/passwd\"><net version='11'/>"),
              HasSubstr("document type declaration"));
  EXPECT_THAT(complaint("<net version='11' name='&b;'/>"), HasSubstr("undefined entity"));
}

TEST_F(IrReader, RefusesBottomlessNestingAndEndlessTags) {
  std::string deep = "<net version='11'>";
  for (int i = 0; i < 100'000; ++i) deep += "<body>";
  EXPECT_THAT(complaint(deep), HasSubstr("nests elements deeper than 64"));
  EXPECT_THAT(complaint("<net version='11' name='" + std::string(20 << 20, 'x')),
              HasSubstr("tag of more than 4 MB"));
}

/// Truncated anywhere, and with bytes changed anywhere, it is read or refused.
TEST_F(IrReader, SurvivesDamage) {
  for (std::size_t length = 0; length < kGraph.size() - 8; length += 7) {
    EXPECT_NE(complaint(kGraph.substr(0, length)), "") << length;
  }
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    std::string damaged = kGraph;
    for (int i = 0; i < 3; ++i)
      damaged[random() % damaged.size()] = "<>/\"= layerportdim09-"[random() % 21];
    complaint(damaged);
  }
}

}  // namespace
}  // namespace ovbake
