"""The live component in the browser: its messages, and its place on the page."""

from playground.live.protocol.encoding import decode, encode
from playground.web.comparison_scene import lane_points, lanes_scene
from playground.web.components.mount import (
    as_json,
    class_news,
    class_spectator,
    class_wall,
    lanes,
    lesson_memory,
    stage,
    steps,
    term_cards,
    thumbnails,
)

__all__ = [
    "as_json",
    "class_news",
    "class_spectator",
    "class_wall",
    "decode",
    "encode",
    "lane_points",
    "lanes",
    "lanes_scene",
    "lesson_memory",
    "stage",
    "steps",
    "term_cards",
    "thumbnails",
]
