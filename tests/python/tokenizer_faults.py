"""Faults of the extension's own operations that no other composition of them gets round. A count that
moves, either way, fails the test of its case; so does a reproduction that comes out right."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Fault:
    what: str
    case: str  # of `text`, the shortest that shows it
    text: str
    encode: dict  # how many lines of each case it makes wrong


FAULTS = {
    "Unicode 17": Fault(
        "PCRE2 within the extension knows the characters that Unicode 17 added, Oniguruma does not",
        "DeepSeek", " \U00033311", {"DeepSeek": 2}),
    "graphemes": Fault(
        "CharsMapNormalization replaces the longest match, tokenizers looks at one grapheme after the other",
        "Precompiled", "\r\n", {"Precompiled": 24}),
    "single precision": Fault(
        "UnigramTokenizer adds scores in single precision; behind bytes of byte fallback the sums round otherwise",
        "tokenizer.model, unigram byte_fallback=True",
        "❤️ ===== \n \n  𝕳𝖊𝖑𝖑𝖔 =\u200bᠮᠣᠩᠭᠣᠯ \n \n  NULLPTR for\r\nFROM function \U0010f33e you're 76856987 \n \n  "
        "/////////////////////////////// ▁ [UNK]hisf", {"tokenizer.model, unigram byte_fallback=True": 2}),
}


def wrong_lines(case):
    """How many lines of `case` may, and must, differ."""
    return sum(fault.encode.get(case, 0) for fault in FAULTS.values())
