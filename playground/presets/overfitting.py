"""Twenty noisy points learned by heart, and what keeps a network simple."""

from __future__ import annotations

from typing import Any

from playground.presets.preset import preset

GROUP = "Overfitting and regularization"
FEW: dict[str, Any] = {
    "dataset": "moons",
    "train_fraction": 0.4,
    "noise": 0.4,
    "hidden": [32, 32],
    "activation": "relu",
    "optimizer": "adam",
    "learning_rate": 0.003,
}

preset(
    "overfitting",
    "Overfitting: twenty points learned by heart",
    "Over a thousand weights learn twenty noisy points by heart: the train loss goes to nothing, the test loss does "
    "not follow. "
    "Watch the boundary bend around single points, and the gap between the two lines.",
    group=GROUP,
    steps=1500,
    source="Geman, Bienenstock & Doursat 1992",
    why_bad="There are more weights than twenty points can decide: the network learns the noise as well.",
    samples=50,
    **FEW,
)
preset(
    "overfitting_cured_by_data",
    "Thirty times the data: the two losses stay together",
    "The same network with six hundred points instead of twenty: noise of that many cannot be learned by heart so "
    "soon. "
    "Watch the train and the test line stay together.",
    group=GROUP,
    steps=1500,
    source="Vapnik 1998",
    samples=1500,
    **FEW,
)
preset(
    "overfitting_cured_by_l2",
    "L2: the boundary stays calm",
    "Large weights make sharp bends; L2 makes them expensive, and the boundary stays calm. "
    "Watch the links stay thin and the train loss stop well above zero.",
    group=GROUP,
    steps=1500,
    source="Krogh & Hertz 1992",
    samples=50,
    l2=0.03,
    **FEW,
)
preset(
    "l1_makes_it_sparse",
    "L1: most links fade away",
    "Seven features and eight units are far too many for two clouds; L1 pulls every weight towards 0 equally hard. "
    "Watch most of the links fade away: what is left is what the task needs.",
    group=GROUP,
    steps=2000,
    source="Tibshirani 1996",
    dataset="gauss",
    noise=0.3,
    features=["x1", "x2", "x1_squared", "x2_squared", "x1_x2", "sin_x1", "sin_x2"],
    hidden=[8],
    l1=0.01,
    learning_rate=0.03,
    loss="binary_cross_entropy",
)
preset(
    "overfitting_cured_by_dropout",
    "Dropout: learning by heart takes longer",
    "Each step leaves out a random 60 % of the units, so that none can rely on another alone. "
    "Watch the train loss stay a hundred times higher than without: it learns the noise far more slowly.",
    group=GROUP,
    steps=1000,
    source="Srivastava et al. 2014",
    samples=50,
    dropout=0.6,
    **FEW,
)
preset(
    "overfitting_cured_by_stopping",
    "Early stopping: it ends near its best step",
    "The test loss is best after a moment; when it has not become better for fifty epochs, training stops by itself. "
    "Watch for the mark at the best step, and the sentence that says when it was.",
    group=GROUP,
    steps=1500,
    source="Prechelt 1998",
    samples=50,
    patience=50,
    **FEW,
)
