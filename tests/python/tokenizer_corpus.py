"""Varied lines of text for comparing tokenizers: the same ones for the same seed."""

import random

WORDS = r"""the of and to in is that for was on with as by at from his The It's don't we'll they've I'm
he'd you're CAN'T naïve café Zürich façade Straße übermäßig élève señor coöperate résumé function return
if else while for class def import std::vector<int> nullptr 0x1F #include printf("%d\n", x);
self.assertEqual(a, b) lambda x: x**2 SELECT * FROM users WHERE id=42; <html> </div>
https://example.com/path?q=1&b=2 foo_bar fooBar FOO_BAR user@example.org 3.14159 1e-9 1,234,567.89
2024-01-31 12:34:56 $99.99 50% C++ C# .NET e.g. i.e. etc. ... -- --- ===== #### **** //// \\\\ ''' \"\"\"
``` ~~~ <!-- --> /* */ &amp; a.b.c (x) [y] {z}""".split()
SCRIPTS = """Привет мир как дела сегодня хорошо Γειά σου Κόσμε τι κάνεις שלום עולם מה שלומך مرحبا بالعالم
كيف حالك اليوم नमस्ते दुनिया आप कैसे हैं สวัสดีชาวโลก เป็นอย่างไรบ้าง 你好世界 今天天气怎么样 こんにちは世界 カタカナ
ひらがな 안녕하세요 세계 오늘 날씨 ሰላም ልዑል வணக்கம் உலகம் ਸਤ ਸ੍ਰੀ ਅਕਾਲ გამარჯობა მსოფლიო Բարեւ աշխարհ မင်္ဂလာပါ
ជំរាបសួរ ᠮᠣᠩᠭᠣᠯ ꦱꦸꦒꦼꦁ 𝕳𝖊𝖑𝖑𝖔 𝓦𝓸𝓻𝓵𝓭 𐍈𐌰𐌿 ㍿㎏①②③ⅣⅧ½¾ ﬁ ﬂ ﬃ ﷺ ㌔ Ａｂｃ１２３ १२३४५ ٠١٢٣ ໑໒໓ ǅ ǈ ß ẞ ſ K Å İ ı µ
ς Σ""".split()
EMOJI = ["😀", "👍🏽", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "❤️", "☎️", "1️⃣", "🧑🏿‍🚀", "⛄", "🤷‍♀️", "\U0001fae8", "🏴\U000e0067\U000e0062\U000e007f"]
SPACES = [" " * n for n in (1, 2, 3, 4, 8)] + [
    "\t", "\t\t", "\n", "\n\n", "\n\n\n", "\r\n", " \n", "\n ", " \n \n  ", "\u00a0", "\u2003", "\u3000", "\u200b",
    "\u200d", "\u2028", "\u2029", "\u180e", "\ufeff", "\u0085", "\x0b", "\x0c", "\u1680", "\u202f"]
CONTROLS = ["\x00", "\x01", "\x07", "\x08", "\x1b[31m", "\x7f", "\x80", "\x9f", "\u200e", "\u202e", "\ufffd", "\uffff",
            "\ue000", "\U0010ffff", "\U0010ff41", "\ufdd0", "\u0378"]
MARKS = ["e\u0301", "a\u0323\u0307", "a\u0307\u0323", "q\u0307\u0323", "\u1e9b\u0323", "\u0344", "\u212b", "\uac00",
         "\u1100\u1161\u11a8", "n\u0303o", "A\u030a", "\u0915\u093c", "\u0958", "\u2126", "\uac00\u11a8"]
LITERALS = ["<0x0A>", "<0x41>", "<unk>", "<s>", "</s>", "<pad>", "[INST]", "[/INST]", "<mask>", "<span>", "</sup>", "▁",
            "▁▁", "▁the", "Ġ", "Ċ", "Ġthe", "##", "##ing", "[UNK]", "[CLS]", "<|im_start|>", "<|endoftext|>"]
CODE = ["def f(x):\n    return x + 1\n", "for (int i = 0; i < n; ++i) {\n\tsum += a[i];\n}\n",
        "  {\n    \"key\": [1, 2, 3],\n    \"v\": null\n  }\n", "SELECT a,  b FROM t\nWHERE x >=  10;\n"]
FIRST = ["", " ", "  ", "\n", "a", " a", "a ", "\u00a0", "▁", "0", "\x00a", "x  1", "日本 語", "\t\tfoo",
         "    if x == 1:\n        return  2  # 3", "<unk>", "a<s>b </s> c"]


def any_character(r):
    while True:
        c = r.randrange(0x110000)
        if not 0xD800 <= c < 0xE000:
            return chr(c)


def word(r, special_tokens):
    kinds = {
        lambda: r.choice(WORDS): 45,
        lambda: r.choice(SCRIPTS): 15,
        lambda: r.choice(EMOJI): 6,
        lambda: str(r.randrange(10 ** r.randrange(1, 13))): 6,
        lambda: r.choice(MARKS): 4,
        lambda: r.choice(CONTROLS): 3,
        lambda: r.choice(LITERALS): 4,
        lambda: r.choice(special_tokens or LITERALS): 3,
        lambda: "".join(chr(r.randrange(33, 127)) for _ in range(r.randrange(1, 9))): 4,
        lambda: r.choice("-=_*#./ ~x0aA▁你é\n ") * r.randrange(1, 40): 3,
        lambda: any_character(r): 3,
        lambda: r.choice(WORDS).upper(): 2,
        lambda: r.choice(CODE): 2,
    }
    return r.choices(list(kinds), list(kinds.values()))[0]()


def line(r, special_tokens):
    text = ""
    for _ in range(r.choice([1, 2, 3, 5, 8, 13, 25])):
        kind = r.random()
        text += word(r, special_tokens) + (" " if kind < 0.72 else "" if kind < 0.84 else r.choice(SPACES))
    if r.random() < 0.7:
        text = text.rstrip(" ")
    return " " * r.randrange(1, 5) + text if r.random() < 0.1 else text


def corpus(count, special_tokens=(), seed=7):
    """`count` lines; where they are many, the last three have 100 kB each. None ends in NUL, which
    a NumPy array of strings, and so OpenVINO's Python, would cut off."""
    r = random.Random(seed)
    lines = list(FIRST)
    long = []
    if count >= 1000:
        words = " ".join(word(r, special_tokens) for _ in range(20000))
        long = [words[:100_000], " " * 100_000 + "x", "a" * 100_000]
    while len(lines) < count - len(long):
        lines.append(line(r, special_tokens))
    return [text.rstrip("\0") for text in lines[:count - len(long)] + long]
