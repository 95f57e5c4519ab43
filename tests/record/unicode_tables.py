#!/usr/bin/env python3
"""Prints src/tokenizer/unicode_tables.hpp: which characters the steps of the installed `tokenizers` take for what, where
its tables are of other releases of Unicode than those of PCRE2 and utf8proc."""

import textwrap

from tokenizers import normalizers, pre_tokenizers

HEAD = """\
// What the steps of the `tokenizers` library take for what, where its tables are of other releases of
// Unicode than PCRE2's and utf8proc's. tests/record/unicode_tables.py prints this file.
#pragma once

#include <array>
#include <string_view>

namespace ovbake {
"""
CHARACTERS = [c for c in range(0x80, 0x110000) if not 0xD800 <= c < 0xE000]


def ranges(characters):
    found = []
    for c in characters:
        if found and found[-1][1] == c - 1:
            found[-1][1] = c
        else:
            found.append([c, c])
    return found


def table(name, what, characters):
    """A constant with members of a character class."""
    members = [f"\\x{{{a:X}}}" if a == b else f"\\x{{{a:X}}}-\\x{{{b:X}}}" for a, b in ranges(characters)]
    text = "\n".join(f'    R"({line.replace(" ", "")})"' for line in textwrap.wrap(" ".join(members), 92))
    return f"\n/// {what}\ninline constexpr std::string_view {name} =\n{text};\n"


def removed(normalizer):
    return [c for c in CHARACTERS if normalizer.normalize_str("a" + chr(c)) == "a"]


def punctuation():
    step = pre_tokenizers.Punctuation()
    return [c for c in CHARACTERS if len(step.pre_tokenize_str("a" + chr(c))) == 2]


def lowercase():
    """Letters that this Python's tables do not know: first, last, and the lower case of the first."""
    lower, found = normalizers.Lowercase().normalize_str, []
    for c in CHARACTERS:
        text = lower(chr(c))
        if text == chr(c).lower() or len(text) != 1:
            continue
        if found and found[-1][1] == c - 1 and ord(text) - found[-1][2] == c - found[-1][0]:
            found[-1][1] = c
        else:
            found.append([c, c, ord(text)])
    rows = "\n".join(f"    LowercaseRange{{0x{a:X}, 0x{b:X}, 0x{to:X}}}," for a, b, to in found)
    return ("\nstruct LowercaseRange {\n  char32_t first, last, lowercase_of_first;\n};\n\n"
            "/// The lower case of the newest letters.\n"
            f"inline constexpr std::array kNewestLowercase{{\n{rows}\n}};\n")


def main():
    bert = normalizers.BertNormalizer(clean_text=False, handle_chinese_chars=False, strip_accents=True, lowercase=False)
    cleaning = normalizers.BertNormalizer(handle_chinese_chars=False, strip_accents=False, lowercase=False)
    print(HEAD + table("kStrippedAccents", "What StripAccents removes.", removed(normalizers.StripAccents()))
          + table("kMarksOfBert", "What BertNormalizer removes of decomposed text.", removed(bert))
          + table("kControlsOfBert", "What BertNormalizer cleans away, beside ASCII.", removed(cleaning))
          + table("kPunctuation", "What Punctuation and BertPreTokenizer cut out, beside ASCII.", punctuation())
          + lowercase() + "\n}  // namespace ovbake")


if __name__ == "__main__":
    main()
