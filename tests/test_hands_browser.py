"""Cards, links by keys, crowded and small screens, one's own rows and features, and the closer look, in a real
browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import STAGE, data, frame, on, open_section, pause, picture, play, step, until, visit

PATIENCE = 60_000
"""A structure is compiled on a machine that may be busy."""
SPREADSHEET = "length\twidth\tkind\n" + "\n".join(
    f"{i / 10}\t{i * 7 % 11}\t{'red' if i > 30 else 'blue'}" for i in range(60)
)


def box(found: Locator) -> dict[str, float]:
    """Where it is on the screen."""
    place = found.bounding_box()
    assert place
    return {name: float(place[name]) for name in ("x", "y", "width", "height")}


def apart(one: dict[str, float], other: dict[str, float]) -> bool:
    """Whether two boxes have nothing in common."""
    return (
        one["x"] + one["width"] <= other["x"]
        or other["x"] + other["width"] <= one["x"]
        or one["y"] + one["height"] <= other["y"]
        or other["y"] + other["height"] <= one["y"]
    )


def go_to_own_rows(page: Page, server: str) -> None:
    """By the navigation: a page's own address has the console complain of Streamlit's probes."""
    visit(page, server)
    page.get_by_text("Play", exact=True).first.click()
    page.locator("a[href$='/your_data']").first.click()
    expect(page.get_by_role("heading", name="Your data")).to_be_visible(timeout=PATIENCE)


def paused_at(page: Page, url: str, steps: int = 50) -> None:
    """Open ``url``, train for so many steps, and pause."""
    visit(page, url)
    play(page, steps)
    pause(page)


def test_the_outputs_bias_is_edited_by_mouse(page: Page, server: str) -> None:
    paused_at(page, server)
    at, before = frame(page), picture(page)
    on(page, "unit-3-0").hover()
    expect(on(page, "card")).to_be_visible()
    assert apart(box(on(page, "card")), box(on(page, "unit-3-0"))), "what one points at stays in sight"
    on(page, "unit-3-0").click()
    on(page, "bias").fill("2")
    on(page, "bias").press("Enter")
    until(page, f"d.frame === '{at + 1}'")
    page.keyboard.press("Escape")
    page.mouse.move(5, 5)
    expect(on(page, "card")).to_be_hidden()
    assert picture(page) != before


@pytest.mark.long
def test_a_link_is_read_edited_and_switched_by_keys_alone(page: Page, server: str) -> None:
    paused_at(page, server)
    turn = int(data(page, "turn"))
    on(page, "unit-2-0").focus()
    page.keyboard.press("Enter")
    on(page, "open-link-1").focus()
    page.keyboard.press("Enter")
    expect(on(page, "card")).to_contain_text("layer 1, unit 2 → layer 2, unit 1")
    expect(on(page, "card")).to_contain_text("gradient")
    expect(on(page, "weight")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("-1.5")
    page.keyboard.press("Enter")
    until(page, f"Number(d.turn) > {turn}")
    expect(on(page, "weight")).to_have_value("-1.5")
    on(page, "link-on").focus()
    page.keyboard.press("Space")
    until(page, f"Number(d.turn) > {turn + 1}")
    expect(on(page, "link-on")).not_to_be_checked()


@pytest.mark.long
def test_a_feature_is_masked_in_mid_training_without_a_restart(page: Page, server: str) -> None:
    visit(page, server)
    play(page, 50)
    run = data(page, "run")
    on(page, "feature-x1").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")  # by key, so that the card comes without a press, which would leave the feature out
    expect(on(page, "card")).to_contain_text("feature x₁")
    on(page, "unit-on").focus()
    page.keyboard.press("Space")
    expect(on(page, "feature-x1")).to_have_class("node off")
    until(page, f"Number(d.step) > {step(page) + 50}")
    assert data(page, "run") == run


def test_eight_layers_are_seen_whole_on_one_screen(page: Page, server: str) -> None:
    visit(page, server + "/?hidden=8,8,8,8,8,8,8,8&activation=relu")
    panel, output = box(page.locator(f"{STAGE} .panel.network")), box(on(page, "unit-9-0"))
    assert output["x"] + output["width"] <= panel["x"] + panel["width"]
    heads = [box(on(page, f"{sign}-{i}")) for i in range(8) for sign in ("fewer", "more")]
    assert all(apart(one, other) for i, one in enumerate(heads) for other in heads[:i])
    assert all(apart(head, box(on(page, "unit-1-0"))) for head in heads)
    on(page, "fewer-7").click()
    page.wait_for_url("**/*hidden=8%2C8%2C8%2C8%2C8%2C8%2C8%2C7*")


@pytest.mark.long
def test_on_a_phone_a_card_is_seen_whole_and_its_unit_too(browser: Browser, server: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    visit(page, server + "/?hidden=8,8,8")
    on(page, "unit-1-0").click()
    card = box(on(page, "card"))
    assert card["x"] >= 0
    assert card["x"] + card["width"] <= 360
    assert apart(card, box(on(page, "unit-1-0")))
    context.close()


@pytest.mark.long
def test_numbers_beyond_measure_stay_in_their_place(page: Page, server: str) -> None:
    visit(page, server + "/?dataset=plane&hidden=8&activation=relu&learning_rate=10.0")
    on(page, "play").click()
    until(page, "d.state === 'diverged'")
    value, place = box(page.locator(f"{STAGE} .number.metric .value")), box(page.locator(f"{STAGE} .right"))
    text = page.locator(f"{STAGE} .number.metric .value").inner_text()
    assert len(text) <= 8, text
    assert apart(value, place)
    expect(page.locator(f"{STAGE} .trouble")).to_contain_text("Diverged")
    expect(page.locator(f"{STAGE} .message")).to_be_hidden()  # the notice says it already


@pytest.mark.long
def test_what_is_right_and_wrong_comes_by_itself(page: Page, server: str) -> None:
    paused_at(page, server)
    page.get_by_text("Right and wrong", exact=True).click()
    expect(page.locator(".js-plotly-plot")).to_have_count(2, timeout=PATIENCE)
    expect(page.get_by_text("recall")).to_have_count(2)


@pytest.mark.long
def test_the_surface_stays_where_it_is_when_the_page_is_scrolled(page: Page, server: str) -> None:
    paused_at(page, server)
    page.get_by_text("Output in 3-D", exact=True).click()
    plot = page.locator(".js-plotly-plot")
    expect(plot).to_have_count(1, timeout=PATIENCE)
    assert plot.evaluate("(one) => one._context.scrollZoom") is False


def point_at_a_sample(page: Page) -> Locator:
    """The note under the picture, once the pointer is on a sample and the server has judged it."""
    surface = page.locator(f"{STAGE} .square canvas").nth(2)
    square = box(surface)
    for down in (0.5, 0.4, 0.6, 0.3, 0.7):
        for across in range(10, 90):
            page.mouse.move(square["x"] + square["width"] * across / 100, square["y"] + square["height"] * down)
            if surface.evaluate("(one) => one.style.cursor") == "pointer":
                note = page.locator(f"{STAGE} .note")
                expect(note).to_contain_text("loss", timeout=PATIENCE)
                return note
    raise AssertionError("no sample on five lines through the picture")


def test_a_regressions_point_tells_target_prediction_and_loss_in_its_units(page: Page, server: str) -> None:
    paused_at(page, server + "/?dataset=diabetes")
    expect(page.locator(f"{STAGE} .legend")).to_have_text(re.compile(r"^25\.0\s*346\s*disease progression$"))
    said = point_at_a_sample(page).inner_text().replace("−", "-")
    told = re.search(
        r"disease progression (\S+); predicted (\S+), error (\S+) \((\S+) standard deviations\), loss (\S+)$", said
    )
    assert told, said
    target, predicted, error, deviations, loss = map(float, told.groups())
    assert 25 <= target <= 346
    assert abs(predicted - target - error) < 1.1
    assert abs(deviations**2 / 2 - loss) <= 0.02 * loss + 1e-6
    expect(page.locator(f"{STAGE} .number.rmse")).to_contain_text("test RMSE")


@pytest.mark.long
def test_one_input_is_fitted_by_a_curve_that_moves_while_it_learns(page: Page, server: str) -> None:
    visit(page, server + "/?dataset=diabetes&features=body_mass_index&optimizer=adam&learning_rate=0.03")
    square, note = page.locator(f"{STAGE} .square"), page.locator(f"{STAGE} .note")
    expect(square).to_have_class("square curve")
    expect(page.locator(f"{STAGE} .legend")).to_have_text("line: the network; marks: the samples")
    expect(on(page, "paint")).to_be_hidden()
    before = picture(page)
    play(page, 100)
    pause(page)
    assert picture(page) != before
    place = box(square)

    def at(share: float) -> float:
        """The answer at a share of the width, read between the samples."""
        page.mouse.move(place["x"] + 30 + (place["width"] - 30) * share, place["y"] + 3)
        expect(note).to_contain_text("body mass index")
        told = re.search(r"disease progression (\S+)", note.inner_text())
        assert told
        return float(told[1])

    assert 30 < at(0.05) < at(0.95) < 346, (
        "it grows with the body mass index, in the units of the disease's progression"
    )
    on(page, "unit-1-0").hover()
    expect(note).to_contain_text("from −")


@pytest.mark.long
def test_the_curves_are_chosen_by_keys_and_read_by_the_pointer(page: Page, server: str) -> None:
    paused_at(page, server, 200)
    chart = page.locator(f"{STAGE} .panel.loss .chart")
    place = box(chart)
    for kind, said in (("metric", "train"), ("gap", "gap"), ("norms", "output"), ("loss", "test")):
        on(page, "chart").select_option(kind)
        page.mouse.move(place["x"] + 60, place["y"] + 40)
        page.mouse.move(place["x"] + 62, place["y"] + 40)
        expect(chart.locator(".tip")).to_contain_text("step")
        expect(chart.locator(".tip")).to_contain_text(said)


@pytest.mark.long
def test_painted_points_are_erased_again_by_mouse(page: Page, server: str) -> None:
    visit(page, server)
    square = box(page.locator(f"{STAGE} .square canvas").nth(2))
    for tool in ("v1", "erase"):
        on(page, "paint").select_option(tool)
        page.mouse.move(square["x"] + 40, square["y"] + 40)
        page.mouse.down()
        page.mouse.up()
        gone = tool == "erase"
        page.wait_for_function(f"() => location.search.includes('painted') !== {str(gone).lower()}", timeout=PATIENCE)


def test_an_own_feature_joins_the_diagram_and_a_foreign_one_is_refused(page: Page, server: str) -> None:
    visit(page, server)
    run = data(page, "run")
    open_section(page, "Data")
    formula = page.get_by_role("textbox", name="Own feature")
    formula.fill("x1**3 - x2")
    formula.press("Enter")
    until(page, f"d.run !== '{run}'")
    expect(page.locator(f"{STAGE} [data-testid^=feature-][aria-pressed=true]")).to_have_count(3)
    formula.fill("__import__('os')")
    formula.press("Enter")
    expect(page.get_by_text("unknown function in the formula")).to_be_visible(timeout=PATIENCE)
    expect(formula).to_have_value("__import__('os')")


def test_rows_from_a_spreadsheet_are_confirmed_and_learned(page: Page, server: str) -> None:
    go_to_own_rows(page, server)
    rows = page.get_by_role("textbox", name="Or paste rows")
    rows.fill(SPREADSHEET)
    rows.press("Control+Enter")
    page.get_by_role("button", name="Learn this").click(timeout=PATIENCE)
    page.wait_for_selector(f"{STAGE}[data-step]", timeout=PATIENCE)
    play(page, 50)
    pause(page)
    expect(page.locator(f"{STAGE} .legend")).to_contain_text("output: −1 for blue, 1 for red")
    said = point_at_a_sample(page).inner_text().replace("−", "-")
    told = re.search(r"(blue|red); output (\S+), target (-1|1), loss (\S+)$", said)
    assert told, said
    name, output, target, loss = told[1], *map(float, told.groups()[1:])
    assert target == {"blue": -1, "red": 1}[name]
    assert abs((output - target) ** 2 / 2 - loss) <= 0.02 * loss + 1e-6


@pytest.mark.long
def test_a_file_is_dropped_on_the_page_and_detected(page: Page, server: str) -> None:
    go_to_own_rows(page, server)
    zone = page.get_by_test_id("stFileUploaderDropzone")
    expect(zone).to_be_visible(timeout=PATIENCE)
    content = "Größe;Art\n" + "\n".join(f"{i},5;{'rot' if i % 2 else 'blau'}" for i in range(30))
    dropped = page.evaluate_handle(
        "(text) => { const held = new DataTransfer(); held.items.add(new File([text], 'points.csv', { type: "
        "'text/csv' })); return held; }",
        content,
    )
    for event in ("dragenter", "dragover", "drop"):
        zone.dispatch_event(event, {"dataTransfer": dropped})
    expect(page.get_by_text("parted by semicolons")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("decimal comma")).to_be_visible()


@pytest.mark.long
def test_links_move_only_for_those_who_want_motion(browser: Browser, server: str) -> None:
    seen = {}
    for motion in ("reduce", "no-preference"):
        context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion=motion)  # pyright: ignore[reportArgumentType]
        page = context.new_page()
        page.add_init_script(
            "window.dashed = 0; const set = CanvasRenderingContext2D.prototype.setLineDash;"
            "CanvasRenderingContext2D.prototype.setLineDash = function (dash) { if (dash[0] === 12) "
            "window.dashed += 1; return set.call(this, dash); };"
        )
        visit(page, server)
        play(page, 50)
        seen[motion] = page.evaluate("window.dashed")
        context.close()
    assert seen["reduce"] == 0
    assert seen["no-preference"] > 0
