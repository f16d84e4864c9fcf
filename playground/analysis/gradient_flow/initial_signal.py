"""Signal and gradient magnitudes in each layer at initialisation, over many draws of the weights, against mean-field
theory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from playground.analysis.gradient_flow.layer_flow import ROWS, LayerFlow, LayerFlowAnalysis
from playground.analysis.gradient_flow.mean_field import predict_moments
from playground.nn import network as nn
from playground.training.objective import weights_of

DRAWS = 32


@dataclass(frozen=True)
class InitialSignal:
    """Of each draw of the weights, the experiment's own first: ``forward (draws, depth)``, the variance of what each
    layer's activation receives, and ``backward (draws, depth)``, the mean square of the gradient of a sample's loss
    there. ``theory (2, depth)``: both as predicted, NaN where it is silent. ``layers``: those of the first draw."""

    layers: LayerFlow
    forward: np.ndarray
    backward: np.ndarray
    theory: np.ndarray


def measure_initial_signal(flow: LayerFlowAnalysis, draws: int = DRAWS) -> InitialSignal:
    """Of the first weights of the flow's network, drawn ``draws`` times: from ``init_seed`` on."""
    trainer = flow.trainer
    first = trainer.experiment.problem.init_seed
    flows = [flow.measure_params(nn.draw_params(trainer.network, (first + k) % 2**31)) for k in range(draws)]
    train = trainer.data.train
    ends = np.mean([flow_of_draw.ends for flow_of_draw in flows], axis=0)
    theory = predict_moments(trainer.network, train.x[:ROWS], weights_of(train)[:ROWS], ends[:ROWS])
    return InitialSignal(
        flows[0],
        np.stack([flow_of_draw.forward for flow_of_draw in flows]),
        np.stack([flow_of_draw.backward for flow_of_draw in flows]),
        np.stack([np.asarray(part) for part in theory]),
    )
