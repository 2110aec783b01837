r"""Every fixed point of a map in a box, each proved to exist and to be alone in its own box, by interval arithmetic.

Let :math:`B` be a box, :math:`\Phi` a map with values :math:`\Phi(B)` and slopes :math:`J \ni J_\Phi` enclosed in
balls, :math:`m` the middle of :math:`B`, and :math:`C` any matrix. With the *Krawczyk operator*

.. math:: K(B) = m - C[m - \Phi(m)] + [I - C(I - J)](B - m)

every fixed point in :math:`B` lies in :math:`\Phi(B)` and in :math:`K(B)`, and where :math:`K(B)` lies inside :math:`B`
there is exactly one. Boxes for which that is not seen, a little widened, are cut in two; none is left out. Two boxes
that are seen to hold one fixed point each hold the same where one's fixed point lies in the other.

>>> cosine = fixed_points(lambda x: [x[0].cos()], lambda x: [[-x[0].sin()]], [(Fraction(-2), Fraction(2))])
>>> [round(float((low + high) / 2), 12) for ((low, high),) in cosine]
[0.739085133215]
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, Final

from flint import arb, arb_mat, ctx

from ..enclosures import Enclosure, ball
from ..errors import LimitError

__all__ = ["Box", "fixed_points"]

Box = list[tuple[Fraction, Fraction]]

BITS: Final = 160
NARROW: Final = Fraction(1, 1 << 110)
SHORT: Final = Fraction(1, 1 << 90)
"""How narrow the boxes are made, and how narrow they must be."""
MOST: Final = 4_000
"""How many boxes are looked at."""

Balls = list[Any]


def fixed_points(
    value: Callable[[Balls], Sequence[Any]], slopes: Callable[[Balls], list[list[Any]]], start: Box, most: int = MOST
) -> list[Box]:
    """A narrow box for each fixed point, in the order of their coordinates.

    Raises
    ------
    LimitError
        after so many boxes: a fixed point that is not simple, or one too many cuts.
    """
    before, ctx.prec = ctx.prec, BITS
    try:
        return sorted(_search(value, slopes, start, most))
    finally:
        ctx.prec = before


def _search(
    value: Callable[[Balls], Sequence[Any]], slopes: Callable[[Balls], list[list[Any]]], start: Box, most: int
) -> list[Box]:
    known: list[tuple[Box, Box]] = []
    stack = [start]
    for _ in range(most):
        if not stack:
            return [narrow for _, narrow in known]
        box = stack.pop()
        image, _ = _krawczyk(value, slopes, box)
        left = _meet(_meet(box, _ends(value(_balls(box)))), image)
        if left is None or any(_inside(left, wide) for wide, _ in known):
            continue
        # A fixed point on a face of a box is inside a box that is a little wider.
        wide = _wider(left)
        image, alone = _krawczyk(value, slopes, wide)
        if alone and image is not None:
            narrow = _narrowed(value, slopes, image)
            if not any(_meet(narrow, other) for other, _ in known):
                known.append((wide, narrow))
        elif _width(left) * 8 > _width(box) * 7:
            stack += _cut(left)
        else:
            stack.append(left)
    raise LimitError(
        f"more than {most} boxes would have to be looked at; the equilibria are too close to each other or too many"
    )


def _narrowed(
    value: Callable[[Balls], Sequence[Any]], slopes: Callable[[Balls], list[list[Any]]], box: Box
) -> Box:
    """A narrow box around the only fixed point in a box."""
    for _ in range(MOST):
        smaller = _meet(_meet(box, _ends(value(_balls(box)))), _krawczyk(value, slopes, box)[0])
        if smaller is None or _width(smaller) <= NARROW or smaller == box:
            break
        box = smaller
    if smaller is None or _width(smaller) > SHORT:
        raise LimitError("a fixed point was not isolated as closely as is needed")
    return smaller


def _inside(box: Box, other: Box) -> bool:
    return all(low <= a and b <= high for (a, b), (low, high) in zip(box, other, strict=True))


def _wider(box: Box) -> Box:
    margin = _width(box) / 4 + NARROW
    return [(low - margin, high + margin) for low, high in box]


def _balls(box: Box) -> Balls:
    return [ball(low).union(ball(high)) for low, high in box]


def _ends(values: Sequence[Any]) -> Box | None:
    """The box of some balls; None where one is not finite."""
    if not all(value.is_finite() for value in values):
        return None
    found = [Enclosure.of(value) for value in values]
    return [(each.low, each.high) for each in found]


def _width(box: Box) -> Fraction:
    return max(high - low for low, high in box)


def _meet(box: Box | None, other: Box | None) -> Box | None:
    """The common part of two boxes; None where there is none, the first where the second is not known."""
    if box is None or other is None:
        return box
    ends = [(max(a, c), min(b, d)) for (a, b), (c, d) in zip(box, other, strict=True)]
    return None if any(low > high for low, high in ends) else ends


def _krawczyk(
    value: Callable[[Balls], Sequence[Any]], slopes: Callable[[Balls], list[list[Any]]], box: Box
) -> tuple[Box | None, bool]:
    """The image of a box, None where no matrix was found, and whether it lies inside."""
    size = len(box)
    middles = [(low + high) / 2 for low, high in box]
    centre = [ball(m) for m in middles]
    one = arb_mat([[arb(int(i == k)) for k in range(size)] for i in range(size)])
    change = one - arb_mat(slopes(_balls(box)))
    try:
        inverse = arb_mat([[arb(change[i, k].mid()) for k in range(size)] for i in range(size)]).inv()
    except ZeroDivisionError:
        return None, False
    off = arb_mat([[m - v] for m, v in zip(centre, value(centre), strict=True)])
    reach = arb_mat([[b - m] for b, m in zip(_balls(box), centre, strict=True)])
    image = arb_mat([[m] for m in centre]) - inverse * off + (one - inverse * change) * reach
    ends = _ends([image[i, 0] for i in range(size)])
    inside = ends is not None and all(low < a and b < high for (low, high), (a, b) in zip(box, ends, strict=True))
    return ends, inside


def _cut(box: Box) -> list[Box]:
    """Two halves of a box across its longest side, cut off the middle, where symmetry puts fixed points."""
    side = max(range(len(box)), key=lambda i: box[i][1] - box[i][0])
    low, high = box[side]
    at = low + (high - low) * Fraction(123, 256)
    return [[*box[:side], ends, *box[side + 1 :]] for ends in ((low, at), (at, high))]
