#!/usr/bin/env python3
"""Records what optimum-intel and NNCF make of every family's fixture without experts: tests/data/exported_families.json.

    exported_families.py          in the environment of `make peers`

optimum-intel exports some families with older transformers alone. What has not been accepted yet is tried, so
running it again with another transformers on PYTHONPATH adds what that one accepts (see `make record`).

    options   words for `ovbake export`, for each of which there is a digest
    accepted  of each fixture: the version of transformers; for each of the options how many weights have which
              format, and the SHA-256 of every weight (as tests/python/test_nncf.py digests them); how many
              nodes of a kind the CPU plug-in executes of the model with the first options
    refused   of each other fixture: what the exporter says
"""

import collections
import hashlib
import json
import tempfile
from pathlib import Path

import nncf
import numpy as np
import openvino
import transformers
from nncf.quantization.advanced_parameters import AdvancedCompressionParameters, GroupSizeFallbackMode
from safetensors import safe_open

from exporter import export, name_transposed
from nncf_formats import Ir

DATA = Path(__file__).parents[1] / "data"
OUT = DATA / "exported_families.json"
FUSED = ["FullyConnected", "RMS", "RoPE", "ScaledDotProductAttention"]
RUNS = {
    "--sym --group-size 4": {"mode": "int4_sym", "group_size": 4},
    "--group-size -1 --ratio 0.6": {"mode": "int4_asym", "group_size": -1, "ratio": 0.6},
}


def compress(exported, options, xml):
    model = openvino.Core().read_model(exported / "openvino_model.xml")
    name_transposed(model)
    mode = nncf.CompressWeightsMode(options["mode"])
    model = nncf.compress_weights(
        model, **({"ratio": 1} | options | {"mode": mode}),
        # Rotary frequencies are multiplied like weights, and in some layouts taken for one.
        ignored_scope=nncf.IgnoredScope(patterns=[".*rotary_emb.*"], validate=False),
        advanced_parameters=AdvancedCompressionParameters(group_size_fallback_mode=GroupSizeFallbackMode.IGNORE),
    )  # fmt: skip
    openvino.save_model(model, xml, compress_to_fp16=False)


def compressed_weights(xml, names):
    """How many weights have which format, and the digest of all."""
    ir, formats, hashed = Ir(xml), collections.Counter(), hashlib.sha256()
    for name in names:
        kind, group, data = ir.weight(name)
        if kind != "f32":
            formats[kind] += 1
            hashed.update(f"{name} {kind}:{group}\n".encode() + data)
    return {"formats": formats, "digest": hashed.hexdigest()}


def executed(xml):
    core = openvino.Core()
    model = core.compile_model(xml, "CPU", {"INFERENCE_PRECISION_HINT": "f32"}).get_runtime_model()
    kinds = [node.get_rt_info()["layerType"].astype(str) for node in model.get_ops()]
    return {kind: kinds.count(kind) for kind in FUSED}


def record(fixture):
    with safe_open(fixture / "model.safetensors", "np") as stored:
        names = sorted(name for name in stored.keys()
                       if len(stored.get_slice(name).get_shape()) == 2 and not name.endswith("norm.weight"))
    with tempfile.TemporaryDirectory() as scratch:
        exported, entry = Path(scratch), {"transformers": transformers.__version__, "weights": []}
        export(fixture, exported)
        for number, options in enumerate(RUNS.values()):
            compress(exported, options, exported / f"{number}.xml")
            entry["weights"].append(compressed_weights(exported / f"{number}.xml", names))
        return entry | {"executed": executed(exported / "0.xml")}


def main():
    nncf.set_log_level(50)
    fixtures = [path.parent for path in sorted(DATA.glob("families/*/expected.npz")) if "experts" not in np.load(path)]
    recorded = json.loads(OUT.read_text()) if OUT.exists() else {"accepted": {}, "refused": {}}
    recorded["options"], accepted, refused = list(RUNS), recorded["accepted"], recorded["refused"]
    for fixture in fixtures:
        name = fixture.name
        if name in accepted:
            continue
        try:
            accepted[name] = record(fixture)
            refused.pop(name, None)
        except (ValueError, RuntimeError) as error:
            said = " ".join(str(error).replace(str(fixture), name).split())
            refused.setdefault(name, said[:200])
        print(name, accepted.get(name, {}).get("weights") or refused[name], flush=True)
        OUT.write_text(json.dumps(recorded, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
