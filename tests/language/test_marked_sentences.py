"""What headless modules say of an experiment, a link and a file is marked with a text that the catalogues have."""

from __future__ import annotations

import importlib.util
import pickle
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from playground import term_links
from playground.datasets.labels import class_label, column_label, short_column_label
from playground.datasets.tabular.choices import ReadingChoices
from playground.datasets.tabular.detection import read_table
from playground.errors import PlaygroundError
from playground.experiment import Experiment
from playground.experiment.fields import CountedSentence
from playground.experiment.links.parse import open_link
from playground.experiment.title import experiment_title
from playground.glossary import GLOSSARY
from playground.language import NumberText, Translatable, mark, use_language
from playground.number_format import format_brief, format_percent, format_precise, format_signed
from playground.programs.devices import device_sentence
from playground.symbols import legend
from playground.training.data import prepare
from playground.training.projection_units import picture_units
from tests.language.conftest import polish

SCRIPT = Path(__file__).parents[2] / "scripts" / "translations.py"
FIELDS: tuple[dict[str, Any], ...] = (
    {"learning_rate": 99},
    {"learning_rate": "a"},
    {"samples": 3},
    {"samples": 50.5},
    {"samples": 10**30},
    {"shuffle": 3},
    {"features": 3},
    {"features": []},
    {"features": ["x1", "x1"]},
    {"features": ["x9", "y", "x1"]},
    {"features": ["x1**"]},
    {"features": ["sine(x1)+1"]},
    {"features": ["x1**99"]},
    {"activation": ["tanh"] * 9},
    {"activation": ["relu"]},
    {"hidden": [99, 98]},
    {"painted": 3},
    {"painted": [[1, 2]]},
    {"painted": [[1, 2, 999], [4, 5, 999]]},
    {"painted": [[1, 2, 7]]},
    {"dataset": "iris", "painted": [[1, 2, 1]]},
    {"dataset": "iris", "axes": ["a", "b"]},
    {"dataset": "spirl"},
    {"dataset": "table"},
    {"only_painted": True},
    {"loss": "binary_cross_entropy", "output_activation": "tanh"},
    {"dataset": "plane", "loss": "binary_cross_entropy"},
    {"output_activation": "relu"},
    {"axes": ["x1"]},
    {"task": "regression"},
    {"classes": 7},
    {"nofield": 3},
    {"normalization": "batch", "batch_size": 1},
)
LINKS = (
    "?dataset=cricle&noise=70%25&samples=9&features=x1,x2,zz&hidden=99,4&learning_rate=1,5&junk=3&learningrate=3",
    "https://playground.tensorflow.org/#noise=80&dataset=foo&tutorial=dl&foo_hide=true&x=false&y=false&junk=1&a=2&b=3&c=4",
    "hello",
    "?z=1abc",
    "https://bit.ly/xyz",
    f"?title={'x' * 200}&hide=foo,~data&past=1&dataset=circle&dataset=xor",
    "?features=x1 x2 x1**2&painted=1,2,9;2,2&dataset=%25xor&a=1&b=2&c=3&d=4",
    "http://x/?url=http%3A%2F%2Fh%2F%3Fdataset%3Dxor",
)
MANY_COLUMNS = "id,when,txt,n,c\n" + "\n".join(
    f"{i},2020-01-{i + 1:02},t{'x' * i},{i * 1.5 if i != 3 else 'oops'},{'ab'[i % 2]}" for i in range(25)
)
FILES = (
    "",
    "a,b\n1,2\n",
    "a;b;c\n1,5;x;1\n2,5;y;2\n3,5;y;1\n",
    "# c\nfoo\n\na,b\n1,2\n3,4\n5,6\n,7\n8,9,\nend of table\n",
    MANY_COLUMNS,
    "a\n1\n2",
    'a,b\n1,"2\n',
    "a,b\n1,1\n2,1\n",
    "a,b\n(1),€3\n2,$4\n",
    "a,b,c\n1,234;x,1\n",
)
CHOICES: tuple[dict[str, Any], ...] = (
    {"delimiter": "x"},
    {"decimal": ",", "thousands": ","},
    {"first_row": -1},
    {"missing": "q"},
    {"kinds": (("a", "z"),)},
    {"target": "zz"},
    {"encoding": "q"},
)


@pytest.fixture(scope="module")
def templates() -> set[str]:
    """Every text of the catalogues, singular and plural."""
    spec = importlib.util.spec_from_file_location("translations", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    texts = [text for text, _ in script.find_texts()]
    return {part for text in texts for part in ((text,) if isinstance(text, str) else text)}


def sentence_of(call: Callable[[], Any]) -> list[str]:
    """What the error of ``call`` says."""
    try:
        call()
    except PlaygroundError as error:
        return [error.sentence]
    return []


def notes_of(link: str) -> list[str]:
    """What is said of a link, as an error or in notes."""
    try:
        return list(open_link(link).notes)
    except PlaygroundError as error:
        return [error.sentence]


def words_about(content: str) -> Iterator[str]:
    """What is said of a file, and what its choices are called."""
    try:
        reading = read_table(content)
        for note in reading.notes:
            yield from (note.text, *(alternative.label for alternative in note.alternatives))
        yield from (*reading.table().notes, reading.table().label)
    except PlaygroundError as error:
        yield error.sentence


def unmarked(text: str, templates: set[str]) -> list[str]:
    """The parts of ``text`` that no catalogue can translate."""
    if isinstance(text, NumberText):
        return []
    if isinstance(text, CountedSentence):
        return unmarked(text.first, templates)
    if not isinstance(text, Translatable):
        return [text]
    pieces: tuple[Any, ...] | None = getattr(text, "parts", None)  # of a sum, some of them the user's own
    values = text.values.values() if pieces is None else pieces
    inner = [part for value in values if isinstance(value, Translatable) for part in unmarked(value, templates)]
    return inner if pieces is not None or text.template in templates else [text, *inner]


def assert_marked(sentences: Iterable[str], templates: set[str]) -> None:
    checked = list(sentences)
    assert checked
    for sentence in checked:
        assert not unmarked(sentence, templates), sentence


def test_the_check_sees_what_is_not_marked(templates: set[str]) -> None:
    assert unmarked("a sentence", templates)
    assert unmarked(mark("no text of any catalogue"), templates)
    assert unmarked(mark("{name} is left out: {why}", name="x", why=mark("no text of any catalogue")), templates)


@pytest.mark.parametrize("fields", FIELDS, ids=str)
def test_errors_of_fields(fields: dict[str, Any], templates: set[str]) -> None:
    assert_marked(sentence_of(lambda: Experiment.of(**fields)), templates)


@pytest.mark.parametrize("data", [3, {"problem": 3}, {"problm": {}}, {"problem": {"noise1": 1}}, "{"], ids=str)
def test_errors_of_json(data: Any, templates: set[str]) -> None:
    parse = Experiment.from_json if isinstance(data, str) else Experiment.from_dict
    assert_marked(sentence_of(lambda: parse(data)), templates)


@pytest.mark.parametrize("link", LINKS)
def test_notes_of_links(link: str, templates: set[str]) -> None:
    assert_marked(notes_of(link), templates)


@pytest.mark.parametrize("content", FILES)
def test_notes_of_files(content: str, templates: set[str]) -> None:
    assert_marked(words_about(content), templates)


@pytest.mark.parametrize("choices", CHOICES, ids=str)
def test_errors_of_choices_about_a_file(choices: dict[str, Any], templates: set[str]) -> None:
    assert_marked(sentence_of(lambda: read_table("a,b\n1,2\n3,4\n", ReadingChoices(**choices))), templates)


def test_pictures_titles_and_devices(templates: set[str]) -> None:
    wine = Experiment.of(dataset="wine", axes=["hue", "ash"])
    units = picture_units(Experiment.of(), prepare(Experiment.of()))
    assert_marked(
        (
            prepare(wine).picture.note,
            prepare(wine).target.label,
            units.name,
            units.meaning,
            experiment_title(Experiment.of(hidden=[])),
            device_sentence(),
            class_label("3"),
            legend("optimizer", r"\theta - \eta g"),
        ),
        templates,
    )


@pytest.mark.parametrize(
    ("dataset", "column", "short", "full"),
    [
        ("wine", "malic_acid", "malic acid", "malic acid"),
        ("iris", "petal_width_cm", "petal width cm", "petal width (cm)"),
        ("breast_cancer", "worst_concave_points", "worst concave points",
         "concave points of the worst nuclei (mean of the three largest)"),
    ],
)  # fmt: skip
def test_columns_of_measured_data(dataset: str, column: str, short: str, full: str, templates: set[str]) -> None:
    labels = short_column_label(dataset, column), column_label(dataset, column)
    assert labels == (short, full)
    assert_marked(labels, templates)
    assert type(short_column_label("table", "malic_acid")) is str, "a user's own column is not translated"


def test_numbers_take_the_signs_of_the_language() -> None:
    numbers = format_precise(1.25), format_signed(-1.5, 1), format_brief(0.05), format_percent(0.125, 1)
    assert numbers == ("1.25", "−1.5", "0.05", "12.5 %")
    assert [polish(number) for number in numbers] == ["1,25", "−1,5", "0,05", "12,5 %"]


def test_how_many_others_are_wrong_stands_before_the_sentences_last_sign() -> None:
    first = mark("{name} must be at most {limit}.", name="units", limit=3)
    counted = CountedSentence(first, 2)
    assert counted == "units must be at most 3 (and 2 more)."
    assert polish(counted) == "Höchstens 3 darf units sein (und 2 weitere)."
    assert polish(pickle.loads(pickle.dumps(counted))) == polish(counted)


@pytest.fixture
def new_terms() -> Iterator[None]:
    """Terms are read from the made-up catalogue, and forgotten again."""
    term_links._forms.cache_clear()
    yield
    term_links._forms.cache_clear()


@pytest.mark.usefixtures("new_terms")
def test_terms_are_found_in_the_language_of_the_text() -> None:
    with use_language("pl"):
        assert term_links.terms_in("优化Bias时，这批样本的梯度裁剪") == {"Bias": "bias", "批样": "batch"}
        assert term_links.with_links("每批样本。Bias") == "每[批样](#term-batch)本。[Bias](#term-bias)"
        assert GLOSSARY["batch"].forms == ("批样", "小批量")
        assert term_links.terms_in("逐步") == {}, "one letter of such a script stands in too many words"
    assert term_links.terms_in("a batch, unbiased") == {"batch": "batch"}
