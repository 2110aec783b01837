"""Maps of regions: boundaries that satisfy their equation, none missed; and probabilities along a parameter."""

import math
from fractions import Fraction
from pathlib import Path

import pytest

import deterrence as dt
from deterrence.algebraic import Algebraic
from deterrence.errors import LimitError
from deterrence.expressions import Ring
from deterrence.pictures import Map, events, lines
from deterrence.pictures.arrangement import Arrangement, Box
from deterrence.pictures.maps import axis_of, regions, two_axes
from deterrence.scenario import Scenario

from .test_pictures import RESTRAINT, SCENARIOS, restraint

RING = Ring(["x", "y"])
UNIT: Box = (Fraction(-1), Fraction(1), Fraction(-1), Fraction(1))


def plane(*formulas: str, box: Box = UNIT) -> Arrangement:
    """The box cut along curves; what holds is the sign of each formula."""
    values = [RING.parse(formula) for formula in formulas]

    def signs(x: Fraction, y: Fraction) -> tuple[bool, ...]:
        return tuple(value.evaluate({"x": x, "y": y}) > 0 for value in values)

    return Arrangement([value.num for value in values], box, signs)


def on_the_curve(poly: object, x: float, y: float) -> bool:
    """Whether a point is as near to a zero of a polynomial as floats can say: its sign differs within two units."""
    value = RING.number(0)
    value.num = poly
    ends = []
    for step in (-1, 1):
        ulp = Fraction(math.ulp(y or 2.0**-60)) * 2 * step
        ends.append(value.evaluate({"x": Fraction(x), "y": Fraction(y) + ulp}))
    if ends[0] * ends[1] <= 0:
        return True
    for step in (-1, 1):  # a wall
        ulp = Fraction(math.ulp(x or 2.0**-60)) * 2 * step
        ends[(step + 1) // 2] = value.evaluate({"x": Fraction(x) + ulp, "y": Fraction(y)})
    return ends[0] * ends[1] <= 0


# the plane


def test_a_disc_far_smaller_than_a_pixel_is_found() -> None:
    # Radius 1/10000 about (1/7, 1/3), in a box of width 2.
    found = plane("1/10000**2 - (x - 1/7)**2 - (y - 1/3)**2")
    inside = [cells for cells in found.components if found.stacks[cells[0][0]].cells[cells[0][1]] == (True,)]
    assert len(inside) == 1
    # Drawn with corners, as it is smaller than a line is wide.
    assert found.area(inside[0]) == pytest.approx(math.pi * 1e-8 / 4, rel=0.06)
    xs = [x for arc in found.arcs for x, _ in arc.points]
    assert min(xs) == pytest.approx(1 / 7 - 1e-4, abs=1e-8)
    assert max(xs) == pytest.approx(1 / 7 + 1e-4, abs=1e-8)


@pytest.mark.parametrize("formula", [
    "x**2 + y**2 - 1/2", "y**2 - x**3 - 1/8", "x*y - 1/10", "y**3 - y/4 - x/16", "(x - y)*(x + y - 1/3)",
    "x**4 + y**4 - x*y - 1/100", "3*x - 1", "x**2 - 1/2", "y**2 - x**2*(x + 1/2)", "5*x*y**2 + y - x",
])
def test_every_point_drawn_satisfies_its_equation_to_the_last_digits(formula: str) -> None:
    found = plane(formula)
    points = [(arc.curve, x, y) for arc in found.arcs for x, y in arc.points]
    assert len(points) > 1
    assert all(on_the_curve(found.curves[curve], x, y) for curve, x, y in points)


@pytest.mark.parametrize("formula", ["x**2 + y**2 - 1/2", "y**3 - y/4 - x/16", "x*y - 1/10"])
def test_a_line_between_two_points_stays_near_the_curve(formula: str) -> None:
    found = plane(formula)
    value = RING.parse(formula)
    for arc in found.arcs:
        for (a, b), (c, d) in zip(arc.points, arc.points[1:], strict=False):
            middle = {"x": Fraction((a + c) / 2), "y": Fraction((b + d) / 2)}
            slope = [float(value.derivative(name).evaluate(middle)) for name in ("x", "y")]
            assert abs(float(value.evaluate(middle))) <= 2e-3 * math.hypot(*slope)


def test_areas_are_those_of_geometry() -> None:
    disc = plane("1/4 - x**2 - y**2")
    inside = next(c for c in disc.components if disc.stacks[c[0][0]].cells[c[0][1]] == (True,))
    assert disc.area(inside) == pytest.approx(math.pi / 16, abs=1e-4)
    halves = plane("y - x", box=(Fraction(0), Fraction(2), Fraction(0), Fraction(1)))
    sizes = {halves.stacks[c[0][0]].cells[c[0][1]]: halves.area(c) for c in halves.components}
    assert sizes == {(True,): pytest.approx(1 / 4), (False,): pytest.approx(3 / 4)}


def test_stacks_change_where_curves_meet_or_turn() -> None:
    # The line y = x meets the circle at +-1/2; the circle turns at +-sqrt(1/2).
    found = plane("x**2 + y**2 - 1/2", "y - x")
    wanted = [-1, -math.sqrt(0.5), -0.5, 0.5, math.sqrt(0.5), 1]
    assert [float(x) for x in found.critical] == pytest.approx(wanted)
    assert isinstance(found.critical[1], Algebraic)
    assert [len(stack.branches) for stack in found.stacks] == [1, 3, 3, 3, 1]
    assert len(found.components) == 4


def test_a_wall_is_drawn_where_it_tells_two_sides_apart_and_only_there() -> None:
    values = [RING.parse("3*x - 1"), RING.parse("y")]

    def corner(x: Fraction, y: Fraction) -> bool:
        return 3 * x > 1 and y > 0

    found = Arrangement([value.num for value in values], UNIT, corner)
    drawn = {arc.curve: arc.points for arc in found.arcs}
    (wall,) = (points for points in drawn.values() if points[0][0] == points[-1][0])
    assert [x for x, _ in wall] == [1 / 3, 1 / 3]
    assert [y for _, y in wall] == pytest.approx([0, 1], abs=1e-8)
    (floor,) = (points for points in drawn.values() if points[0][0] != points[-1][0])
    assert [floor[0][0], floor[-1][0]] == pytest.approx([1 / 3, 1], abs=1e-8)


def test_an_edge_of_the_box_is_no_boundary() -> None:
    found = plane("y - 1", "x + 1", "y - x/2")
    assert {arc.curve for arc in found.arcs} == {2}


def test_too_high_degrees_are_refused() -> None:
    with pytest.raises(LimitError, match="degree"):
        plane("x**8*y**8 + y**7*x + x**5 + 1/3", "(x**4 + y**4 + 1)*y**4 + x**7*y**3 - x").stacks  # noqa: B018 - it is computed


# maps


def a_map(scenario: Scenario, x: str, y: str) -> Map:
    across, upward = axis_of(scenario, x), axis_of(scenario, y)
    return Map.of(dt.atlas(scenario, over=[x, y]), scenario, across, upward)


def test_the_boundaries_of_the_small_game_are_those_derived_by_hand() -> None:
    # Iran attacks after a pooled action where gain*(1 - resolve) > harm*resolve, with harm = 2: the curve. A strike
    # that brings restraint costs 1/5, less than either type loses by an attack; so nothing else matters here.
    found = a_map(restraint(), "resolve", "gain")
    assert {found.equation(arc.curve) for arc in found.plane.arcs} == {"resolve*gain + 2*resolve - gain = 0"}
    for arc in found.plane.arcs:
        for x, y in arc.points:
            resolve, gain = Fraction(x), Fraction(y)
            assert abs(gain * (1 - resolve) - 2 * resolve) <= Fraction(1, 2**50)
    ends = [point for arc in found.plane.arcs for point in arc.points]
    # From gain = 1/2 at resolve = 1/5 to gain = 4 at resolve = 2/3.
    assert min(ends) == pytest.approx((1 / 5, 1 / 2), abs=1e-6)
    assert max(ends) == pytest.approx((2 / 3, 4), abs=1e-6)


@pytest.mark.parametrize(("name", "x", "y"), [
    ("iraq-syria-2023-10-retaliation", "lethality", "firmness"), ("canon/crisis_signalling", "audience_cost",
                                                                  "defender_resolve"),
])
def test_what_a_map_says_of_a_point_is_what_solving_it_finds(name: str, x: str, y: str) -> None:
    scenario = dt.load(SCENARIOS / f"{name}.toml")
    found = a_map(scenario, x, y)
    whole = dt.atlas(scenario, over=[x, y])
    assert all(on_the_curve(found.plane.curves[a.curve], *point) for a in found.plane.arcs for point in a.points)
    for cells in found.plane.components:
        s, c = cells[len(cells) // 2]
        places = found.plane.places(s)
        across = places[len(places) // 2]
        heights = [float(found.plane.box[2]), *found.plane.heights(s, across), float(found.plane.box[3])]
        point = {x: Fraction(across).limit_denominator(10**6),
                 y: Fraction((heights[c] + heights[c + 1]) / 2).limit_denominator(10**6)}
        ids = found.plane.stacks[s].cells[c]
        solved = dt.solve(scenario.with_values(point))
        # Distributions over complete histories, by the formulas of the families and by solving anew.
        told = {tuple(str(value.at(point)) for value in whole[key].events.values()) for key in ids
                if all(value.at(point).is_number for value in whole[key].events.values())}
        assert {tuple(str(value) for value in entry.events.values()) for entry in solved} >= told
        assert len(told) > 0


def test_both_sides_of_every_boundary_differ() -> None:
    scenario = dt.load(SCENARIOS / "canon" / "crisis_signalling.toml")
    found = a_map(scenario, "audience_cost", "defender_resolve")
    for arc in found.plane.arcs:
        (a, b), (c, d) = arc.points[len(arc.points) // 2 - 1 : len(arc.points) // 2 + 1]
        x, y = Fraction((a + c) / 2), Fraction((b + d) / 2)
        step = Fraction(1, 10**3)
        shift = (step, Fraction(0)) if a == c else (Fraction(0), step)
        assert found.at(x - shift[0], y - shift[1]) != found.at(x + shift[0], y + shift[1])


def test_a_map_names_regions_families_boundaries_and_the_point_of_the_scenario() -> None:
    picture = dt.plot(restraint(), "regions", x="resolve", y="gain")
    drawn = [text.get_text() for axes in picture.make().axes for text in axes.texts]
    assert {"scenario (3/5, 1)", "Families", "Boundaries", "   1: resolve*gain + 2*resolve - gain = 0"} <= set(drawn)
    assert any(text.startswith("A\nF") for text in drawn)
    assert "Boundaries: resolve*gain + 2*resolve - gain = 0." in picture.alt
    axes = picture.make().axes[0]
    assert axes.get_xlabel().split("\n")[0] == "resolve (probability)"
    hatches = {patch.get_hatch() for patch in axes.collections if patch.get_hatch()}
    assert hatches


def test_what_is_not_admissible_is_marked() -> None:
    text = RESTRAINT.format(title="T").replace("range = [\"1/2\", 4]", "range = [-1, 1]")
    with pytest.raises(dt.ScenarioError):
        dt.loads(text)
    text = RESTRAINT.format(title="T").replace('"loss_irresolute > loss_resolved"',
                                               '"loss_irresolute > loss_resolved", "gain < 5*resolve"')
    picture = dt.plot(dt.loads(text), "regions", x="resolve", y="gain")
    drawn = [text.get_text() for text in picture.make().axes[0].texts]
    assert "not\nadmissible" in drawn


def test_axes_are_those_of_the_sweep_or_one_that_is_uncertain_and_a_lever() -> None:
    shipped = dt.load(SCENARIOS / "iraq-syria-2023-10.toml")
    assert [axis.name for axis in two_axes(shipped)] == ["resolve", "audience_cost"]
    assert [axis.name for axis in two_axes(shipped, y="strike_cost")] == ["resolve", "strike_cost"]
    assert [axis.name for axis in two_axes(restraint())] == ["resolve", "gain"]
    with pytest.raises(dt.ExpressionError, match="two parameters with a range"):
        two_axes(dt.loads(RESTRAINT.format(title="T").replace("range", "#").replace("#", "note").replace(
            'note = ["1/10", "9/10"]', 'note = "none"').replace('note = ["1/2", 4]', 'note = "none"')))


# along a parameter


def test_along_a_parameter_ends_are_open_or_closed_as_the_families_exist() -> None:
    found = lines(restraint(), "resolve", "attack")
    assert found.cuts == (Fraction(1, 3),)
    left, right = found.lines["attack"]
    # Below gain/(gain + harm) = 1/3 both types hold and Iran attacks; above it refrains. At 1/3 it is indifferent after
    # a pooled action, so that both are equilibria there, and whatever lies between them.
    assert (left.high, right.low) == (Fraction(1, 3), Fraction(1, 3))
    assert [y for _, y in left.points] == [1, 1]
    assert [y for _, y in right.points] == [0, 0]
    assert (left.closed[1], right.closed[0]) == (True, True)
    assert found.at_cuts["attack"][Fraction(1, 3)] == (0, 1)
    assert found.envelope["attack"] == (
        ((0.1, 1.0, 1.0), (pytest.approx(1 / 3), 1.0, 1.0)), ((pytest.approx(1 / 3), 0.0, 0.0), (0.9, 0.0, 0.0)),
    )


def test_curves_along_a_parameter_are_the_solutions_at_its_points() -> None:
    scenario = restraint()
    found = lines(scenario, "resolve", "attack,strike")
    for event in ("attack", "strike"):
        for place in (Fraction(1, 5), Fraction(1, 2)):
            solved = {float(e.events[event]) for e in dt.solve(scenario.with_values({"resolve": place}))}
            drawn = set()
            for line in found.lines[event]:
                if line.low < place < line.high:
                    a, b = next((a, b) for a, b in zip(line.points, line.points[1:], strict=False)
                                if a[0] <= place <= b[0])
                    drawn.add(a[1] + (b[1] - a[1]) * (float(place) - a[0]) / (b[0] - a[0]))
            assert sorted(drawn) == pytest.approx(sorted(solved), abs=1e-3)


def test_the_picture_along_a_parameter_has_rings_at_jumps() -> None:
    picture = events(lines(dt.load(SCENARIOS / "iraq-syria-2023-10.toml"), "resolve", "deterrence_failure"))
    axes = picture.make().axes[0]
    rings = [(line.get_xdata()[0], line.get_markerfacecolor()) for line in axes.lines
             if len(line.get_xdata()) == 1 and line.get_marker() == "o"]
    # The threshold gain/punishment = 3/5: pooling on silence holds there, the bluff below it does not.
    assert {x for x, _ in rings} == {0.6}
    assert [colour for _, colour in rings].count("white") == 1
    assert "F8 0.944 to 0.667 with resolve from 1/10 (0.1) to 3/5 (0.6)" in picture.alt


def test_without_closed_forms_equilibria_are_dots() -> None:
    found = lines(dt.load(SCENARIOS / "iraq-syria-2023-10-swarm.toml"), "punishment")
    assert found.notes
    assert not found.lines["spiral"]
    assert {y for _, y in found.dots["deterrence_failure"]} >= {0.0, 1.0}


def test_maps_of_shipped_scenarios_mark_their_point() -> None:
    for path in (Path("iraq-syria-2023-10-delegation.toml"), Path("iraq-syria-2023-10-swarm.toml")):
        scenario = dt.load(SCENARIOS / path)
        across, upward = two_axes(scenario)
        picture = regions(Map.of(dt.atlas(scenario, over=[across.name, upward.name]), scenario, across, upward))
        assert "The scenario's own point" in picture.alt
