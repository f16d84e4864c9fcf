"""A class: a teacher and students in one process, seen together while it lasts and forgotten when it ends."""
