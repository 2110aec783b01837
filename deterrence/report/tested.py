"""How far the answer can be relied on: over what is plausible, along a lever, as statements, beside the record."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from ..algebraic import Real
from ..errors import DeterrenceError, LimitError, StatementError, UnknownNameError
from ..pictures import frontier as drawn
from ..wording import named, number
from .assumed import model_of, sentence
from .conclusions import AXES, LARGE, Conclusion, Finding, Reach, Turn, conclusions, findings, turns
from .conclusions import named as chance
from .parts import (
    Block,
    Figure,
    Heading,
    Items,
    Note,
    Paragraph,
    Section,
    Strong,
    Table,
    Text,
    Typed,
    joined,
    marked,
    text,
)

if TYPE_CHECKING:
    from ..atlas import Atlas
    from ..confront import Confrontation
    from ..frontier import Frontier
    from ..models.base import Claim
    from ..outcomes import Study
    from ..scenario import Scenario

__all__ = ["Robustness", "frontier", "matters", "record", "robustness", "statements", "summed", "tested"]

MOST_CLAIMS: Final = 12
INDEX_ROWS: Final = 512
POINT_ROWS: Final = 128
FEW_ROWS: Final = 8
LITTLE: Final = 0.01
Say = Callable[[str], None]


class Robustness:
    """What was found out about the conclusions.

    Attributes
    ----------
    asked : the conclusions.
    found : what became of each over the box; empty where nothing could be said, then `why` says why.
    stops, seen, failed : where each stops to hold along single parameters; those looked at; why others were not.
    ready : the closed forms over the box, or what is ready to be solved point by point; None where neither is.
    """

    def __init__(self, scenario: Scenario, reach: Mapping[str, Reach], ready: Study | None, why: str) -> None:
        self.scenario, self.ready, self.why = scenario, ready, why
        self.asked: list[Conclusion] = conclusions(scenario, reach)
        self.found: list[Finding] = []
        self.stops: dict[str, list[Turn]] = {}
        self.seen: list[str] = []
        self.failed: dict[str, str] = {}
        self.alone = False


def tested(
    scenario: Scenario, reach: Mapping[str, Reach], ready: Study | None, why: str, rows: int, quick: bool, say: Say,
    jobs: int | None,
) -> Robustness:
    """The conclusions that the scenario's values suggest, and what becomes of them."""
    made = Robustness(scenario, reach, ready, why)
    most = POINT_ROWS if len(scenario.game.payoffs) <= LARGE else FEW_ROWS
    if ready is not None:
        say("conclusions over what is plausible")
        try:
            made.found = findings(ready, made.asked, rows if ready.program else min(rows, most), say, jobs)
        except DeterrenceError as error:
            made.why = str(error)
    if not quick:
        say("where conclusions stop to hold")
        made.stops, made.seen, made.failed = turns(scenario, made.asked, say)
        made.alone = True
    return made


def summed(made: Robustness) -> list[Text]:
    """What becomes of the conclusions, for the answer in short."""
    if not made.found:
        return []
    names = made.ready.names if made.ready is not None else ()
    found = []
    for status, words in (
        ("proved", "Holds at every plausible value of what is uncertain (proved, knife edges aside)"),
        ("refuted", "Holds at the scenario's values, and fails at others that are plausible"),
        ("not decided", "Whether it holds at every plausible value was not decided"),
        ("sampled", "Checked at a sample of plausible values only"),
    ):
        chosen = [one for one in made.found if one.status == status]
        if chosen:
            told = "; ".join(f"{one.conclusion.words}{_share(one)}" for one in chosen)
            found.append(text(Strong(f"{words}: "), f"{told}."))
    return [*found, text(f"What is uncertain here: {', '.join(names)}.")] if names else found


def _share(one: Finding) -> str:
    if not one.rows or one.status == "proved":
        return ""
    return f" (at {percent(one.share)} of {one.rows} sampled points)"


def percent(share: float) -> str:
    """A share of a sample, which is never said to be all or nothing where it is not.

    >>> percent(1.0), percent(0.9999), percent(0.25)
    ('all', 'more than 99.9 %', '25 %')
    """
    if share in (0, 1):
        return "all" if share else "none"
    if not 0.001 <= share <= 0.999:
        return "more than 99.9 %" if share > 0.5 else "less than 0.1 %"
    return f"{100 * share:.3g} %"


# What drives it ----------------------------------------------------------------------------------------------------


def matters(made: Robustness) -> list[Block]:
    """Which uncertain values the answer moves with, and which cannot matter: how much of it rests on judgement."""
    from ..certainty import regions, silent
    from ..sensitivity import sobol_indices

    ready, scenario = made.ready, made.scenario
    if ready is None:
        return [Note(text(f"How far the answer moves with each value was not computed: {made.why}."))]
    if ready.program is None:
        return [Note(text(f"Which of these values cannot matter is not proved: {sentence(ready.why)}"))]
    bases = {a.name: a.basis or "not stated" for a in scenario.assumptions}
    events = list(dict.fromkeys(one.event for one in made.asked))
    wanted = [f"P_max[{event}]" for event in events]
    left = regions(ready)
    blocks: list[Block] = []
    entries = []
    for event, quantity in zip(events, wanted, strict=True):
        idle = silent(ready, left, quantity)
        if idle.single:
            entries.append(text(f"{_up(chance(event))}, in the worst equilibrium, depends on none of the uncertain "
                                "values within their ranges: proved, knife edges aside."))
        elif idle.parameters:
            entries.append(text(f"{_up(chance(event))}, in the worst equilibrium, cannot depend on ",
                                *joined([text(Typed(name)) for name in idle.parameters]),
                                " within the ranges: proved, knife edges aside."))
    blocks += [Items(tuple(entries))] if entries else []
    found = sobol_indices(lambda columns: ready.at(columns, wanted), ready.names, ready.spreads, INDEX_ROWS)
    for event, indices in zip(events, found, strict=True):
        if indices.constant:
            continue
        rows = sorted(indices.entries, key=lambda e: -(e.total or 0.0))
        shown = [(Typed(e.parameter), bases[e.parameter], _estimate(e.first, e.first_error),
                  _estimate(e.total, e.total_error)) for e in rows if (e.total or 0) >= LITTLE]
        judged = [e.parameter for e in indices.entries if bases[e.parameter] == "judgement"]
        blocks.append(Table.of(
            f"{_up(chance(event))} in the worst equilibrium: the share of its variance over the plausible ranges that "
            "each uncertain value accounts for, alone and together with others",
            ("parameter", "basis", "alone", "with others"), shown))
        if judged:
            blocks.append(Paragraph(text(_by_judgement(judged, indices.entries))))
    if len(blocks) > len(entries[:1]):
        blocks.append(Note(text(
            f"Shares are Sobol' indices estimated from {INDEX_ROWS * (len(ready.names) + 2)} points; after \u00b1 "
            "stands half the width of the interval (95 % confidence), and those below 1 % are left out. They are about "
            "the ranges of the scenario: a range that is too narrow hides what matters. Levers and constants are held "
            "at the scenario's values.")))
    return blocks


def _by_judgement(judged: Sequence[str], entries: Sequence[Any]) -> str:
    """How much of the variance would be left if every value that does not rest on judgement were known."""
    rest = [e for e in entries if e.parameter not in judged]
    if not rest:
        return "Every uncertain value of this scenario rests on judgement, and so does all of this variance."
    most = min(sum(e.total or 0.0 for e in rest), 1.0)
    names = ", ".join(e.parameter for e in rest)
    size = f"about {_percentage(most)}" if most >= LITTLE else "less than 1 %"
    return (f"The uncertain values that do not rest on judgement ({names}) account, with all that they do together "
            f"with others, for {size} of it by this estimate; the rest of the variance comes from values that do.")


def _percentage(share: float | None) -> str:
    if share is None:
        return "not defined"
    return "0 %" if share < 0.0005 else f"{100 * share:.2g} %" if share < 0.995 else "100 %"


def _estimate(share: float | None, error: float | None) -> str:
    """A share with half the width of its interval where that is not nil."""
    told = _percentage(share)
    return told if share is None or not error or error < 0.0005 else f"{told} \u00b1 {100 * error:.1g} %"


def _up(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"


# Robustness --------------------------------------------------------------------------------------------------------


def robustness(made: Robustness, quick: bool) -> Section:
    """Which conclusions hold over the whole box, which fail somewhere, and where they stop to hold."""
    title, scenario = "Which conclusions hold, and where they fail", made.scenario
    blocks: list[Block] = [Paragraph(text(
        "The values of the scenario suggest the conclusions below. Each was put to the test over every plausible value "
        "of what is uncertain at once, the levers and constants being as the scenario has them. ", Strong("Proved"),
        " means that it was shown to be impossible for the conclusion to fail anywhere in the interior of these "
        "ranges, points on a knife edge aside: by a decision procedure for polynomial inequalities, from the closed "
        "forms of all equilibria there. ",
        Strong("Fails"), " comes with exact values at which the game was solved anew and the conclusion is false."))]
    events = list(dict.fromkeys(one.event for one in made.asked))
    if not set(events) & set(AXES) and len(events) < len(scenario.game.events):
        blocks.append(Note(text(f"Of the {len(scenario.game.events)} events of the game only the first {len(events)} "
                                "are looked at: ", *joined([text(Typed(event)) for event in events]), ".")))
    if made.ready is not None:
        ends = {a.name: a.range for a in made.ready.drawn if a.range}
        told = [text(Typed(name), f" from {low} to {high}") for name, (low, high) in ends.items()]
        blocks.append(Paragraph(text("The ranges: ", *joined(told), ".")))
    if not made.found:
        blocks.append(Note(text(f"Nothing is said over the plausible ranges: {sentence(made.why)}")))
    else:
        said = [(_up(one.conclusion.words), *_verdict(one)) for one in made.found]
        blocks.append(Table.of("Conclusions over all that is plausible",
                               ("conclusion", "verdict", "for example at", "share of a sample"), said, (0, 2)))
        blocks += _limits(made)
    if made.alone:
        blocks += _stops(made)
    elif quick:
        blocks.append(Note(text("Where a conclusion stops to hold as one value moves was not looked for (--quick).")))
    units = [a.name for a in scenario.assumptions if a.basis == "normalisation"]
    if units:
        blocks.append(Note(text("A normalisation is the unit of a scale. Where it has a range, moving it alone asks "
                                "how all else on that scale compares with it: ", ", ".join(units), ".")))
    return Section("robustness", title, tuple(blocks))


def _verdict(one: Finding) -> tuple[Any, ...]:
    words = {"proved": "proved", "refuted": "fails somewhere", "not decided": "not decided",
             "sampled": "not proved: sampled only"}[one.status]
    at = joined([text(Typed(f"{name} = {value}")) for name, value in one.witness.items()])
    share = "all, by the proof" if one.status == "proved" else percent(one.share) if one.rows else "not sampled"
    return words, at, share


def _limits(made: Robustness) -> list[Block]:
    rows = {one.rows for one in made.found if one.rows}
    notes: list[Block] = []
    if rows and any(one.status != "proved" for one in made.found):
        notes.append(Note(text(f"Shares are of {max(rows)} points drawn from the ranges by their distributions (a "
                               "scrambled Sobol' sequence, seed 0); they are estimates. Values that are not named "
                               "beside an example are those of the scenario.")))
    if made.ready is not None and made.ready.program is None:
        notes.append(Note(text(f"Nothing is proved over these ranges: {sentence(made.ready.why)}")))
    return notes


def _stops(made: Robustness) -> list[Block]:
    """For each conclusion, where it stops to hold along each parameter alone."""
    blocks: list[Block] = [Heading("Where each conclusion stops to hold, one value at a time")]
    if not made.seen:
        ranged = any(a.range for a in made.scenario.assumptions)
        why = "; ".join(dict.fromkeys(made.failed.values())) if ranged and made.failed else "no parameter has a range"
        return [*blocks, Note(text(f"Not looked for: {why}."))]
    units = {a.name: a for a in made.scenario.assumptions}
    rows = []
    for one in made.asked:
        found = sorted(made.stops[one.words], key=lambda turn: _distance(turn, units))
        places = [text(Typed(turn.parameter), f" {'above' if turn.upward else 'below'} {_place(turn.at)} (now "
                       f"{turn.value})") for turn in found]
        rows.append((_up(one.words), joined(places, "; ") if places else "no single value within its range changes it"))
    blocks.append(Table.of("The nearest values beyond which a conclusion does not hold, all others being as they are, "
                           "nearest first by share of the range", ("conclusion", "stops to hold where"), rows, (0, 1)))
    left = "; ".join(f"{name} ({why})" for name, why in made.failed.items())
    blocks.append(Note(text(
        "Looked at within the range of each: ", *joined([text(Typed(name)) for name in made.seen]), ". Places are "
        "exact. At such a place itself further equilibria may exist, on a knife edge.",
        f" Not looked at: {left}." if left else "")))
    return blocks


def _place(at: Real) -> str:
    return number(at)


def _distance(turn: Turn, assumptions: Mapping[str, Any]) -> float:
    low, high = assumptions[turn.parameter].range or (Fraction(0), Fraction(1))
    return abs(float(turn.at) - float(turn.value)) / float(high - low)


# The frontier ------------------------------------------------------------------------------------------------------


def frontier(found: Frontier | None, why: str) -> Section:
    """What moving a lever does to both chances, and what commitment is worth."""
    title = "The frontier: deterrence against the risk of a spiral"
    if found is None:
        return Section("frontier", title, (Note(text(f"There is no frontier: {sentence(why)}")),))
    unit = f" ({found.unit})" if found.unit else ""
    bound = "" if found.optimum is None else (
        f" Commitment means that {named(found.leader)} binds itself to a plan before the game, which the others know; "
        "where these are indifferent they are taken to answer as it likes best.")
    blocks: list[Block] = [
        Paragraph(text(
            "A lever is a value that somebody can choose. At each value of ", Typed(found.lever), f"{unit} every "
            f"equilibrium gives a chance that deterrence fails and a chance of a spiral.{bound}")),
        Paragraph(text(found.paragraph)),
        Figure("frontier", drawn(found.to_dict()), f"The chance that deterrence fails and the chance of a spiral along "
               f"{found.lever}{'' if found.optimum is None else ', and under commitment'}."),
    ]
    if found.optimum is not None:
        rows = [(name, ", ".join(f"{a} {number(p)}" for a, p in row.items() if p != 0))
                for name, row in found.optimum.strategy.items()]
        blocks.append(Table.of(f"The best plan to which {named(found.leader)} could bind itself", ("at", "it does"),
                               rows, (1,)))
    return Section("frontier", title, (*blocks, *(Note(text(sentence(note))) for note in found.notes)))


# Statements --------------------------------------------------------------------------------------------------------


def statements(scenario: Scenario, found: Atlas | None, why: str, say: Say) -> Section:
    """What rises and falls with the two parameters of the map, and the claims of the model, each decided."""
    title = "Statements, proved or refuted"
    if found is not None and not found.complete:
        found, why = None, "the families of the map are not claimed to be all"
    if found is None:
        return Section("statements", title, (
            Note(text(f"No statement is decided for this scenario: {why}.")), *_claims(scenario, {})))
    names = found.game.space.names
    rows = list(_monotone(found, say))
    blocks: list[Block] = [Paragraph(text(
        "Each statement is about every equilibrium that exists at any admissible values of ",
        *joined([text(Typed(name)) for name in names], " and "), ", not only plausible ones, while all other "
        "parameters have the scenario's values. ", Typed("max"), " is the worst and ", Typed("min"), " the best of the "
        "equilibria that coexist. Rising and falling are meant weakly."))]
    if rows:
        head = ("statement", "verdict", "refuted, for example, from and to; or why unknown")
        blocks.append(Table.of("How the worst case moves", head, rows, (2,)))
    decided: dict[str, tuple[str, str]] = {}
    model = model_of(scenario)
    stated = [c for c in model.claims if c.statement and _fits(c, scenario)] if model is not None else []
    for n, claim in enumerate(stated):
        if len(decided) == MOST_CLAIMS:
            break
        say(f"claim {n + 1} of {len(stated)}")
        verdict = _proved(found, claim.statement)
        if verdict is not None:
            decided[claim.statement] = verdict
    return Section("statements", title, (*blocks, *_claims(scenario, decided)))


def _fits(claim: Claim, scenario: Scenario) -> bool:
    """Whether a claim is about the game under the options of the scenario."""
    model = model_of(scenario)
    if claim.options is None or model is None:
        return True
    settings = model.menus(scenario.options)
    return all(settings.get(name) == value for name, value in model.menus(claim.options).items())


def _proved(found: Atlas, statement: str) -> tuple[str, str] | None:
    """The verdict on a statement, with an example against it or why there is none; None where it names others."""
    from ..propositions import prove

    try:
        proof = prove(found, statement, limit=200_000)
    except (StatementError, UnknownNameError, LimitError):
        return None
    witness = proof.witness or {}
    points = [", ".join(f"{name} = {value}" for name, value in point.items()) for point in witness.values()]
    return proof.status, proof.reason if proof.status == "unknown" else " to ".join(points)


def _monotone(found: Atlas, say: Say) -> Any:
    events = [event for event in AXES if event in found.game.events] or list(found.game.events)[:2]
    for event in events:
        for name in found.game.space.names:
            say(f"statements about {event} and {name}")
            for verb in ("decreases", "increases"):
                statement = f"max P[{event}] {verb} in {name}"
                verdict = _proved(found, statement)
                if verdict is None:
                    continue
                yield (Typed(statement), *verdict)
                if verdict[0] == "proved":
                    break


def _claims(scenario: Scenario, decided: Mapping[str, tuple[str, str]]) -> list[Block]:
    """The claims of the model with what became of each in general, and here where that was decided."""
    model = model_of(scenario)
    if model is None or not model.claims:
        return []
    from ..cite import text as work

    entries = []
    for claim in model.claims:
        source = f"After {work(claim.source).partition('). ')[0]})." if claim.source else "The package's own."
        told: list[Any] = [*marked(f"{sentence(claim.words)} "), Strong(f"{sentence(claim.verdict)} "),
                           *marked(f"{source} {sentence(claim.how)}")]
        if claim.when:
            told += marked(f" {sentence(f'Where, or a counter-example: {claim.when}')}")
        if claim.statement in decided:
            status, against = decided[claim.statement]
            where = "" if not against else f" ({against})" if status == "unknown" else f", at {against}"
            told.append(f" With the values of this scenario, over the parameters of the map: {status}{where}.")
        entries.append(text(*told))
    note = ("The verdict in bold is about the claim as it is commonly put, and was found for the shipped scenario of "
            "this game or for the game at large, as each entry says. Where the statement of a claim is about the "
            "parameters of the map, the last sentence says what holds with the values of this scenario.")
    return [Heading("What the game is claimed to show"), Paragraph(text(note)), Items(tuple(entries))]


# The record --------------------------------------------------------------------------------------------------------


def record(found: Confrontation, as_of: datetime.date | None = None) -> Section:
    """What each equilibrium expects beside what is documented, and what the record cannot tell.

    A record may go beyond the day that the scenario describes, `as_of`.
    """
    here = found.record
    often = "a day" if found.days == 1 else f"every {found.days} days"
    blocks: list[Block] = [
        Paragraph(text(f"The record: {sentence(here.title)} {sentence(here.identification)}")),
        Table.of("Attacks and answers by period; where sources disagree, the least and the greatest",
                 ("period", "from", "to", "days", "attacks", "answers", "what to know"),
                 [(p.name, p.start.isoformat(), p.end.isoformat(), p.days, _bounds(p.attacks), _bounds(p.answers),
                   sentence(p.note)) for p in here.periods], (6,)),
        Paragraph(text(
            f"The game is taken to be played once {often}, each play alike and independent. A number below is the "
            "probability, in that equilibrium, of what the record allows, at the most favourable reading of the "
            f"sources. Below {found.level:g} the record rules the equilibrium out for that observation. A star marks "
            "an end of what varies in an equilibrium.")),
    ]
    later = [period.name for period in here.periods if as_of is not None and period.end > as_of]
    if later:
        blocks.append(Note(text(f"The scenario describes {as_of}; these periods end after that day, and nobody could "
                                f"know them then: {', '.join(later)}.")))
    short = [period.name for period in here.periods if period.days < found.days]
    if short:
        many = f"{len(short)} of {len(here.periods)} periods are shorter"
        blocks.append(Note(text(f"One play stands for {found.days} days, and {many}: each is taken for one play, and "
                                "its row says little.")))
    rows = [
        (one.name, *(_fit(fit.fits[n], found.level) for fit in found.fits)) for n, one in enumerate(found.observations)
    ]
    if rows:
        blocks.append(Table.of("How probable each equilibrium makes what the record allows",
                               ("observation", *(fit.id for fit in found.fits)), rows))
    if found.alike:
        blocks.append(Items(tuple(text(f"The record cannot tell {', '.join(ids)} apart: they predict the same.")
                                  for ids in found.alike)))
    blocks.append(Note(text("A fit is no proof: other games may fit as well. The record says nothing about what would "
                            "have happened after other choices.")))
    return Section("record", "Beside the record", (*blocks, *(Note(text(sentence(n))) for n in found.notes)))


def _fit(value: float, level: float) -> str:
    return f"{value:.2g}{' (ruled out)' if value < level else ''}"


def _bounds(bounds: tuple[int, int]) -> str:
    return str(bounds[0]) if bounds[0] == bounds[1] else f"{bounds[0]} to {bounds[1]}"
