#!/usr/bin/env python3
"""Compares how fast the CPU device runs two stateful IRs of one model, taking turns.

    generate.py OURS.xml PEERS.xml [--rounds 9]

A round is a prompt of 64 tokens and then 32 single ones, which both models get. Printed are the tokens a
second of each, as the median over the rounds, and the median of the ratios within rounds.
"""

import argparse
import statistics
import time

import numpy as np
import openvino as ov

PROMPT, STEPS = 64, 32


class Model:
    def __init__(self, xml):
        core = ov.Core()
        compiled = core.compile_model(core.read_model(xml), "CPU")
        self.request = compiled.create_infer_request()
        self.vocabulary = compiled.output("logits").partial_shape[-1].get_length()

    def infer(self, ids, past):
        total = past + len(ids)
        self.request.infer({
            "input_ids": ids[None],
            "attention_mask": np.ones((1, total), np.int64),
            "position_ids": np.arange(past, total)[None],
            "beam_idx": np.zeros(1, np.int32),
        })

    def run(self, ids):
        """Seconds of the prompt, seconds of the steps behind it."""
        self.request.reset_state()
        start = time.perf_counter()
        self.infer(ids[:PROMPT], 0)
        middle = time.perf_counter()
        for past in range(PROMPT, PROMPT + STEPS):
            self.infer(ids[past : past + 1], past)
        return middle - start, time.perf_counter() - middle


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs=2, metavar="XML")
    parser.add_argument("--rounds", type=int, default=9)
    arguments = parser.parse_args()
    models = [Model(xml) for xml in arguments.models]
    random = np.random.default_rng(1)
    seconds = []
    for number in range(arguments.rounds + 1):
        ids = random.integers(3, models[0].vocabulary, PROMPT + STEPS)
        turns = models if number % 2 else models[::-1]
        taken = {id(model): model.run(ids) for model in turns}
        if number > 0:  # the first one warms up
            seconds.append([taken[id(model)] for model in models])
    for what, count, place in (("prompt", PROMPT, 0), ("steps", STEPS, 1)):
        speeds = [statistics.median(count / taken[model][place] for taken in seconds) for model in (0, 1)]
        ratio = statistics.median(taken[1][place] / taken[0][place] for taken in seconds)
        print(f"{what}: {speeds[0]:.1f} and {speeds[1]:.1f} tokens/s, the first {ratio:.2f} times as fast")


if __name__ == "__main__":
    main()
