"""What a member of a class sees above every page."""

from __future__ import annotations

from playground.classroom.membership_view import forget_cookies, membership, remember_teacher, show_notice
from playground.classroom.student_view import student_bar
from playground.classroom.teacher_view import CLASS_PATH, teacher_bar


def class_bar(path: str) -> None:
    """The bar of a student, or of a teacher, above the page at ``path``; nothing for all others."""
    current = membership()
    if current is None:
        forget_cookies()
        show_notice()
    elif current.seat is not None:
        student_bar(current)
    else:
        remember_teacher(current)
        if path != CLASS_PATH:
            teacher_bar()
