"""Where LLMPipeline's text is not compared with that of the graph, by fixture."""

# Between experts whose scores are equal the last bit of another attention kernel decides.
UNDECIDED = {"qwen3_moe_ties"}
# Their last layer cannot be repeated: one tensor has the inputs of all, or the kinds take turns.
SHALLOW = {"gemma4", "gemma4_text", "qwen2_moe"}
# Through the NPU plug-in's software path.
NOT_ON_NPU = (dict.fromkeys(["hunyuan_v1_moe", "mixtral", "olmoe", "qwen3_moe"], "the plug-in throws")
              | dict.fromkeys(SHALLOW, "too few layers") | {"mpt": "heads of 6 crash it", "minimax": "its state is refused"})  # fmt: skip
