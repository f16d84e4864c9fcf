"""What goes wrong in training, and what cures it."""

from __future__ import annotations

from typing import Any

from playground.presets.preset import preset

GROUP = "What goes wrong"
CURES = "Vanishing gradients, cured"
NOISE = "Batches and sparsity"
DEEP: dict[str, Any] = {
    "dataset": "circle",
    "hidden": [8] * 8,
    "loss": "binary_cross_entropy",
    "learning_rate": 0.1,
}

preset(
    "too_high_a_learning_rate",
    "Too high a learning rate",
    "Each step jumps over the valley and lands higher on the other side, so the loss grows until no number can hold it. "
    "Watch the very first steps, one at a time; then take a tenth of the rate.",
    group=GROUP,
    steps=10,
    source="Bottou, Curtis & Nocedal 2018",
    why_bad="The learning rate is above what this landscape allows: the steps overshoot more and more.",
    dataset="plane",
    hidden=[8],
    activation="relu",
    learning_rate=1.0,
)
preset(
    "vanishing_gradients",
    "Vanishing gradients: eight sigmoid layers",
    "A sigmoid passes at most a quarter of the gradient on, and eight of them leave almost nothing for the first layer. "
    "Watch the gradients by layer drift to the left, row by row, while the boundary does not move.",
    group=GROUP,
    steps=2000,
    source="Hochreiter 1991; Glorot & Bengio 2010",
    why_bad="The first layer's gradient is thousands of times smaller than the last one's: it cannot learn.",
    activation="sigmoid",
    **DEEP,
)
preset(
    "vanishing_cured_by_relu",
    "… cured by ReLU and He initialisation",
    "A ReLU passes its gradient on whole, and He's scale keeps the signals' size from layer to layer. "
    "Watch all rows of gradients stay at one size, and the same eight layers solve the circle.",
    group=CURES,
    steps=2000,
    source="He et al. 2015",
    activation="relu",
    initializer="he_normal",
    **DEEP,
)
preset(
    "vanishing_cured_by_batch_norm",
    "… cured by batch normalisation",
    "The sigmoids stay, but each layer's inputs are brought to mean 0 and deviation 1, where a sigmoid is steep. "
    "Watch the rows of gradients line up again.",
    group=CURES,
    steps=2000,
    source="Ioffe & Szegedy 2015",
    activation="sigmoid",
    normalization="batch",
    batch_size=32,
    **DEEP,
)
preset(
    "vanishing_cured_by_residuals",
    "… cured by residual connections",
    "The sigmoids stay, but each layer only adds to what it was given, and the gradient flows back around it. "
    "Watch the first layers wake up after a few hundred steps.",
    group=CURES,
    steps=2000,
    source="He et al. 2016",
    activation="sigmoid",
    residual=True,
    **DEEP,
)
preset(
    "dead_relus",
    "Dead ReLUs",
    "A few giant steps push every unit's input below zero on all samples: its slope is 0 there, so it never comes back. "
    "Watch the last hidden layer's maps go blank, and hover one: it is silent on 100 % of the samples.",
    group=GROUP,
    steps=1000,
    source="Maas, Hannun & Ng 2013",
    why_bad="Adam moves every weight by about the learning rate, and 3 is far too much: the units died in the first steps.",
    dataset="circle",
    hidden=[8, 8],
    activation="relu",
    optimizer="adam",
    learning_rate=3.0,
    loss="binary_cross_entropy",
)
preset(
    "zero_initialisation",
    "A symmetry that never breaks",
    "All weights begin at 0, so all units of a layer compute the same, get the same gradient, and stay the same. "
    "Watch the maps: four units, one picture.",
    group=GROUP,
    steps=1000,
    source="Rumelhart, Hinton & Williams 1986",
    why_bad="Equal units can never become different: random weights exist to break this symmetry.",
    dataset="circle",
    hidden=[4],
    activation="sigmoid",
    initializer="zeros",
    learning_rate=0.1,
)
preset(
    "batch_of_one",
    "Batch size 1: noisy steps",
    "Each step follows a single sample, so the loss jitters though the learning rate is modest. "
    "Watch the faint raw line beneath the smoothed one, and compare it with the next preset.",
    group=NOISE,
    steps=2000,
    source="Bottou 2010",
    dataset="moons",
    noise=0.3,
    hidden=[8],
    batch_size=1,
    learning_rate=0.1,
    loss="binary_cross_entropy",
)
preset(
    "batch_of_all",
    "The whole set in one batch: smooth steps",
    "The same network with all 250 train samples in each step: the loss falls without any jitter. "
    "Watch how straight the line is; each step costs as much as 250 of the other preset's.",
    group=NOISE,
    steps=2000,
    source="Bottou 2010",
    dataset="moons",
    noise=0.3,
    hidden=[8],
    batch_size=250,
    learning_rate=0.1,
    loss="binary_cross_entropy",
)
preset(
    "l1_makes_it_sparse",
    "L1 makes it sparse",
    "Seven features and eight units are far too many for two clouds; L1 pulls every weight towards 0 equally hard. "
    "Watch most of the links fade away: what is left is what the task needs.",
    group=NOISE,
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
