"""Join a class by its code."""

from playground.classroom.join_view import join_page

join_page()
