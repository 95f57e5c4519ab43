// What the steps of the `tokenizers` library take for what, where its tables are of other releases
// of Unicode than PCRE2's and utf8proc's. tests/record/unicode_tables.py prints this file.
#pragma once

#include <array>
#include <string_view>

namespace ovbake {

/// What StripAccents removes.
inline constexpr std::string_view kStrippedAccents =
    R"(\x{300}-\x{36F}\x{483}-\x{489}\x{591}-\x{5BD}\x{5BF}\x{5C1}-\x{5C2}\x{5C4}-\x{5C5})"
    R"(\x{5C7}\x{610}-\x{61A}\x{64B}-\x{65F}\x{670}\x{6D6}-\x{6DC}\x{6DF}-\x{6E4})"
    R"(\x{6E7}-\x{6E8}\x{6EA}-\x{6ED}\x{711}\x{730}-\x{74A}\x{7A6}-\x{7B0}\x{7EB}-\x{7F3})"
    R"(\x{816}-\x{819}\x{81B}-\x{823}\x{825}-\x{827}\x{829}-\x{82D}\x{859}-\x{85B})"
    R"(\x{8D4}-\x{8E1}\x{8E3}-\x{903}\x{93A}-\x{93C}\x{93E}-\x{94F}\x{951}-\x{957})"
    R"(\x{962}-\x{963}\x{981}-\x{983}\x{9BC}\x{9BE}-\x{9C4}\x{9C7}-\x{9C8}\x{9CB}-\x{9CD})"
    R"(\x{9D7}\x{9E2}-\x{9E3}\x{A01}-\x{A03}\x{A3C}\x{A3E}-\x{A42}\x{A47}-\x{A48})"
    R"(\x{A4B}-\x{A4D}\x{A51}\x{A70}-\x{A71}\x{A75}\x{A81}-\x{A83}\x{ABC}\x{ABE}-\x{AC5})"
    R"(\x{AC7}-\x{AC9}\x{ACB}-\x{ACD}\x{AE2}-\x{AE3}\x{B01}-\x{B03}\x{B3C}\x{B3E}-\x{B44})"
    R"(\x{B47}-\x{B48}\x{B4B}-\x{B4D}\x{B56}-\x{B57}\x{B62}-\x{B63}\x{B82}\x{BBE}-\x{BC2})"
    R"(\x{BC6}-\x{BC8}\x{BCA}-\x{BCD}\x{BD7}\x{C00}-\x{C03}\x{C3E}-\x{C44}\x{C46}-\x{C48})"
    R"(\x{C4A}-\x{C4D}\x{C55}-\x{C56}\x{C62}-\x{C63}\x{C81}-\x{C83}\x{CBC}\x{CBE}-\x{CC4})"
    R"(\x{CC6}-\x{CC8}\x{CCA}-\x{CCD}\x{CD5}-\x{CD6}\x{CE2}-\x{CE3}\x{D01}-\x{D03})"
    R"(\x{D3E}-\x{D44}\x{D46}-\x{D48}\x{D4A}-\x{D4D}\x{D57}\x{D62}-\x{D63}\x{D82}-\x{D83})"
    R"(\x{DCA}\x{DCF}-\x{DD4}\x{DD6}\x{DD8}-\x{DDF}\x{DF2}-\x{DF3}\x{E31}\x{E34}-\x{E3A})"
    R"(\x{E47}-\x{E4E}\x{EB1}\x{EB4}-\x{EB9}\x{EBB}-\x{EBC}\x{EC8}-\x{ECD}\x{F18}-\x{F19})"
    R"(\x{F35}\x{F37}\x{F39}\x{F3E}-\x{F3F}\x{F71}-\x{F84}\x{F86}-\x{F87}\x{F8D}-\x{F97})"
    R"(\x{F99}-\x{FBC}\x{FC6}\x{102B}-\x{103E}\x{1056}-\x{1059}\x{105E}-\x{1060})"
    R"(\x{1062}-\x{1064}\x{1067}-\x{106D}\x{1071}-\x{1074}\x{1082}-\x{108D}\x{108F})"
    R"(\x{109A}-\x{109D}\x{135D}-\x{135F}\x{1712}-\x{1714}\x{1732}-\x{1734}\x{1752}-\x{1753})"
    R"(\x{1772}-\x{1773}\x{17B4}-\x{17D3}\x{17DD}\x{180B}-\x{180D}\x{1885}-\x{1886}\x{18A9})"
    R"(\x{1920}-\x{192B}\x{1930}-\x{193B}\x{1A17}-\x{1A1B}\x{1A55}-\x{1A5E}\x{1A60}-\x{1A7C})"
    R"(\x{1A7F}\x{1AB0}-\x{1ABE}\x{1B00}-\x{1B04}\x{1B34}-\x{1B44}\x{1B6B}-\x{1B73})"
    R"(\x{1B80}-\x{1B82}\x{1BA1}-\x{1BAD}\x{1BE6}-\x{1BF3}\x{1C24}-\x{1C37}\x{1CD0}-\x{1CD2})"
    R"(\x{1CD4}-\x{1CE8}\x{1CED}\x{1CF2}-\x{1CF4}\x{1CF8}-\x{1CF9}\x{1DC0}-\x{1DF5})"
    R"(\x{1DFB}-\x{1DFF}\x{20D0}-\x{20F0}\x{2CEF}-\x{2CF1}\x{2D7F}\x{2DE0}-\x{2DFF})"
    R"(\x{302A}-\x{302F}\x{3099}-\x{309A}\x{A66F}-\x{A672}\x{A674}-\x{A67D}\x{A69E}-\x{A69F})"
    R"(\x{A6F0}-\x{A6F1}\x{A802}\x{A806}\x{A80B}\x{A823}-\x{A827}\x{A880}-\x{A881})"
    R"(\x{A8B4}-\x{A8C5}\x{A8E0}-\x{A8F1}\x{A926}-\x{A92D}\x{A947}-\x{A953}\x{A980}-\x{A983})"
    R"(\x{A9B3}-\x{A9C0}\x{A9E5}\x{AA29}-\x{AA36}\x{AA43}\x{AA4C}-\x{AA4D}\x{AA7B}-\x{AA7D})"
    R"(\x{AAB0}\x{AAB2}-\x{AAB4}\x{AAB7}-\x{AAB8}\x{AABE}-\x{AABF}\x{AAC1}\x{AAEB}-\x{AAEF})"
    R"(\x{AAF5}-\x{AAF6}\x{ABE3}-\x{ABEA}\x{ABEC}-\x{ABED}\x{FB1E}\x{FE00}-\x{FE0F})"
    R"(\x{FE20}-\x{FE2F}\x{101FD}\x{102E0}\x{10376}-\x{1037A}\x{10A01}-\x{10A03})"
    R"(\x{10A05}-\x{10A06}\x{10A0C}-\x{10A0F}\x{10A38}-\x{10A3A}\x{10A3F}\x{10AE5}-\x{10AE6})"
    R"(\x{11000}-\x{11002}\x{11038}-\x{11046}\x{1107F}-\x{11082}\x{110B0}-\x{110BA})"
    R"(\x{11100}-\x{11102}\x{11127}-\x{11134}\x{11173}\x{11180}-\x{11182}\x{111B3}-\x{111C0})"
    R"(\x{111CA}-\x{111CC}\x{1122C}-\x{11237}\x{1123E}\x{112DF}-\x{112EA}\x{11300}-\x{11303})"
    R"(\x{1133C}\x{1133E}-\x{11344}\x{11347}-\x{11348}\x{1134B}-\x{1134D}\x{11357})"
    R"(\x{11362}-\x{11363}\x{11366}-\x{1136C}\x{11370}-\x{11374}\x{11435}-\x{11446})"
    R"(\x{114B0}-\x{114C3}\x{115AF}-\x{115B5}\x{115B8}-\x{115C0}\x{115DC}-\x{115DD})"
    R"(\x{11630}-\x{11640}\x{116AB}-\x{116B7}\x{1171D}-\x{1172B}\x{11C2F}-\x{11C36})"
    R"(\x{11C38}-\x{11C3F}\x{11C92}-\x{11CA7}\x{11CA9}-\x{11CB6}\x{16AF0}-\x{16AF4})"
    R"(\x{16B30}-\x{16B36}\x{16F51}-\x{16F7E}\x{16F8F}-\x{16F92}\x{1BC9D}-\x{1BC9E})"
    R"(\x{1D165}-\x{1D169}\x{1D16D}-\x{1D172}\x{1D17B}-\x{1D182}\x{1D185}-\x{1D18B})"
    R"(\x{1D1AA}-\x{1D1AD}\x{1D242}-\x{1D244}\x{1DA00}-\x{1DA36}\x{1DA3B}-\x{1DA6C}\x{1DA75})"
    R"(\x{1DA84}\x{1DA9B}-\x{1DA9F}\x{1DAA1}-\x{1DAAF}\x{1E000}-\x{1E006}\x{1E008}-\x{1E018})"
    R"(\x{1E01B}-\x{1E021}\x{1E023}-\x{1E024}\x{1E026}-\x{1E02A}\x{1E8D0}-\x{1E8D6})"
    R"(\x{1E944}-\x{1E94A}\x{E0100}-\x{E01EF})";

/// What BertNormalizer removes of decomposed text.
inline constexpr std::string_view kMarksOfBert =
    R"(\x{300}-\x{36F}\x{483}-\x{487}\x{591}-\x{5BD}\x{5BF}\x{5C1}-\x{5C2}\x{5C4}-\x{5C5})"
    R"(\x{5C7}\x{610}-\x{61A}\x{64B}-\x{65F}\x{670}\x{6D6}-\x{6DC}\x{6DF}-\x{6E4})"
    R"(\x{6E7}-\x{6E8}\x{6EA}-\x{6ED}\x{711}\x{730}-\x{74A}\x{7A6}-\x{7B0}\x{7EB}-\x{7F3})"
    R"(\x{816}-\x{819}\x{81B}-\x{823}\x{825}-\x{827}\x{829}-\x{82D}\x{859}-\x{85B})"
    R"(\x{8E3}-\x{902}\x{93A}\x{93C}\x{941}-\x{948}\x{94D}\x{951}-\x{957}\x{962}-\x{963})"
    R"(\x{981}\x{9BC}\x{9C1}-\x{9C4}\x{9CD}\x{9E2}-\x{9E3}\x{A01}-\x{A02}\x{A3C})"
    R"(\x{A41}-\x{A42}\x{A47}-\x{A48}\x{A4B}-\x{A4D}\x{A51}\x{A70}-\x{A71}\x{A75})"
    R"(\x{A81}-\x{A82}\x{ABC}\x{AC1}-\x{AC5}\x{AC7}-\x{AC8}\x{ACD}\x{AE2}-\x{AE3}\x{B01})"
    R"(\x{B3C}\x{B3F}\x{B41}-\x{B44}\x{B4D}\x{B56}\x{B62}-\x{B63}\x{B82}\x{BC0}\x{BCD})"
    R"(\x{C00}\x{C3E}-\x{C40}\x{C46}-\x{C48}\x{C4A}-\x{C4D}\x{C55}-\x{C56}\x{C62}-\x{C63})"
    R"(\x{C81}\x{CBC}\x{CBF}\x{CC6}\x{CCC}-\x{CCD}\x{CE2}-\x{CE3}\x{D01}\x{D41}-\x{D44})"
    R"(\x{D4D}\x{D62}-\x{D63}\x{DCA}\x{DD2}-\x{DD4}\x{DD6}\x{E31}\x{E34}-\x{E3A})"
    R"(\x{E47}-\x{E4E}\x{EB1}\x{EB4}-\x{EB9}\x{EBB}-\x{EBC}\x{EC8}-\x{ECD}\x{F18}-\x{F19})"
    R"(\x{F35}\x{F37}\x{F39}\x{F71}-\x{F7E}\x{F80}-\x{F84}\x{F86}-\x{F87}\x{F8D}-\x{F97})"
    R"(\x{F99}-\x{FBC}\x{FC6}\x{102D}-\x{1030}\x{1032}-\x{1037}\x{1039}-\x{103A})"
    R"(\x{103D}-\x{103E}\x{1058}-\x{1059}\x{105E}-\x{1060}\x{1071}-\x{1074}\x{1082})"
    R"(\x{1085}-\x{1086}\x{108D}\x{109D}\x{135D}-\x{135F}\x{1712}-\x{1714}\x{1732}-\x{1734})"
    R"(\x{1752}-\x{1753}\x{1772}-\x{1773}\x{17B4}-\x{17B5}\x{17B7}-\x{17BD}\x{17C6})"
    R"(\x{17C9}-\x{17D3}\x{17DD}\x{180B}-\x{180D}\x{18A9}\x{1920}-\x{1922}\x{1927}-\x{1928})"
    R"(\x{1932}\x{1939}-\x{193B}\x{1A17}-\x{1A18}\x{1A1B}\x{1A56}\x{1A58}-\x{1A5E}\x{1A60})"
    R"(\x{1A62}\x{1A65}-\x{1A6C}\x{1A73}-\x{1A7C}\x{1A7F}\x{1AB0}-\x{1ABD}\x{1B00}-\x{1B03})"
    R"(\x{1B34}\x{1B36}-\x{1B3A}\x{1B3C}\x{1B42}\x{1B6B}-\x{1B73}\x{1B80}-\x{1B81})"
    R"(\x{1BA2}-\x{1BA5}\x{1BA8}-\x{1BA9}\x{1BAB}-\x{1BAD}\x{1BE6}\x{1BE8}-\x{1BE9}\x{1BED})"
    R"(\x{1BEF}-\x{1BF1}\x{1C2C}-\x{1C33}\x{1C36}-\x{1C37}\x{1CD0}-\x{1CD2}\x{1CD4}-\x{1CE0})"
    R"(\x{1CE2}-\x{1CE8}\x{1CED}\x{1CF4}\x{1CF8}-\x{1CF9}\x{1DC0}-\x{1DF5}\x{1DFC}-\x{1DFF})"
    R"(\x{20D0}-\x{20DC}\x{20E1}\x{20E5}-\x{20F0}\x{2CEF}-\x{2CF1}\x{2D7F}\x{2DE0}-\x{2DFF})"
    R"(\x{302A}-\x{302D}\x{3099}-\x{309A}\x{A66F}\x{A674}-\x{A67D}\x{A69E}-\x{A69F})"
    R"(\x{A6F0}-\x{A6F1}\x{A802}\x{A806}\x{A80B}\x{A825}-\x{A826}\x{A8C4}\x{A8E0}-\x{A8F1})"
    R"(\x{A926}-\x{A92D}\x{A947}-\x{A951}\x{A980}-\x{A982}\x{A9B3}\x{A9B6}-\x{A9B9}\x{A9BC})"
    R"(\x{A9E5}\x{AA29}-\x{AA2E}\x{AA31}-\x{AA32}\x{AA35}-\x{AA36}\x{AA43}\x{AA4C}\x{AA7C})"
    R"(\x{AAB0}\x{AAB2}-\x{AAB4}\x{AAB7}-\x{AAB8}\x{AABE}-\x{AABF}\x{AAC1}\x{AAEC}-\x{AAED})"
    R"(\x{AAF6}\x{ABE5}\x{ABE8}\x{ABED}\x{FB1E}\x{FE00}-\x{FE0F}\x{FE20}-\x{FE2F}\x{101FD})"
    R"(\x{102E0}\x{10376}-\x{1037A}\x{10A01}-\x{10A03}\x{10A05}-\x{10A06}\x{10A0C}-\x{10A0F})"
    R"(\x{10A38}-\x{10A3A}\x{10A3F}\x{10AE5}-\x{10AE6}\x{11001}\x{11038}-\x{11046})"
    R"(\x{1107F}-\x{11081}\x{110B3}-\x{110B6}\x{110B9}-\x{110BA}\x{11100}-\x{11102})"
    R"(\x{11127}-\x{1112B}\x{1112D}-\x{11134}\x{11173}\x{11180}-\x{11181}\x{111B6}-\x{111BE})"
    R"(\x{111CA}-\x{111CC}\x{1122F}-\x{11231}\x{11234}\x{11236}-\x{11237}\x{112DF})"
    R"(\x{112E3}-\x{112EA}\x{11300}-\x{11301}\x{1133C}\x{11340}\x{11366}-\x{1136C})"
    R"(\x{11370}-\x{11374}\x{114B3}-\x{114B8}\x{114BA}\x{114BF}-\x{114C0}\x{114C2}-\x{114C3})"
    R"(\x{115B2}-\x{115B5}\x{115BC}-\x{115BD}\x{115BF}-\x{115C0}\x{115DC}-\x{115DD})"
    R"(\x{11633}-\x{1163A}\x{1163D}\x{1163F}-\x{11640}\x{116AB}\x{116AD}\x{116B0}-\x{116B5})"
    R"(\x{116B7}\x{1171D}-\x{1171F}\x{11722}-\x{11725}\x{11727}-\x{1172B}\x{16AF0}-\x{16AF4})"
    R"(\x{16B30}-\x{16B36}\x{16F8F}-\x{16F92}\x{1BC9D}-\x{1BC9E}\x{1D167}-\x{1D169})"
    R"(\x{1D17B}-\x{1D182}\x{1D185}-\x{1D18B}\x{1D1AA}-\x{1D1AD}\x{1D242}-\x{1D244})"
    R"(\x{1DA00}-\x{1DA36}\x{1DA3B}-\x{1DA6C}\x{1DA75}\x{1DA84}\x{1DA9B}-\x{1DA9F})"
    R"(\x{1DAA1}-\x{1DAAF}\x{1E8D0}-\x{1E8D6}\x{E0100}-\x{E01EF})";

/// What BertNormalizer cleans away, beside ASCII.
inline constexpr std::string_view kControlsOfBert =
    R"(\x{80}-\x{9F}\x{AD}\x{600}-\x{605}\x{61C}\x{6DD}\x{70F}\x{180E}\x{200B}-\x{200F})"
    R"(\x{202A}-\x{202E}\x{2060}-\x{2064}\x{2066}-\x{206F}\x{E000}-\x{F8FF}\x{FEFF})"
    R"(\x{FFF9}-\x{FFFB}\x{FFFD}\x{110BD}\x{1BCA0}-\x{1BCA3}\x{1D173}-\x{1D17A}\x{E0001})"
    R"(\x{E0020}-\x{E007F}\x{F0000}-\x{FFFFD}\x{100000}-\x{10FFFD})";

/// What Punctuation and BertPreTokenizer cut out, beside ASCII.
inline constexpr std::string_view kPunctuation =
    R"(\x{A1}\x{A7}\x{AB}\x{B6}-\x{B7}\x{BB}\x{BF}\x{37E}\x{387}\x{55A}-\x{55F})"
    R"(\x{589}-\x{58A}\x{5BE}\x{5C0}\x{5C3}\x{5C6}\x{5F3}-\x{5F4}\x{609}-\x{60A})"
    R"(\x{60C}-\x{60D}\x{61B}\x{61E}-\x{61F}\x{66A}-\x{66D}\x{6D4}\x{700}-\x{70D})"
    R"(\x{7F7}-\x{7F9}\x{830}-\x{83E}\x{85E}\x{964}-\x{965}\x{970}\x{AF0}\x{DF4}\x{E4F})"
    R"(\x{E5A}-\x{E5B}\x{F04}-\x{F12}\x{F14}\x{F3A}-\x{F3D}\x{F85}\x{FD0}-\x{FD4})"
    R"(\x{FD9}-\x{FDA}\x{104A}-\x{104F}\x{10FB}\x{1360}-\x{1368}\x{1400}\x{166D}-\x{166E})"
    R"(\x{169B}-\x{169C}\x{16EB}-\x{16ED}\x{1735}-\x{1736}\x{17D4}-\x{17D6}\x{17D8}-\x{17DA})"
    R"(\x{1800}-\x{180A}\x{1944}-\x{1945}\x{1A1E}-\x{1A1F}\x{1AA0}-\x{1AA6}\x{1AA8}-\x{1AAD})"
    R"(\x{1B5A}-\x{1B60}\x{1BFC}-\x{1BFF}\x{1C3B}-\x{1C3F}\x{1C7E}-\x{1C7F}\x{1CC0}-\x{1CC7})"
    R"(\x{1CD3}\x{2010}-\x{2027}\x{2030}-\x{2043}\x{2045}-\x{2051}\x{2053}-\x{205E})"
    R"(\x{207D}-\x{207E}\x{208D}-\x{208E}\x{2308}-\x{230B}\x{2329}-\x{232A}\x{2768}-\x{2775})"
    R"(\x{27C5}-\x{27C6}\x{27E6}-\x{27EF}\x{2983}-\x{2998}\x{29D8}-\x{29DB}\x{29FC}-\x{29FD})"
    R"(\x{2CF9}-\x{2CFC}\x{2CFE}-\x{2CFF}\x{2D70}\x{2E00}-\x{2E2E}\x{2E30}-\x{2E42})"
    R"(\x{3001}-\x{3003}\x{3008}-\x{3011}\x{3014}-\x{301F}\x{3030}\x{303D}\x{30A0}\x{30FB})"
    R"(\x{A4FE}-\x{A4FF}\x{A60D}-\x{A60F}\x{A673}\x{A67E}\x{A6F2}-\x{A6F7}\x{A874}-\x{A877})"
    R"(\x{A8CE}-\x{A8CF}\x{A8F8}-\x{A8FA}\x{A8FC}\x{A92E}-\x{A92F}\x{A95F}\x{A9C1}-\x{A9CD})"
    R"(\x{A9DE}-\x{A9DF}\x{AA5C}-\x{AA5F}\x{AADE}-\x{AADF}\x{AAF0}-\x{AAF1}\x{ABEB})"
    R"(\x{FD3E}-\x{FD3F}\x{FE10}-\x{FE19}\x{FE30}-\x{FE52}\x{FE54}-\x{FE61}\x{FE63}\x{FE68})"
    R"(\x{FE6A}-\x{FE6B}\x{FF01}-\x{FF03}\x{FF05}-\x{FF0A}\x{FF0C}-\x{FF0F}\x{FF1A}-\x{FF1B})"
    R"(\x{FF1F}-\x{FF20}\x{FF3B}-\x{FF3D}\x{FF3F}\x{FF5B}\x{FF5D}\x{FF5F}-\x{FF65})"
    R"(\x{10100}-\x{10102}\x{1039F}\x{103D0}\x{1056F}\x{10857}\x{1091F}\x{1093F})"
    R"(\x{10A50}-\x{10A58}\x{10A7F}\x{10AF0}-\x{10AF6}\x{10B39}-\x{10B3F}\x{10B99}-\x{10B9C})"
    R"(\x{11047}-\x{1104D}\x{110BB}-\x{110BC}\x{110BE}-\x{110C1}\x{11140}-\x{11143})"
    R"(\x{11174}-\x{11175}\x{111C5}-\x{111C9}\x{111CD}\x{111DB}\x{111DD}-\x{111DF})"
    R"(\x{11238}-\x{1123D}\x{112A9}\x{114C6}\x{115C1}-\x{115D7}\x{11641}-\x{11643})"
    R"(\x{1173C}-\x{1173E}\x{12470}-\x{12474}\x{16A6E}-\x{16A6F}\x{16AF5}\x{16B37}-\x{16B3B})"
    R"(\x{16B44}\x{1BC9F}\x{1DA87}-\x{1DA8B})";

struct LowercaseRange {
  char32_t first, last, lowercase_of_first;
};

/// The lower case of the newest letters.
inline constexpr std::array kNewestLowercase{
    LowercaseRange{0x1C89, 0x1C89, 0x1C8A},    LowercaseRange{0xA7CB, 0xA7CB, 0x264},
    LowercaseRange{0xA7CC, 0xA7CC, 0xA7CD},    LowercaseRange{0xA7CE, 0xA7CE, 0xA7CF},
    LowercaseRange{0xA7D2, 0xA7D2, 0xA7D3},    LowercaseRange{0xA7D4, 0xA7D4, 0xA7D5},
    LowercaseRange{0xA7DA, 0xA7DA, 0xA7DB},    LowercaseRange{0xA7DC, 0xA7DC, 0x19B},
    LowercaseRange{0x10D50, 0x10D65, 0x10D70}, LowercaseRange{0x16EA0, 0x16EB8, 0x16EBB},
};

}  // namespace ovbake
