"""An experiment as a stream of frames: pure answers to "frames from here on"."""

from playground.live.comparison import Course, Lanes
from playground.live.protocol.reply import Chunk
from playground.live.protocol.request import Want, checked_want
from playground.live.run import Run

__all__ = ["Chunk", "Course", "Lanes", "Run", "Want", "checked_want"]
