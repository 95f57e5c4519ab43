"""Where LLMPipeline's text is not compared with that of the graph, by fixture."""

# Between experts whose scores are equal the last bit of another attention kernel decides.
UNDECIDED = {"qwen3_moe_ties"}
# Their last layer cannot be repeated: one tensor has the inputs of all.
SHALLOW = {"gemma4", "gemma4_text"}
# What the NPU plug-in's software path does instead: README's word for it, and a part of what it says then.
NOT_ON_NPU = {
    **dict.fromkeys(["flex_olmo", "hunyuan_v1_moe", "mellum", "minimax", "mixtral", "olmoe", "qwen3_moe",
                     "qwen3_vl_moe"],
                    ("the plug-in throws", "Unknown MoE expert parameter index")),
    "mpt": ("heads of 6 crash it", ""),
}
