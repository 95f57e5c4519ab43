"""A fixture with more layers than were recorded."""

import json
import re

LAYERS = 8
COUNTS = ("num_hidden_layers", "num_layers", "n_layer", "n_layers")
BY_LAYER = ("layer_types", "mlp_layer_types", "attention_layers", "indexer_types", "layer_rope_theta", "no_rope_layers",
            "num_key_value_heads_per_layer", "moe_topk", "block_configs")
# Names end so of tensors that no other layer has.
OF_THE_LAST_LAYER = ".dense_bias"
# Fixtures whose kinds of layers are not those that a model without layer_types has.
BY_LAYER_ALONE = {"cohere2_moe", "exaone4_full", "exaone_moe", "gemma4_keys_as_values", "gemma4_moe", "gpt_neo", "mellum",
                  "mimo_v2_flash", "minimax"}


def deepen(model):
    """Repeats the last layer, or the last of those that take turns, until there are LAYERS."""
    config = json.loads((model / "config.json").read_text())
    text = config.get("text_config", config)
    count = next(key for key in COUNTS if key in text)
    last, text[count] = text[count] - 1, LAYERS
    step = text.get("decoder_sparse_step", 1)
    repeated = {i: last - (last - i) % step for i in range(last + 1, LAYERS)}
    for key in BY_LAYER:
        if isinstance(text.get(key), list):
            text[key] += [text[key][layer] for layer in repeated.values()]
    if last in text.get("moe_layers", []):
        text["moe_layers"] += range(last + 1, LAYERS)
    if text.get("num_kv_shared_layers"):
        text["num_kv_shared_layers"] += LAYERS - 1 - last
    (model / "config.json").write_text(json.dumps(config))

    path = model / "model.safetensors"
    data = path.read_bytes()
    begin = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:begin])
    for name in list(header):
        if layer := re.fullmatch(r"(\D*\.)(\d+)(\..+)", name):
            if int(layer[2]) > last:  # one that predicts further tokens
                del header[name]
            if name.endswith(OF_THE_LAST_LAYER):
                header[f"{layer[1]}{LAYERS - 1}{layer[3]}"] = header.pop(name)
                continue
            header |= {f"{layer[1]}{i}{layer[3]}": header[name] for i in repeated if repeated[i] == int(layer[2])}
    path.write_bytes(with_own_bytes(header, data[begin:]))


def with_own_bytes(header, data):
    """A safetensors file in which no two tensors share bytes, as those of `header` may do in `data`."""
    tensors = b""
    for name, entry in header.items():
        if name != "__metadata__":
            first, end = entry["data_offsets"]
            header[name] = entry | {"data_offsets": [len(tensors), len(tensors) + end - first]}
            tensors += data[first:end]
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + tensors
