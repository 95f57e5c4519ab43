"""Runs the graphs of an OUT folder as a host program would: the dynamic one, and the static pair."""

import numpy as np
import openvino as ov

F32 = {"INFERENCE_PRECISION_HINT": "f32", "KV_CACHE_PRECISION": "f32",
       "DYNAMIC_QUANTIZATION_GROUP_SIZE": "0"}
# The NPU plug-in's software path on the CPU device, which takes F32 as its own.
PROPERTIES = {"CPU": F32, "NPU": {"NPU_USE_NPUW": "YES", "NPUW_DEVICES": "CPU", **F32}}


def compiled(path, device="CPU"):
    core = ov.Core()
    return core.compile_model(core.read_model(path), device, PROPERTIES[device])


class Stateful:
    """The stateful graph with the mask of what it has seen."""

    def __init__(self, request):
        self.request, self.mask = request, None

    def __call__(self, ids, mask=None, beams=None):
        """ids [B, n] → logits [B, n, V]; `mask` marks padding in the first call."""
        batch, count = ids.shape
        seen = np.ones_like(ids) if mask is None else mask
        self.mask = seen if self.mask is None else np.concatenate([self.mask, seen], 1)
        positions = np.maximum(self.mask.cumsum(1) - 1, 0)[:, -count:]
        self.request.infer({
            "input_ids": ids.astype(np.int64),
            "attention_mask": self.mask.astype(np.int64),
            "position_ids": positions.astype(np.int64),
            "beam_idx": np.arange(batch, dtype=np.int32) if beams is None else np.asarray(beams, np.int32),
        })
        return self.request.get_tensor("logits").data.copy()


class Dynamic(Stateful):
    """The same for one sequence: feed(ids) returns the logits of those positions."""

    def __init__(self, out, xml="genai/openvino_model.xml"):
        super().__init__(compiled(out / xml).create_infer_request())

    def feed(self, ids):
        return self(np.array([ids]))[0]


def present_of(past):
    """The output that becomes the input `past` of the next call; nothing where that is no state."""
    for prefix, present in {"past_key_values.": "present.", "cache_params.past.": "cache_params.present."}.items():
        if past.startswith(prefix):
            return present + past.removeprefix(prefix)


class Pair:
    """Prefill and decode: start(prompt) and then feed(id), each returns logits."""

    def __init__(self, out, device="CPU"):
        self.prefill = compiled(out / "openvino_model.xml", device)
        self.decode = compiled(out / "openvino_model_decode.xml", device)
        self.positions = self.prefill.input("input_ids").shape[1]
        self.capacity = self.decode.input("attention_mask").shape[1]
        self.presents = {name: present_of(name) for port in self.decode.inputs for name in port.names
                         if present_of(name)}

    def start(self, prompt):
        count, pad = len(prompt), self.positions - len(prompt)
        request = self.prefill.create_infer_request()
        request.infer({
            "input_ids": np.array([[0] * pad + list(prompt)], np.int64),
            "attention_mask": np.array([[0] * pad + [1] * count], np.int64),
            "position_ids": np.array([[0] * pad + list(range(count))], np.int64),
        })
        self.past, self.count = {}, count
        for name in self.presents:
            self.past[name] = np.zeros(list(self.decode.input(name).shape), np.float32)
        self.keep(request, slice(pad, None), slice(count))
        self.request = self.decode.create_infer_request()
        return request.get_tensor("logits").data[0].copy()

    def feed(self, token):
        mask = np.zeros((1, self.capacity), np.int64)
        mask[0, : self.count] = mask[0, -1] = 1
        self.request.infer({
            "input_ids": np.array([[token]], np.int64),
            "attention_mask": mask,
            "position_ids": np.array([[self.count]], np.int64),
            **self.past,
        })
        self.keep(self.request, 0, self.count)
        self.count += 1
        return self.request.get_tensor("logits").data[0].copy()

    def keep(self, request, rows, positions):
        """Of what a call made of a layer: a state as a whole, and `rows` of keys and values at `positions`."""
        for name, past in self.past.items():
            present = request.get_tensor(self.presents[name]).data
            if ".conv." in name or ".ssm." in name:
                past[:] = present
            else:
                past[:, :, positions] = present[:, :, rows]


def greedy(first_logits, feed, count):
    """`count` greedy tokens, where feed(token) returns logits whose last row is the next one's."""
    tokens, logits = [], first_logits
    for _ in range(count):
        tokens.append(int(logits[-1].argmax()))
        logits = feed(tokens[-1])
    return tokens


def generate(pipeline, prompt, count):
    """The text that GenAI's pipeline continues `prompt` with, greedily, by `count` tokens."""
    return pipeline.generate(prompt, max_new_tokens=count, do_sample=False,
                             apply_chat_template=False, ignore_eos=True)
