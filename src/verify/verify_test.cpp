// Plants every kind of fault that verification claims to find, one a test, in a small baked folder.
#include "verify/verify.hpp"

#include <fstream>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ovbake/ovbake.hpp>

#include "base/file.hpp"
#include "support/baked_folder.hpp"

namespace ovbake {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Verify : public ::testing::Test {
 protected:
  std::string faults(const VerifyOptions& options = {}) {
    try {
      verify(folder.path(), options);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::verification);
      return error.what();
    }
    return "";
  }

  BakedFolder folder;
};

TEST_F(Verify, ReportsWhatItRead) {
  folder.write();
  const VerifyReport report = verify(folder.path());
  EXPECT_EQ(report.tensors, 2u);
  EXPECT_EQ(report.static_nodes, 2u * 8u);
  EXPECT_DOUBLE_EQ(report.int4_share, (16.0 + 16.0) / 320.0);
  EXPECT_GE(report.bytes_read, 336u);
}

TEST_F(Verify, AsksProgressWhetherToGoOn) {
  folder.write();
  std::uint64_t seen = 0;
  const auto stop_at_third = [&](const Progress& progress) {
    EXPECT_EQ(progress.stage, "verify");
    seen = progress.items_done;
    return seen < 3;
  };
  try {
    verify(folder.path(), {.threads = 1}, stop_at_third);
    FAIL() << "It went on.";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::interrupted);
  }
  EXPECT_EQ(seen, 3u);
}

TEST_F(Verify, TellsEveryFaultAtOnce) {
  folder.write();
  folder.flip_byte("openvino_model.bin", 0);
  folder.flip_byte("genai/config.json", 1);
  std::filesystem::remove(folder.path() / "openvino_model_decode.bin");
  EXPECT_THAT(faults(), AllOf(HasSubstr("3 faults"), HasSubstr("embed.weight: "),
                              HasSubstr("genai/config.json: "),
                              HasSubstr("openvino_model_decode.bin: the link")));
}

TEST_F(Verify, FindsAWrongShareOfInt4) {
  folder.manifest["weights"]["int4_bytes"] = 48;
  folder.write();
  EXPECT_THAT(faults(), AllOf(HasSubstr("32 bytes are of tensors in 4 bits"), HasSubstr("48")));
}

// ---- bytes on the disk ------------------------------------------------------------------------

TEST_F(Verify, FindsEveryFlippedByteOfTheWeights) {
  folder.write();
  for (std::uint64_t byte = 0; byte < BakedFolder::kBinBytes; ++byte) {
    folder.flip_byte("openvino_model.bin", byte);
    EXPECT_THAT(faults(), HasSubstr("1 fault was found")) << "byte " << byte;
    folder.flip_byte("openvino_model.bin", byte);
  }
  EXPECT_EQ(faults(), "");
}

TEST_F(Verify, NamesTheConstantOfAFlippedByte) {
  folder.write();
  folder.flip_byte("openvino_model.bin", 192);
  EXPECT_THAT(faults(), HasSubstr("proj.weight: the bytes read back have the digest"));
}

TEST_F(Verify, FindsATruncatedBin) {
  folder.write();
  std::filesystem::resize_file(folder.path() / "openvino_model.bin", 200);
  EXPECT_THAT(faults(), AllOf(HasSubstr("openvino_model.bin: has 200 bytes instead of 336"),
                              HasSubstr("proj.weight/scale: lies at bytes 256 to 272 of a file of "
                                        "200")));
}

TEST_F(Verify, FindsBytesBehindTheBin) {
  folder.write();
  std::filesystem::resize_file(folder.path() / "openvino_model.bin", 400);
  EXPECT_THAT(faults(), HasSubstr("openvino_model.bin: has 400 bytes instead of 336"));
}

TEST_F(Verify, FindsAnEditedFile) {
  folder.write();
  folder.flip_byte("genai/config.json", 0);
  EXPECT_THAT(faults(), HasSubstr("genai/config.json: the bytes read back have the digest"));
}

TEST_F(Verify, FindsAMissingFile) {
  folder.write();
  std::filesystem::remove(folder.path() / "genai/config.json");
  EXPECT_THAT(faults(), HasSubstr("genai/config.json: the file is missing"));
}

TEST_F(Verify, FindsAFileTooMany) {
  folder.write();
  std::ofstream(folder.path() / "genai/notes.txt") << "mine";
  EXPECT_THAT(faults(), HasSubstr("genai/notes.txt: bake.json does not know it"));
}

TEST_F(Verify, FindsAMissingWeightsFile) {
  folder.write();
  std::filesystem::remove(folder.path() / "openvino_model.bin");
  EXPECT_THAT(faults(), AllOf(HasSubstr("openvino_model.bin: the file is missing"),
                              HasSubstr("which is not there")));
}

// ---- links ------------------------------------------------------------------------------------

TEST_F(Verify, FindsALinkThatLeadsElsewhere) {
  folder.write();
  const auto link = folder.path() / "openvino_model_decode.bin";
  std::filesystem::remove(link);
  std::filesystem::create_symlink("genai/config.json", link);
  EXPECT_THAT(faults(), HasSubstr("is a link to genai/config.json instead of openvino_model.bin"));
}

TEST_F(Verify, FindsACopyInsteadOfALink) {
  folder.write();
  const auto link = folder.path() / "openvino_model_decode.bin";
  std::filesystem::remove(link);
  std::filesystem::copy_file(folder.path() / "openvino_model.bin", link);
  EXPECT_THAT(faults(), HasSubstr("openvino_model_decode.bin: is no link"));
}

TEST_F(Verify, FindsALinkOutOfTheFolder) {
  const BakedFolder other;
  std::ofstream(other.path() / "openvino_model.bin") << "not ours";
  const std::string outside = "../" + other.path().filename().string() + "/openvino_model.bin";
  folder.manifest["links"][0]["to"] = outside;
  folder.write();
  EXPECT_THAT(faults(), AllOf(HasSubstr("is a link that leaves the folder"),
                              HasSubstr("no weights lie beside it")));
}

// ---- what bake.json says ----------------------------------------------------------------------

TEST_F(Verify, FindsOverlappingTensors) {
  folder.constant("proj.weight")["offset"] = 16;
  folder.write();
  EXPECT_THAT(faults(), HasSubstr("proj.weight: begins at byte 16, inside embed.weight"));
}

TEST_F(Verify, FindsATensorAmongTheGraphsOwnConstants) {
  folder.constant("proj.weight/scale")["offset"] = 310;
  folder.write();
  EXPECT_THAT(faults(), HasSubstr("proj.weight/scale: lies at bytes 310 to 326, and the weights "
                                  "end at byte 320"));
}

TEST_F(Verify, FindsAHoleBetweenTensors) {
  folder.manifest["tensors"].erase(0);
  folder.graphs_without({"embed.weight", "embed.weight/zero_point", "embed.weight/scale"});
  folder.write();
  EXPECT_THAT(faults(), HasSubstr("openvino_model.bin: bytes 0 to 192 belong to no tensor"));
}

TEST_F(Verify, FindsAWrongCount) {
  folder.constant("proj.weight")["bytes"] = 15;
  folder.write();
  EXPECT_THAT(faults(), HasSubstr("proj.weight: i4[4, 2, 4] takes 16 bytes and bake.json says 15"));
}

TEST_F(Verify, FindsAConstantThatIsNotTheModelsTensor) {
  folder.manifest["tensors"][1]["shape"] = {4, 16};
  folder.write();
  EXPECT_THAT(faults(),
              HasSubstr("proj.weight: none of its constants has the elements of [4, 16]"));
}

TEST_F(Verify, FindsAWrongFormat) {
  folder.manifest["tensors"][0]["format"] = "int4_sym";
  folder.write();
  EXPECT_THAT(faults(), HasSubstr("embed.weight: is said to be int4_sym and its data is u8"));
}

TEST_F(Verify, FindsAWrongGroupSize) {
  folder.manifest["tensors"][1]["group_size"] = 8;
  folder.write();
  EXPECT_THAT(faults(), HasSubstr("is said to have groups of 8 and has groups of 4"));
}

TEST_F(Verify, FindsScalesThatDoNotFit) {
  folder.constant("proj.weight/scale")["shape"] = {4, 1, 1};
  folder.constant("proj.weight/scale")["bytes"] = 8;
  folder.write();
  EXPECT_THAT(faults(), HasSubstr("proj.weight/scale: [4, 1, 1] does not fit the 8 groups"));
}

TEST_F(Verify, SurvivesImpossibleNumbers) {
  folder.constant("proj.weight")["offset"] = INT64_MAX;
  folder.constant("proj.weight/scale")["shape"] = {INT64_MAX, 4};
  folder.write();
  EXPECT_THAT(faults(),
              AllOf(HasSubstr("proj.weight: lies at bytes 9223372036854775807"),
                    HasSubstr("proj.weight/scale: [9223372036854775807, 4] is no shape")));
}

// ---- what the graphs say ----------------------------------------------------------------------

TEST_F(Verify, FindsADynamicNode) {
  folder.replace_in("openvino_model.xml", "<dim>1</dim><dim>4</dim><dim>8</dim>",
                    "<dim>1</dim><dim>-1</dim><dim>8</dim>");
  folder.write();
  EXPECT_THAT(faults(), HasSubstr("openvino_model.xml: proj (MatMul) has the dynamic shape "
                                  "[1, ?, 8]"));
}

TEST_F(Verify, FindsAnInputOfDynamicRank) {
  folder.replace_in("openvino_model_decode.xml", "<data shape=\"1,4\"", "<data shape=\"...\"");
  folder.write();
  EXPECT_THAT(faults(), HasSubstr("openvino_model_decode.xml: input_ids (Parameter) has the "
                                  "dynamic shape [...]"));
}

TEST_F(Verify, AllowsDynamicNodesInTheDynamicGraph) {
  folder.replace_in("genai/openvino_model.xml", "<dim>1</dim><dim>4</dim><dim>8</dim>",
                    "<dim>-1</dim><dim>-1</dim><dim>8</dim>");
  folder.write();
  EXPECT_EQ(faults(), "");
}

TEST_F(Verify, FindsAMovedOffset) {
  folder.replace_in("genai/openvino_model.xml", "offset=\"192\"", "offset=\"193\"");
  folder.write();
  EXPECT_THAT(faults(), HasSubstr("genai/openvino_model.xml: proj.weight takes 16 bytes from byte "
                                  "193 on here and 16 from byte 192 on in bake.json"));
}

TEST_F(Verify, FindsAWrongElementType) {
  folder.replace_in("openvino_model.xml", "element_type=\"i4\"", "element_type=\"u4\"");
  folder.write();
  EXPECT_THAT(faults(), AllOf(HasSubstr("proj.weight is u4[4, 2, 4] here and i4[4, 2, 4]"),
                              HasSubstr("has a port that is not of its type and shape")));
}

TEST_F(Verify, FindsAConstantThatNobodyPlanned) {
  folder.replace_in("openvino_model.xml", "name=\"axis\" ", "name=\"stowaway\" ");
  folder.replace_in("openvino_model.xml", "offset=\"320\"", "offset=\"0\"");
  folder.write();
  EXPECT_THAT(faults(), HasSubstr("openvino_model.xml: stowaway reads the weights at byte 0"));
}

TEST_F(Verify, FindsAConstantOutsideTheBin) {
  folder.replace_in("openvino_model.xml", "offset=\"320\"", "offset=\"329\"");
  folder.write();
  EXPECT_THAT(faults(), HasSubstr("axis takes 8 bytes from byte 329 on, outside"));
}

TEST_F(Verify, FindsAGraphThatLacksAConstant) {
  folder.replace_in("openvino_model.xml", "name=\"proj.weight\"", "name=\"renamed\"");
  folder.write();
  EXPECT_THAT(faults(), HasSubstr("openvino_model.xml: proj.weight is no constant of this graph"));
}

TEST_F(Verify, FindsAGraphThatIsNoIr) {
  folder.replace_in("openvino_model.xml", "</net>", "");
  folder.write();
  EXPECT_THAT(faults(), HasSubstr("openvino_model.xml is no well-formed XML"));
}

TEST_F(Verify, FindsAGraphWithoutWeightsBesideIt) {
  folder.manifest["links"].erase(0);
  folder.write();
  EXPECT_THAT(faults(), HasSubstr("openvino_model_decode.xml: no weights lie beside it"));
}

// ---- sha256 -----------------------------------------------------------------------------------

TEST_F(Verify, ChecksRecordedSha256) {
  folder.record_sha256 = true;
  folder.write();
  EXPECT_EQ(faults({.sha256 = true}), "");
  folder.flip_byte("openvino_model.bin", 333);
  EXPECT_THAT(faults({.sha256 = true}),
              HasSubstr("openvino_model.bin: the bytes read back have the sha256"));
}

TEST_F(Verify, RefusesSha256ThatWasNotRecorded) {
  folder.write();
  EXPECT_THAT(faults({.sha256 = true}), HasSubstr("has no sha256 of it"));
}

// ---- a bake.json that is none -----------------------------------------------------------------

TEST_F(Verify, NeedsABakeJson) {
  EXPECT_THAT(faults(), AllOf(HasSubstr("no usable bake.json"), HasSubstr("cannot be read")));
}

TEST_F(Verify, NeedsAKnownSchema) {
  folder.manifest["schema"] = 1;
  folder.write();
  EXPECT_THAT(faults(), HasSubstr("schema 1"));
}

TEST_F(Verify, NoticesEveryBitOfBakeJson) {
  folder.write();
  const std::string whole = read_text(folder.path() / "bake.json", 1 << 20);
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::string flipped = whole;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
    std::ofstream(folder.path() / "bake.json") << flipped;
    ASSERT_THROW(verify(folder.path(), {.threads = 1}), Error) << "bit " << bit;
  }
  for (const std::string& changed : {whole + " ", whole + "\n", " " + whole, "\n" + whole}) {
    std::ofstream(folder.path() / "bake.json") << changed;
    EXPECT_THROW(verify(folder.path(), {.threads = 1}), Error);
  }
}

TEST_F(Verify, TellsWhatIsWrongBesideTheWeights) {
  folder.write();
  EXPECT_THAT(faults_beside_weights(folder.path()), testing::IsEmpty());
  folder.flip_byte("openvino_model.bin", 3);
  EXPECT_THAT(faults_beside_weights(folder.path()), testing::IsEmpty());
  folder.flip_byte("genai/config.json", 0);
  std::ofstream(folder.path() / "notes.txt") << "mine";
  EXPECT_THAT(faults_beside_weights(folder.path()),
              testing::ElementsAre(HasSubstr("genai/config.json"), HasSubstr("notes.txt")));
}

struct Malformed {
  const char* name;
  const char* pointer;
  Json value;
  const char* complaint;
};

class MalformedManifest : public Verify, public ::testing::WithParamInterface<Malformed> {};

TEST_P(MalformedManifest, IsRefusedByKey) {
  folder.write();
  folder.manifest[Json::json_pointer(GetParam().pointer)] = GetParam().value;
  folder.write_manifest();
  EXPECT_THAT(faults(), AllOf(HasSubstr(GetParam().complaint), Not(HasSubstr("faults"))));
}

INSTANTIATE_TEST_SUITE_P(
    Keys, MalformedManifest,
    ::testing::Values(
        Malformed{"AbsolutePath", "/files/0/file", "/etc/passwd",
                  "files[0].file is not a path inside the folder"},
        Malformed{"ClimbingPath", "/files/0/file", "a/../../b", "files[0].file is not a path"},
        Malformed{"NegativeCount", "/tensors/1/constants/0/offset", -1,
                  "tensors[1].constants[0].offset is not a count"},
        Malformed{"HugeCount", "/weights/bytes", UINT64_MAX, "weights.bytes is not a number below"},
        Malformed{"NotAText", "/tensors/0/name", 5, "tensors[0].name is not a text"},
        Malformed{"NotAList", "/tensors", "none", "tensors is not a list"},
        Malformed{"NotAnObject", "/weights", 3, "weights.file is not there"},
        Malformed{"NegativeDimension", "/tensors/0/constants/0/shape", Json::array({-4, 8}),
                  "tensors[0].constants[0].shape is not a list of dimensions"},
        Malformed{"SplitThatDoesNotAddUp", "/weights/graph_constants_bytes", 5,
                  "weights.graph_constants_offset is not where"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace ovbake
