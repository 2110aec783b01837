"""Pictures of results: each a function of what a command gives, to a `Picture` as SVG, PDF or PNG.

Every picture has a title, axes with units and the meaning of their parameter, labels beside what they name, hatches,
dashes and markers that can be told apart in grey, and a description in words with numbers. Boundaries and curves come
from closed forms, not from pixels.
"""

from .canvas import ENDINGS, Picture
from .events import events, lines
from .frontier import frontier
from .maps import Map, regions
from .trees import tree

__all__ = ["ENDINGS", "Map", "Picture", "events", "frontier", "lines", "regions", "tree"]
