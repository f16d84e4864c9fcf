"""Build a small network, press Play, and watch it learn."""

import streamlit as st

from playground.classroom.student_view import follows_lecture, lecture_stage
from playground.stage.choice_bar import choice_bar
from playground.stage.controls import controls, needs_sidebar
from playground.stage.page import heading, leave_stage, notes, stage_fragment
from playground.web.layout import hide_sidebar
from playground.web.lesson_link import open_addressed_lesson
from playground.web.run_link import keep_link
from playground.web.session import session
from playground.workspace.gallery import preset_words

current = session()
open_addressed_lesson(current)
lecture = follows_lecture()
above = st.container()  # one place on the page, whatever it holds: a stage that moved would be made anew
if lecture is None and not st.context.is_embedded:
    if needs_sidebar(current):
        with st.sidebar:
            controls(current)
    else:
        hide_sidebar()
    with above:
        heading(current)
        choice_bar(current)
        preset_words(current)
with above:
    notes(current)
keep_link(current)
current.touched = False
if lecture is not None:
    leave_stage()
    lecture_stage(lecture)
else:
    stage_fragment()
