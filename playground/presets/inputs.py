"""What the data and the inputs decide."""

from __future__ import annotations

from playground.presets.preset import preset

GROUP = "Data and features"
MINSKY = "Minsky & Papert 1969"

preset(
    "linear",
    "One straight line, without a hidden layer",
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
    "XOR at once, with the right feature",
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
    "breast_cancer",
    "Thirty measured columns, soon known by heart",
    "569 real samples with thirty numbers each: the picture is a slice through their two main directions. "
    "Watch the test loss turn upwards while the train loss goes on falling: these few samples are soon known by heart.",
    group=GROUP,
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
    "Three wines, three regions",
    "178 real wines of three cultivars, told apart from their chemistry by eight hidden units. "
    "Watch the three regions form: softmax gives each place a likeliest cultivar, paler where it is less certain.",
    group=GROUP,
    steps=200,
    source="Aeberhard & Forina 1991",
    dataset="wine",
    hidden=[8],
    optimizer="adam",
    learning_rate=0.01,
    loss="softmax_cross_entropy",
)
