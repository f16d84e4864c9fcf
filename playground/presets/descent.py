"""How far each step goes, and how many samples it sees."""

from __future__ import annotations

from playground.language import mark
from playground.presets.article import ARTICLE_TITLE, SECTION
from playground.presets.preset import preset

GROUP = "Optimizer, learning rate and batch"

preset(
    "too_high_a_learning_rate",
    "Too high a rate: the loss explodes",
    "Each step jumps over the valley and lands higher on the other side, so the loss grows until no number can hold "
    "it. "
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
    "the_articles_recipe",
    "The classic recipe, not finished after ten epochs",
    "Eight ReLU units, a sigmoid, Adam at 0.001, binary cross-entropy, batches of 32, ten epochs: the classic first "
    "program. "
    "Watch how far ten epochs come, and go on: it is not finished yet.",
    group=GROUP,
    steps=1250,
    source=mark(SECTION, title=ARTICLE_TITLE, number="5.2"),
    dataset="moons",
    samples=5000,
    train_fraction=0.8,
    hidden=[8],
    activation="relu",
    loss="binary_cross_entropy",
    optimizer="adam",
    learning_rate=0.001,
    batch_size=32,
)
preset(
    "batch_of_one",
    "Batches of one: the loss jitters",
    "Each step follows a single sample, so the loss jitters though the learning rate is modest. "
    "Watch the faint raw line beneath the smoothed one, and compare it with the next preset.",
    group=GROUP,
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
    "One batch of all: a smooth descent",
    "The same network with all 250 train samples in each step: the loss falls without any jitter. "
    "Watch how straight the line is; each step costs as much as 250 of the other preset's.",
    group=GROUP,
    steps=2000,
    source="Bottou 2010",
    dataset="moons",
    noise=0.3,
    hidden=[8],
    batch_size=250,
    learning_rate=0.1,
    loss="binary_cross_entropy",
)
