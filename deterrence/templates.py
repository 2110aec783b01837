r"""Scenarios to fill in: a file for a built-in game, or for a game of one's own, with what each line means.

The value :math:`\theta_0 \in \Theta` that stands for each parameter is an admissible point of simple numbers, chosen
for nothing but that: it has no basis, and every result says so until somebody gives one.

>>> print(template("swarm").splitlines()[0])
# A scenario of the game `swarm`. Fill in what is yours; `deterrence check FILE` says what is missing or wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Final

from . import models
from .errors import LimitError
from .models.base import Choice, Count, Documented, Option
from .parameters import Parameter, ParameterSpace
from .smt import decide

__all__ = ["OWN", "template"]

OWN: Final = "game"
"""The name under which a game of one's own is asked for."""
UNIT: Final = tuple(Fraction(n, 20) for n in (7, 13, 9, 5, 15, 11, 3, 17))
"""Probabilities that stand for the first parameters, one after the other: equal ones would make ties."""
PLAIN: Final = tuple(Fraction(n, 10) for n in (10, 14, 23, 17, 31, 8, 26, 19, 37, 6, 29, 43))
SIGNED: Final = tuple(map(Fraction, ("0", "-1/2", "-1", "5", "10", "100", "1/100")))
WIDTH: Final = 100

SOURCES: Final = """
# Every source that a value cites, by key; fields are those of CSL.
# [sources.report-2023]
# title = "..."
# author = "..."                 # or a list
# publisher = "..."
# issued = 2023-10-31            # or "2023-10", or "2023"
# URL = "https://..."
# accessed = 2023-11-02
"""

GAME: Final = '''# A game of your own. Fill in what is yours; `deterrence check FILE` says what is missing or wrong.

format = 1
title = "What this scenario is about"
# as_of = 2023-10-31              # the day that it describes

# A value for each parameter that the game declares: a number, or an exact fraction in quotes.

[parameters]
cost = "1/5"

[parameters.resolve]              # the long form says what the value rests on
value = "3/5"
range = ["1/10", "9/10"]          # what you hold plausible
unit = "probability"
role = "uncertainty"              # lever (somebody can choose it) | uncertainty (nobody does) | constant
# basis = "judgement"             # observed | estimated | judgement | normalisation
# source = "report-2023"          # a key of [sources]; needed for observed and estimated
# note = "Why this value."

[game]
players = ["Defender", "Challenger"]

[game.parameters]                 # every parameter with its domain; "" is any real number
resolve = "0 < resolve < 1"
cost = "cost > 0"
# assume = ["cost < 1"]           # conditions on several together

# Moves. A history is a path of labels, joined by a comma and a blank; `*` is any one label. The move without `after` is
# the first. An information set holds the histories that its player cannot tell apart.

[[game.move]]
player = "chance"
actions = { resolved = "resolve", irresolute = "1 - resolve" }

[[game.move]]
player = "Challenger"
information = "the challenge"
after = ["*"]
actions = ["attack", "refrain"]

[[game.move]]
player = "Defender"
information = "resolved, attacked"
after = ["resolved, attack"]
actions = ["answer", "restrain"]

[[game.move]]
player = "Defender"
information = "irresolute, attacked"
after = ["irresolute, attack"]
actions = ["answer", "restrain"]

# Payoffs add up over every rule that matches the complete history; what no rule mentions is 0.

[[game.payoff]]
when = ["attack", "restrain"]     # all of these labels occur
Challenger = 1
Defender = -1

[[game.payoff]]
when = ["answer"]
unless = ["irresolute"]           # none of these occurs
Challenger = -1
Defender = "-cost"

[[game.payoff]]
after = ["irresolute, attack, answer"]   # or complete histories, by pattern
Challenger = -1
Defender = -2

# Events are named conjunctions of labels; every label of a player is one already. The frontier needs the two below.

[events]
deterrence_failure = "attack"
spiral = "attack, answer"
'''


def template(model: str) -> str:
    """A commented scenario of a built-in game, or with `OWN` of a game that the file describes.

    Raises
    ------
    UnknownNameError
        where there is no such game.
    """
    if model == OWN:
        return GAME + SOURCES
    found = models.get(model)
    return "\n".join([*_head(found), *_options(found), *_parameters(found)]) + "\n" + SOURCES + _sweep(found)


def _head(model: Documented) -> Iterator[str]:
    yield (f"# A scenario of the game `{model.name}`. Fill in what is yours; `deterrence check FILE` says what is "
           "missing or wrong.")
    yield "#"
    yield from _comment(model.question)
    yield "#"
    yield from _comment(f"`deterrence games {model.name}` documents the game. The values below are admissible and mean "
                        "nothing else: replace each, and say what it rests on.")
    yield from ("", "format = 1", 'title = "What this scenario is about"', f'model = "{model.name}"',
                "# as_of = 2023-10-31    # the day that it describes")


def _options(model: Documented) -> Iterator[str]:
    if not model.options:
        return
    yield from ("", "# Options of the game; as they stand they are those of a file that names none.", "", "[options]")
    for name, option in model.options.items():
        yield from _comment(option.meaning)
        yield from _offered(option)
        yield f"{name} = {_default(option)}"


def _offered(option: Option | Choice | Count) -> Iterator[str]:
    if isinstance(option, Count):
        yield f"# From {option.least} to {option.most}."
        return
    if isinstance(option, Option):
        yield f"# {option.least} to {option.most} of these:"
    for label, meaning in option.choices.items():
        yield from _comment(f"  {label}: {meaning}")


def _default(option: Option | Choice | Count) -> str:
    if isinstance(option, Count):
        return str(option.default)
    if isinstance(option, Choice):
        return _quoted(option.default)
    return f"[{', '.join(map(_quoted, option.default))}]"


def _parameters(model: Documented) -> Iterator[str]:
    space = model.build({}).space
    point = _point(space)
    for n, parameter in enumerate(model.declared(model.menus())):
        yield ""
        yield from _comment(parameter.meaning)
        if parameter.domain:
            yield f"# Admissible: {parameter.domain}."
        yield f"[parameters.{parameter.name}]"
        yield f"value = {_number(point[parameter.name])}"
        if parameter.unit:
            yield f"unit = {_quoted(parameter.unit)}"
        yield from _about(parameter, n == 0)
    if space.assume:
        yield ""
        yield from _comment(f"All of them together: {', '.join(space.assume)}.")


def _about(parameter: Parameter, first: bool) -> Iterator[str]:
    """The lines of a parameter that are left to fill in, explained once."""
    said = {
        "range": "what you hold plausible; sweeps and sensitivity start from it",
        "role": "lever (somebody can choose it) | uncertainty (nobody does) | constant",
        "basis": "observed | estimated | judgement | normalisation",
        "source": "a key of [sources]; needed for observed and estimated",
        "note": "",
    }
    lines = {"range": '# range = ["...", "..."]', "role": '# role = "uncertainty"', "basis": '# basis = "judgement"',
             "source": '# source = "report-2023"', "note": '# note = "Why this value."'}
    for key, line in lines.items():
        yield f"{line:<32}# {said[key]}" if first and said[key] else line


def _sweep(model: Documented) -> str:
    name = model.build({}).space.names[0]
    return ("\n# What `deterrence sweep FILE` takes where it is told nothing else.\n"
            f'# [sweep]\n# over.{name} = {{ from = "...", to = "...", points = 101 }}\n')


def _point(space: ParameterSpace) -> dict[str, Fraction]:
    """An admissible point of simple numbers.

    Raises
    ------
    LimitError
        where none is found: a defect of the model.
    """
    tried = {name: _alone(space, name, n) for n, name in enumerate(space.names)}
    first = {name: values[0] for name, values in tried.items()}
    if not space.violations(first):
        return first
    joint = sorted({name for condition in space.violations(first) for name in condition.free})
    if len(joint) <= 4:
        for values in product(*(tried[name][:8] for name in joint)):
            point = {**first, **dict(zip(joint, values, strict=True))}
            if not space.violations(point):
                return point
    verdict = decide([condition] for condition in space.conditions)
    if verdict.status != "sat" or verdict.point is None:
        raise LimitError("no admissible point was found")
    return {name: Fraction(verdict.point.get(name, first[name])) for name in space.names}


def _alone(space: ParameterSpace, name: str, n: int) -> list[Fraction]:
    """Simple values that a parameter may have by itself, begun at another place for each of them."""
    own = [condition for condition in space.conditions if condition.free == {name}]
    bounded = not all(condition.holds({name: Fraction(10**6)}) for condition in own)
    turned = [values[n % len(values) :] + values[: n % len(values)] for values in (UNIT, PLAIN)]
    tried = (*turned[0], *turned[1], *SIGNED) if bounded else (*turned[1], *turned[0], *SIGNED)
    found = [value for value in tried if all(condition.holds({name: value}) for condition in own)]
    return found or [Fraction(0)]


def _number(value: Fraction) -> str:
    return str(value) if value.denominator == 1 else f'"{value}"'


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _comment(text: str) -> list[str]:
    """A text as comments, folded."""
    from textwrap import wrap

    indent = " " * (len(text) - len(text.lstrip()))
    return wrap(" ".join(text.split()), WIDTH, initial_indent=f"# {indent}", subsequent_indent=f"# {indent * 2}",
                break_long_words=False, break_on_hyphens=False)
