#!/usr/bin/env python3
"""Records what NNCF makes of the sample model in every configuration: data/nncf_sample.json.

    record/nncf_sample.py SAMPLE        in the environment of `make peers`

The sample is recorded in every source type, tied and not (tools/sample_variants.py). For each configuration of
nncf_formats.py one SHA-256 over all weights in the order of their names: of a line "name format:group size" and
the SHA-256 of the weight's constants; "refused" where NNCF refuses, null where it was not asked.
"""

import contextlib
import hashlib
import importlib.metadata
import json
import multiprocessing
import sys
import tempfile
from pathlib import Path
from unittest import mock

import nncf
import openvino
from nncf.openvino.quantization import quantize_model
from nncf.quantization.algorithms.weight_compression import algorithm, mixed_precision
from nncf.quantization.algorithms.weight_compression.openvino_backend import OVWeightCompressionAlgoBackend
from safetensors import safe_open

from exporter import export
from nncf_formats import ALL, REFUSALS, Ir, compress, configurations

sys.path.append(str(Path(__file__).parents[2] / "tools"))
from sample_variants import VARIANTS, write_variant  # noqa: E402

OUT = Path(__file__).parents[1] / "data/nncf_sample.json"


class Remembered:
    """Results of a function that depend on nothing but the model and the key of its arguments."""

    def __init__(self, key=lambda *arguments: None):
        self.key, self.results = key, {}

    def __call__(self, function):
        def remembering(*arguments, **options):
            key = self.key(*arguments)
            if key not in self.results:
                self.results[key] = function(*arguments, **options)
            return self.results[key]

        return remembering


class Compressor:
    """NNCF on one exported model in many configurations.

    Every one is a run of NNCF, but what depends on nothing but the model, or the model and how one weight is
    compressed, is computed once. That a weight's constants are so is what nncf_formats.py demands of whole runs;
    AWQ's are not, and its runs are whole here."""

    def __init__(self, exported, weights, scratch):
        self.exported, self.weights, self.xml = exported, weights, scratch / "compressed.xml"
        self.graph, self.ignored = Remembered(), Remembered()
        self.score = Remembered(lambda criterion, weight, *_: weight.weight_name)
        self.lines = {}  # of the digest, by name and configuration of a weight
        plain = Ir(exported)
        self.plain = {name: self.line(plain, name) for name in weights}

    def digest(self, options):
        model = openvino.Core().read_model(self.exported)
        try:
            lines = self.compress_whole(model, options) if options.get("awq") else self.compress(model, options)
        except REFUSALS:
            return "refused"
        return hashlib.sha256(b"".join(lines[name] for name in self.weights)).hexdigest()

    def compress_whole(self, model, options):
        ir = self.saved(compress(model, options))
        return {name: self.line(ir, name) for name in self.weights}

    def compress(self, model, options):
        """The lines of all weights, of which NNCF really compresses those that have none for what it chose."""
        chosen = {}

        def transform(backend, model, graph, parameters, *rest):
            parameters = list(parameters)
            key = {p.weight_name: (p.weight_name, p.compression_config.mode, p.compression_config.group_size)
                   for p in parameters}
            fresh = [p for p in parameters if key[p.weight_name] not in self.lines]
            if fresh:
                ir = self.saved(original(backend, model, graph, fresh, *rest))
                for p in fresh:
                    self.lines[key[p.weight_name]] = self.line(ir, checkpoint_name(p.weight_name))
            chosen.update((checkpoint_name(name), self.lines[k]) for name, k in key.items())
            return model

        original = OVWeightCompressionAlgoBackend.transform_model
        with contextlib.ExitStack() as patches:
            for owner, name, wrap in (
                (quantize_model, "build_graph", self.graph),
                (algorithm, "get_node_names_matching_graph_pattern", self.ignored),
                (mixed_precision.DataFreeCriterion, "_calc_weight_sensitivity", self.score),
                (OVWeightCompressionAlgoBackend, "transform_model", lambda _: transform),
            ):
                patches.enter_context(mock.patch.object(owner, name, wrap(getattr(owner, name))))
            compress(model, options)
        return self.plain | chosen

    def saved(self, model):
        openvino.save_model(model, self.xml, compress_to_fp16=False)
        return Ir(self.xml)

    @staticmethod
    def line(ir, name):
        kind, group, data = ir.weight(name)
        return f"{name} {kind}:{group}\n".encode() + hashlib.sha256(data).digest()


def checkpoint_name(constant):
    return constant.removeprefix("self.").replace("._openvino_orig_weight", ".weight")


def record(sample, variant):
    """The digests of one variant, parallel to ALL."""
    nncf.set_log_level(50)
    _, tied = VARIANTS[variant]
    asked = list(configurations(full=True, awq=True, tied=tied))
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        model = write_variant(sample, variant, scratch / "model")
        export(model, scratch)
        with safe_open(model / "model.safetensors", "np") as stored:
            weights = sorted(n for n in stored.keys() if len(stored.get_slice(n).get_shape()) == 2)
        compressor = Compressor(scratch / "openvino_model.xml", weights, scratch)
        return [compressor.digest(options) if options in asked else None for options in ALL]


def main():
    sample = Path(sys.argv[1]).resolve(strict=True)
    versions = {name: importlib.metadata.version(name)
                for name in ("nncf", "optimum-intel", "openvino", "torch", "transformers")}
    with multiprocessing.get_context("spawn").Pool(maxtasksperchild=1) as pool:
        digests = pool.starmap(record, [(sample, variant) for variant in VARIANTS], chunksize=1)
    recorded = {"versions": versions, "digests": dict(zip(VARIANTS, digests))}
    OUT.write_text(json.dumps(recorded, indent=0) + "\n")


if __name__ == "__main__":
    main()
