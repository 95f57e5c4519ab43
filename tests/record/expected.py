"""What tests/python/test_every_family.py compares with, recorded beside a tiny checkpoint."""

import pathlib

import numpy as np

DATA = pathlib.Path(__file__).parent.parent / "data" / "families"
SEQUENCES, LENGTH, VOCABULARY = 3, 24, 96


def write_expected(name, logits_of, shortest=1, long_length=None, experts_of=None):
    """Writes expected.npz with
        ids     [3, 24]      token ids of three sequences
        logits  [3, 24, V]   float32 logits of each, run alone, unpadded and without a cache
        shortest             prompts shorter than this may not equal the whole sequence's beginning
        long_ids, long_logits [1, long_length]  a prompt beyond the length that the model was made
                             for, where that differs
        experts [3, 24, layers, k]  the experts that see each token, ascending, where there are any
    where logits_of(ids) gives those of one sequence, and experts_of(count) is asked after so many. Returns the largest logit."""
    random = np.random.default_rng(7)

    def prompts(count, length):
        ids = random.integers(3, VOCABULARY, (count, length))
        return ids, np.stack([logits_of(row) for row in ids])

    expected = {"shortest": shortest}
    expected["ids"], expected["logits"] = prompts(SEQUENCES, LENGTH)
    if experts_of:
        expected["experts"] = experts_of(SEQUENCES)
    if long_length:
        expected["long_ids"], expected["long_logits"] = prompts(1, long_length)
    np.savez_compressed(DATA / name / "expected.npz", **expected)
    return np.abs(expected["logits"]).max()
