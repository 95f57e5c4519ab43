#!/usr/bin/env python3
"""Prints src/tokenizer/removed_marks.hpp: what two normalizers of the installed `tokenizers` remove, whose tables are
of older releases of Unicode than anybody else's."""

import textwrap

from tokenizers import normalizers

HEAD = """\
// The marks that normalizers remove, as members of a character class: the `tokenizers` library has tables of older
// releases of Unicode for them. tests/record/removed_marks.py prints this file.
#pragma once

#include <string_view>

namespace ovbake {
"""


def ranges(characters):
    found = []
    for c in characters:
        if found and found[-1][1] == c - 1:
            found[-1][1] = c
        else:
            found.append([c, c])
    return found


def members(normalizer):
    characters = (c for c in range(0x80, 0x110000) if not 0xD800 <= c < 0xE000)
    removed = [c for c in characters if normalizer.normalize_str("a" + chr(c)) == "a"]
    return [f"\\x{{{a:X}}}" if a == b else f"\\x{{{a:X}}}-\\x{{{b:X}}}" for a, b in ranges(removed)]


def table(name, what, normalizer):
    lines = textwrap.wrap(" ".join(members(normalizer)), 92)
    text = "\n".join(f'    R"({line.replace(" ", "")})"' for line in lines)
    return f"\n/// {what}\ninline constexpr std::string_view {name} =\n{text};\n"


def main():
    bert = normalizers.BertNormalizer(clean_text=False, handle_chinese_chars=False, strip_accents=True, lowercase=False)
    print(HEAD + table("kStrippedAccents", "What StripAccents removes.", normalizers.StripAccents())
          + table("kMarksOfBert", "What BertNormalizer removes of decomposed text.", bert) + "\n}  // namespace ovbake")


if __name__ == "__main__":
    main()
