"""The recipe and the case of the article that this playground grew out of."""

from __future__ import annotations

from playground.presets.preset import preset

GROUP = "From the article"
ARTICLE_TITLE = "Deep learning: from concept to insight"
ARTICLE = f"{ARTICLE_TITLE} (the article that this playground grew out of)"

preset(
    "the_articles_recipe",
    "The article's recipe (section 5.2)",
    "Eight ReLU units, a sigmoid, Adam at 0.001, binary cross-entropy, batches of 32, ten epochs: the classic first program. "
    "Watch how far ten epochs come, and go on: it is not finished yet.",
    group=GROUP,
    steps=1250,
    source=ARTICLE + ", section 5.2",
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
    "the_articles_case",
    "The article's case (section 4.3)",
    "Fifty samples with two features, hidden layers of two units and of one, cross-entropy, Adam as the article writes it. "
    "Watch the narrow waist: one unit must carry the whole answer, and its map is the output's.",
    group=GROUP,
    steps=400,
    source=ARTICLE + ", section 4.3",
    dataset="gauss",
    samples=50,
    train_fraction=1.0,
    hidden=[2, 1],
    loss="binary_cross_entropy",
    optimizer="textbook_adam",
    learning_rate=0.03,
    batch_size=50,
)
