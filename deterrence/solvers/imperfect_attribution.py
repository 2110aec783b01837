r"""Every equilibrium of `imperfect_attribution`: exact where one number says all, else each isolated in a box by proof.

Attackers that are alike: the symmetric equilibria are exact (`blame`), and whether there are others is found by a
search through boxes of cutoffs (`boxes`). A single attacker: all are exact. Several that are unlike: all are found by
that search, and are exact where every answer is certain or no cutoff depends on it.

Let :math:`\pi_i^s \ge \pi_0^s` for :math:`s \ne 0` and nobody be hit after the null signal. Then there is one. In two
of them with probabilities of attack :math:`a` and :math:`a'`, let :math:`r = a_i'/a_i` be the largest ratio, and
above 1. The chance :math:`\pi_0^s + \sum_j a_j (\pi_j^s - \pi_0^s)` of a signal is at most :math:`r` times as large
in the second, so that :math:`\beta_i^s` is no smaller there, nor the reply: :math:`x_i' \ge x_i`, :math:`a_i' \le
a_i`, which it is not. Where nobody attacks and a signal has no probability otherwise, :math:`\beta_i^s` is that of
attacks which are rare and alike, and the same holds of the largest :math:`a_i'`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from flint import arb, ctx

from ..algebraic import Algebraic
from ..atlas import Atlas
from ..checks.imperfect_attribution import World, certify
from ..direct import DirectGame
from ..enclosures import Enclosure, ball
from ..equilibrium import Equilibrium, Free, Solution
from ..errors import CertificateError, LimitError
from ..provenance import provenance
from .attribution import Attribution, Blame
from .blame import alike, equilibria, single
from .boxes import BITS, MOST, Box, fixed_points

__all__ = ["METHOD", "WHO", "atlas", "label", "solve"]

METHOD: Final = "cutoff equations"
WHO: Final = {0: "nobody attacks", 1: "every type attacks"}
SOME: Final = "some types attack"
FEW: Final = 400
"""How many boxes are searched only to say whether there is something else."""
WORDS: Final = {"named": "the named", "another": "others"}
TELLING: Final = (
    "attacks make every other signal likelier, and nobody would be hit after the null signal: there is one equilibrium"
)
OTHERWISE: Final = (
    "a signal is likelier without an attack of somebody, or the null signal may be answered: there may be several "
    "equilibria"
)
RARE: Final = (
    "without false alarms a name that nobody's conduct explains is believed as attacks that are rare and alike would "
    "make it; with another belief nobody attacking may be an equilibrium besides"
)
Number = Fraction | Algebraic | Enclosure


def solve(game: DirectGame, point: Mapping[str, Fraction], described: Mapping[str, Any]) -> Solution:
    """Every equilibrium at a point.

    Raises
    ------
    LimitError
        where equilibria lie too close to each other to be told apart.
    NotSupportedError
        where whole ranges of cutoffs are equilibria.
    CertificateError
        where a result fails its certificate: a defect, never given out.
    """
    full = table(game, point)
    complete, notes = True, [TELLING if full.regular else OTHERWISE]
    alone = full.number == 1
    found = _exact(game, point, full) if alone or game.options["kind"] == "alike" else _boxed(full)
    if game.options["kind"] == "alike" and not alone:
        complete, note = _others(full, len(found))
        notes += note
    if _doubtful(full):
        notes.append(RARE)
    entries = [
        _entry(game, full, point["loss"], name, cutoffs, blame)
        for name, (_, cutoffs, blame) in zip(_apart([name for name, _, _ in found]), found, strict=True)
    ]
    numbered = tuple(replace(entry, id=f"F{n}") for n, entry in enumerate(entries, 1))
    return Solution(
        numbered, game.concept, METHOD, complete, tuple(notes), scenario=described,
        provenance=provenance("python-flint"),
    )


def atlas(game: DirectGame, told: Mapping[str, Any]) -> Atlas:
    """The families of attackers that are alike; see `families`."""
    from .attribution_families import families

    return families(game, told)


def _doubtful(full: Attribution) -> bool:
    """Whether there is a signal that nobody's conduct but an attack has, and that two may bring."""
    columns = zip(full.nobody, *full.rows, strict=True)
    return any(alone == 0 and sum(chance > 0 for chance in chances) > 1 for alone, *chances in columns)


# the game in numbers


def table(game: DirectGame, point: Mapping[str, Fraction]) -> Attribution:
    """The game with every attacker and every signal written out."""
    n = game.options["attackers"]
    ones = range(1, n + 1)
    if game.options["kind"] == "alike":
        named, other, false = (_signal(point, name) for name in ("identification", "misidentification", "false_alarm"))
        wrong = other / (n - 1) if n > 1 else Fraction(0)
        rows = tuple((1 - named - other, *(named if s == i else wrong for s in ones)) for i in ones)
        ends = [(point[f"{kind}_low"], point[f"{kind}_high"]) for kind in ("gain", "answer")]
        return Attribution(
            point["opportunity"], (ends[0],) * n, (ends[1],) * n, rows, (1 - false, *(false / n for _ in ones))
        )
    signals = range(1, game.options["signals"] + 1)

    def row(who: str) -> tuple[Fraction, ...]:
        chances = [point[f"signal_{s}_{who}"] for s in signals]
        return (1 - sum(chances, Fraction(0)), *chances)

    gains, answers = (
        tuple((point[f"{kind}_low_{i}"], point[f"{kind}_high_{i}"]) for i in ones) for kind in ("gain", "answer")
    )
    return Attribution(point["opportunity"], gains, answers, tuple(row(f"from_{i}") for i in ones), row("from_nobody"))


def _signal(point: Mapping[str, Fraction], name: str) -> Fraction:
    return point.get(name, Fraction(0))


# what is found


Found = tuple[str, tuple[Any, ...], Blame]
"""What an equilibrium is in words, the cutoffs, and what follows from them."""


def _exact(game: DirectGame, point: Mapping[str, Fraction], full: Attribution) -> list[Found]:
    """The symmetric equilibria, exactly."""
    n = full.number
    if game.options["kind"] == "alike":
        chances = (_signal(point, name) for name in ("identification", "misidentification", "false_alarm"))
        kinds = alike(n, *chances)
    else:
        kinds = single(full)
    found = equilibria(full.opportunity, full.gains[0], full.answers[0], kinds)
    return [
        (label(attack, full.opportunity, often), (x,) * n, full.blame((attack / n,) * n)) for attack, x, often in found
    ]


def _others(full: Attribution, symmetric: int) -> tuple[bool, list[str]]:
    """Whether the symmetric equilibria are all there are."""
    if full.regular:
        return True, []
    try:
        more = len(_search(full, FEW)) - symmetric
    except LimitError:
        return False, ["whether there are equilibria that are not symmetric was not decided"]
    return more == 0, [f"not listed: {more} equilibria that are not symmetric"] if more else []


def _search(full: Attribution, most: int = MOST) -> list[Box]:
    balls: list[Attribution] = []

    def game() -> Attribution:
        # Balls are made once, at the precision of the search.
        if not balls:
            balls.append(full.over(ball))
        return balls[0]

    start = [(Fraction(-1), Fraction(1)) for _ in range(full.number)]
    return fixed_points(lambda x: game().at(x).replies, lambda x: game().slopes(x), _wider(start), most)


def _wider(box: Box) -> Box:
    """No reply is larger in size than 1; a fixed point is to lie inside."""
    return [(low - Fraction(1, 8), high + Fraction(1, 7)) for low, high in box]


def _boxed(full: Attribution) -> list[Found]:
    """Every equilibrium of attackers that are unlike, in the order of how likely an attack is."""
    result: list[Found] = []
    before, ctx.prec = ctx.prec, BITS
    try:
        for box in _search(full):
            cutoffs = tuple(ball(low).union(ball(high)) for low, high in box)
            found = full.over(ball).at(cutoffs)
            certain = _certain(full, found)
            if certain is not None and full.at(certain).replies == certain:
                result.append((SOME, certain, full.at(certain)))
            else:
                result.append((SOME, tuple(Enclosure.of(x) for x in cutoffs), found))
    finally:
        ctx.prec = before
    return sorted(result, key=lambda found: float(_bounded(sum(found[2].attacks))))


def _certain(full: Attribution, found: Blame) -> tuple[Fraction, ...] | None:
    """The cutoffs as fractions, where no answer that matters is a matter of degree."""
    cutoffs = []
    for i, row in enumerate(full.rows):
        total = Fraction(0)
        for p, q, hits in zip(row, full.nobody, found.hits, strict=True):
            if p != q and not (hits[i] == 0 or hits[i] == 1):
                return None
            total += (p - q) * (1 if hits[i] == 1 else 0)
        cutoffs.append(total)
    return tuple(cutoffs)


# one equilibrium


def label(attacks: Any, opportunity: Any, often: Mapping[str, str]) -> str:
    """What an equilibrium is in words, from how often each kind of signal is answered."""
    who = WHO[0] if attacks == 0 else WHO[1] if attacks == opportunity else SOME
    hit = [f"{WORDS[kind]} {how} hit" for kind, how in often.items() if kind in WORDS]
    loose = [] if often.get("nobody", "never") == "never" else ["hits without a signal"]
    return "; ".join((who, *([", ".join(hit)] if hit else []), *loose))


def _apart(names: list[str]) -> list[str]:
    """Labels of which no two are the same."""
    return [
        name if names.count(name) == 1 else f"{name} ({names[: n + 1].count(name)})" for n, name in enumerate(names)
    ]


def _entry(
    game: DirectGame, full: Attribution, loss: Fraction, name: str, cutoffs: Sequence[Number], blame: Blame
) -> Equilibrium:
    exact = not isinstance(blame.attacks[0], arb)
    before, ctx.prec = ctx.prec, BITS
    try:
        numbers = full if exact else full.over(ball)
        events = _read(numbers.events(blame), chance=True)
        payoffs = _read(numbers.payoffs(blame, loss if exact else ball(loss)))
        beliefs = [[_bounded(b) for b in row] for row in blame.beliefs]
        hits = [[_bounded(h) for h in row] for row in blame.hits]
        able = [_bounded(a * full.number / numbers.opportunity) for a in blame.attacks]
    finally:
        ctx.prec = before
    world = World(full.opportunity, full.gains, full.answers, full.rows, full.nobody)
    certificate = certify(world, cutoffs, [[1 - b if exact else _less(b) for b in row] for row in beliefs])
    if not certificate.holds:
        raise CertificateError(f"{name}: {'; '.join(certificate.reasons)}")
    told = _alike if game.options["kind"] == "alike" else _unlike
    strategy, figures = told(full, cutoffs, able, beliefs, hits)
    return Equilibrium(
        id="", label=name, strategy=strategy, beliefs={}, free=Free(), outcomes={}, payoffs=payoffs, events=events,
        certificate=certificate, figures=figures,
    )


def _bounded(value: Any, chance: bool = True) -> Any:
    """A ball as an enclosure, of a probability within its bounds."""
    if not isinstance(value, arb):
        return value
    found = Enclosure.of(value)
    return Enclosure(max(found.low, Fraction(0)), min(found.high, Fraction(1))) if chance else found


def _read(values: Mapping[str, Any], chance: bool = False) -> dict[str, Any]:
    return {name: _bounded(value, chance) for name, value in values.items()}


def _less(value: Any) -> Any:
    return Enclosure(1 - value.high, 1 - value.low) if isinstance(value, Enclosure) else 1 - value


def _two(first: str, second: str, value: Any) -> dict[str, Any]:
    return {first: value, second: _less(value)}


Told = tuple[dict[str, dict[str, Any]], dict[str, Any]]


def _alike(
    full: Attribution, cutoffs: Sequence[Number], able: Sequence[Number], beliefs: Sequence[Sequence[Number]],
    hits: Sequence[Sequence[Number]],
) -> Told:
    """Strategies and figures where attackers are alike: seen from the first."""
    kinds = {"named": 1, **({"another named": 2} if full.number > 1 else {}), "nobody named": 0}
    strategy = {"attacker": _two("attack", "hold", able[0])}
    strategy.update({f"Defender, {kind}": _two("hit", "spare", hits[s][0]) for kind, s in kinds.items()})
    return strategy, {
        "cutoff": cutoffs[0], **{f"belief in guilt, {kind}": beliefs[s][0] for kind, s in kinds.items()},
    }


def _unlike(
    full: Attribution, cutoffs: Sequence[Number], able: Sequence[Number], beliefs: Sequence[Sequence[Number]],
    hits: Sequence[Sequence[Number]],
) -> Told:
    """The same where each is told by its number."""
    strategy = {f"attacker {i}": _two("attack", "hold", a) for i, a in enumerate(able, 1)}
    figures: dict[str, Any] = {f"cutoff of attacker {i}": x for i, x in enumerate(cutoffs, 1)}
    for s, (believed, hit) in enumerate(zip(beliefs, hits, strict=True)):
        seen = f"signal {s}" if s else "no signal"
        for i in range(full.number):
            strategy[f"Defender, {seen}: attacker {i + 1}"] = _two("hit", "spare", hit[i])
            figures[f"belief in guilt of attacker {i + 1}, {seen}"] = believed[i]
    return strategy, figures
