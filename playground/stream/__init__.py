"""An experiment as a stream of frames: pure answers to "frames from here on"."""

from playground.stream.chunk import Chunk
from playground.stream.lanes import Course, Lanes
from playground.stream.run import Run
from playground.stream.want import Want, checked_want

__all__ = ["Chunk", "Course", "Lanes", "Run", "Want", "checked_want"]
