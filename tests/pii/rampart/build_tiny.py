"""Makes `tiny/`, a model of Rampart's form (same files, inputs and outputs) that is small enough to keep here.

    python tests/pii/rampart/build_tiny.py     in an environment with onnx and numpy

It judges a piece by itself and by the piece before: some pieces are names, and what follows `mr` is
a surname whatever it is. So a word that has lost what stood before it is judged wrongly.
"""

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

TINY = Path(__file__).parent / "tiny"
LABELS = ("O", "B-GIVEN_NAME", "I-GIVEN_NAME", "B-SURNAME", "I-SURNAME", "B-CITY", "I-CITY")
PIECES = {  # piece: its label
    **dict.fromkeys(("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "mr", "in", "saw", "the", "##s", "'", "-", "."), "O"),
    "aoife": "B-GIVEN_NAME", "ma": "B-GIVEN_NAME", "##gorzata": "I-GIVEN_NAME",
    "o": "B-SURNAME", "brien": "I-SURNAME", "walsh": "I-SURNAME", "vantorbex": "B-SURNAME", "leeds": "B-CITY",
}  # fmt: skip
SURE = 6.0


def tables() -> tuple[np.ndarray, np.ndarray]:
    """What a piece says of itself, and what it says of the next."""
    own = np.zeros((len(PIECES), len(LABELS)), np.float32)
    for number, label in enumerate(PIECES.values()):
        own[number, LABELS.index(label)] = SURE
    following = np.zeros_like(own)
    following[list(PIECES).index("mr"), LABELS.index("B-SURNAME")] = 3 * SURE
    return own, following


def network() -> onnx.ModelProto:
    own, following = tables()
    nodes = [
        helper.make_node("Gather", ["own", "input_ids"], ["said"]),
        helper.make_node("Gather", ["following", "input_ids"], ["of_next"]),
        helper.make_node("Pad", ["of_next", "one_before"], ["moved"]),
        helper.make_node("Slice", ["moved", "zero", "minus_one", "places"], ["by_before"]),
        helper.make_node("Add", ["said", "by_before"], ["both"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Cast", ["token_type_ids"], ["kind"], to=TensorProto.FLOAT),
        helper.make_node("Sub", ["mask", "kind"], ["weight"]),
        helper.make_node("Unsqueeze", ["weight", "minus_one"], ["weights"]),
        helper.make_node("Mul", ["both", "weights"], ["logits"]),
    ]
    constants = {
        "own": own, "following": following, "one_before": np.array([0, 1, 0, 0, 0, 0]),
        "zero": np.array([0]), "minus_one": np.array([-1]), "places": np.array([1]),
    }  # fmt: skip
    shape = ["batch_size", "sequence_length"]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in ("input_ids", "attention_mask", "token_type_ids")],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [*shape, len(LABELS)])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )  # fmt: skip
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(made)
    return made


if __name__ == "__main__":
    (TINY / "onnx").mkdir(parents=True, exist_ok=True)
    onnx.save(network(), TINY / "onnx" / "model_q4.onnx")
    (TINY / "vocab.txt").write_text("\n".join(PIECES) + "\n", encoding="utf-8")
    labels = {"id2label": {str(number): label for number, label in enumerate(LABELS)}}
    (TINY / "config.json").write_text(json.dumps(labels, indent=2) + "\n", encoding="utf-8")
