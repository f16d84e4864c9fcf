"""The switch of the language in the page's head; the page itself says which one it is in."""

from __future__ import annotations

import streamlit as st
from streamlit.components.v2 import component

from playground.language import LANGUAGES, current_language, language_name, t
from playground.web.components import as_json
from playground.web.i18n import COOKIE, choose_language, language_tag
from playground.web.widget_state import keep_values, restore_values

NAME = "language_switch"
HTML = '<label class="language" translate="no"><select aria-label="Language"></select></label>'
SCRIPT = """
// The page's language is an attribute of its root, which other scripts follow; the choice is remembered in a cookie,
// since the server reads that before it draws anything. Once all of the page is there in another language the server
// is told so.
let drawnTag = "";
const onceDrawn = (act) => {
  const app = document.querySelector(".stApp");
  const isDrawn = () => app?.dataset.testScriptState === "notRunning";
  const observer = new MutationObserver(() => {
    if (!isDrawn()) return;
    observer.disconnect();
    act();
  });
  if (isDrawn() || !app) return act();
  observer.observe(app, { attributeFilter: ["data-test-script-state"] });
};
export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const { tag, chosen, languages, label, cookie } = JSON.parse(new TextDecoder().decode(data));
  if (document.documentElement.lang !== tag) document.documentElement.lang = tag;
  const before = drawnTag;
  drawnTag = tag;
  if (before && before !== tag) onceDrawn(() => drawnTag === tag && setStateValue("shown", tag));
  const select = parentElement.querySelector("select");
  select.setAttribute("aria-label", label);
  select.title = label;
  select.replaceChildren(...languages.map(([code, name, lang]) => {
    const option = Object.assign(document.createElement("option"), { value: code, textContent: name, lang });
    option.selected = code === chosen;
    return option;
  }));
  select.onchange = () => {
    document.cookie = `${cookie}=${select.value}; path=/; max-age=31536000; SameSite=Lax`;
    setTriggerValue("language", select.value);
  };
}
"""
_switch = component(NAME, html=HTML, js=SCRIPT, isolate_styles=False)


def language_switch() -> None:
    """Say the page's language to the browser, and let the visitor choose another where there is one."""
    chosen = current_language()
    restore_values(has_labels=_state("shown") == language_tag(chosen))
    languages = [(code, language_name(code), language_tag(code)) for code in LANGUAGES]
    data = {"tag": language_tag(chosen), "chosen": chosen, "languages": languages, "label": t("Language")}
    _switch(
        data=as_json(data | {"cookie": COOKIE}),
        key=NAME,
        on_language_change=_take_choice,
        on_shown_change=lambda: None,
    )


def _take_choice() -> None:
    keep_values()
    choose_language(_state("language"))


def _state(name: str) -> str:
    return str(getattr(st.session_state.get(NAME), name, ""))
