"""The live component in the browser: its messages, its scene, and its place on the page."""

from playground.stage.mount import stage
from playground.stage.scene import NAMES, scene, title
from playground.stage.wire import pack, unpack

__all__ = ["NAMES", "pack", "scene", "stage", "title", "unpack"]
