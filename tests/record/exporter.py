"""optimum-intel's exporter, as its command line runs it, and the checkpoints' names for what it makes."""

import re

from optimum.exporters.openvino import main_export
from optimum.intel.openvino.configuration import OVConfig


def export(model, out):
    """Writes the stateful graph of the checkpoint `model` to the folder `out`."""
    main_export(str(model), str(out), task="text-generation-with-past", ov_config=OVConfig(dtype="auto"),
                stateful=True)  # fmt: skip


def weight_of(node):
    """The constant behind the second input of a MatMul."""
    source = node.input_value(1).get_node()
    while source.get_type_name() in ("Convert", "Reshape", "Multiply", "Subtract"):
        source = source.input_value(0).get_node()
    return source if source.get_type_name() == "Constant" else None


def name_transposed(model):
    """Gives weights that the exporter transposed and so renamed their module's name back."""
    for node in model.get_ordered_ops():
        weight = weight_of(node) if node.get_type_name() == "MatMul" else None
        module = re.match(r"__module\.(.+)/aten::addmm/MatMul", node.get_friendly_name())
        if weight and module and weight.get_friendly_name().startswith("Transpose"):
            weight.set_friendly_name(f"self.{module[1]}.weight")
