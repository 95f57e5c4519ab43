#!/usr/bin/env python3
"""Compares how fast the CPU device runs two stateful IRs of one model, taking turns.

    generate.py OURS.xml PEERS.xml [--rounds 9]

A round is a prompt of 256 tokens and then 32 single ones, which both models get. Printed are the tokens a
second of each, as the median over the rounds, and the ratios within rounds, median (range).
"""

import argparse
import statistics
import time

import numpy as np
import openvino as ov

import report

PROMPT, STEPS = 256, 32


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
        """Tokens a second of the prompt, and of the steps behind it."""
        self.request.reset_state()
        start = time.perf_counter()
        self.infer(ids[:PROMPT], 0)
        middle = time.perf_counter()
        for past in range(PROMPT, PROMPT + STEPS):
            self.infer(ids[past : past + 1], past)
        return {"prompt": PROMPT / (middle - start), "steps": STEPS / (time.perf_counter() - middle)}


def compare(xmls, rounds):
    """{"prompt" or "steps": (the speeds of each model, the speed of the first one × the second's)}"""
    models = [Model(xml) for xml in xmls]
    random = np.random.default_rng(1)
    measured = []
    for number in range(rounds + 1):
        ids = random.integers(3, models[0].vocabulary, PROMPT + STEPS)
        turns = models if number % 2 else models[::-1]
        taken = {id(model): model.run(ids) for model in turns}
        if number > 0:  # the first one warms up
            measured.append([taken[id(model)] for model in models])
    return {what: ([statistics.median(speeds[model][what] for speeds in measured) for model in (0, 1)],
                   report.spread([ours[what] / theirs[what] for ours, theirs in measured], 2))
            for what in ("prompt", "steps")}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs=2, metavar="XML")
    parser.add_argument("--rounds", type=int, default=9)
    arguments = parser.parse_args()
    for what, (speeds, ratio) in compare(arguments.models, arguments.rounds).items():
        print(f"{what}: {speeds[0]:.1f} and {speeds[1]:.1f} tokens/s, the first {ratio} times as fast")


if __name__ == "__main__":
    main()
