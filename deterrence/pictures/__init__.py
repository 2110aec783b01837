"""Pictures of results: each a function of what a command gives, to a `Picture` as SVG, PDF or PNG.

Every picture has a title, axes with units and the meaning of their parameter, labels beside what they name, hatches,
dashes and markers that can be told apart in grey, and a description in words with numbers. Boundaries and curves come
from closed forms, not from pixels.
"""

from .along import events, lines
from .bars import beliefs, moves, sensitivity
from .canvas import ENDINGS, Picture, check_ending
from .maps import Map, regions
from .paths import ladder, reputation, swarm
from .plot import KINDS, draw
from .sweeps import sweep
from .tradeoff import frontier
from .trees import tree

__all__ = [
    "ENDINGS", "KINDS", "Map", "Picture", "beliefs", "check_ending", "draw", "events", "frontier", "ladder", "lines",
    "moves", "regions", "reputation", "sensitivity", "swarm", "sweep", "tree",
]
