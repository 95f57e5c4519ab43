"""Small tokenizers, one for each kind of model and step: {name: tokenizer.json as a dict, when called}."""

import functools
import io
import itertools
import json

import sentencepiece
from tokenizers import (AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers,
                        processors, trainers)

from tokenizer_corpus import corpus

BEHAVIOURS = ("removed", "isolated", "merged_with_previous", "merged_with_next", "contiguous")
BYTES = [f"<0x{byte:02X}>" for byte in range(256)]


def trained(model, trainer, **parts):
    tokenizer = Tokenizer(model)
    for name, part in parts.items():
        setattr(tokenizer, name, part)
    lines = [text for text in corpus(1500, seed=11)[:-3] if not any(c >= "\U0010ff00" for c in text)]
    tokenizer.train_from_iterator(lines, trainer)
    return tokenizer.to_str()


@functools.cache
def byte_level_model():
    trainer = trainers.BpeTrainer(vocab_size=1500, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
                                  special_tokens=["<|end|>"], show_progress=False)
    return trained(models.BPE(), trainer, pre_tokenizer=pre_tokenizers.ByteLevel(add_prefix_space=False),
                   decoder=decoders.ByteLevel())


@functools.cache
def bpe_model(pre_tokenizer="Whitespace", limit=150, normalizer=None, **options):
    affixes = {k: v for k, v in options.items() if k in ("end_of_word_suffix", "continuing_subword_prefix")}
    trainer = trainers.BpeTrainer(vocab_size=1500, special_tokens=["<unk>", "<s>", "</s>"],
                                  limit_alphabet=limit, show_progress=False, **affixes)
    parts = {"normalizer": getattr(normalizers, normalizer)()} if normalizer else {}
    return trained(models.BPE(unk_token="<unk>", **options), trainer,
                   pre_tokenizer=getattr(pre_tokenizers, pre_tokenizer)(), **parts)


def sentencepiece_model(model_type, **options):
    """A trained tokenizer.model as bytes: the same each time, which the Unigram trainer is not."""
    out = io.BytesIO()
    lines = [text[:2000] for text in corpus(1400, seed=11) if not any(c in text for c in "\0\n")]
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=out, model_type=model_type, vocab_size=1000,
        character_coverage=0.98, num_threads=1, minloglevel=2, **options)
    return out.getvalue()


@functools.cache
def unigram_model():
    processor = sentencepiece.SentencePieceProcessor(model_proto=sentencepiece_model("unigram"))
    pieces = [(processor.id_to_piece(i), processor.get_score(i)) for i in range(processor.vocab_size())]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=processor.unk_id()))
    tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizers.Metaspace(), decoders.Metaspace()
    return tokenizer.to_str()


@functools.cache
def word_piece_model():
    trainer = trainers.WordPieceTrainer(vocab_size=1500, special_tokens=["[UNK]", "[CLS]", "[SEP]"],
                                        show_progress=False)
    return trained(models.WordPiece(unk_token="[UNK]"), trainer,
                   pre_tokenizer=pre_tokenizers.BertPreTokenizer(), decoder=decoders.WordPiece())


@functools.cache
def word_level_model():
    trainer = trainers.WordLevelTrainer(vocab_size=1500, special_tokens=["<unk>", "<s>"], show_progress=False)
    return trained(models.WordLevel(unk_token="<unk>"), trainer, pre_tokenizer=pre_tokenizers.Whitespace())


def composed(model, added=(), change=None, **parts):
    """The trained `model` with other steps and with added tokens; `change` edits the model's own part."""
    tokenizer = Tokenizer.from_str(model)
    for name, part in parts.items():
        setattr(tokenizer, name, part)
    tokenizer.add_tokens(list(added))
    described = json.loads(tokenizer.to_str())
    if change:
        change(described["model"])
    return described


def with_byte_tokens(model):
    """Byte fallback, whose tokens come behind all others."""
    model["byte_fallback"] = True
    if isinstance(model["vocab"], dict):
        first = max(model["vocab"].values()) + 1
        model["vocab"] |= {token: first + byte for byte, token in enumerate(BYTES)}
    else:
        model["vocab"] += [[token, -20.0] for token in BYTES]


def without_merged_specials(model):
    model["merges"] = [merge for merge in model["merges"] if "".join(merge) not in ("<unk>", "<s>", "</s>")]


def behind_byte_level(*steps):
    last = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    return composed(byte_level_model(), pre_tokenizer=pre_tokenizers.Sequence([*steps, last]))


@functools.cache
def precompiled_charsmap():
    """SentencePiece's own nmt_nfkc map: field 3 of a model, field 2 within."""
    return bytes_field(bytes_field(sentencepiece_model("unigram", normalization_rule_name="nmt_nfkc"), 3), 2)


def bytes_field(message, wanted):
    """A length-delimited field of a protobuf message."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value
    while True:
        key = varint()
        kind = key & 7
        length = varint() if kind == 2 else {1: 8, 5: 4}.get(kind, 0)
        if kind == 0:
            varint()
        at += length
        if kind == 2 and key >> 3 == wanted:
            return message[at - length:at]


FLAGS = ("single_word", "lstrip", "rstrip", "normalized", "special")


def tokens_with_all_flags():
    """One token in angle brackets and one word for each of the 32 combinations."""
    tokens = []
    for number, values in enumerate(itertools.product((False, True), repeat=len(FLAGS))):
        flags = dict(zip(FLAGS, values))
        tokens += [AddedToken(f"<Tok{number}>", **flags), AddedToken(f"word{number}x", **flags)]
    return tokens


def as_given(*texts):
    return [AddedToken(text, normalized=False, lstrip=True) for text in texts]


WORDS = [AddedToken("the", single_word=True), AddedToken("in", single_word=True, normalized=False),
         AddedToken("café", normalized=True), AddedToken("  ", normalized=False), AddedToken("ﬁ", normalized=True),
         AddedToken("<s>", special=True, normalized=False), AddedToken("<S>", lstrip=True, rstrip=True),
         AddedToken("std", lstrip=True), AddedToken("std::vector", rstrip=True, normalized=False)]

def tokens_without_single_word(*normalized):
    """What cuts them out of a text tells them from other text."""
    return [AddedToken(f"<Tok{i}>", lstrip=left, rstrip=right, normalized=by, special=special)
            for i, (left, right, by, special) in enumerate(itertools.product((False, True), (False, True), normalized,
                                                                             (False, True)))]


BYTE_FALLBACK_DECODER = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(),
                                           decoders.Strip(" ", 1, 0)])
LLAMA_NORMALIZER = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
BERT_TEMPLATE = processors.TemplateProcessing(single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B [SEP]",
                                              special_tokens=[("[CLS]", 1), ("[SEP]", 2)])


def metaspace_bpe(pre_tokenizer=None, normalizer=None, decoder=BYTE_FALLBACK_DECODER, **more):
    parts = {"normalizer": normalizer} if normalizer else {}
    return composed(bpe_model("Metaspace"), change=with_byte_tokens, pre_tokenizer=pre_tokenizer,
                    decoder=decoder, **parts, **more)


def normalized(normalizer, **more):
    return composed(byte_level_model(), normalizer=normalizer, **more)


MODELS = {
    "BPE byte-level": lambda: composed(byte_level_model()),
    "BPE byte-level, ignore_merges": lambda: composed(
        byte_level_model(), change=lambda m: m.update(ignore_merges=True, merges=m["merges"][:900])),
    "BPE unk": lambda: composed(bpe_model(), decoder=decoders.Fuse()),
    "BPE fuse_unk": lambda: composed(bpe_model("Metaspace", fuse_unk=True), decoder=decoders.Metaspace()),
    "BPE byte_fallback, Llama's steps": lambda: metaspace_bpe(normalizer=LLAMA_NORMALIZER),
    "BPE byte_fallback, Gemma's steps": lambda: metaspace_bpe(
        pre_tokenizers.Split(" ", "merged_with_previous"), normalizers.Replace(" ", "▁")),
    "BPE end_of_word_suffix": lambda: composed(
        bpe_model("WhitespaceSplit", 1000, "Lowercase", end_of_word_suffix="</w>"), decoder=decoders.BPEDecoder()),
    "BPE continuing_subword_prefix": lambda: composed(
        bpe_model("BertPreTokenizer", 1000, continuing_subword_prefix="##"), decoder=decoders.WordPiece()),
    "Unigram": lambda: composed(unigram_model()),
    "Unigram byte_fallback": lambda: composed(unigram_model(), change=with_byte_tokens,
                                              decoder=BYTE_FALLBACK_DECODER),
    "WordPiece": lambda: composed(word_piece_model(), post_processor=BERT_TEMPLATE),
    "WordPiece, BERT's steps": lambda: composed(word_piece_model(), normalizer=normalizers.BertNormalizer(),
                                                post_processor=processors.BertProcessing(("[SEP]", 2), ("[CLS]", 1))),
    "WordPiece on words with punctuation": lambda: composed(word_piece_model(),
                                                            pre_tokenizer=pre_tokenizers.WhitespaceSplit()),
    "WordLevel": lambda: composed(word_level_model()),
}

NORMALIZERS = {
    **{form: functools.partial(lambda form: normalized(getattr(normalizers, form)()), form)
       for form in ("NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "Nmt")},
    "Strip": lambda: normalized(normalizers.Strip()),
    "Strip left": lambda: normalized(normalizers.Strip(right=False)),
    "Strip right": lambda: normalized(normalizers.Strip(left=False)),
    "Prepend": lambda: normalized(normalizers.Prepend("▁$1")),
    "Replace a string": lambda: normalized(normalizers.Replace("e", "[$0]")),
    "Replace by more than four times as much": lambda: normalized(normalizers.Replace(" ", "five times ")),
    "Replace a pattern": lambda: normalized(normalizers.Replace(Regex(r"\s{2,}|(?<=\d)\d"), " ")),
    "Replace at line ends": lambda: normalized(normalizers.Replace(Regex("(?m)^.|.$"), "-")),
    "Precompiled": lambda: normalized(normalizers.Precompiled(precompiled_charsmap())),
    "BertNormalizer, cased": lambda: normalized(normalizers.BertNormalizer(lowercase=False)),
    "ByteLevel normalizer": lambda: composed(
        byte_level_model(), normalizer=normalizers.ByteLevel(), pre_tokenizer=pre_tokenizers.Split(Regex("Ġ"), "isolated")),
    "Sequence of normalizers": lambda: normalized(normalizers.Sequence(
        [normalizers.NFD(), normalizers.StripAccents(), normalizers.Lowercase(), normalizers.NFKC()])),
}

PRE_TOKENIZERS = {
    **{f"Metaspace {scheme}, split {split}": functools.partial(
        lambda scheme, split: metaspace_bpe(pre_tokenizers.Metaspace(prepend_scheme=scheme, split=split),
                                            decoder=decoders.Metaspace(prepend_scheme=scheme)), scheme, split)
       for scheme in ("always", "first", "never") for split in (True, False)},
    **{f"ByteLevel add_prefix_space {space}, use_regex {regex}": functools.partial(
        lambda space, regex: composed(byte_level_model(), pre_tokenizer=pre_tokenizers.ByteLevel(space, use_regex=regex)),
        space, regex) for space in (True, False) for regex in (True, False)},
    **{f"Split {behaviour}{', inverted' * invert}": functools.partial(
        lambda behaviour, invert: behind_byte_level(pre_tokenizers.Split(Regex(r"\s+(?!\S)|\s|\d{1,3}"), behaviour, invert)),
        behaviour, invert) for behaviour in BEHAVIOURS for invert in (False, True)},
    **{f"Punctuation {behaviour}": functools.partial(
        lambda behaviour: behind_byte_level(pre_tokenizers.Punctuation(behaviour)), behaviour)
       for behaviour in BEHAVIOURS},
    **{f"Digits {individual}": functools.partial(
        lambda individual: behind_byte_level(pre_tokenizers.Digits(individual)), individual) for individual in (True, False)},
    **{f"Digits {individual}, then words": functools.partial(
        lambda individual: composed(byte_level_model(), pre_tokenizer=pre_tokenizers.Sequence(
            [pre_tokenizers.Digits(individual), pre_tokenizers.ByteLevel(add_prefix_space=False)])), individual)
       for individual in (True, False)},
    "Falcon's steps": lambda: composed(byte_level_model(), pre_tokenizer=pre_tokenizers.Sequence([
        pre_tokenizers.Punctuation("contiguous"), pre_tokenizers.ByteLevel(add_prefix_space=False),
        pre_tokenizers.Digits(individual_digits=False), pre_tokenizers.Split(Regex("[0-9][0-9][0-9]"), "isolated")])),
    "Split at a string": lambda: behind_byte_level(pre_tokenizers.Split("e", "merged_with_next")),
    "Split between characters": lambda: behind_byte_level(pre_tokenizers.Split(Regex(r"(?=\p{Lu})|(?<=\d)"), "isolated")),
    "Split by what may be empty": lambda: behind_byte_level(pre_tokenizers.Split(Regex(r"\d*"), "isolated")),
    "Whitespace": lambda: behind_byte_level(pre_tokenizers.Whitespace()),
    "WhitespaceSplit": lambda: behind_byte_level(pre_tokenizers.WhitespaceSplit()),
    "BertPreTokenizer": lambda: behind_byte_level(pre_tokenizers.BertPreTokenizer()),
    "CharDelimiterSplit": lambda: behind_byte_level(pre_tokenizers.CharDelimiterSplit("e")),
    "Sequence of three": lambda: behind_byte_level(
        pre_tokenizers.Split(Regex(r"\p{N}{1,3}"), "isolated"),
        pre_tokenizers.Sequence([pre_tokenizers.Digits(True), pre_tokenizers.Split(Regex("[一-龥぀-ゟ]+"), "isolated")]),
        pre_tokenizers.Split(Regex(r"[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"), "isolated")),
}

ADDED_TOKENS = {
    **{f"added tokens, {name}": functools.partial(lambda make, tokens: composed(make(), added=tokens()), make, tokens)
       for name, make, tokens in (
           ("all flags", byte_level_model, tokens_with_all_flags), ("words", byte_level_model, lambda: WORDS),
           ("Unigram", unigram_model, lambda: WORDS), ("WordPiece", word_piece_model, lambda: WORDS),
           ("WordLevel", word_level_model, lambda: WORDS), ("BPE unk", bpe_model, tokens_with_all_flags))},
    "added tokens, all flags, lower case": lambda: normalized(normalizers.Lowercase(), added=tokens_with_all_flags()),
    "added tokens, words, lower case": lambda: normalized(normalizers.Lowercase(), added=WORDS),
    "added tokens, words, NFKC": lambda: normalized(normalizers.NFKC(), added=WORDS),
    "added tokens, Llama's steps": lambda: metaspace_bpe(normalizer=LLAMA_NORMALIZER, added=WORDS),
    "added tokens, Metaspace first": lambda: metaspace_bpe(pre_tokenizers.Metaspace(prepend_scheme="first"), added=WORDS),
    **{f"added tokens, {name}": functools.partial(
        lambda normalized: composed(byte_level_model(), added=tokens_without_single_word(*normalized)), normalized)
       for name, normalized in (("as given", [False]), ("in normalized text", [True]), ("cut twice", [False, True]))},
    "added tokens, NFC": lambda: normalized(normalizers.NFC(), added=tokens_without_single_word(False)),
    "added tokens that NFC makes": lambda: normalized(normalizers.NFC(), added=as_given("ñu", "n\u0303x")),
    "added tokens of ASCII that NFC makes": lambda: normalized(normalizers.NFC(), added=as_given("Kxq", ";xq", "`xq")),
    "added tokens that Metaspace makes": lambda: composed(
        bpe_model("Metaspace"), added=as_given("▁xqx"), change=without_merged_specials),
    "added tokens that Replace makes": lambda: normalized(normalizers.Replace("q", "xqx"), added=as_given("xqx")),
    "added tokens that merges make": lambda: composed(byte_level_model(), added=as_given("the", "e", "in")),
    "added tokens that merges miss": lambda: composed(
        byte_level_model(), added=as_given("the", "return", "with"), change=lambda m: m["merges"].reverse()),
    "specials that normalization makes": lambda: normalized(
        normalizers.Sequence([normalizers.NFKC(), normalizers.Replace("the", "<|end|>")])),
}

DECODERS = {
    "no decoder": lambda: composed(bpe_model()),
    "WordPiece decoder without cleanup": lambda: composed(word_piece_model(), decoder=decoders.WordPiece(cleanup=False)),
    "Fuse, Replace": lambda: composed(byte_level_model(), decoder=decoders.Sequence(
        [decoders.ByteLevel(), decoders.Fuse(), decoders.Replace(Regex(r"\s+"), " ")])),
    "RobertaProcessing": lambda: composed(byte_level_model(),
                                          post_processor=processors.RobertaProcessing(("e", 70), ("a", 66))),
    "Sequence of processors": lambda: composed(byte_level_model(), post_processor=processors.Sequence(
        [processors.ByteLevel(trim_offsets=False), processors.TemplateProcessing(
            single="<|end|> $A <|end|>", special_tokens=[("<|end|>", 0)])])),
}

def sentencepiece_cases():
    options = ({}, {"normalization_rule_name": "identity"}, {"remove_extra_whitespaces": False},
               {"add_dummy_prefix": False}, {"byte_fallback": True})
    for model_type, option in itertools.product(("unigram", "bpe"), options):
        name = f"{model_type} {' '.join(f'{key}={value}' for key, value in option.items())}".strip()
        yield f"tokenizer.model, {name}", functools.partial(sentencepiece_model, model_type, **option)


SENTENCEPIECE = dict(sentencepiece_cases())  # {name: tokenizer.model as bytes, when called}
CASES = MODELS | NORMALIZERS | PRE_TOKENIZERS | ADDED_TOKENS | DECODERS
