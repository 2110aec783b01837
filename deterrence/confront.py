r"""A scenario's predictions beside the documented record.

The game is taken to be played once every :math:`\tau` days, each play alike. A period of :math:`d` days then has
:math:`m = \lfloor d/\tau \rfloor` plays, at least one, and in an equilibrium :math:`f` the number of plays with an
attack is binomial with :math:`p = P_f[\text{attack}]`. The record counts attacks, of which several may fall into one
play: :math:`a` attacks are between 1 and :math:`\min(a, m)` plays with one, and none is none. Of :math:`n` plays with
an attack the number of a kind is binomial with :math:`P_f[\text{kind}]/P_f[\text{attack}]`; :math:`k` cases of it
that fell on different days are between :math:`\lceil k/\tau \rceil` and :math:`k` plays, and others between 1 and
:math:`k`.

The *fit* of an equilibrium to an observation is the probability of what the record allows,

.. math:: L = \max_{n_- \le n \le n_+} P(k_- \le K_n \le k_+),

so that where sources disagree, or counts do not say how many plays they come from, the most favourable reading counts.
An observation *rules out* an equilibrium where :math:`L` is below a level. A point of the plausible box is ruled out by
an observation where all its equilibria are. That observations are independent, and one equilibrium is played in all of
them, is an assumption; that in each of them some equilibrium is played is a weaker one, and both are reported.

None of this says what striking does: the record does not tell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from .cards import card, notes, paragraph, table
from .errors import ExpressionError, LimitError, NotSupportedError, UnknownNameError
from .provenance import provenance
from .record import Bounds, Period, Record
from .record import load as load_record

if TYPE_CHECKING:
    from .scenario import Scenario

__all__ = ["LEVEL", "Confrontation", "Fit", "Observation", "confront"]

LEVEL: Final = 0.01
ROWS: Final = 1024
FILE: Final = "data/record.toml"
VARIES: Final = "an end of what varies in an equilibrium"

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Observation:
    """Something the record says that an equilibrium gives a probability.

    Attributes
    ----------
    name : of the period or count.
    what : in words.
    event, given : the events of the game; the probability is that of the first among plays with the second.
    count, among : bounds on the number of cases with the event, and on the number of cases.
    """

    name: str
    what: str
    event: str
    given: str
    count: Bounds
    among: Bounds

    def fit(self, chance: float | None) -> float:
        """The probability of what the record allows; 1 where no case can arise and none did."""
        if chance is None:
            # No play has the event that is a condition: then there is no case.
            return 1.0 if self.among[0] == 0 else 0.0
        return float(_fits(self, np.array([chance]))[0])

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "name": self.name, "what": self.what, "event": self.event, "given": self.given or None,
            "count": list(self.count), "among": list(self.among),
        }


@dataclass(frozen=True)
class Fit:
    """One equilibrium beside the record.

    Attributes
    ----------
    id, label : of the equilibrium.
    chances : for each observation the probability of the event; None where its condition never holds.
    expected : for each observation the least and the greatest expected number of cases.
    fits : for each observation the probability of what the record allows.
    answers : the expected number of answers in each period, a play with an attack being answered once or not; empty
        where the game has no event for it.
    """

    id: str
    label: str
    chances: tuple[Any, ...]
    expected: tuple[tuple[float, float] | None, ...]
    fits: tuple[float, ...]
    answers: tuple[float, ...] = ()

    @property
    def overall(self) -> float:
        """The probability of all of it, were observations independent."""
        return float(np.prod(self.fits))

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "id": self.id, "label": self.label,
            "chances": [None if c is None else str(c) for c in self.chances],
            "expected": [None if e is None else list(e) for e in self.expected],
            "fits": list(self.fits), "overall": self.overall, "expected_answers": list(self.answers),
        }


@dataclass(frozen=True)
class Confrontation:
    """What `confront` returns.

    Attributes
    ----------
    scenario : title, digest and values.
    record : the record.
    days : how many days a play stands for.
    level : below which probability the record rules out.
    observations : what is compared; what the game says nothing of is in `notes`.
    fits : for each equilibrium at the scenario's values, and for the ends of what varies in them (ids with a star).
    rows, seed, over : the sample of the plausible box.
    kept : for each observation the share of the box that it does not rule out.
    throughout, somewhere : the share of the box where one equilibrium fits every observation; and where for every
        observation some equilibrium does.
    ranges : for each uncertainty its range in the box, and among the points kept (where any is).
    notes : what was not compared.
    """

    scenario: Mapping[str, Any]
    record: Record
    days: int
    level: float
    observations: tuple[Observation, ...]
    fits: tuple[Fit, ...]
    rows: int = 0
    seed: int = 0
    over: tuple[str, ...] = ()
    kept: tuple[float, ...] = ()
    throughout: float | None = None
    somewhere: float | None = None
    ranges: Mapping[str, tuple[tuple[float, float], tuple[float, float] | None]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def alike(self) -> tuple[tuple[str, ...], ...]:
        """Equilibria that give every observation the same probability: the record cannot tell them apart."""
        groups: dict[tuple[Any, ...], list[str]] = {}
        for fit in self.fits:
            groups.setdefault(fit.chances, []).append(fit.id)
        return tuple(tuple(ids) for ids in groups.values() if len(ids) > 1)

    @property
    def silent(self) -> tuple[str, ...]:
        """Uncertainties about which it says nothing: kept over their whole range, as far as the sample shows."""
        found = []
        for name, (box, kept) in self.ranges.items():
            margin = 0.02 * (box[1] - box[0])
            if kept is not None and kept[0] <= box[0] + margin and kept[1] >= box[1] - margin:
                found.append(name)
        return tuple(found)

    def _repr_html_(self) -> str:
        """What a notebook shows: how probable each equilibrium makes what the record allows, and what is ruled out."""
        rows = [
            (o.name, *(f"{fit.fits[n]:.2g}{' (ruled out)' if fit.fits[n] < self.level else ''}" for fit in self.fits))
            for n, o in enumerate(self.observations)
        ]
        return card(
            f"{self.scenario['title']}, beside: {self.record.title}", paragraph(self.record.identification),
            table(("", *(f"{fit.id}: {fit.label}" for fit in self.fits)), rows),
            paragraph(f"Each number is the probability of what the record allows; ruled out below {self.level:g}."),
            notes(self.notes),
        )

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "format": 1,
            "scenario": dict(self.scenario),
            "record": {
                "title": self.record.title, "sha256": self.record.sha256,
                "periods": [period.to_dict() for period in self.record.periods],
                "counts": [count.to_dict() for count in self.record.counts],
                "sources": self.record.sources(self.record.named),
            },
            "days": self.days,
            "level": self.level,
            "observations": [observation.to_dict() for observation in self.observations],
            "equilibria": [fit.to_dict() for fit in self.fits],
            "ruled_out": {
                fit.id: [o.name for o, value in zip(self.observations, fit.fits, strict=True) if value < self.level]
                for fit in self.fits
            },
            "not_told_apart": {"equilibria": [list(ids) for ids in self.alike], "parameters": list(self.silent)},
            "box": {
                "rows": self.rows, "seed": self.seed, "over": list(self.over),
                "kept": {o.name: share for o, share in zip(self.observations, self.kept, strict=True)},
                "one_equilibrium_fits_all": self.throughout, "some_equilibrium_fits_each": self.somewhere,
                "ranges": {name: {"box": list(box), "kept": None if kept is None else list(kept)}
                           for name, (box, kept) in self.ranges.items()},
            } if self.rows else None,
            "identification": self.record.identification,
            "notes": list(self.notes),
            "provenance": dict(self.provenance),
        }


def confront(
    scenario: Scenario, record: Record | str | Path | None = None, *, days: int | None = None, level: float = LEVEL,
    rows: int = ROWS, rng: int = 0, jobs: int | None = None, telling: Callable[[str], None] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Confrontation:
    """A scenario beside the record; parameters as in `deterrence.confront`."""
    from .solvers import solve
    from .solvers.ranges import ends

    days = scenario.record.get("days", 1) if days is None else days
    if days < 1:
        raise ExpressionError("a play stands for at least one day")
    level = float(Fraction(level))  # a saved result holds a fraction as its text
    if not 0 < level < 1:
        raise ExpressionError(f"a level lies between 0 and 1, and {level} does not")
    here = record if isinstance(record, Record) else load_record(_place(scenario, record))
    observations, notes = _observations(scenario, here, days)
    short = [period.name for period in here.periods if period.days < days]
    if short:
        notes.append(f"shorter than a play, and taken for one: {', '.join(short)}")
    if telling is not None:
        telling("the equilibria at the scenario's own values")
    solution = solve(scenario)
    fits = [_fit(entry.id, entry.label, entry.events, observations, here) for entry in solution]
    known = {fit.chances for fit in fits}
    for row in ends(scenario.game, scenario.point, solution):
        fit = _fit(f"*{len(fits) + 1}", VARIES, dict(zip(scenario.game.events, row, strict=False)), observations, here)
        if fit.chances not in known:
            fits.append(fit)
            known.add(fit.chances)
    told: dict[str, Any] = {}
    if rows:
        try:
            told, said = _box(scenario, observations, level, rows, rng, jobs, telling, progress)
            notes += said
        except (LimitError, NotSupportedError, ExpressionError) as error:
            notes.append(f"nothing is said about the plausible box: {error}")
    return Confrontation(
        scenario=scenario.to_dict(), record=here, days=days, level=level, observations=tuple(observations),
        fits=tuple(fits),
        notes=tuple(notes), provenance=provenance("numpy", "scipy", "python-flint", "z3-solver"), **told,
    )


def _place(scenario: Scenario, record: str | Path | None) -> Path:
    if record is not None:
        return Path(record)
    place = scenario.record.get("file", FILE)
    beside = Path(scenario.file).parent / str(place)
    if scenario.file.startswith("<") or not beside.exists():
        raise ExpressionError(f"there is no record beside the scenario ({place}); name one (--record)")
    return beside


def _observations(scenario: Scenario, record: Record, days: int) -> tuple[list[Observation], list[str]]:
    """What of the record the game gives a probability, and what it does not."""
    from . import models

    events = scenario.game.events
    named: dict[str, tuple[str, str]] = {"attack": ("deterrence_failure", "")}
    if scenario.model:
        named |= models.get(scenario.model).observed
    notes = []
    if named["attack"][0] not in events:
        raise UnknownNameError("event", named["attack"][0], list(events))
    event, given = named["attack"]
    found = [_of_period(period, event, given, days) for period in record.periods]
    cases = {"attack": _plays_with_attacks(found)}
    for count in record.counts:
        among = cases.get(count.of, count.among)
        low, high = count.count
        plays = (-(-low // days) if count.apart else min(low, 1), min(high, among[1]))
        cases[count.name] = plays
        known = named.get(count.name)
        if known is None or known[0] not in events or (known[1] and known[1] not in events):
            notes.append(f"the game has no event for the count {count.name!r} of the record")
            continue
        words = f"plays with {count.name} among those with {count.of}"
        found.append(Observation(count.name, words, *known, plays, among))
    return found, notes


def _plays_with_attacks(periods: Sequence[Observation]) -> Bounds:
    """Bounds on the number of plays with an attack, over all periods."""
    return sum(o.count[0] for o in periods), sum(o.count[1] for o in periods)


def _of_period(period: Period, event: str, given: str, days: int) -> Observation:
    plays = max(1, period.days // days)
    low, high = period.attacks
    count = (min(low, 1), min(high, plays))
    return Observation(period.name, f"plays with an attack, of {plays}", event, given, count, (plays, plays))


def _fit(
    key: str, label: str, events: Mapping[str, Any], observations: Sequence[Observation], record: Record
) -> Fit:
    chances = []
    for observation in observations:
        if not observation.given:
            chances.append(events[observation.event])
        else:
            base = events[observation.given]
            chances.append(None if base == 0 else _share(events[observation.event], base))
    expected = [
        None if chance is None else (float(o.among[0] * float(chance)), float(o.among[1] * float(chance)))
        for o, chance in zip(observations, chances, strict=True)
    ]
    fits = [o.fit(None if c is None else float(c)) for o, c in zip(observations, chances, strict=True)]
    answered = next((float(events[o.event]) for o in observations if o.name == "answer"), None)
    plays = [o.among[0] for o in observations[: len(record.periods)]]
    answers = () if answered is None else tuple(answered * n for n in plays)
    return Fit(key, label, tuple(chances), tuple(expected), tuple(fits), answers)


def _share(part: Any, whole: Any) -> Any:
    """A conditional probability; the event may happen without the condition too, and is then counted as if within."""
    if isinstance(part, Fraction) and isinstance(whole, Fraction):
        return min(Fraction(1), part / whole)
    return min(1.0, float(part) / float(whole))


def _fits(observation: Observation, chances: Floats) -> Floats:
    """The fit at each of many probabilities."""
    from scipy.stats import binom

    low, high = observation.count
    best = np.zeros_like(chances)
    for n in range(observation.among[0], observation.among[1] + 1):
        value = binom.cdf(min(high, n), n, chances) - (binom.cdf(low - 1, n, chances) if low else 0.0)
        best = np.maximum(best, value)
    return np.clip(best, 0.0, 1.0)


def _box(
    scenario: Scenario, observations: Sequence[Observation], level: float, rows: int, rng: int, jobs: int | None,
    telling: Callable[[str], None] | None, progress: Callable[[int, int], None] | None,
) -> tuple[dict[str, Any], Sequence[str]]:
    """What the record leaves of a sample over the uncertainties, and what is to be known of that."""
    from .outcomes import study
    from .solvers import sampled

    ready = study(scenario, telling=telling)
    drawn, asked = ready.drawn, rows
    rows = ready.fitting(rows, 1, sampled(scenario.game))
    names = dict.fromkeys(f"P[{name}]" for o in observations for name in (o.event, o.given) if name)
    data = ready.over((), ready.draw(rows, rng), ["exists", *names], jobs, progress)
    exists = np.asarray(data["exists"].values, dtype=np.bool_)
    good = np.zeros((len(observations), *exists.shape), dtype=np.bool_)
    for k, observation in enumerate(observations):
        good[k] = exists & (_of_family(observation, data, exists) >= level)
    each: npt.NDArray[np.bool_] = np.asarray(good.any(axis=1))
    kept = each.all(axis=0)
    ranges: dict[str, tuple[tuple[float, float], tuple[float, float] | None]] = {}
    for assumption in drawn:
        values = np.asarray(data[assumption.name].values, dtype=np.float64)
        assert assumption.range is not None  # noqa: S101 - those without are not drawn
        box = (float(assumption.range[0]), float(assumption.range[1]))
        inside = values[kept]
        ranges[assumption.name] = (box, (float(inside.min()), float(inside.max())) if inside.size else None)
    throughout = float(np.mean(np.any(np.all(good, axis=0), axis=0)))
    return {
        "rows": rows, "seed": rng, "over": tuple(a.name for a in drawn),
        "kept": tuple(float(row.mean()) for row in each), "throughout": throughout,
        "somewhere": float(kept.mean()), "ranges": ranges,
    }, ready.told(asked, rows)


def _of_family(observation: Observation, data: Any, exists: npt.NDArray[np.bool_]) -> Floats:
    """The fit of every family at every row; 0 where it does not exist."""
    chance = np.asarray(data[f"P[{observation.event}]"].values, dtype=np.float64)
    base = np.ones(exists.shape)
    if observation.given:
        base = np.asarray(data[f"P[{observation.given}]"].values, dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            chance = np.clip(chance / base, 0.0, 1.0)
    return np.where(base == 0, observation.fit(None), _fits(observation, np.nan_to_num(chance))) * exists
