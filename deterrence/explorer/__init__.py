r"""The explorer: one page, opened by double click, in which a reader moves the assumptions of a scenario.

A page holds *sheets*: sets of parameters that vary together, the others at the scenario's values. Of each sheet it has
every family within the ranges in closed form, evaluated in the reader's browser: signs in floating point with an error
bound, and exactly, in whole numbers of any size, where the bound does not decide. A game that is not too large has one
sheet with all its parameters. Of a larger one the parameters named by `over` (or those of the file's ``[sweep]``, with
the lever of the model) make one sheet, and each other parameter one of its own. Where there are no closed forms a sheet
has what `solve` finds at listed values of one parameter.

A parameter without a range in the file gets an interval, nine tenths of the way from its value to each end of its
domain, or as far as the greater of one and the size of its value where the domain has no end.

>>> from deterrence.scenario import loads
>>> scenario = loads('format = 1\ntitle = "A"\n[parameters]\ncost = 0.5\n[game]\nplayers = ["A"]\n'
...                  '[game.parameters]\ncost = "0 < cost < 1"\n[[game.move]]\nplayer = "A"\ninformation = "a"\n'
...                  'actions = ["in", "out"]\n[[game.payoff]]\nwhen = ["in"]\nA = "1/3 - cost"\n')
>>> page = explorer(scenario)
>>> [(sheet["names"], len(sheet["families"])) for sheet in page.data["sheets"]]
[(['cost'], 2)]
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .. import __version__
from ..errors import ExpressionError, LimitError, NotSupportedError, UnknownNameError
from ..expressions import Condition, Expression
from ..files import check_place, placed
from ..saved import refused
from .closed import Ends, closed
from .listed import VALUES, listed
from .page import written
from .texts import spans

if TYPE_CHECKING:
    from ..parameters import Assumption
    from ..saved import Saved
    from ..scenario import Scenario

__all__ = ["JOINT", "MOST_BYTES", "Explorer", "again", "explorer", "interval"]

JOINT: Final = 800
"""Profiles of supports that the search for closed forms over many parameters may go through."""
ALONE: Final = 2_000
"""The same for a single parameter, where each profile is quick."""
FEW: Final = 6
"""Of a game without closed forms, at most so many parameters are solved at listed values unless others are named."""
FEWER: Final = 5
MOST_BYTES: Final = 1_000_000

Told = Callable[[str], None]


@dataclass(frozen=True)
class Explorer:
    """A page.

    Attributes
    ----------
    scenario : the scenario.
    data : what the page knows, as JSON.
    html : the page.
    """

    scenario: Scenario
    data: Mapping[str, Any] = field(repr=False)
    html: str = field(repr=False)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the page.

        Raises
        ------
        ProblemsError
            where the file cannot be written.
        """
        place = Path(os.path.realpath(path))
        check_place(place)
        with placed(place) as temporary:
            temporary.write_bytes(self.html.encode("utf-8"))

    def __repr__(self) -> str:
        free = sum(len(sheet["names"]) for sheet in self.data["sheets"])
        return f"Explorer({self.scenario.title!r}: {free} parameters to move, {len(self.html.encode()):,} bytes)"


def explorer(
    scenario: Scenario, *, over: Sequence[str] | None = None, limit: int | None = None, telling: Told | None = None
) -> Explorer:
    """The page of a scenario; parameters as in `deterrence.explore`."""
    say = telling or (lambda words: None)
    ends, given = _ends(scenario, over)
    sheets, codes, left = _sheets(scenario, ends, over, limit, say)
    data = {**_about(scenario), "parameters": _parameters(scenario, ends, given), "sheets": sheets,
            "left": left, "toml": _pieces(scenario)}
    options = {key: value for key, value in (("over", over and list(over)), ("limit", limit)) if value is not None}
    html = written(scenario, data, codes, options)
    size = len(html.encode("utf-8"))
    if size > MOST_BYTES:
        raise LimitError(
            f"the page would have {size:,} bytes, more than {MOST_BYTES:,}: let fewer parameters vary together "
            "(--over NAME,NAME)"
        )
    return Explorer(scenario, data, html)


def again(made: Saved, telling: Told | None = None) -> Explorer:
    """The page that a saved one was, made anew from what it holds.

    Raises
    ------
    ProblemsError
        where its options are none of a page.
    """
    over, limit = made.options.get("over"), made.options.get("limit")
    names = isinstance(over, list) and all(isinstance(name, str) for name in over)
    number = isinstance(limit, int) and not isinstance(limit, bool)
    if set(made.options) - {"over", "limit"} or not (over is None or names) or not (limit is None or number):
        raise refused(made.path, "made.options: these are no options of a page")
    return explorer(made.scenario, over=over, limit=limit, telling=telling)


# What varies --------------------------------------------------------------------------------------------------------


def _ends(scenario: Scenario, over: Sequence[str] | None) -> tuple[dict[str, tuple[Fraction, Fraction]], set[str]]:
    """For each parameter that can be moved its interval; and those whose interval the file gives.

    Raises
    ------
    UnknownNameError
        for a name that is no parameter.
    """
    names = [assumption.name for assumption in scenario.assumptions]
    for name in over or ():
        if name not in names:
            raise UnknownNameError("parameter", name, names)
    ends, given = {}, set()
    for assumption in scenario.assumptions:
        found = interval(scenario, assumption)
        if found is not None:
            ends[assumption.name] = found
            if assumption.range is not None:
                given.add(assumption.name)
        elif assumption.name in (over or ()):
            raise ExpressionError(f"{assumption.name} has a range of one value and cannot be moved")
    return ends, given


def interval(scenario: Scenario, assumption: Assumption) -> tuple[Fraction, Fraction] | None:
    """Within what a parameter is moved: its range, or an interval in its domain; None for a range of one value."""
    if assumption.range is not None:
        low, high = assumption.range
        return (low, high) if low < high else None
    value = assumption.value
    below: list[Fraction] = []
    above: list[Fraction] = []
    for condition in scenario.game.space.conditions:
        if condition.free != {assumption.name} or condition.op not in (">", ">="):
            continue
        rest = condition.at({assumption.name: Fraction(0)})
        slope = condition.at({assumption.name: Fraction(1)})
        at_zero, at_one = _number(rest), _number(slope)
        if at_zero is None or at_one is None or at_one == at_zero or not _linear(condition, assumption.name):
            continue
        root = -at_zero / (at_one - at_zero)
        (below if at_one > at_zero else above).append(root)
    step = max(Fraction(1), abs(value))
    low = value - (value - max(below)) * Fraction(9, 10) if below else value - step
    high = value + (min(above) - value) * Fraction(9, 10) if above else value + step
    return (low, high) if low < high else None


def _linear(condition: Condition, name: str) -> bool:
    place = condition.ring.names.index(name)
    return bool(condition.poly.degrees()[place] <= 1)


def _number(condition: Condition) -> Fraction | None:
    """What is left of the polynomial of a condition when it is a number."""
    left = Expression(condition.ring, condition.poly)
    return left.as_fraction() if left.is_number else None


# Sheets -------------------------------------------------------------------------------------------------------------


def _sheets(
    scenario: Scenario, ends: Mapping[str, tuple[Fraction, Fraction]], over: Sequence[str] | None, limit: int | None,
    say: Told,
) -> tuple[list[dict[str, Any]], list[str], str]:
    """The sheets, the code of those in closed form, and what is left out."""
    sheets: list[dict[str, Any]] = []
    codes: list[str] = []

    def add(names: Sequence[str], most: int | None) -> str:
        """Add a sheet in closed form; why there is none, or empty."""
        say(f"closed forms over {', '.join(names)}")
        try:
            made = closed(scenario, {name: ends[name] for name in _ordered(scenario, names)}, most, say)
        except (LimitError, NotSupportedError) as error:
            return str(error)
        sheets.append(dict(made.data))
        codes.append(made.code)
        return ""

    if not ends:
        return sheets, codes, "no parameter of this scenario can be moved"
    groups = [list(over)] if over else [list(ends), *_groups(scenario, ends)]
    why = ""
    for group in groups:
        failed = add(group, limit if over else limit or JOINT)
        why = why or failed
        if not failed:
            break
    covered = set(sheets[0]["names"]) if sheets else set()
    if len(covered) == len(ends):
        return sheets, codes, ""
    left = _singles(scenario, ends, over if over and not sheets else None, sheets, codes, add, say)
    together = [", ".join(sheet["names"]) for sheet in sheets if len(sheet["names"]) > 1]
    all_at_once = "Closed forms over all parameters at once were not found"
    said = "" if not why else f"{all_at_once}: {why}. " if covered else f"{why[0].upper()}{why[1:]}. "
    moves = f"{together[0]} move together here, every other parameter" if together else "Every parameter here moves"
    return sheets, codes, (
        f"{said}{moves} on its own, while the rest is as the scenario has it. {left}").replace("..", ".").strip()


def _ordered(scenario: Scenario, names: Sequence[str]) -> list[str]:
    """Names in the order of the game."""
    return [name for name in scenario.game.space.names if name in names]


def _groups(scenario: Scenario, ends: Ends) -> list[list[str]]:
    """Smaller sets of parameters to let vary together, largest first: axes of the file's sweep with the lever."""
    axes = [name for name in scenario.sweep if name in ends]
    lever = _lever(scenario, ends)
    found = [list(dict.fromkeys([*axes, lever])), axes] if lever else [axes]
    return [group for n, group in enumerate(found) if len(group) > 1 and group not in found[:n]]


def _singles(
    scenario: Scenario, ends: Mapping[str, tuple[Fraction, Fraction]], wanted: Sequence[str] | None,
    sheets: list[dict[str, Any]], codes: list[str], add: Callable[[Sequence[str], int | None], str], say: Told,
) -> str:
    """A sheet for every other parameter: in closed form, or at listed values; and what is left out, in a sentence.

    Those wanted come before all others, and are solved at listed values however long it takes.
    """
    covered = set(sheets[0]["names"]) if sheets else set()
    others = [*(wanted or ()), *(name for name in ends if name not in covered and name not in (wanted or ()))]
    failed: dict[str, str] = {}
    for n, name in enumerate(others):
        why = add([name], ALONE)
        if why:
            failed[name] = why
            if not sheets and n >= 1:
                # A game without closed forms along one parameter and along another has none.
                failed.update(dict.fromkeys(others[n:], why))
                break
    few = len(failed) <= FEW
    chosen = [a.name for a in scenario.assumptions if few or a.role == "lever" or a.name in scenario.sweep]
    solved = [name for name in failed if name in (chosen if wanted is None else wanted)]
    for name in solved:
        sheets.append(listed(scenario, name, ends[name], failed[name], say, VALUES if few else FEWER))
        codes.append("null")
    fixed = [name for name in failed if name not in solved]
    return (f"{', '.join(fixed)} cannot be moved here: there are no closed forms, and solving takes long. "
            f"With --over NAME the page is made along others, and deterrence solve FILE --set NAME=VALUE gives any "
            "value." if fixed else "")


def _lever(scenario: Scenario, ends: Ends) -> str:
    """The lever along which the frontier goes at first; empty where there is none."""
    from .. import models

    own = models.get(scenario.model).lever if scenario.model else ""
    levers = [a.name for a in scenario.assumptions if a.role == "lever" and a.name in ends]
    return own if own in levers else next(iter(levers), "")


# What the page says of the scenario ----------------------------------------------------------------------------------


def _about(scenario: Scenario) -> dict[str, Any]:
    from .. import models

    model = models.get(scenario.model) if scenario.model else None
    events = dict(model.to_dict()["events"]) if model is not None else {}
    game = scenario.game
    names = list(game.events)
    axes = [event for event in ("deterrence_failure", "spiral") if event in names]
    ends = {a.name: a.range for a in scenario.assumptions if a.range is not None}
    return {
        "title": scenario.title, "model": scenario.model or "", "question": model.question if model else "",
        "as_of": str(scenario.as_of or ""), "version": __version__, "sha256": scenario.sha256,
        "file": next(iter(scenario.texts), "scenario.toml"), "players": list(game.players),
        "events": [{"name": name, "meaning": str(events.get(name, ""))} for name in names],
        "axes": axes if len(axes) == 2 else names[:2], "lever": _lever(scenario, ends),
        "sweep": list(scenario.sweep), "links": any(a.link is not None for a in scenario.assumptions),
        "infosets": [{"name": i.name, "player": i.player, "actions": list(i.actions)} for i in game.infosets],
        "concept": str(getattr(game, "concept", "")) or "perfect Bayesian",
    }


def _parameters(scenario: Scenario, ends: Ends, given: set[str]) -> list[dict[str, Any]]:
    found = []
    for assumption in scenario.assumptions:
        source = dict(scenario.sources.get(assumption.source, {}))
        low, high = ends.get(assumption.name, (assumption.value, assumption.value))
        told = {
            "name": assumption.name, "value": str(assumption.value), "low": str(low), "high": str(high),
            "given": assumption.name in given, "unit": assumption.unit, "role": assumption.role,
            "basis": assumption.basis, "note": assumption.note.strip(),
            "meaning": scenario.game.space[assumption.name].meaning,
            "source": {key: str(source[key]) for key in ("title", "publisher", "issued", "URL") if key in source},
            "key": assumption.source,
        }
        if assumption.name in scenario.changed:
            told["changed"] = True
        if assumption.link is not None:
            told["link"] = str(assumption.link)
        found.append(told)
    return found


def _pieces(scenario: Scenario) -> list[Any]:
    """The text of the file: in turn text as it is, and a parameter with its value as it is written there."""
    text = next(iter(scenario.texts.values()), "")
    places = sorted((span, name) for name, span in spans(text, scenario.game.space.names).items()) if text else []
    found: list[Any] = []
    at = 0
    for (start, end), name in places:
        found += [text[at:start], [name, "" if name in scenario.changed else text[start:end]]]
        at = end
    return [*found, text[at:]]
