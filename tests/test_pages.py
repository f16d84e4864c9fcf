"""The pages as Streamlit runs them: every control does what it says, bad input is answered calmly, nothing is lost."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from playground.datasets import DATASETS
from playground.errors import PlaygroundError
from playground.experiment import Experiment, Handout, handout_query
from playground.experiment.handout_areas import AREAS, RULE_SETS, controls_of
from playground.experiment.links.parse import open_address, open_link
from playground.experiment.links.short_link import pack_query
from playground.live import Run
from playground.live.inspection.sample_losses import SampleLosses
from playground.objectives.losses import fitting_losses
from playground.objectives.optimizers import OPTIMIZERS
from playground.presets import PRESETS
from playground.stage.connection import connection_of
from playground.term_links import with_links
from playground.web.components import decode
from playground.web.session import Session
from playground.workspace.gallery import load
from tests.sampling import mark_long_except

APP = str(Path(__file__).resolve().parents[1] / "app.py")


def opened(**query: str) -> AppTest:
    """The app as it is after its first run, opened by a link; a program that serves everybody is there by then."""
    with contextlib.suppress(PlaygroundError):
        run = Run("ahead", open_address(list(query.items())).experiment, wait=False)
        if run.observer.general:
            run.compile()
    app = AppTest.from_file(APP, default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def current(app: AppTest) -> Session:
    assert not app.exception
    return app.session_state["session"]


def message(app: AppTest) -> tuple[dict, dict]:
    """Header and blocks of what the stage was told."""
    return decode(next(one.proto.bytes for one in app.get("bidi_component") if one.proto.component_name == "stage"))


def test_the_page_opens_with_the_first_boundary() -> None:
    app = opened()
    header, blocks = message(app)
    assert (header["start"], header["n"]) == (0, 1)
    assert header["scene"]["axes"]["xlim"] == [-6, 6]
    assert blocks["map"].shape == (1, 1, 64, 64)
    assert len(set(blocks["map"].ravel())) > 10
    assert not app.info


def test_a_knob_goes_on_and_a_structure_starts_again() -> None:
    app = opened()
    first = current(app).run
    app.select_slider(key="field_learning_rate").set_value(0.3).run()
    assert current(app).run is first
    assert message(app)[0]["epoch"] == 1
    app.selectbox(key="field_activation").set_value("relu").run()
    assert current(app).run is not first
    assert current(app).experiment.structure.activation == "relu"
    session = current(app)
    assert message(app)[0]["scene"]["title"].startswith("Circle · 4-2 relu")
    session.run.compile()
    connection_of(session).answer({"run": session.run.name, "mount": True})
    assert decode(connection_of(session).message)[0]["n"] == 1


@pytest.mark.parametrize("dataset", mark_long_except(DATASETS, "circle", "blobs", "plane", "breast_cancer", "diabetes"))
def test_every_dataset_can_be_chosen_with_every_loss_that_is_offered(dataset: str) -> None:
    app = opened(hidden="2")
    app.selectbox(key="field_dataset").set_value(dataset).run()
    session = current(app)
    assert session.experiment.problem.dataset == dataset
    offered = app.selectbox(key="field_loss").options
    assert offered == [loss.label for loss in fitting_losses(session.experiment.task)]
    assert not app.info


@pytest.mark.parametrize("optimizer", mark_long_except(OPTIMIZERS, "sgd", "adam", "lbfgs", "adafactor"))
def test_every_optimizer_shows_its_own_knobs(optimizer: str) -> None:
    app = opened(hidden="2")
    app.selectbox(key="field_optimizer").set_value(optimizer).run()
    knobs = current(app).experiment.knobs.as_dict()
    for name, value in OPTIMIZERS[optimizer].defaults.items():
        assert knobs[name] == value
    keys = {element.key for element in [*app.select_slider, *app.slider]}
    for name in OPTIMIZERS[optimizer].knobs:
        assert f"field_{name}" in keys


def test_the_row_of_choices_changes_what_it_says() -> None:
    app = opened()
    app.selectbox(key="regularization").set_value("l2").run()
    assert current(app).experiment.knobs.l2 == 0.003
    app.select_slider(key="bar_l2").set_value(0.1).run()
    assert app.select_slider(key="field_l2").value == current(app).experiment.knobs.l2 == 0.1
    app.selectbox(key="regularization").set_value("dropout").run()
    assert (current(app).experiment.knobs.l2, current(app).experiment.knobs.dropout) == (0.0, 0.2)
    app.slider(key="field_dropout").set_value(50.0).run()
    assert current(app).experiment.knobs.dropout == 0.5
    app.selectbox(key="regularization").set_value("").run()
    assert current(app).experiment.knobs.dropout == 0.0
    app.selectbox(key="problem").set_value("regression").run()
    assert current(app).experiment.task == "regression"
    assert app.selectbox(key="field_dataset").value == current(app).experiment.problem.dataset
    app.select_slider(key="field_batch_size").set_value(50).run()
    assert current(app).experiment.structure.batch_size == 50
    app.selectbox(key="field_optimizer").set_value("lbfgs").run()
    assert "field_learning_rate" not in {slider.key for slider in app.select_slider}
    assert not app.exception
    assert not app.info


def test_buttons_undo_redo_and_go_back_to_the_defaults() -> None:
    app = opened(noise="0.1")
    assert [app.button(key=f"history_{name}").disabled for name in ("undo", "redo", "defaults")] == [True, True, False]
    app.selectbox(key="field_optimizer").set_value("adam").run()
    app.button(key="history_undo").click().run()
    assert app.selectbox(key="field_optimizer").value == "sgd"
    app.button(key="history_redo").click().run()
    assert app.selectbox(key="field_optimizer").value == "adam"
    app.button(key="history_defaults").click().run()
    assert app.selectbox(key="field_optimizer").value == "sgd"
    assert current(app).experiment == current(app).defaults
    locked = opened(lock="undo")
    assert not [button for button in locked.button if str(button.key).startswith("history_")]


def test_a_press_that_comes_with_what_other_controls_said_before_changes_nothing_else() -> None:
    app = opened()
    rate = app.select_slider(key="field_learning_rate").value
    app.selectbox(key="field_optimizer").set_value("adam").run()
    assert current(app).experiment.knobs.learning_rate != rate
    # The browser has not heard of Adam's rate yet.
    app.select_slider(key="field_learning_rate").set_value(rate)
    app.select_slider(key="field_batch_size").set_value(20).run()
    experiment = current(app).experiment
    assert (experiment.structure.optimizer, experiment.structure.batch_size) == ("adam", 20)
    assert experiment.knobs.learning_rate == OPTIMIZERS["adam"].defaults["learning_rate"]
    assert app.select_slider(key="field_learning_rate").value == experiment.knobs.learning_rate


def test_two_quick_presses_in_the_picture_of_a_handout_count_twice() -> None:
    app = page("keep/share")
    app.button(key="handout_area_data").click().run()
    assert app.button(key="handout_area_data").label.endswith("locked")
    # The browser has not heard of the lists of controls yet.
    app.multiselect(key="handout_lock").set_value([])
    app.button(key="handout_area_data").click().run()
    assert app.button(key="handout_area_data").label.endswith("hidden")
    assert app.multiselect(key="handout_hide").value
    assert not app.multiselect(key="handout_lock").value


def test_layers_with_activations_of_their_own_are_given_one_by_the_row() -> None:
    app = opened(activation="tanh,relu")
    assert app.selectbox(key="mixed_activation").value == ""
    app.selectbox(key="mixed_activation").set_value("gelu").run()
    assert current(app).experiment.structure.activation == "gelu"


def test_a_folded_section_says_what_it_holds() -> None:
    app = opened(noise="0.125", samples="300", hidden="8,8", normalization="batch", l1="0.01", clip_norm="1")
    lines = [section.label.replace("\\", "") for section in app.expander]
    for words in ("300 samples, noise 12.5 %, 50 % to train", "8 - 8, Glorot", "clipped at 1", "L1 0.01"):
        assert any(words in line for line in lines), words
    assert app.slider(key="field_noise").value == 12.5


def test_hidden_layers_are_typed_and_what_is_not_understood_stays() -> None:
    app = opened()
    app.text_input(key="field_hidden").set_value("8 x").run()
    assert current(app).experiment.structure.hidden == (4, 2)
    assert app.text_input(key="field_hidden").value == "8 x"
    assert "whole number" in app.info[0].value
    app.text_input(key="field_hidden").set_value("8, 5").run()
    assert current(app).experiment.structure.hidden == (8, 5)
    assert not app.info
    app.text_input(key="field_hidden").set_value("").run()
    assert current(app).experiment.structure.hidden == ()
    app.text_input(key="field_hidden").set_value("9999").run()
    assert "1 to 64" in app.info[0].value


def test_an_activation_a_layer() -> None:
    app = opened()
    app.toggle(key="each_activation").set_value(True).run()
    app.selectbox(key="activation_1").set_value("relu").run()
    assert current(app).experiment.structure.activation == ("tanh", "relu")
    app.text_input(key="field_hidden").set_value("4 2 3").run()
    assert current(app).experiment.structure.activation == ("tanh", "relu", "relu")


def test_no_feature_at_all_is_answered_and_nothing_is_lost() -> None:
    app = opened()
    app.multiselect(key="field_features").set_value([]).run()
    assert current(app).experiment.problem.features == ("x1", "x2")
    assert app.info


def test_a_table_shows_two_columns_or_components_and_says_so() -> None:
    app = opened(dataset="wine", hidden="2")
    assert "principal components" in message(app)[0]["scene"]["axes"]["note"]
    app.selectbox(key="axis_0").set_value("alcohol").run()
    scene = message(app)[0]["scene"]
    assert scene["axes"]["x"] == "alcohol"
    assert "held at the mean" in scene["axes"]["note"]


def test_the_link_holds_the_experiment_and_opens_it() -> None:
    app = opened()
    app.selectbox(key="field_dataset").set_value("spiral").run()
    app.text_input(key="field_hidden").set_value("6, 6").run()
    app.slider(key="field_noise").set_value(20).run()
    link = {name: value if isinstance(value, str) else value[0] for name, value in app.query_params.items()}
    assert current(opened(**link)).experiment == current(app).experiment


@pytest.mark.parametrize(
    "query",
    [
        {"hidden": "9999"},
        {"hidden": "9" * 100_000},
        {"learning_rate": "nan"},
        {"dataset": "<script>alert(1)</script>"},
        {"dataset": "table"},
        {"evil": "1"},
        {"loss": "hinge", "dataset": "plane"},
        {"activation": "relu,relu,relu"},
    ],
    ids=lambda query: next(iter(query)) + str(len(str(query))),
)
def test_a_link_that_makes_no_sense_is_put_right_and_answered_in_one_calm_note(query: dict[str, str]) -> None:
    app = opened(**query)
    assert current(app).experiment.structure.hidden == ((64,) if query.get("hidden") == "9999" else (4, 2))
    assert len(app.info) == 1
    assert "script" not in app.info[0].value or "`" in app.info[0].value or "'" in app.info[0].value
    assert not app.error


def test_commands_of_the_stage() -> None:
    app = opened()
    session = current(app)
    first = session.run
    before = message(app)[1]["map"]
    connection_of(session).command({"name": "reset"})
    assert session.run is not first
    assert (decode(connection_of(session).message)[1]["map"] == before).all()
    connection_of(session).command({"name": "new_start"})
    assert session.experiment.problem.init_seed == 1
    assert (decode(connection_of(session).message)[1]["map"] != before).any()
    for forged in (None, 5, {"name": "drop"}, {"name": ["reset"]}, {}):
        connection_of(session).command(forged)
        connection_of(session).answer(forged)


def test_wants_are_answered_with_frames() -> None:
    app = opened()
    session = current(app)
    session.run.compile()
    connection_of(session).answer({"run": session.run.name, "epoch": 0, "from": 1, "pace": 10, "head": 0})
    header, blocks = decode(connection_of(session).message)
    assert header["start"] == 1
    assert header["n"] == len(blocks["scalars"]) > 0
    assert blocks["scalars"][0, 0] == 10


@pytest.mark.parametrize(
    ("view", "charts"), [("History", 1), ("Output in 3-D", 1), ("Right and wrong", 2), ("Compare two moments", 1)]
)
def test_a_closer_look_is_offered_while_paused(view: str, charts: int) -> None:
    app = opened()
    session = current(app)
    session.run.compile()
    connection_of(session).answer({"run": session.run.name, "epoch": 0, "from": 1, "pace": 10, "head": 0})
    SampleLosses(session.run.trainer).recipe.program()
    for mark, head in (("a", 0), ("b", 1)):
        connection_of(session).command({"name": "bookmark", "mark": mark, "head": head})
    app.session_state["closer"] = view
    app.run()
    assert not app.exception
    assert len(app.get("plotly_chart")) == charts
    connection_of(session).command({"name": "play"})
    app.run()
    assert len(app.get("plotly_chart")) == 0


def page(name: str, **query: str) -> AppTest:
    """Another page, after the playground was open."""
    app = opened(**query)
    return app.switch_page(f"pages/{name}.py").run()


def test_pasted_rows_are_shown_confirmed_and_learned() -> None:
    app = page("play/your_data")
    app.text_area(key="own_paste").set_value("a\tb\tkind\n" + "1\t2\tx\n3\t4\ty\n5\t7\tx\n2\t9\ty\n" * 3).run()
    assert any("rows and 3 columns, parted by tabs" in one.value for one in app.text)
    app.button(key="own_go").click().run()
    session = current(app)
    assert session.experiment.problem.features == ("a", "b")
    assert session.run.trainer.prepared.class_names == ("x", "y")
    session.change("learning_rate", 0.1)
    assert not session.notes


def test_what_was_brought_and_chosen_is_there_again_on_return() -> None:
    app = page("play/your_data")
    rows = "a\tb\tkind\n" + "1\t2\tx\n3\t4\ty\n5\t7\tx\n2\t9\ty\n" * 3
    app.text_area(key="own_paste").set_value(rows).run()
    app.selectbox(key="own_missing").set_value("mean")
    app.multiselect[0].set_value(["a"]).run()
    for other in ("keep/share", "play/playground"):
        app.switch_page(f"pages/{other}.py").run()
        app.switch_page("pages/play/your_data.py").run()
        assert app.text_area(key="own_paste").value == rows
        assert app.multiselect[0].value == ["a"]
        assert app.selectbox(key="own_missing").value == "mean"
    app.text_area(key="own_paste").set_value("").run()
    app.switch_page("pages/keep/share.py").run()
    app.switch_page("pages/play/your_data.py").run()
    assert not app.exception
    assert not app.multiselect
    assert not app.text_area(key="own_paste").value


def test_a_file_is_there_again_on_return_until_it_is_forgotten() -> None:
    app = page("play/your_data")
    rows = b"a,b,kind\n" + b"1,2,x\n3,4,y\n5,7,x\n2,9,y\n" * 3
    app.file_uploader(key="own_file").upload("points.csv", rows, "text/csv").run()
    assert app.multiselect
    app.switch_page("pages/keep/share.py").run()
    app.switch_page("pages/play/your_data.py").run()
    assert any(one.value.startswith("points.csv") for one in app.text)
    assert app.multiselect[0].value == ["a", "b"]
    assert "own_upload" in app.session_state
    app.button(key="own_forget").click().run()
    assert not app.multiselect
    assert "own_upload" not in app.session_state
    current(app)


def test_a_handout_that_fixes_the_data_keeps_it_from_ones_own_rows_too() -> None:
    app = opened(lock="dataset")
    app.switch_page("pages/play/your_data.py").run()
    app.text_area(key="own_paste").set_value("a\tb\tkind\n" + "1\t2\tx\n3\t4\ty\n5\t7\tx\n2\t9\ty\n" * 3).run()
    app.button(key="own_go").click().run()
    assert len(app.error) == 1
    assert current(app).experiment.problem.dataset == "circle"
    assert current(app).handout == Handout(lock=("dataset",))


def test_another_reading_is_a_click_away_and_can_be_taken_back() -> None:
    app = page("play/your_data")
    app.text_area(key="own_paste").set_value("x;y;k\n" + "0,125;1,250;A\n0,5;2,125;B\n" * 3).run()
    assert any("1,250" in words.value and "1.25" in words.value for words in app.text)
    button = next(button for button in app.button if "1250" in button.label.replace("\\", ""))
    button.click().run()
    assert app.selectbox(key="own_decimal").value == "point"
    next(button for button in app.button if "1.25," in button.label.replace("\\", "")).click().run()
    assert app.selectbox(key="own_decimal").value == "comma"
    app.button(key="own_go").click().run()
    assert not app.exception
    table = current(app).table_used
    assert table is not None
    assert table.x[:2].tolist() == [[0.125, 1.25], [0.5, 2.125]]


def test_nothing_that_was_chosen_is_lost_on_an_error() -> None:
    app = page("play/your_data")
    app.text_area(key="own_paste").set_value("a,b,name\n" + "".join(f"{i},{i * i},n{i}\n" for i in range(30))).run()
    before = current(app).experiment
    app.multiselect[0].set_value(["a"]).run()
    app.button(key="own_go").click().run()
    assert "30 classes" in app.error[0].value
    assert current(app).experiment == before
    app.selectbox(key="own_delimiter").set_value("semicolon").run()
    assert len(app.error) == 1
    assert not app.multiselect
    app.selectbox(key="own_delimiter").set_value("comma").run()
    assert app.multiselect[0].value == ["a"]
    assert not app.exception


def test_a_paste_that_is_no_table_is_answered_in_a_sentence() -> None:
    app = page("play/your_data")
    app.text_area(key="own_paste").set_value("hello").run()
    assert not app.exception
    assert len(app.error) == 1


def test_a_preset_loads_at_a_click() -> None:
    app = page("play/gallery")
    assert not app.exception
    app.button(key="preset_wine").click().run()
    assert current(app).experiment.problem.dataset == "wine"


def test_a_presets_words_stand_above_the_stage_until_the_experiment_is_another() -> None:
    app = page("play/gallery")
    app.button(key="preset_wine").click().run()
    app.switch_page("pages/play/playground.py").run()
    assert any(with_links(PRESETS["wine"].explanation) in words.value for words in app.markdown)
    app.button(key="preset_next").click().run()
    names = list(PRESETS)
    after = PRESETS[names[names.index("wine") + 1]]
    assert current(app).experiment == after.experiment
    assert any(with_links(after.explanation) in words.value for words in app.markdown)
    app.select_slider(key="field_batch_size").set_value(1 if after.experiment.structure.batch_size != 1 else 2).run()
    assert not any(with_links(after.explanation) in words.value for words in app.markdown)
    assert "preset_next" not in {button.key for button in app.button}
    app.button(key="history_undo").click().run()
    assert any(with_links(after.explanation) in words.value for words in app.markdown)


def test_every_card_has_its_picture_in_words_and_the_handout_holds_in_the_gallery() -> None:
    app = page("play/gallery")
    pictures = [one.proto.body for one in app.get("html") if '<img class="preset-picture"' in one.proto.body]
    assert len(pictures) == len(PRESETS)
    assert all(
        re.search(r'<img [^>]*src="app/static/\w+/preset-\w+-light.svg"[^>]* alt="After ', one) for one in pictures
    )
    app = opened(lock="optimizer", title="Try it")
    app.switch_page("pages/play/gallery.py").run()
    assert app.button(key="preset_spiral").disabled, "it uses Adam"
    assert not app.button(key="preset_xor_with_a_feature").disabled
    assert any("Optimizer" in caption.value for caption in app.caption)
    load(current(app), PRESETS["spiral"])
    assert current(app).experiment == Experiment(), "the server refuses it too"
    app.button(key="preset_xor_with_a_feature").click().run()
    assert current(app).experiment == PRESETS["xor_with_a_feature"].experiment
    assert current(app).handout == Handout(lock=("optimizer",), title="Try it"), "the handout goes on"
    app.switch_page("pages/play/playground.py").run()
    app.button(key="preset_next").click().run()
    assert current(app).experiment.structure.optimizer == "sgd", "what may not be loaded is passed over"


def test_a_link_of_tensorflow_playground_opens() -> None:
    app = page("keep/share")
    app.text_input(key="open_link").set_value(
        "https://playground.tensorflow.org/#dataset=spiral&networkShape=6,5"
    ).run()
    app.button(key="open_link_go").click().run()
    assert current(app).experiment.structure.hidden == (6, 5)
    app.text_input(key="open_link").set_value("nonsense").run()
    app.button(key="open_link_go").click().run()
    assert len(app.error) == 1


def links_of_class(app: AppTest) -> tuple[str, str]:
    """The short link and the long one, of a page that has no error."""
    assert not app.exception
    return app.code[1].value, app.code[2].value


def test_a_class_gets_a_link_with_hidden_and_locked_controls() -> None:
    app = page("keep/share")
    app.multiselect(key="handout_hide").set_value(["noise", "samples"]).run()
    app.multiselect(key="handout_lock").set_value(["learning_rate"]).run()
    short, long = links_of_class(app)
    assert "hide=samples%2Cnoise" in long
    assert "lock=learning_rate" in long
    assert open_link(short) == open_link(long)
    assert open_link(short).handout == Handout(hide=("noise", "samples"), lock=("learning_rate",))


def test_what_a_link_showed_from_the_start_is_shown_to_the_class_as_well() -> None:
    app = page("keep/share", show="test,discretize")
    assert open_link(links_of_class(app)[0]).handout.show == ("test", "discretize")


def test_a_handout_is_chosen_in_a_picture_of_the_page_and_kept_while_other_pages_are_seen() -> None:
    app = page("keep/share", dataset="spiral")
    assert len([one for one in app.button if str(one.key).startswith("handout_area_")]) == len(AREAS) <= 10
    app.button(key="handout_rules_rate").click().run()
    app.text_input(key="handout_title").set_value("Which rate?").run()
    hide, lock = controls_of(RULE_SETS["rate"])
    assert open_link(links_of_class(app)[0]).handout == Handout(title="Which rate?", hide=hide, lock=lock)
    assert app.button(key="handout_area_data").label.endswith("locked")
    app.button(key="handout_area_data").click().run()
    assert app.button(key="handout_area_data").label.endswith("hidden")
    app.switch_page("pages/play/gallery.py").run()
    app.switch_page("pages/keep/share.py").run()
    opened_handout = open_link(links_of_class(app)[0]).handout
    assert opened_handout.title == "Which rate?"
    assert set(AREAS["data"].controls) == set(opened_handout.hide)
    app.button(key="handout_area_data").click().run()
    app.button(key="handout_rules_free").click().run()
    assert open_link(links_of_class(app)[0]).handout == Handout(title="Which rate?")


def test_a_class_sees_the_experiments_that_its_teacher_chose_under_its_rules() -> None:
    app = opened(gallery="wine,nonsense,spiral", lock="learning_rate", title="Compare")
    app.switch_page("pages/play/gallery.py").run()
    loads = [one.key for one in app.button if str(one.key).startswith("preset_")]
    assert loads == ["preset_wine", "preset_spiral"]
    app.button(key="preset_wine").click().run()
    session = current(app)
    assert session.experiment.problem.dataset == "wine"
    assert session.handout.is_locked("learning_rate")
    connection_of(session).command({"name": "change", "changes": {"learning_rate": 1.0}})
    assert session.experiment.knobs.learning_rate != 1.0


def test_a_short_link_opens_and_a_broken_one_is_answered_in_a_sentence() -> None:
    handout = Handout(title="Try it", lock=("learning_rate",))
    app = opened(**pack_query({"dataset": "spiral"} | handout_query(handout)))
    assert current(app).experiment.problem.dataset == "spiral"
    assert current(app).handout == handout
    app = opened(z="1not-a-link", noise="0.2")
    assert "short link" in current(app).notes[0]
    assert current(app).experiment.problem.noise == 0.2


def test_a_handout_hides_locks_and_refuses() -> None:
    app = opened(hide="noise,hidden", lock="learning_rate", title="Try it", words="<b>Solve</b> it.")
    assert "field_noise" not in {one.key for one in app.slider}
    assert not [one for one in app.text_input if one.key == "field_hidden"]
    assert "field_learning_rate" not in {slider.key for slider in app.select_slider}
    assert "0.03" in {paragraph.value.replace("\\", "") for paragraph in app.markdown}
    assert "Try it" in {one.value for one in app.text}
    assert "<\u2060b>Solve<\u2060/b> it." in {one.value for one in app.markdown}
    session = current(app)
    connection_of(session).command({"name": "change", "changes": {"learning_rate": 1.0}})
    assert session.experiment.knobs.learning_rate == 0.03
    assert "locked" in session.notes[0]


def test_saved_experiments_and_code_are_there_and_pages_have_no_errors() -> None:
    app = page("keep/save", dataset="spiral", hidden="4,3")
    assert not app.exception
    assert len(app.get("download_button")) == 5


def test_an_own_feature_is_a_formula_or_a_sentence() -> None:
    app = opened()
    app.text_input(key="own_feature").set_value("sin(2*x1)").run()
    assert current(app).experiment.problem.features == ("x1", "x2", "sin(2*x1)")
    app.text_input(key="own_feature").set_value("__import__('os')").run()
    assert len(app.info) == 1
    assert current(app).experiment.problem.features == ("x1", "x2", "sin(2*x1)")


def test_commands_of_the_stage_are_checked_whatever_they_hold() -> None:
    session = current(opened())
    before = session.experiment
    for data in (
        None,
        "play",
        {"name": "unknown"},
        {"name": "change", "changes": {"hidden": [9999]}},
        {"name": "change", "changes": "x"},
        {"name": "edit", "layer": 99, "source": 0, "unit": 0, "value": 1},
        {"name": "edit", "layer": 0, "source": 0, "unit": 0, "value": "x"},
        {"name": "switch", "kind": "unit", "layer": 9, "unit": 9, "on": 1},
        {"name": "switch", "kind": "link", "layer": 0, "source": 99, "unit": 0, "on": 1},
        {"name": "paint", "add": [["a", 1, 2]]},
        {"name": "paint", "add": [[1e9, 1, 0]]},
        {"name": "choose_branch", "branch": "nope"},
        {"name": "bookmark", "mark": "zzz"},
    ):
        connection_of(session).command(data)
    assert session.experiment == before
    connection_of(session).command({"name": "edit", "layer": 0, "source": 0, "unit": 0, "value": 2.0, "head": 0})
    assert float(session.run.state(1).params[0]["w"][0, 0]) == 2.0
    connection_of(session).command({"name": "bookmark", "mark": "a", "head": 0})
    connection_of(session).command({"name": "branch", "head": 1})
    assert len(session.branches) == 2
    assert decode(connection_of(session).message)[0]["branches"][1]["shown"]


def test_quick_presses_on_the_diagram_all_count() -> None:
    session = current(opened(hidden="4,2"))
    for _ in range(2):
        connection_of(session).command({"name": "resize", "layer": 0, "by": 1})
    connection_of(session).command({"name": "resize", "layer": None, "by": 1})
    connection_of(session).command({"name": "activate", "layer": 2, "name_of": "relu"})
    connection_of(session).command({"name": "feature", "name_of": "sin_x1"})
    connection_of(session).command({"name": "feature", "name_of": "x2"})
    assert session.experiment.structure.hidden == (6, 2, 2)
    assert session.experiment.structure.activation == ("tanh", "tanh", "relu")
    assert session.experiment.problem.features == ("x1", "sin_x1")
    connection_of(session).command({"name": "resize", "layer": None, "by": -1})
    assert session.experiment.structure.activations == ("tanh", "tanh")


def test_what_the_diagram_cannot_mean_changes_nothing() -> None:
    session = current(opened(hidden="4"))
    before = session.experiment
    for data in ({"by": 7}, {"by": True, "layer": 9}, {"layer": 9, "by": 1}, {}, {"layer": "x", "by": "1"}):
        connection_of(session).command({"name": "resize", **data})
    connection_of(session).command({"name": "activate", "layer": 3, "name_of": "relu"})
    connection_of(session).command({"name": "activate", "layer": 0, "name_of": "nonsense"})
    connection_of(session).command({"name": "feature", "name_of": "__import__('os')"})
    assert session.experiment == before


def test_a_command_that_was_lost_or_said_twice_is_done_once() -> None:
    session = current(opened(hidden="4,2"))
    more = {"name": "resize", "layer": 0, "by": 1, "talk": "a"}
    first, second = more | {"nonce": 1, "earlier": []}, more | {"nonce": 2, "earlier": [more | {"nonce": 1}]}
    connection_of(session).command(second)
    assert session.experiment.structure.hidden == (6, 2)
    assert decode(connection_of(session).message)[0]["heard"] == ["a", 2]
    connection_of(session).command(first)
    connection_of(session).command(second)
    assert session.experiment.structure.hidden == (6, 2)
    assert decode(connection_of(session).message)[0]["only_heard"] is True
    connection_of(session).command(more | {"nonce": 1, "talk": "b", "earlier": "no list"})
    assert session.experiment.structure.hidden == (7, 2)
