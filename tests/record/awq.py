#!/usr/bin/env python3
"""Records what NNCF's AWQ without data makes of every dense family's fixture: tests/data/awq.json.

    awq.py OUT.json       in the environment of `make peers`

Each fixture is exported by optimum-intel and compressed by NNCF to int4_sym with a scale a row, with AWQ
and without. Recorded are, for each family, the XXH3-128 of every constant that AWQ changes and, where
it changes one, the last logits over a prompt; not for Cohere's, of which NNCF also compresses the
rotary frequencies to INT4, because it does not know them by their interleaved layout. Mixtures are for experts.py.
"""

import json
import sys
import tempfile
from pathlib import Path

import nncf
import numpy as np
import openvino
import xxhash

from exporter import export

TESTS = Path(__file__).parents[1]
sys.path.insert(0, str(TESTS.parent / "tools"))
import parity  # noqa: E402

PROMPT = 11


def compress(exported, work, awq):
    """Digests by the names of the checkpoint, and the path of the compressed model."""
    model = nncf.compress_weights(
        openvino.Core().read_model(exported / "openvino_model.xml"),
        mode=nncf.CompressWeightsMode.INT4_SYM, group_size=-1, ratio=1, awq=awq,
    )  # fmt: skip
    xml = work / f"awq_{awq}.xml"
    openvino.save_model(model, xml, compress_to_fp16=False)
    return {name + part: xxhash.xxh3_128_hexdigest(np.ascontiguousarray(data))
            for name, parts in parity.constants(xml, at_least=1).items()
            for part, (_, data) in parts.items()}, xml  # fmt: skip


def last_logits(xml):
    request = openvino.Core().compile_model(xml, "CPU", parity.F32).create_infer_request()
    vocabulary = request.model_outputs[0].partial_shape[-1].get_length()
    inputs = {
        "input_ids": np.random.default_rng(1).integers(3, vocabulary, (1, PROMPT)),
        "attention_mask": np.ones((1, PROMPT), np.int64),
        "position_ids": np.arange(PROMPT)[None],
        "beam_idx": np.zeros(1, np.int32),
    }
    names = {name for port in request.model_inputs for name in port.get_names()}
    request.infer({name: value for name, value in inputs.items() if name in names})
    return [round(float(x), 6) for x in request.get_tensor("logits").data[0, -1]]


def record(folder):
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        export(folder, work / "exported")
        plain, _ = compress(work / "exported", work, False)
        changed, xml = compress(work / "exported", work, True)
        digests = {name: digest for name, digest in sorted(changed.items())
                   if plain.get(name) != digest}
        if any("rotary_emb" in name for name in changed):
            return {"digests": digests, "inv_freq": "compressed"}
        return {"digests": digests, "logits": last_logits(xml)} if digests else {"digests": {}}


def has_experts(folder):
    return any("experts" in key for key in json.loads((folder / "config.json").read_text()))


def main():
    nncf.set_log_level(50)
    out, only = Path(sys.argv[1]), sys.argv[2:]
    recorded = json.loads(out.read_text()) if only and out.exists() else {}
    for folder in sorted((TESTS / "data/families").iterdir()):
        if (only and folder.name not in only) or has_experts(folder):
            continue
        try:
            recorded[folder.name] = record(folder)
        except Exception as error:  # optimum-intel does not export every family
            print(folder.name, "cannot be recorded:", repr(error)[:200], flush=True)
            continue
        print(folder.name, len(recorded[folder.name]["digests"]), flush=True)
        lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(entry)}"
                           for name, entry in sorted(recorded.items()))
        out.write_text("{\n" + lines + "\n}\n")


if __name__ == "__main__":
    main()
