"""Results as a person reads them: tables on a terminal, plain text where output is piped, LaTeX for the atlas.

Every function takes a result and gives something `rich` can print; `printing.to_text` turns it into plain text.

>>> from .printing import to_text
>>> print(to_text(rests_on({"observed": 2, "judgement": 7})), end="")
These values rest on: 2 observed, 7 judgement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from .direct import DirectGame
from .parameters import BASES
from .printing import clean, group, heading, item, line, table
from .wording import LONGEST_FRACTION, credibility, free, joined, number, plays, reach, restraint, support

if TYPE_CHECKING:
    from rich.console import RenderableType

    from .atlas import Atlas, EquilibriumFamily
    from .equilibrium import Equilibrium, Solution
    from .expressions import Condition
    from .game import Game
    from .propositions import Proof
    from .scenario import Scenario

__all__ = [
    "atlas",
    "atlas_latex",
    "bases",
    "proof",
    "rests_on",
    "solution",
    "sweep",
]

KNIFE_EDGES: Final = 12
ALTERNATIVES: Final = 6
IN_A_COLUMN: Final = 8
SHOWN: Final = 3
SHOWN_SETS: Final = 24
CONCEPTS: Final = {
    "pbe": "perfect Bayesian", "sequential": "sequential", "nash": "Nash", "symmetric nash": "symmetric Nash",
    "markov perfect": "Markov perfect", "pure markov perfect": "pure Markov perfect",
}
LONGEST_EQUATION: Final = 200
CRITERIA: Final = {"intuitive": "the intuitive criterion", "d1": "D1"}
AXES: Final = {"deterrence_failure": "chance of attack", "spiral": "chance of a spiral"}
WITNESS: Final = {
    "values": "It fails at these values, which a scenario can take over:",
    "from": "It fails on the way from these values:",
    "to": "to these:",
}
SEVERAL: Final = (
    "In each of them nobody gains by doing otherwise, given what is believed. The values alone do not say which of "
    "them comes about."
)
NO_BASIS: Final = "no basis stated"


# What a scenario rests on ------------------------------------------------------------------------------------------


def bases(scenario: Scenario) -> dict[str, int]:
    """How many values rest on each basis, in the order of the contract."""
    counts = {basis: sum(a.basis == basis for a in scenario.assumptions) for basis in BASES}
    counts[NO_BASIS] = sum(not a.basis for a in scenario.assumptions)
    return {basis: count for basis, count in counts.items() if count}


def rests_on(counts: Mapping[str, int]) -> str:
    """One sentence on what the values rest on."""
    shown = ", ".join(f"{count} {basis}" for basis, count in counts.items())
    return f"These values rest on: {shown}." if shown else "The game has no parameters."


def _values(scenario: Scenario) -> list[RenderableType]:
    rows = []
    for assumption in scenario.assumptions:
        ends = f" ({assumption.range[0]} to {assumption.range[1]})" if assumption.range else ""
        # What stands in parentheses is for `deterrence games NAME`.
        meaning = scenario.game.space[assumption.name].meaning.partition(" (")[0].rstrip(".")
        # Next to a range a short fraction stands alone.
        alone = ends and len(str(assumption.value)) <= LONGEST_FRACTION
        value = f"{assumption.value if alone else number(assumption.value)}{ends}"
        rows.append((assumption.name, value, assumption.basis, meaning))
    head = ("parameter", "value (plausible)", "basis", "what it is")
    parts = [table(head, rows), line(rests_on(bases(scenario)), 2)]
    units: dict[str, list[str]] = {}
    for assumption in scenario.assumptions:
        units.setdefault(assumption.unit, []).append(assumption.name)
    parts += [line(f"Unit of {joined(names)}: {unit}.", 2) for unit, names in units.items() if unit]
    for assumption in scenario.assumptions:
        if assumption.link is not None and assumption.value == assumption.link.value:
            parts.append(line(f"{assumption.name}: {assumption.link}.", 2))
        if assumption.source:
            source = scenario.sources[assumption.source]
            issued = f" ({source['issued']})" if "issued" in source else ""
            parts.append(line(f"{assumption.name}: {assumption.basis}, {source['title']}{issued}.", 2))
    return parts


# solve -------------------------------------------------------------------------------------------------------------


def solution(found: Solution, scenario: Scenario, changes: Sequence[Any] | None = None) -> RenderableType:
    """Every equilibrium at the scenario's values, in words and numbers, and what would have to change.

    Parameters
    ----------
    found : what `solve` returned.
    scenario : with the values that were used.
    changes : what `solvers.thresholds` returned; None where not looked for.
    """
    import warnings

    from .errors import BranchCutWarning

    with warnings.catch_warnings():
        # Whoever solved the game has been told of the branches that are cut.
        warnings.simplefilter("ignore", BranchCutWarning)
        here = scenario.game.at(scenario.point)
    parts = [*_title(scenario), heading("The values"), *_values(scenario), heading(_claim(found))]
    parts += [line(f"Note: {note}", 2) for note in found.notes]
    if len(found) > 1:
        parts += [line(SEVERAL, 2), _overview(found), *_meanings(found, scenario)]
    for entry in found:
        parts += _direct(entry, here) if isinstance(here, DirectGame) else _equilibrium(entry, here)
    if changes is not None:
        parts += _changes(changes, found, scenario)
    return group(*parts)


def _title(scenario: Scenario) -> list[RenderableType]:
    about = [f"model {scenario.model}" if scenario.model else "a game of its own"]
    about += [f"as of {scenario.as_of}"] if scenario.as_of else []
    parts = [line(scenario.title, style="bold"), line(", ".join(about), style="dim")]
    if scenario.model:
        from . import models

        parts += [line(""), line(models.get(scenario.model).question)]
    return parts


def _claim(found: Solution) -> str:
    """How many equilibria there are, and whether that is all."""
    count = len(found)
    what = f"{CONCEPTS.get(found.concept, found.concept)} equilibri{'um' if count == 1 else 'a'}"
    criterion = CRITERIA.get(found.refinement, found.refinement)
    kept = [f"that pass{'es' if count == 1 else ''} {criterion}"] if found.refinement else []
    kept += [f"with the stated beliefs ({'; '.join(found.beliefs)})"] if found.beliefs else []
    text = " ".join([f"{count or 'No'} {what}", *kept])
    if found.complete:
        return f"{text}; proved: there is no other at these values." if count else f"{text}: proved."
    return f"{text}; that these are all is not claimed."


def _overview(found: Solution) -> RenderableType:
    """The equilibria side by side."""
    axes = {name: text for name, text in AXES.items() if all(name in entry.events for entry in found)}
    players = list(found[0].payoffs)
    head = ("", "equilibrium", *axes.values(), *(f"payoff {player}" for player in players))
    rows = [
        (entry.id, entry.label, *(number(entry.events[name]) for name in axes),
         *(number(entry.payoffs[player]) for player in players))
        for entry in found
    ]
    return table(head, rows)


def _meanings(found: Solution, scenario: Scenario) -> list[RenderableType]:
    """What counts as an attack and as a spiral."""
    if not scenario.model:
        return []
    from . import models

    events = models.get(scenario.model).to_dict()["events"]
    named = {name: text for name, text in AXES.items() if name in events and all(name in e.events for e in found)}
    return [line(f"{text[0].upper()}{text[1:]}: that {events[name]}.", 2) for name, text in named.items()]


def _headed(entry: Equilibrium) -> list[RenderableType]:
    """The name of an equilibrium, and where it lies on the axes of the frontier."""
    axes = ", ".join(f"{text} {number(entry.events[name])}" for name, text in AXES.items() if name in entry.events)
    return [heading(f"{entry.id}  {entry.label}"), *([line(f"{axes[0].upper()}{axes[1:]}.", 2)] if axes else [])]


def _direct(entry: Equilibrium, here: Game) -> list[RenderableType]:
    """An equilibrium of a game that is no tree."""
    parts = _headed(entry)
    rows = [
        (infoset.player, infoset.name, plays(entry.strategy[infoset.name], "\n"))
        for infoset in here.infosets
        if infoset.name in entry.strategy
    ]
    if rows:
        parts += [line("What is played:", 2), table(("player", "at", "plays"), rows[:SHOWN_SETS], 4)]
    if len(rows) > SHOWN_SETS:
        parts.append(line(f"... and at {len(rows) - SHOWN_SETS} further places (--json has them all).", 4))
    others = {f"P[{name}]": value for name, value in entry.events.items() if name not in AXES}
    further = [*others.items(), *entry.figures.items()]
    if further:
        rows_shown = [(name, number(value)) for name, value in further[:SHOWN_SETS]]
        parts += [line("Further numbers:", 2), table(("what", "value"), rows_shown, 4)]
    if entry.free.quantities:
        parts.append(line("What may vary in it:", 2))
        parts += [item(line, 4) for line in free(here, entry.free.quantities, entry.free.pieces)]
    payoffs = ", ".join(f"{player} {number(value)}" for player, value in entry.payoffs.items())
    return [*parts, line(f"Payoffs: {payoffs}.", 2), line(_checked(entry), 2)]


def _equilibrium(entry: Equilibrium, here: Game) -> list[RenderableType]:
    parts = _headed(entry)
    parts += _paragraph("Restraint", restraint(here, entry))
    parts += _paragraph("Credibility", credibility(here, entry))
    rows = [
        (infoset.player, infoset.name, plays(entry.strategy[infoset.name], "\n"), number(chance))
        for infoset in here.infosets
        if (chance := reach(infoset, entry.outcomes)) != 0
    ]
    parts += [line("What is played:", 2), table(("player", "at", "plays", "reached with probability"), rows, 4)]
    unreached = support(here, entry)
    if unreached:
        parts.append(line("It rests on what would be believed and done where play never comes:", 2))
        parts.append(table(("player", "at", "would believe", "would play"), unreached, 4))
    if entry.free.quantities:
        parts.append(line("What may vary in it:", 2))
        parts += [item(line, 4) for line in free(here, entry.free.quantities, entry.free.pieces)]
    payoffs = ", ".join(f"{player} {number(value)}" for player, value in entry.payoffs.items())
    return [*parts, line(f"Payoffs: {payoffs}.", 2), line(_checked(entry), 2)]


def _checked(entry: Equilibrium) -> str:
    """What the certificate says."""
    certificate = entry.certificate
    if certificate.holds and not certificate.fails_at:
        return f"Checked: nobody gains by doing otherwise, at any point of the game ({certificate})."
    return f"Checked: {certificate}."


def _paragraph(name: str, sentences: Sequence[str]) -> list[RenderableType]:
    """A sentence on the line of its name; several as a list."""
    if len(sentences) == 1:
        return [line(f"{name}: {sentences[0]}", 2)]
    return [line(f"{name}:", 2), *(item(sentence, 4) for sentence in sentences)] if sentences else []


def _unmoved(scenario: Scenario) -> str:
    """That nothing changes, and of which values this is not said: units of scales are not moved."""
    units = [a.name for a in scenario.assumptions if a.basis == "normalisation"]
    if len(units) == len(scenario.assumptions):
        return "Not looked for: every value is a normalisation, the unit of a scale, and is not moved."
    but = f" (not moved, as units of a scale: {joined(units)})" if units else ""
    return f"No change of a single value makes an equilibrium appear or disappear{but}."


def _changes(changes: Sequence[Any], found: Solution, scenario: Scenario) -> list[RenderableType]:
    """The nearest boundaries in each single parameter, those in the plausible range first."""
    parts = [heading("What would have to change (one value at a time, the others as they are)")]
    if not changes:
        return [*parts, line(_unmoved(scenario), 2)]
    keys = {entry.label: entry.id for entry in found}
    titles = {
        True: "Within the range held plausible, nearest first:",
        None: "Nearest first:",
        False: "Outside the range held plausible, nearest first:",
    }
    if any(c.within_range is False for c in changes) and all(c.within_range is False for c in changes):
        parts.append(line("Within the range held plausible nothing changes.", 2))
    for place, title in titles.items():
        listed = sorted((c for c in changes if c.within_range is place), key=lambda change: float(change.distance))
        shown = listed[:SHOWN] if place is False else listed
        parts += [line(title, 2)] if listed else []
        for change in shown:
            parts.append(item(_boundary(change), 4))
            parts += [item(text, 8) for text in _happens(change, keys)]
        parts += [line(f"and {len(listed) - len(shown)} further away", 4)] if len(listed) > len(shown) else []
    return parts


def _boundary(change: Any) -> str:
    """Which value is passed, in which direction, from where."""
    unit = f" (unit: {change.unit})" if change.unit and change.unit != "probability" else ""
    way = "above" if change.direction == "up" else "below"
    return f"{change.parameter} {way} {number(change.threshold)}; now {number(change.value)}{unit}"


def _happens(change: Any, keys: Mapping[str, str]) -> list[str]:
    """What happens at one boundary, equilibria of the solution by their number."""
    texts = [
        f"{keys.get(turn.label, turn.label)} changes: {turn.difference}{_odds(change, turn.becomes, *turn.others)}"
        for turn in change.turns
    ]
    for label, left in change.narrows.items():
        further = [f"{len(left) - SHOWN} more"] if len(left) > SHOWN else []
        texts.append(f"{keys.get(label, label)} narrows to {joined([*map(repr, left[:SHOWN]), *further])}")
    gone = [keys.get(label, label) for label in change.gone]
    texts += [f"{joined(gone)} vanish{'es' if len(gone) == 1 else ''}"] if gone else []
    texts += [f"new: {label}{_odds(change, label)}" for label in change.new[:SHOWN]]
    more = len(change.new) - SHOWN
    return [*texts, f"and {more} more"] if more > 0 else texts


def _odds(change: Any, *labels: str) -> str:
    """The chances of attack and of a spiral at the boundary, where they are the same for all these labels."""
    told = {label: change.chances.get(label, {}) for label in labels}
    shown = {
        ", ".join(f"{text} {number(chances[name])}" for name, text in AXES.items() if name in chances)
        for chances in told.values()
    }
    (text,) = shown if len(shown) == 1 else ("",)
    return f" ({text})" if text else ""


# atlas -------------------------------------------------------------------------------------------------------------


def atlas(found: Atlas, *, generic_only: bool = False) -> RenderableType:
    """The families with their regions, those on a knife edge apart."""
    # Families are written when they are asked for: those that are only counted are not.
    generic = list(found.families[: found.generic])
    edges = len(found) - found.generic
    title = found.scenario.get("title") or found.game.title
    conditions = [str(condition) for condition in found.essential]
    parts = [line(title, style="bold")]
    if conditions:
        parts.append(line(f"Admissible values: {', '.join(conditions)}."))
    kind = CONCEPTS.get(found.concept, found.concept)
    parts.append(heading(f"{len(generic)} generic famil{_ies(len(generic))} ({kind} equilibria)"))
    parts.append(_families(generic))
    if edges and not generic_only:
        parts.append(heading(f"{edges} famil{_ies(edges)} on a knife edge (an equation among the parameters)"))
        parts.append(_families(found.families[found.generic : found.generic + KNIFE_EDGES]))
        if edges > KNIFE_EDGES:
            parts.append(line(f"and {edges - KNIFE_EDGES} more: --json and --latex show all of them", 2))
    elif edges:
        parts.append(heading(f"{edges} families on a knife edge are left out."))
    return group(*parts, *_claims(found))


def _ies(count: int) -> str:
    return "y" if count == 1 else "ies"


def _families(families: Sequence[EquilibriumFamily]) -> RenderableType:
    """A row for each family; a paragraph for each in a game with more information sets than a column is read for."""
    if any(len(family.strategy) > IN_A_COLUMN for family in families):
        return group(*(part for family in families for part in _in_words(family)))
    return table(
        ("id", "what it is", "strategy", "exists where"),
        [(family.id, family.label, "\n".join(_mixing(family)), _region(family)) for family in families],
    )


def _in_words(family: EquilibriumFamily) -> list[RenderableType]:
    shown, left = _alternatives(family)
    parts = [line(f"{family.id}  {family.label}", 2), item("; ".join(_mixing(family)), 6)]
    for n, part in enumerate(shown):
        where = ", ".join(str(condition) for condition in part) or "everywhere"
        parts.append(item(f"{'or' if n else 'exists where'} {where}", 6))
    return [*parts, *([item(f"or {left}", 6)] if left else []), ""]


def _mixing(family: EquilibriumFamily) -> list[str]:
    """A line for each information set: the action, or the probabilities in closed form."""
    lines = []
    for name, row in family.strategy.items():
        used = {action: value for action, value in row.items() if not value.is_zero}
        text = next(iter(used)) if len(used) == 1 else ", ".join(f"{action} {value}" for action, value in used.items())
        lines.append(f"{name}: {text}")
    return lines + [f"{name} solves {_equation(name, condition)}" for name, condition in family.roots.items()]


def _equation(name: str, condition: Condition) -> str:
    """An equation, or what is to be known of a long one."""
    text = str(condition)
    if len(text) <= LONGEST_EQUATION:
        return text
    degree = int(condition.poly.degrees()[condition.ring.index[name]])
    return f"an equation of degree {degree} in {name}, which --json writes out"


def _region(family: EquilibriumFamily) -> str:
    shown, left = _alternatives(family)
    parts = ["\n".join(str(condition) for condition in part) or "everywhere" for part in shown]
    return "\nor\n".join([*parts, *([left] if left else [])])


def _alternatives(family: EquilibriumFamily) -> tuple[Sequence[Sequence[Condition]], str]:
    """The parts of a region that are shown, and what is said of the others."""
    shown = family.region[:ALTERNATIVES]
    left = len(family.region) - len(shown)
    return shown, f"one of {left} more: --json shows them" if left else ""


def _claims(found: Atlas) -> list[RenderableType]:
    """What the atlas claims about itself."""
    coverage = {
        "proved": "Every admissible point has at least one of these equilibria: proved.",
        "undecided": "Whether every admissible point has one of these equilibria was not decided.",
    }
    if found.coverage.status == "hole":
        at = ", ".join(f"{name} = {value}" for name, value in found.coverage.point.items())
        where = f"A point without any of these equilibria: {at}."
    else:
        where = coverage.get(found.coverage.status, found.coverage.status)
    kind = f"{CONCEPTS.get(found.concept, found.concept)} " if isinstance(found.game, DirectGame) else ""
    complete = (
        f"There is no {kind}equilibrium outside these families: proved."
        if found.complete else f"That there is no {kind}equilibrium outside these families is not claimed."
    )
    return [heading(complete), line(where), *(line(f"Note: {note}") for note in found.notes)]


_LATEX: Final = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
                 **{char: f"\\{char}" for char in "&%$#_{}"}}


def _escaped(text: object) -> str:
    return "".join(_LATEX.get(char, char) for char in clean(text))


def atlas_latex(found: Atlas, *, generic_only: bool = False) -> str:
    """The families as a LaTeX fragment; it needs the packages longtable, booktabs and amsmath."""
    lines = [
        r"% needs \usepackage{longtable,booktabs,amsmath}",
        r"\begin{longtable}{llp{0.4\linewidth}p{0.35\linewidth}}",
        r"\toprule",
        r"& Family & Strategy & Region \\",
        r"\midrule",
        r"\endhead",
    ]
    kinds = ((True, "generic"),) if generic_only else ((True, "generic"), (False, "on a knife edge"))
    for generic, title in kinds:
        families = found.families[: found.generic] if generic else found.families[found.generic :]
        if families:
            lines.append(rf"\multicolumn{{4}}{{l}}{{\emph{{Families {title}}}}} \\")
            lines += [_latex_row(family) for family in families]
    return "\n".join([*lines, r"\bottomrule", r"\end{longtable}", ""])


def _latex_row(family: EquilibriumFamily) -> str:
    strategy = []
    for name, row in family.strategy.items():
        used = {action: value for action, value in row.items() if not value.is_zero}
        text = ", ".join(
            _escaped(action) + (f" ${value.latex()}$" if len(used) > 1 else "") for action, value in used.items()
        )
        strategy.append(f"{_escaped(name)}: {text}")
    strategy += [f"${condition.latex()}$" for condition in family.roots.values()]
    region = [" and ".join(f"${condition.latex()}$" for condition in part) or "everywhere" for part in family.region]
    cells = (_escaped(family.id), _escaped(family.label), "; ".join(strategy), "; or ".join(region))
    return rf"{' & '.join(cells)} \\"


# prove -------------------------------------------------------------------------------------------------------------


def proof(found: Proof) -> RenderableType:
    """The verdict, its reason, and a witness that can be put into a scenario."""
    parts = [line(f"{found.status}: {found.statement}", style="bold")]
    if found.reason:
        parts.append(line(found.reason, 2))
    for key, values in (found.witness or {}).items():
        parts += [line(""), line(WITNESS.get(key, key), 2), line("[parameters]", 2)]
        parts += [line(f"{name} = {_toml(value)}", 2) for name, value in values.items()]
    return group(*parts)


def _toml(value: object) -> str:
    text = str(value)
    return text if text.lstrip("-").isdigit() else f'"{text}"'


# sweep -------------------------------------------------------------------------------------------------------------


def sweep(told: Mapping[str, Any]) -> RenderableType:
    """What a sweep comes to: how often each family exists, and how far each quantity reaches."""
    design, counts = told["design"], told["points"]
    parts = [line(told["scenario"]["title"], style="bold")]
    for name, axis in design["over"].items():
        text = f"{axis['from']} to {axis['to']}, {axis['points']} values" if "from" in axis else _few(axis["values"])
        parts.append(item(f"over {name}: {text}", 2))
    if "sample" in design:
        drawn = design["sample"]
        how = "as listed" if drawn["method"] == "list" else f"{drawn['method']}, seed {drawn['seed']}"
        parts.append(item(f"{drawn['rows']} rows ({how}) of {joined(drawn['parameters'])}", 2))
    share = {True: "share of points", False: ""}["share" in (told["families"] or [{}])[0]]
    parts.append(heading(f"{counts['all']} points; families and how often they exist"))
    parts.append(table(
        ("id", "what it is", share),
        [(f["id"], f["label"], _percent(f.get("share"))) for f in told["families"]],
    ))
    if told.get("share_with_several_families") is not None:
        parts.append(line(f"More than one family exists at {_percent(told['share_with_several_families'])} of them."))
    ranges = _ranges(told["envelope"])
    if ranges:
        parts.append(heading("Over all these points, and the equilibria that exist at each"))
        parts.append(table(("", "at best or worst, least", "greatest"), ranges))
    outside = counts["all"] - counts["inside_the_domain"]
    if outside:
        parts.append(line(f"{outside} points lie outside the domain of the parameters; nothing is given there."))
        if "outside" in told:
            point = ", ".join(f"{name} = {value}" for name, value in told["outside"]["point"].items())
            parts.append(item(f"{point}: this violates {joined(told['outside']['violates'])}", 4))
    if counts["on_a_knife_edge"]:
        parts.append(line(f"{counts['on_a_knife_edge']} points lie on a knife edge, where further equilibria exist."))
    if counts["failed"]:
        parts.append(line(f"{counts['failed']} points failed:"))
        parts += [item(f"point {n}: {text}", 4) for n, text in list(told.get("failures", {}).items())[:SHOWN]]
    parts += [line(f"Note: {note}") for note in told["notes"]]
    if "output" in told:
        parts.append(line(f"Written to {told['output']}."))
    return group(*parts)


def _few(values: Sequence[str]) -> str:
    return ", ".join(values) if len(values) <= KNIFE_EDGES else f"{len(values)} values from {values[0]} to {values[-1]}"


def _percent(share: float | None) -> str:
    if share is None:
        return ""
    return f"{100 * share:.3g} %" if share in (0, 1) or share > 0.0005 else "< 0.05 %"


def _ranges(envelope: Mapping[str, Mapping[str, float]]) -> list[tuple[str, str, str]]:
    """For each quantity the least and the greatest value that the envelope takes anywhere."""
    found: dict[str, list[str]] = {}
    for name, ends in envelope.items():
        kind, _, rest = name.partition("[")
        slot = 0 if kind.endswith("_min") else 1
        quantity = f"{kind[:-4]}[{rest}"
        found.setdefault(quantity, ["", ""])[slot] = f"{ends['least' if slot == 0 else 'greatest']:.6g}"
    return [(name, low, high) for name, (low, high) in found.items()]
