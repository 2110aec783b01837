"""The ends of what varies in an equilibrium, against hand derivations."""

from fractions import Fraction
from pathlib import Path

import deterrence as dt
from deterrence.solvers.ranges import ends

GAME = Path(__file__).with_name("restraint.toml")


def test_a_set_of_several_pieces_reaches_to_the_ends_of_each():
    # The small game of restraint at resolve = 1/3: attacking a pool brings Iran 1 * 2/3 - 2 * 1/3 = 0, so that it may
    # answer a pool as it likes. All hold, attacked with y: a strike would meet an attack with x = 1 (belief below 1/3)
    # and cost 1/5 more, so that any y up to 1 will do. All strike, attacked with x: after a hold they would be attacked
    # with y <= 1, and the resolved type, which loses 1/2 by an attack, strikes while 1/5 + x/2 <= y/2: x <= 3/5. The
    # irresolute one, which loses 1, strikes while 1/5 + x <= y: x <= 4/5, which holds then.
    scenario = dt.load(GAME).with_values({"resolve": "1/3"})
    found = dt.solve(scenario)
    rows = ends(scenario.game, scenario.point, found)
    places = {name: n for n, name in enumerate(scenario.events)}
    strike, attack = places["strike"], places["attack"]
    values = {s: sorted({row[attack] for row in rows if row[strike] == s}) for s in (Fraction(0), Fraction(1))}
    assert (values[0][0], values[0][-1]) == (0, 1)
    assert (values[1][0], values[1][-1]) == (0, Fraction(3, 5))
