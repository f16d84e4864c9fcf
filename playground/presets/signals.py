"""What lets a signal and its gradient through many layers, and what does not."""

from __future__ import annotations

from typing import Any

from playground.presets.preset import preset

GROUP = "Activation and initialisation"
NORMALIZED = "Normalisation and residual connections"
DEEP: dict[str, Any] = {
    "dataset": "circle",
    "hidden": [8] * 8,
    "loss": "binary_cross_entropy",
    "learning_rate": 0.1,
}

preset(
    "vanishing_gradients",
    "Eight sigmoid layers: the gradients vanish",
    "A sigmoid passes at most a quarter of the gradient on, and eight of them leave almost nothing for the first "
    "layer. "
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
    "Eight ReLU layers: the same depth learns",
    "A ReLU passes its gradient on whole, and He's scale keeps the signals' size from layer to layer. "
    "Watch all rows of gradients stay at one size, and the same eight layers solve the circle.",
    group=GROUP,
    steps=2000,
    source="He et al. 2015",
    activation="relu",
    initializer="he_normal",
    **DEEP,
)
preset(
    "dead_relus",
    "Dead ReLUs: every map goes blank",
    "A few giant steps push every unit's input below zero on all samples: its slope is 0 there, so it never comes "
    "back. "
    "Watch the last hidden layer's maps go blank, and hover one: it is silent on 100 % of the samples.",
    group=GROUP,
    steps=1000,
    source="Maas, Hannun & Ng 2013",
    why_bad="Adam moves every weight by about the learning rate, and 3 is far too much: the units died in the first "
    "steps.",
    dataset="circle",
    hidden=[8, 8],
    activation="relu",
    optimizer="adam",
    learning_rate=3.0,
    loss="binary_cross_entropy",
)
preset(
    "zero_initialisation",
    "Four units, one picture: a symmetry that never breaks",
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
    "vanishing_cured_by_batch_norm",
    "Batch normalisation wakes eight sigmoid layers",
    "The sigmoids stay, but each layer's inputs are brought to mean 0 and deviation 1, where a sigmoid is steep. "
    "Watch the rows of gradients line up again.",
    group=NORMALIZED,
    steps=2000,
    source="Ioffe & Szegedy 2015",
    activation="sigmoid",
    normalization="batch",
    batch_size=32,
    **DEEP,
)
preset(
    "vanishing_cured_by_residuals",
    "Residual connections wake them too",
    "The sigmoids stay, but each layer only adds to what it was given, and the gradient flows back around it. "
    "Watch the first layers wake up after a few hundred steps.",
    group=NORMALIZED,
    steps=2000,
    source="He et al. 2016",
    activation="sigmoid",
    residual=True,
    **DEEP,
)
