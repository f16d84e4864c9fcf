"""What a network can do, and what its inputs do for it."""

from __future__ import annotations

from playground.presets.preset import preset

GROUP = "First steps"
RUMELHART = "Rumelhart, Hinton & Williams 1986"
MINSKY = "Minsky & Papert 1969"

preset(
    "linear",
    "Linear data needs no hidden layer",
    "Two clouds lie on either side of a straight line, and a network without any hidden layer draws just that line. "
    "Watch the seam settle within a second: more layers could not do better.",
    group=GROUP,
    steps=400,
    source="Rosenblatt 1958",
    dataset="gauss",
    hidden=[],
    loss="binary_cross_entropy",
    learning_rate=0.1,
)
preset(
    "xor_with_a_feature",
    "XOR with the right feature",
    "No straight line parts these four corners, yet with the single feature x₁x₂ one weight is enough. "
    "Watch the map: the seam is a cross at once, since the product already is the answer.",
    group=GROUP,
    steps=400,
    source=MINSKY,
    dataset="xor",
    features=["x1_x2"],
    hidden=[],
    loss="binary_cross_entropy",
    learning_rate=0.1,
)
preset(
    "xor_with_neurons",
    "XOR with neurons instead",
    "The same corners with x₁ and x₂ alone: four hidden units must find the product for themselves. "
    "Watch their maps: each is one straight edge, and the output is made of them.",
    group=GROUP,
    steps=2000,
    source=RUMELHART,
    dataset="xor",
    hidden=[4],
    optimizer="adam",
    learning_rate=0.03,
    loss="binary_cross_entropy",
)
preset(
    "spiral",
    "The spiral, solved",
    "Two layers of eight units wind around both arms within a few seconds, helped by the sines of the coordinates. "
    "Watch the second layer's maps: each takes over a part of the winding, and the output adds them up.",
    group=GROUP,
    steps=1000,
    source="Lang & Witbrock 1988",
    dataset="spiral",
    features=["x1", "x2", "sin_x1", "sin_x2"],
    hidden=[8, 8],
    optimizer="adam",
    learning_rate=0.02,
    batch_size=32,
    loss="binary_cross_entropy",
)
preset(
    "breast_cancer",
    "Breast cancer: thirty measured columns",
    "569 real samples with thirty numbers each: the picture is a slice through their two main directions. "
    "Watch the test loss turn upwards while the train loss goes on falling: these few samples are soon known by heart.",
    group="Real data",
    steps=200,
    source="Street, Wolberg & Mangasarian 1993",
    dataset="breast_cancer",
    hidden=[8],
    activation="relu",
    optimizer="adam",
    learning_rate=0.01,
    batch_size=32,
    loss="binary_cross_entropy",
)
preset(
    "wine",
    "Wine: three cultivars from thirteen numbers",
    "178 real wines of three cultivars, told apart from their chemistry by eight hidden units. "
    "Watch the three regions form: softmax gives each place a likeliest cultivar, paler where it is less certain.",
    group="Real data",
    steps=200,
    source="Aeberhard & Forina 1991",
    dataset="wine",
    hidden=[8],
    optimizer="adam",
    learning_rate=0.01,
    loss="softmax_cross_entropy",
)
