"""Both sides of a comparison: Hugging Face's own libraries, and tokenizer IR under OpenVINO."""

import functools
import importlib.util
import json
import pathlib

import numpy as np
import openvino
import sentencepiece
import tokenizers


def packaged(package, path):
    """A file of an installed package, which is not imported."""
    found = importlib.util.find_spec(package)
    assert found, f"{package} is missing; tools/requirements-sample.txt names it"
    return pathlib.Path(found.origin).parent / path


class Reference:
    """tokenizer.json under the `tokenizers` library."""

    def __init__(self, folder):
        path = folder / "tokenizer.json"
        self.tokenizer = tokenizers.Tokenizer.from_file(str(path))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self.special_tokens = [t["content"] for t in json.loads(path.read_text())["added_tokens"]]

    def encode(self, text, add_special_tokens=True):
        return self.tokenizer.encode(text, add_special_tokens=add_special_tokens).ids

    def decode(self, ids, skip_special_tokens=True):
        return self.tokenizer.decode(ids, skip_special_tokens=skip_special_tokens)

    def ids(self):
        return range(self.tokenizer.get_vocab_size())


class SentencePiece:
    """A SentencePiece model under its own library, which takes control pieces in a text for text."""

    special_tokens = []

    def __init__(self, path):
        self.processor = sentencepiece.SentencePieceProcessor(str(path))

    def encode(self, text):
        return self.processor.encode(text)

    def decode(self, ids):
        return self.processor.decode(ids)

    def ids(self):
        """Those that transformers decodes as this library does: it skips the unknown token, and makes
        U+FFFD of every byte of a run that is no UTF-8."""
        p = self.processor
        return [i for i in range(p.vocab_size()) if not (p.is_unknown(i) or p.is_control(i) or p.is_byte(i))]

    def control_pieces(self):
        p = self.processor
        return [p.id_to_piece(i) for i in range(p.vocab_size()) if p.is_control(i) or p.is_unknown(i)]


@functools.cache
def core_with_extension():
    core = openvino.Core()
    core.add_extension(str(next(packaged("openvino_tokenizers", "lib").glob("*openvino_tokenizers*"))))
    return core


class Baked:
    """Tokenizer IR under plain OpenVINO with the openvino_tokenizers extension."""

    def __init__(self, folder):
        compile = lambda name: core_with_extension().compile_model(folder / name, "CPU")
        self.tokenizer = compile("openvino_tokenizer.xml")
        self.detokenizer = compile("openvino_detokenizer.xml")

    def encode(self, texts):
        results = self.tokenizer(texts)
        return results["input_ids"], results["attention_mask"]

    def encode_lines(self, texts, batch=50):
        """The ids of every text, without the padding that its batch brings."""
        for start in range(0, len(texts), batch):
            for ids, mask in zip(*self.encode(texts[start:start + batch])):
                assert mask.tolist() == sorted(mask.tolist())
                yield ids[mask == 1].tolist()

    def decode(self, ids):
        return str(self.detokenizer(np.array([ids], dtype=np.int64).reshape(1, -1))["string_output"][0])
