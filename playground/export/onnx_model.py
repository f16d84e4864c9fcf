"""A trained network as an ONNX model: rows of the data in, scaling inside, answers in the data's units out."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from playground.datasets.labels import column_label
from playground.errors import PlaygroundError
from playground.export.expressions import Expression, feature_expression
from playground.export.source import Subject, title
from playground.language import mark
from playground.nn.normalization import EPSILON

OPSET, FORMAT = 20, 9
OPERATORS = {
    "add": "Add",
    "subtract": "Sub",
    "multiply": "Mul",
    "true_divide": "Div",
    "power": "Pow",
    "maximum": "Max",
    "less": "Less",
    "greater": "Greater",
    "less_equal": "LessOrEqual",
    "greater_equal": "GreaterOrEqual",
    "where": "Where",
} | {name: name.capitalize() for name in ("sin", "cos", "tan", "tanh", "exp", "log", "sqrt", "abs", "sign", "floor")}
OPERATORS["round"] = "Round"
SIMPLE: dict[str, tuple[str, dict[str, Any]]] = {
    "relu": ("Relu", {}),
    "tanh": ("Tanh", {}),
    "sigmoid": ("Sigmoid", {}),
    "identity": ("Identity", {}),
    "gelu": ("Gelu", {}),
    "leaky_relu": ("LeakyRelu", {"alpha": 0.01}),
    "elu": ("Elu", {}),
    "selu": ("Selu", {}),
    "celu": ("Celu", {}),
    "mish": ("Mish", {}),
    "softplus": ("Softplus", {}),
    "soft_sign": ("Softsign", {}),
    "hard_sigmoid": ("HardSigmoid", {"alpha": 1 / 6, "beta": 0.5}),
    "hard_silu": ("HardSwish", {}),
    "sine": ("Sin", {}),
}
"""Activations that are an operator of ONNX."""


class Graph:
    """Nodes and numbers of a graph, by the names of what they make."""

    def __init__(self) -> None:
        from onnx import helper, numpy_helper

        self.helper, self.numpy_helper = helper, numpy_helper
        self.nodes: list[Any] = []
        self.numbers: list[Any] = []

    def add(self, operator: str, *inputs: Any, name: str | None = None, **settings: Any) -> str:
        """The name of what an operator makes of names, or of numbers."""
        name = name or f"{operator.lower()}_{len(self.nodes)}"
        names = [value if isinstance(value, str) else self.constant(value) for value in inputs]
        self.nodes.append(self.helper.make_node(operator, names, [name], **settings))
        return name

    def constant(self, value: Any) -> str:
        """The name of an array: whole numbers and texts as they are, all others as float32."""
        array = np.asarray(value)
        array = array if array.dtype.kind in "iUO" else array.astype(np.float32)
        name = f"constant_{len(self.numbers)}"
        array = array.astype(object) if array.dtype.kind == "U" else array
        self.numbers.append(self.numpy_helper.from_array(array, name))
        return name

    def expression(self, expression: Any, x1: str, x2: str) -> str:
        """What a feature of the plane makes of the coordinates."""
        if not isinstance(expression, Expression):
            return self.constant(float(expression))
        if not expression.arguments:
            return {"x1": x1, "x2": x2}[expression.name]
        inner = [self.expression(argument, x1, x2) for argument in expression.arguments]
        return self.angle(*inner) if expression.name == "arctan2" else self.add(OPERATORS[expression.name], *inner)

    def angle(self, y: str, x: str) -> str:
        """The angle of a point, which has no operator."""
        half_turn = self.add("Where", self.add("Less", y, 0.0), -np.pi, np.pi)
        turned = self.add("Where", self.add("Less", x, 0.0), half_turn, 0.0)
        away = self.add("Greater", self.add("Add", self.add("Abs", x), self.add("Abs", y)), 0.0)
        return self.add("Where", away, self.add("Add", self.add("Atan", self.add("Div", y, x)), turned), 0.0)

    def activation(self, name: str, z: str) -> str:
        """What an activation makes of sums."""
        if name in SIMPLE:
            operator, settings = SIMPLE[name]
            return self.add(operator, z, **settings)
        match name:
            case "silu":
                return self.add("Mul", z, self.add("Sigmoid", z))
            case "hard_tanh":
                return self.add("Clip", z, -1.0, 1.0)
            case "relu6":
                return self.add("Clip", z, 0.0, 6.0)
            case "squareplus":
                root = self.add("Sqrt", self.add("Add", self.add("Mul", z, z), 4.0))
                return self.add("Mul", self.add("Add", z, root), 0.5)
            case "log_sigmoid":
                return self.add("Neg", self.add("Softplus", self.add("Neg", z)))
            case "gaussian":
                return self.add("Exp", self.add("Neg", self.add("Mul", z, z)))
        raise PlaygroundError(mark("ONNX has no activation {name}; choose another, or export to jax.", name=name))


def to_onnx(subject: Subject) -> bytes:
    """The model's bytes: ``rows (n, columns)`` float32 in; ``answer (n,)``, numbers or names of classes, ``output (n,
    k)`` of the network, and ``probability (n, classes)`` where the loss makes them, out."""
    from onnx import TensorProto, checker, helper

    problem, prepared, network = subject.experiment.problem, subject.trainer.prepared, subject.trainer.network
    graph, regression = Graph(), subject.experiment.task == "regression"
    columns = [column_label(problem.dataset, name) for name in problem.features] if problem.tabular else ["x1", "x2"]
    output = _network(graph, subject, _inputs(graph, subject))
    outputs = [helper.make_tensor_value_info("output", TensorProto.FLOAT, ["n", network.widths[-1]])]
    if regression:
        scaled = graph.add("Add", graph.add("Mul", output, prepared.target.deviation), prepared.target.mean)
        graph.add("Reshape", scaled, np.array([-1]), name="answer")
    else:
        single = network.widths[-1] == 1
        both = graph.add("Concat", graph.add("Mul", output, 0.0), output, axis=1) if single else output
        best = graph.add("ArgMax", both, axis=1, keepdims=0)
        graph.add("Gather", np.array(prepared.class_names), best, axis=0, name="answer")
        if subject.loss.logits:
            graph.add("Softmax", both, axis=1, name="probability")
            shape = ["n", len(prepared.class_names)]
            outputs.append(helper.make_tensor_value_info("probability", TensorProto.FLOAT, shape))
    kind = TensorProto.FLOAT if regression else TensorProto.STRING
    outputs.insert(0, helper.make_tensor_value_info("answer", kind, ["n"]))
    rows = helper.make_tensor_value_info("rows", TensorProto.FLOAT, ["n", len(columns)])
    graph_proto = helper.make_graph(graph.nodes, "network", [rows], outputs, graph.numbers)
    model = helper.make_model(graph_proto, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=FORMAT)
    model.producer_name, model.doc_string = "Neural Playground", title(subject)
    helper.set_model_props(
        model,
        {"columns": json.dumps(columns), "target": prepared.target.name, "classes": json.dumps(prepared.class_names)},
    )
    checker.check_model(model)
    return model.SerializeToString()


def _inputs(graph: Graph, subject: Subject) -> str:
    problem, plane = subject.experiment.problem, subject.trainer.prepared.plane
    inputs = "rows"
    if not problem.tabular:
        x1, x2 = (graph.add("Gather", "rows", np.array([i]), axis=1) for i in range(2))
        features = [graph.expression(feature_expression(name), x1, x2) for name in problem.features]
        inputs = graph.add("Concat", *features, axis=1)
    return graph.add("Div", graph.add("Sub", inputs, plane.mean), plane.deviation)


def _network(graph: Graph, subject: Subject, h: str) -> str:
    network = subject.trainer.network
    for i, layer in enumerate(subject.state.params):
        z = graph.add("Gemm", h, layer["w"], layer["b"])
        if "scale" in layer and network.normalization == "layer":
            z = graph.add("LayerNormalization", z, layer["scale"], layer["offset"], axis=-1, epsilon=EPSILON)
        elif "scale" in layer:
            stats = subject.state.stats[i]
            factor = np.asarray(layer["scale"]) / np.sqrt(np.asarray(stats["variance"]) + EPSILON)
            shift = np.asarray(layer["offset"]) - factor * np.asarray(stats["mean"])
            z = graph.add("Add", graph.add("Mul", z, factor), shift)
        new = graph.activation(network.activations[i], z)
        h = graph.add("Add", h, new) if network.skips(i) else new
    return graph.add("Identity", h, name="output")
