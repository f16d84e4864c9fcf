"""A class of one's own: its code, the wall of all stages, what a teacher does to them."""

from playground.classroom.teacher_view import class_page

class_page()
