"""The words of the field that the app uses, each in plain English, with its source and where it is to be seen."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playground.language import mark, translate
from playground.nn.activations import ACTIVATIONS
from playground.objectives.losses import LOSSES
from playground.objectives.optimizers import OPTIMIZERS
from playground.objectives.regularizers import REGULARIZERS
from playground.registry import Entry, Registry

PLAYGROUND, STEP, FLOW = "play/playground", "understand/step", "understand/flow"
RACE, LANDSCAPE, LUCK, OWN_DATA = "understand/race", "understand/landscape", "understand/luck", "play/your_data"
DEEP_LEARNING = "Goodfellow, Bengio & Courville 2016"
THIS_PROJECT = mark("this project")
COMMAS = re.compile("[,，、،]")
ANCHOR = "term-"
"""What a link to a term begins with, before the term's name."""

SPACELESS = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
"""Letters of scripts that part words by no spaces, or hang endings on them: a word of theirs begins and ends
anywhere."""
LETTER = rf"[^\W{SPACELESS}]"
MIN_SPACELESS_CHARS = 2
"""One letter of such a script is a part of too many other words."""


@dataclass(frozen=True, kw_only=True)
class Term(Entry):
    """A word: ``explanation`` is one sentence or two. ``page`` and ``place``: where the app shows it; ``lesson``: the
    name of the one that teaches it, "" for none. ``variants``: other ways to write it, with commas between them; a
    language may have more or fewer of them, or name the label."""

    page: str
    place: str
    lesson: str = ""
    variants: str = ""

    TRANSLATED = (*Entry.TRANSLATED, "place", "variants")

    @property
    def forms(self) -> tuple[str, ...]:
        """Other ways to write it, in the current language."""
        return split_variants(translate(self.variants))


def split_variants(text: str) -> tuple[str, ...]:
    """The forms that ``text`` names, whichever comma its language has."""
    return tuple(form for part in COMMAS.split(text) if (form := part.strip()))


GLOSSARY: Registry[Term] = Registry("term")


def _add(
    label: str, explanation: str, source: str, page: str, place: str, *forms: str, formula: str = "", lesson: str = ""
) -> None:
    name = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")
    GLOSSARY.register(
        Term(
            name=name,
            label=label,
            explanation=explanation,
            formula=formula,
            source=source,
            page=page,
            place=place,
            lesson=lesson,
            variants=", ".join(forms),
        )
    )


_add(
    "Accuracy",
    "The share of samples whose likeliest class is the right one.",
    DEEP_LEARNING,
    PLAYGROUND,
    "beside the losses, above the time line",
)
_add(
    "Activation",
    "What a unit does with its weighted sum before it passes it on. Without one that bends, many layers are no more "
    "than one.",
    DEEP_LEARNING,
    PLAYGROUND,
    "the choice in the row on top, and above each layer",
    "activations",
    lesson="activation",
)
_add(
    "Backpropagation",
    "How the derivative of the loss with respect to every weight is found: layer by layer from the last to the first, "
    "by the chain rule.",
    "Rumelhart, Hinton & Williams 1986",
    STEP,
    "the way back, number by number",
    lesson="backpropagation",
)
_add(
    "Batch",
    "The samples that one step of training looks at together; their gradients are averaged.",
    "Robbins & Monro 1951; Bottou 2010",
    PLAYGROUND,
    "the slider Batch size",
    "batches",
    "mini-batch",
)
_add(
    "Batch normalisation",
    "Brings each unit's sums in a batch to mean 0 and deviation 1, then scales and shifts them by numbers that are "
    "learned.",
    "Ioffe & Szegedy 2015",
    PLAYGROUND,
    "Normalisation, in the sidebar's Network",
    lesson="batch_normalization",
)
_add(
    "Bias",
    "A number of a unit's own that is added to its weighted sum; it shifts the place where the unit begins to answer.",
    DEEP_LEARNING,
    STEP,
    "beside the weights of each layer",
    "biases",
)
_add(
    "Branch",
    "A run that goes on from some moment in another way, while the one before it is kept; branches are called A, B, C.",
    THIS_PROJECT,
    PLAYGROUND,
    "the key B, and the buttons at the time line",
    "branches",
)
_add(
    "Class",
    "One of the kinds that samples are told apart into.",
    DEEP_LEARNING,
    PLAYGROUND,
    "the colours and shapes of the points",
    "classes",
)
_add(
    "Cross-entropy",
    "How surprised a predicted probability is by the true class: the negative logarithm of what it gave to that class.",
    "Good 1952; Solla, Levin & Fleisher 1988",
    PLAYGROUND,
    "among the losses",
    formula=LOSSES["binary_cross_entropy"].formula,
)
_add(
    "Dead unit",
    "A unit that is silent on every train sample, so that no gradient reaches its weights: only changes of the layers "
    "before it can bring it back.",
    "Maas, Hannun & Ng 2013",
    PLAYGROUND,
    "Gradients by layer, and the experiment Dead ReLUs",
    "dead",
    "dead units",
    "dead ReLUs",
)
_add(
    "Decision boundary",
    "The line where the network's answer changes from one class to another.",
    DEEP_LEARNING,
    PLAYGROUND,
    "the pale seam in the output",
    "boundary",
)
_add(
    "Deep learning",
    "Learning by networks of several hidden layers: each computes features of the features below it.",
    "LeCun, Bengio & Hinton 2015",
    PLAYGROUND,
    "the units' own maps in the network, layer by layer",
    lesson="features_of_features",
)
_add(
    "Divergence",
    "Training in which the loss grows until no number can hold it, mostly since the steps are too long.",
    "Bottou, Curtis & Nocedal 2018",
    PLAYGROUND,
    "the experiment Too high a rate",
    "diverged",
    "diverges",
    lesson="learning_rate",
)
_add(
    "Dropout",
    REGULARIZERS["dropout"].explanation,
    REGULARIZERS["dropout"].source,
    PLAYGROUND,
    "the choice Regularization",
    formula=REGULARIZERS["dropout"].formula,
)
_add(
    "Early stopping",
    REGULARIZERS["early_stopping"].explanation,
    REGULARIZERS["early_stopping"].source,
    PLAYGROUND,
    "the sidebar's Regularization",
)
_add(
    "Epoch",
    "One pass over all train samples.",
    DEEP_LEARNING,
    PLAYGROUND,
    "beside the step, above the time line",
    "epochs",
)
_add(
    "Exploding gradients",
    "Gradients that grow from layer to layer on their way back, until one step throws the weights far off.",
    "Bengio, Simard & Frasconi 1994",
    FLOW,
    "rows that climb from the last layer to the first",
    "explode",
    "exploding",
)
_add(
    "Feature",
    "An input of the network: a coordinate, a column, or something computed from them.",
    DEEP_LEARNING,
    PLAYGROUND,
    "the squares on the left of the diagram",
    "features",
)
_add(
    "Forward pass",
    "The way from the inputs to the output: layer by layer, weighted sums and what the activations make of them.",
    "Rumelhart, Hinton & Williams 1986",
    STEP,
    "the way there, number by number",
    "forward passes",
    lesson="forward_pass",
)
_add(
    "Gradient",
    "For every weight, how fast the loss would rise if that weight grew; a step goes the other way.",
    "Cauchy 1847",
    PLAYGROUND,
    "Gradients by layer, and a press on any link",
    "gradients",
)
_add(
    "Hidden layer",
    "A layer of units between inputs and output: what it computes is not asked for, but found by training.",
    "Rumelhart, Hinton & Williams 1986",
    PLAYGROUND,
    "the columns of the diagram",
    "hidden layers",
    "hidden units",
    "hidden unit",
    lesson="features_of_features",
)
_add(
    "Initialisation",
    "How the first weights are drawn. Their scale decides whether signals and gradients keep their size from layer to "
    "layer.",
    "Glorot & Bengio 2010; He et al. 2015",
    PLAYGROUND,
    "the sidebar's Network",
    lesson="initialization",
)
_add(
    "L1",
    REGULARIZERS["l1"].explanation,
    REGULARIZERS["l1"].source,
    PLAYGROUND,
    "the choice Regularization",
    formula=REGULARIZERS["l1"].formula,
)
_add(
    "L2",
    REGULARIZERS["l2"].explanation,
    REGULARIZERS["l2"].source,
    PLAYGROUND,
    "the choice Regularization",
    formula=REGULARIZERS["l2"].formula,
)
_add(
    "Label smoothing",
    REGULARIZERS["label_smoothing"].explanation,
    REGULARIZERS["label_smoothing"].source,
    PLAYGROUND,
    "the sidebar's Regularization",
    formula=REGULARIZERS["label_smoothing"].formula,
)
_add(
    "Learning rate",
    "How far each step goes along the gradient: too small and nothing moves, too large and it overshoots.",
    "Robbins & Monro 1951",
    PLAYGROUND,
    "the slider in the row on top",
    "learning rates",
    formula=OPTIMIZERS["sgd"].formula,
    lesson="learning_rate",
)
_add(
    "Logit",
    "A number without bounds that stands for a probability: the sigmoid, or softmax, makes the probability of it.",
    "Berkson 1944",
    STEP,
    "the output before its probability",
    "logits",
    formula=ACTIVATIONS["sigmoid"].formula,
)
_add(
    "Loss",
    "One number for how wrong the network's answers are; training makes it small.",
    DEEP_LEARNING,
    PLAYGROUND,
    "the curves, and the numbers above the time line",
    "losses",
    lesson="loss",
)
_add(
    "Momentum",
    "Keeps a share of the last step's direction, so that steps gather speed where they agree and cancel where they "
    "swing.",
    "Polyak 1964",
    RACE,
    "SGD with and without it, side by side",
)
_add(
    "Noise",
    "How far samples are moved at random: some then lie on the wrong side, and no rule fits them all.",
    DEEP_LEARNING,
    PLAYGROUND,
    "the sidebar's Data",
)
_add(
    "Optimizer",
    "The rule that makes a step of the weights out of gradients.",
    DEEP_LEARNING,
    RACE,
    "several of them from the same start",
    "optimizers",
    lesson="optimizer",
)
_add(
    "Overfitting",
    "Learning the train samples by heart, noise included: the train loss falls while the test loss rises.",
    "Geman, Bienenstock & Doursat 1992",
    PLAYGROUND,
    "the experiments of that name in Worth a minute",
    "overfits",
    lesson="overfitting",
)
_add(
    "R²",
    "The share of a target's variance that the predictions explain: 1 is perfect, 0 as good as always saying the mean.",
    "Wright 1921",
    PLAYGROUND,
    "above the time line, for a regression",
)
_add(
    "Regression",
    "Learning to predict a number instead of a class.",
    "Legendre 1805; Gauss 1809",
    PLAYGROUND,
    "the choice Problem",
)
_add(
    "Regularization",
    "Whatever keeps a network simpler than its samples would make it, so that it holds for others too.",
    DEEP_LEARNING,
    PLAYGROUND,
    "the choice in the row on top",
    lesson="regularization",
)
_add(
    "ReLU",
    ACTIVATIONS["relu"].explanation,
    ACTIVATIONS["relu"].source,
    PLAYGROUND,
    "the choice Activation",
    "ReLUs",
    formula=ACTIVATIONS["relu"].formula,
)
_add(
    "Residual connection",
    "A layer's input is added to its output, so that the gradient has a way around the layer.",
    "He et al. 2016",
    PLAYGROUND,
    "the sidebar's Network",
    "residual connections",
)
_add(
    "Saturated",
    "A unit whose activation has levelled off at one of its ends: its slope there is less than a twentieth of its "
    "steepest, and lets little gradient through.",
    "Glorot & Bengio 2010",
    FLOW,
    "the share of saturated outputs by layer",
    "saturates",
    "saturation",
)
_add(
    "Schedule",
    "How the learning rate changes while training goes on.",
    "Darken & Moody 1990",
    PLAYGROUND,
    "the sidebar's Training",
)
_add(
    "Seed",
    "A number from which random numbers are drawn: the same seed gives the same samples, or the same first weights.",
    THIS_PROJECT,
    LUCK,
    "many seeds of one experiment",
    "seeds",
    lesson="luck",
)
_add(
    "Sharpness",
    "The largest curvature of the loss around the present weights; a step longer than 2 over it overshoots.",
    "Cohen et al. 2021",
    LANDSCAPE,
    "the curve below the landscape",
)
_add(
    "Silent",
    "A unit of a rectifier whose slope is 0 on a sample: it does not learn from that one. Half of all samples is "
    "usual.",
    "Nair & Hinton 2010",
    PLAYGROUND,
    "a press on a unit tells on how many samples it is",
)
_add(
    "Softmax",
    "Makes probabilities of several outputs: each gets a share in proportion to e to its power.",
    "Bridle 1990",
    STEP,
    "the outputs of several classes",
)
_add(
    "Standardise",
    "Shift and scale each input to mean 0 and deviation 1, so that no column counts more because of its unit.",
    "LeCun et al. 1998",
    OWN_DATA,
    "the switch in the sidebar's Data",
    "standardised",
)
_add(
    "Step",
    "One update of all weights, from one batch.",
    "Robbins & Monro 1951",
    STEP,
    "one of them, with all its numbers",
    "steps",
)
_add(
    "Test set",
    "Samples that training never sees: whether what was learned holds for others shows on them alone.",
    "Stone 1974",
    PLAYGROUND,
    "the test loss, and the triangles in the output",
    "test samples",
    "test loss",
    lesson="overfitting",
)
_add(
    "Train set",
    "The samples that training sees.",
    "Stone 1974",
    PLAYGROUND,
    "the train loss, and the points in the output",
    "train samples",
    "train loss",
)
_add(
    "Unit",
    "One square of the network: it weighs its inputs, adds a bias, and bends the sum by its activation.",
    "McCulloch & Pitts 1943; Rosenblatt 1958",
    PLAYGROUND,
    "the squares of the diagram",
    "units",
)
_add(
    "Vanishing gradients",
    "Gradients that become 100 times smaller or more on their way back from the last layer to the first, which then "
    "hardly learns.",
    "Bengio, Simard & Frasconi 1994; Hochreiter 1991",
    FLOW,
    "rows that fall from the last layer to the first",
    "vanish",
    "vanishing",
)
_add(
    "Warm-up",
    "Beginning with small steps that grow, until means of gradients can be trusted.",
    "Goyal et al. 2017",
    PLAYGROUND,
    "Schedule, in the sidebar's Training",
)
_add(
    "Weight",
    "The number by which a link multiplies what it carries; training changes it.",
    "Rosenblatt 1958",
    PLAYGROUND,
    "the links: width is size, colour is sign",
    "weights",
)
_add(
    "Weight decay",
    REGULARIZERS["weight_decay"].explanation,
    REGULARIZERS["weight_decay"].source,
    PLAYGROUND,
    "the choice Regularization",
    formula=REGULARIZERS["weight_decay"].formula,
)
