"""Converts tokenizer.json of a folder with openvino_tokenizers; runs in the peers' environment.

    convert_tokenizer.py FOLDER OUT
"""

import pathlib
import sys

import openvino
from openvino_tokenizers import convert_tokenizer
from transformers import PreTrainedTokenizerFast

folder, out = map(pathlib.Path, sys.argv[1:])
source = PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"), padding_side="left")
out.mkdir()
for model, name in zip(convert_tokenizer(source, with_detokenizer=True), ("tokenizer", "detokenizer")):
    openvino.save_model(model, out / f"openvino_{name}.xml")
