"""An experiment as a stream of frames: pure answers to "frames from here on"."""

from playground.live.comparison import ComparisonRun, Simulation
from playground.live.protocol.reply import FrameReply
from playground.live.protocol.request import FrameRequest, parse_request
from playground.live.run import Run

__all__ = ["ComparisonRun", "FrameReply", "FrameRequest", "Run", "Simulation", "parse_request"]
