"""What layers and units are for."""

from __future__ import annotations

from playground.language import mark
from playground.presets.article import ARTICLE_TITLE, SECTION
from playground.presets.preset import preset

GROUP = "Depth and width"
RUMELHART = "Rumelhart, Hinton & Williams 1986"

preset(
    "xor_with_neurons",
    "XOR from four straight edges",
    "Four corners that no straight line parts, given x₁ and x₂ alone: four hidden units must find the product "
    "themselves. "
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
    "Two layers wind around a spiral",
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
    "the_articles_case",
    "Everything through one unit",
    "Fifty samples with two features, hidden layers of two units and of one, cross-entropy, Adam as the article writes "
    "it. "
    "Watch the narrow waist: one unit must carry the whole answer, and its map is the output's.",
    group=GROUP,
    steps=400,
    source=mark(SECTION, title=ARTICLE_TITLE, number="4.3"),
    dataset="gauss",
    samples=50,
    train_fraction=1.0,
    hidden=[2, 1],
    loss="binary_cross_entropy",
    optimizer="textbook_adam",
    learning_rate=0.03,
    batch_size=50,
)
