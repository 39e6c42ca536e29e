"""A trained network as an ONNX graph, and how it answers: torch is not needed where it serves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from amazing_assets.next_actions.vocabulary import ACTIONS
from amazing_assets.next_actions.windows import Windows, inputs, last_windows, windows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from amazing_assets.models.arrays import Labels
    from amazing_assets.next_actions.histories import Histories
    from amazing_assets.next_actions.scores import Probabilities

# Pieces of histories read at a time: bounds the memory of a pass, not its result.
_BATCH = 512

# The oldest version of the standard that has all that is used, so that old runtimes read it too.
_OPSET = 17


@dataclass(frozen=True)
class ExportedNetwork:
    """A network as it serves: the bytes of its graph."""

    graph: NDArray[np.uint8]

    @cached_property
    def _session(self) -> Any:  # noqa: ANN401  onnxruntime is untyped
        import onnxruntime  # noqa: PLC0415  needed only where a network answers

        options = onnxruntime.SessionOptions()
        # Threads that wait by spinning take the cores from everybody, themselves included.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        return onnxruntime.InferenceSession(
            self.graph.tobytes(), options, providers=["CPUExecutionProvider"]
        )

    def logits(self, found: Histories, some: Windows) -> Probabilities:
        """Return the logits of every place of some pieces, a row of places each."""
        tokens, figures = inputs(found, some)
        told: Probabilities = self._session.run(None, {"tokens": tokens, "figures": figures})[0]
        return told

    def probabilities(self, found: Histories, places: Labels) -> Probabilities:
        """Return the probability of each action to follow each place."""
        pieces, piece = windows(found, places)
        told = np.zeros((len(places), len(ACTIONS)), dtype=np.float32)
        order = np.argsort(piece, kind="stable")
        ends = np.searchsorted(piece[order], np.arange(0, len(pieces) + _BATCH, _BATCH))
        for number, (first, last) in enumerate(pairwise(ends)):
            rows = order[first:last]
            some = pieces.some(np.arange(number * _BATCH, min((number + 1) * _BATCH, len(pieces))))
            row = piece[rows] - number * _BATCH
            told[rows] = self.logits(found, some)[row, places[rows] - some.starts[row]]
        return softmax(told)

    def of_last(self, found: Histories) -> Probabilities:
        """Return the probability of each action to follow the last one of each customer.

        Pieces of one length are read together, so that a customer's answer is the same whoever
        else is asked.
        """
        pieces = last_windows(found)
        told = np.zeros((len(pieces), len(ACTIONS)), dtype=np.float32)
        order = np.argsort(pieces.lengths, kind="stable")
        for length in np.unique(pieces.lengths):
            first, last = np.searchsorted(pieces.lengths[order], [length, length + 1])
            for start in range(first, last, _BATCH):
                rows = order[start : min(start + _BATCH, last)]
                told[rows] = self.logits(found, pieces.some(rows))[:, -1]
        return softmax(told)


def softmax(logits: Probabilities) -> Probabilities:
    """Return probabilities that sum to 1 of logits."""
    powers = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


def exported(weights: Mapping[str, NDArray[np.float32]]) -> ExportedNetwork:
    """Return the graph of a trained network.

    Written by hand: torch's own exporter cannot trace a memory of any length, and the one before
    it is to be removed.

    Args:
        weights: As `network.Trained` has them.
    """
    from onnx import TensorProto, checker, helper  # noqa: PLC0415  needed only where one trains

    width = weights["memory.weight_ih_l0"].shape[1] - weights["embedding.weight"].shape[1]
    hidden = weights["memory.weight_hh_l0"].shape[1]
    nodes = [
        helper.make_node("Gather", ["embedding", "tokens"], ["learnt"]),
        helper.make_node("Slice", ["figures", "zero", "width", "axis"], ["read"]),
        helper.make_node("Concat", ["learnt", "read"], ["rows"], axis=2),
        # The standard has time before pieces, torch was told otherwise.
        helper.make_node("Transpose", ["rows"], ["seen"], perm=[1, 0, 2]),
        helper.make_node("LSTM", ["seen", "w", "r", "b"], ["kept"], hidden_size=hidden),
        helper.make_node("Squeeze", ["kept", "direction"], ["memory"]),
        helper.make_node("MatMul", ["memory", "head"], ["weighed"]),
        helper.make_node("Add", ["weighed", "bias"], ["told"]),
        helper.make_node("Transpose", ["told"], ["corrected"], perm=[1, 0, 2]),
        helper.make_node("Gather", ["counted", "tokens"], ["counting"]),
        helper.make_node("Add", ["corrected", "counting"], ["logits"]),
    ]
    graph = helper.make_graph(
        nodes,
        "next_action",
        [
            helper.make_tensor_value_info("tokens", TensorProto.INT64, ["pieces", "places"]),
            helper.make_tensor_value_info(
                "figures", TensorProto.FLOAT, ["pieces", "places", "all"]
            ),
        ],
        [
            helper.make_tensor_value_info(
                "logits", TensorProto.FLOAT, ["pieces", "places", len(ACTIONS)]
            )
        ],
        [_tensor(name, value) for name, value in _constants(weights, width).items()],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=9)
    checker.check_model(made)
    return ExportedNetwork(np.frombuffer(made.SerializeToString(), dtype=np.uint8))


def _tensor(name: str, value: NDArray[Any]) -> Any:  # noqa: ANN401  onnx is untyped
    from onnx import numpy_helper  # noqa: PLC0415  as above

    return numpy_helper.from_array(np.ascontiguousarray(value), name)


def _constants(weights: Mapping[str, NDArray[np.float32]], width: int) -> dict[str, NDArray[Any]]:
    biases = [_gates(weights[f"memory.bias_{part}_l0"]) for part in ("ih", "hh")]
    return {
        "counted": weights["counted"],
        "embedding": weights["embedding.weight"],
        "w": _gates(weights["memory.weight_ih_l0"])[None],
        "r": _gates(weights["memory.weight_hh_l0"])[None],
        "b": np.concatenate(biases)[None],
        "head": weights["head.weight"].T,
        "bias": weights["head.bias"],
        "zero": np.array([0]),
        "width": np.array([width]),
        "axis": np.array([2]),
        "direction": np.array([1]),
    }


def _gates(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Torch's order of gates (input, forget, cell, output) as the standard's."""
    i, f, c, o = np.split(values, 4)
    return np.concatenate([i, o, f, c])
