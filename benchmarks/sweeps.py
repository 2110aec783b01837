"""What is swept and against what: points of the 2 x 2 x 2 costly-signalling game, and general tools on its normal form.

Points for general tools have three decimals, so that exact ones work on small fractions and all see the same game.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import deterrence as dt
from deterrence.kernels import Arrays
from deterrence.plans import Plan
from deterrence.scenario import Scenario

SPENCE = Path(__file__).parent.parent / "tests" / "canon" / "spence-00.toml"
NAMES = ("p", "cS", "BS", "wS", "l", "cW", "BW", "wW", "g")
BOXES = ("honest", "any sign")
TOLERANCE = 1e-6
STRIP = 16_384

Floats = npt.NDArray[np.float64]
Matrix = list[list[Fraction]]
Payoffs = tuple[float, float]


# Points ------------------------------------------------------------------------------------------------------------


def scenario() -> Scenario:
    """The game with values of its own; a new one each time."""
    return dt.load(SPENCE)


def ends(name: str, box: str) -> tuple[int, int]:
    """The least and the greatest value of a parameter in a box, in thousandths.

    An honest game has costs, gains and losses above zero and wars that are worse than peace; the other box has every
    sign of everything but the prior.
    """
    if name == "p":
        return 10, 990
    if box != "honest":
        return -100_000, 100_000
    return (-100_000, -500) if name in ("wS", "wW") else (500, 100_000)


def drawn(rng: np.random.Generator, points: int, box: str) -> dict[str, Floats]:
    """Random points over all nine parameters, a column for each."""
    return {name: rng.uniform(*ends(name, box), points) / 1000 for name in NAMES}


def rounded(columns: dict[str, Floats]) -> dict[str, Floats]:
    """The same points to three decimals."""
    return {name: np.round(column, 3) for name, column in columns.items()}


def exact(columns: dict[str, Floats], n: int) -> dict[str, Fraction]:
    """One of the points that have three decimals, exactly."""
    return {name: Fraction(round(float(column[n]) * 1000), 1000) for name, column in columns.items()}


def ranged(box: str) -> str:
    """The text of a scenario whose parameters have the ranges of a box, to draw samples from."""
    before, _, rest = SPENCE.read_text(encoding="utf-8").partition("[parameters]\n")
    game = rest[rest.index("[game]\n") :]
    tables = []
    for name in NAMES:
        low, high = (str(Fraction(end, 1000)) for end in ends(name, box))
        middle = str(Fraction(sum(ends(name, box)), 2000))
        tables.append(f'[parameters.{name}]\nvalue = "{middle}"\nrange = ["{low}", "{high}"]\n')
    return before + "\n".join(tables) + "\n" + game


def tied(rng: np.random.Generator, points: int) -> list[dict[str, Fraction]]:
    """Points of honest games at which one player is exactly indifferent between two ends, each kind in turn."""
    columns = rounded(drawn(rng, points, "honest"))
    found = []
    for n in range(points):
        point = exact(columns, n)
        if n % 3 == 0:
            point["cS"] = point["BS"] - point["wS"]
        elif n % 3 == 1:
            point["cW"] = point["BW"] - point["wW"]
        else:
            point["g"] = point["p"] * point["l"] / (1 - point["p"])
        found.append(point)
    return found


# The normal form and general tools on it -----------------------------------------------------------------------------


def normal_form(at: dict[str, Fraction]) -> tuple[Matrix, Matrix]:
    """Payoffs of the sender and the receiver: rows are what the types send, columns what the signals are met with."""
    sender, receiver = [], []
    for sent in product((0, 1), repeat=2):
        row: tuple[list[Fraction], list[Fraction]] = ([], [])
        for replies in product("AN", repeat=2):
            attacked = [replies[signal] == "A" for signal in sent]
            strong = (at["wS"] if attacked[0] else at["BS"]) - at["cS"] * sent[0]
            weak = (at["wW"] if attacked[1] else at["BW"]) - at["cW"] * sent[1]
            row[0].append(at["p"] * strong + (1 - at["p"]) * weak)
            row[1].append(-at["p"] * at["l"] * attacked[0] + (1 - at["p"]) * at["g"] * attacked[1])
        sender.append(row[0])
        receiver.append(row[1])
    return sender, receiver


def _floats(forms: tuple[Matrix, Matrix]) -> tuple[Floats, Floats]:
    left, right = (np.array([[float(v) for v in row] for row in matrix]) for matrix in forms)
    return left, right


def _gambit(rational: bool) -> tuple[Callable[..., Any], Callable[..., Any]]:
    import pygambit

    def ready(forms: tuple[Matrix, Matrix]) -> Any:
        # Gambit's own text, since its interface changes between versions; the first player's strategies vary fastest.
        cells = " ".join(str(forms[k][i][j]) for j in range(4) for i in range(4) for k in range(2))
        text = f'NFG 1 R "game" {{ "1" "2" }} {{ 4 4 }}\n\n{cells}\n'
        return pygambit.read_nfg(io.BytesIO(text.encode()))

    def profiles(game: Any) -> list[tuple[Floats, Floats]]:
        found = pygambit.nash.enummixed_solve(game, rational=rational).equilibria
        return [tuple(np.array([float(mixed[str(n + 1)]) for n in range(4)]) for mixed in one) for one in found]

    return ready, profiles


def _nashpy(method: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    import nashpy

    def profiles(game: Any) -> list[tuple[Floats, Floats]]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return list(getattr(game, method)())

    return lambda forms: nashpy.Game(*_floats(forms)), profiles


def _quantecon() -> tuple[Callable[..., Any], Callable[..., Any]]:
    from quantecon.game_theory import NormalFormGame, Player, vertex_enumeration

    def ready(forms: tuple[Matrix, Matrix]) -> Any:
        left, right = _floats(forms)
        return NormalFormGame([Player(left), Player(np.ascontiguousarray(right.T))])

    return ready, vertex_enumeration


TOOLS: dict[str, Callable[[], tuple[Callable[..., Any], Callable[..., Any]]]] = {
    "pygambit enummixed, exact": lambda: _gambit(True),
    "pygambit enummixed, double": lambda: _gambit(False),
    "nashpy support enumeration": lambda: _nashpy("support_enumeration"),
    "nashpy vertex enumeration": lambda: _nashpy("vertex_enumeration"),
    "QuantEcon vertex enumeration": _quantecon,
}
"""For each tool: what makes its game of a normal form, and what finds the equilibria; only the second is timed."""


def outcomes(forms: tuple[Matrix, Matrix], profiles: Sequence[tuple[Floats, Floats]]) -> list[Payoffs]:
    """What each profile pays sender and receiver."""
    left, right = _floats(forms)
    return [(float(x @ left @ y), float(x @ right @ y)) for x, y in profiles]


def lost(wanted: Sequence[Payoffs], found: Sequence[Payoffs]) -> int:
    """How many of the wanted payoffs are not among those found."""
    return sum(
        not any(all(abs(a - b) <= TOLERANCE * (1 + abs(a)) for a, b in zip(one, other, strict=True)) for other in found)
        for one in wanted
    )


def wanted_of(data: Any, n: int) -> list[Payoffs]:
    """The payoffs of every family that exists at one point of a sweep."""
    there = data["exists"].values[:, n]
    return list(zip(*(data[f"payoff[{name}]"].values[there, n].tolist() for name in ("Snd", "R")), strict=True))


# Other engines on the same formulas ----------------------------------------------------------------------------------


class Numexpr:
    """The program of a plan through numexpr: strips of points, every polynomial once, then regions, values and ends."""

    def __init__(self, plan: Plan) -> None:
        assert plan.program is not None
        self.program = plan.program
        self.texts = [self._polynomial(terms) for terms in self.program.polynomials]
        self.used = sorted({k for f in self.program.families for v in f.members[0].values for k in v if k >= 0}
                           | {k for f in self.program.families for part in f.region for k, _ in part}
                           | {k for k, _ in self.program.domain})
        self.admissible = " & ".join(f"(y{k} {op} 0)" for k, op in self.program.domain)

    @staticmethod
    def _polynomial(terms: Any) -> str:
        factors = [
            "*".join([repr(float(c)), *(name for name, e in zip(NAMES, exponents, strict=True) for _ in range(e))])
            for c, exponents in terms
        ]
        return " + ".join(factors) if factors else "0.0"

    def run(self, columns: Sequence[Floats], into: Arrays) -> None:
        """Write the results at these points."""
        for start in range(0, len(into.unsure), STRIP):
            stop = min(start + STRIP, len(into.unsure))
            self._strip([x[start:stop] for x in columns], into.part(start, stop))

    def _strip(self, columns: Sequence[Floats], into: Arrays) -> None:
        import numexpr

        def value(text: str, **given: Any) -> Any:
            return numexpr.evaluate(text, {**given, "nan": np.nan}, {})

        inputs = dict(zip(NAMES, columns, strict=True))
        size = len(columns[0])
        nodes: dict[str, Any] = {}
        for k in self.used:
            terms = self.program.polynomials[k]
            constant = not any(any(exponents) for _, exponents in terms)
            nodes[f"y{k}"] = (
                np.full(size, float(terms[0][0]) if terms else 0.0) if constant
                else value(self.texts[k], **{n: x for n, x in inputs.items() if n in self.texts[k]})
            )
        low, high = np.full((6, size), np.inf), np.full((6, size), -np.inf)
        inside = value(self.admissible, **self._named(self.admissible, nodes))
        for f, family in enumerate(self.program.families):
            text = " | ".join("(" + " & ".join(f"(y{k} {op} 0)" for k, op in part) + ")" for part in family.region)
            text = f"inside & ({text})"
            into.exists[f] = e = value(text, inside=inside, **self._named(text, nodes))
            for q, (top, below) in enumerate(family.members[0].values):
                quotient = f"y{top}" if below < 0 else f"y{top}/y{below}"
                text = f"where(e, {quotient}, nan)"
                into.values[q, f] = v = value(text, e=e, **self._named(text, nodes))
                low[q] = value("where(v < low, v, low)", v=v, low=low[q])
                high[q] = value("where(v > high, v, high)", v=v, high=high[q])
        into.count[:] = into.exists.sum(axis=0)
        for rows, of in ((low, into.low), (high, into.high)):
            for q in range(6):
                of[q] = value("where(none, nan, x)", none=into.count == 0, x=rows[q])

    @staticmethod
    def _named(text: str, nodes: dict[str, Any]) -> dict[str, Any]:
        return {name: nodes[name] for name in sorted(set(re.findall(r"y\d+", text)))}


# Time and memory -----------------------------------------------------------------------------------------------------


def least(run: Callable[[], Any], times: int = 3) -> tuple[float, Any]:
    """The least of several times in seconds, and the last answer; what came before is freed first."""
    best, answer = float("inf"), None
    for _ in range(times):
        answer = None
        start = time.perf_counter()
        answer = run()
        best = min(best, time.perf_counter() - start)
    return best, answer


def process(command: Sequence[str]) -> tuple[float, float, str]:
    """Seconds, peak resident memory in MB and standard output of a command in a new process."""
    # The system counts what a process was forked from as its own, so a small one stands between.
    done = subprocess.run([sys.executable, "-c", BETWEEN, *command], stdout=subprocess.PIPE, text=True, check=True)
    text, _, told = done.stdout.rstrip().rpartition("\n")
    seconds, kilobytes = told.split()
    return float(seconds), int(kilobytes) / 1024, text


BETWEEN = """
import resource, subprocess, sys, time
start = time.perf_counter()
subprocess.run(sys.argv[1:], check=True)
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
