"""The live component in the browser: its messages, its scene, and its place on the page."""

from playground.live.protocol.encoding import decode, encode
from playground.stage.diagram import mask_history
from playground.stage.scene import NAMES, points, scene, title
from playground.stage.settings import settings
from playground.web.comparison_scene import lane_points, lanes_scene
from playground.web.components.mount import as_json, lanes, stage, steps, term_cards, thumbnails

__all__ = [
    "NAMES",
    "as_json",
    "decode",
    "encode",
    "lane_points",
    "lanes",
    "lanes_scene",
    "mask_history",
    "points",
    "scene",
    "settings",
    "stage",
    "steps",
    "term_cards",
    "thumbnails",
    "title",
]
