"""Which optimizer, and why?"""

from playground.ui.race import race
from playground.ui.session import session
from playground.ui.understand import question, try_this

current = session()
question(
    current,
    "Which optimizer, and why?",
    "An optimizer turns gradients into steps, and each has its own way of remembering. "
    "Here several of them train your network from the same start on the same batches, so that nothing differs but the way of learning.",
)
race(current)
try_this(
    "Turn all learning rates up until somebody diverges: who goes first, and who does not mind?",
    "Let learning rates race instead of optimizers: how wide is the range in which each one works?",
)
