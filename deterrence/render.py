"""Results as a person reads them: tables on a terminal, plain text where output is piped, LaTeX for the atlas.

Every function takes a result and gives something `rich` can print; `to_text` turns it into plain text. Texts that
come from a file are printed as they are, without markup and without control characters.

>>> print(to_text(rests_on({"observed": 2, "judgement": 7})), end="")
These values rest on: 2 observed, 7 judgement.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from . import cite
from .parameters import BASES
from .wording import credibility, free, joined, number, plays, reach, restraint, support

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

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
    "console",
    "game",
    "games",
    "proof",
    "rests_on",
    "solution",
    "sweep",
    "to_text",
]

WIDTH: Final = 100
LONGEST_NAME: Final = 32
KNIFE_EDGES: Final = 12
ALTERNATIVES: Final = 6
IN_A_COLUMN: Final = 8
SHOWN: Final = 3
CONCEPTS: Final = {"pbe": "perfect Bayesian", "sequential": "sequential", "nash": "Nash"}
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


# Plain pieces ------------------------------------------------------------------------------------------------------


def console(**options: Any) -> Console:
    """A console that takes every text literally."""
    from rich.console import Console

    return Console(markup=False, emoji=False, highlight=False, **options)


def to_text(renderable: RenderableType, width: int = WIDTH) -> str:
    """Plain text, without colour, folded at `width` characters."""
    stream = io.StringIO()
    console(file=stream, width=width, color_system=None, force_terminal=False).print(renderable, crop=False)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"


def clean(text: object) -> str:
    """A text without control characters, which could steer a terminal."""
    return "".join(char if char.isprintable() or char == "\n" else "?" for char in str(text))


def _group(*parts: RenderableType) -> RenderableType:
    from rich.console import Group

    return Group(*parts)


def _line(text: object, indent: int = 0, style: str = "") -> RenderableType:
    from rich.padding import Padding
    from rich.text import Text

    return Padding(Text(clean(text), style=style), (0, 0, 0, indent))


def _drawing(text: str) -> RenderableType:
    """A drawing, whose lines are never folded or cut."""
    from rich.text import Text

    lines = "\n".join(f"  {line}" for line in clean(text).splitlines())
    return Text(f"\n{lines}", no_wrap=True, overflow="ignore")


def _item(text: object, indent: int) -> RenderableType:
    """An entry of a list, whose further lines are set in."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column()
    grid.add_column(overflow="fold")
    grid.add_row(Text("-"), Text(clean(text)))
    return Padding(grid, (0, 0, 0, indent))


def _heading(text: object) -> RenderableType:
    from rich.text import Text

    return Text(f"\n{clean(text)}", style="bold")


def _table(head: Sequence[str], rows: Iterable[Sequence[object]], indent: int = 2) -> RenderableType:
    """A table whose empty columns are left out; cells may be long and are folded, short names in front are not."""
    from rich import box
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    cells = [[clean(cell) for cell in row] for row in rows]
    kept = [i for i in range(len(head)) if any(row[i] for row in cells)]
    table: Table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0), show_edge=False)
    for i in kept:
        # A long name that is not folded would leave the other columns no room.
        whole = i == 0 and all(len(row[i]) <= LONGEST_NAME for row in cells)
        table.add_column(head[i], overflow="fold", header_style="dim", vertical="top", no_wrap=whole)
    for row in cells:
        table.add_row(*(Text(row[i]) for i in kept))
    return Padding(table, (0, 0, 0, indent))


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
        value = f"{assumption.value}{ends}" if ends else number(assumption.value)
        rows.append((assumption.name, value, assumption.basis, meaning))
    head = ("parameter", "value (plausible)", "basis", "what it is")
    parts = [_table(head, rows), _line(rests_on(bases(scenario)), 2)]
    units: dict[str, list[str]] = {}
    for assumption in scenario.assumptions:
        units.setdefault(assumption.unit, []).append(assumption.name)
    parts += [_line(f"Unit of {joined(names)}: {unit}.", 2) for unit, names in units.items() if unit]
    for assumption in scenario.assumptions:
        if assumption.source:
            source = scenario.sources[assumption.source]
            issued = f" ({source['issued']})" if "issued" in source else ""
            parts.append(_line(f"{assumption.name}: {assumption.basis}, {source['title']}{issued}.", 2))
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
    parts = [*_title(scenario), _heading("The values"), *_values(scenario), _heading(_claim(found))]
    parts += [_line(f"Note: {note}", 2) for note in found.notes]
    if len(found) > 1:
        parts += [_line(SEVERAL, 2), _overview(found), *_meanings(found, scenario)]
    for entry in found:
        parts += _equilibrium(entry, here)
    if changes is not None:
        parts += _changes(changes, found)
    return _group(*parts)


def _title(scenario: Scenario) -> list[RenderableType]:
    about = [f"model {scenario.model}" if scenario.model else "a game of its own"]
    about += [f"as of {scenario.as_of}"] if scenario.as_of else []
    parts = [_line(scenario.title, style="bold"), _line(", ".join(about), style="dim")]
    if scenario.model:
        from . import models

        parts += [_line(""), _line(models.get(scenario.model).question)]
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
    return _table(head, rows)


def _meanings(found: Solution, scenario: Scenario) -> list[RenderableType]:
    """What counts as an attack and as a spiral."""
    if not scenario.model:
        return []
    from . import models

    events = models.get(scenario.model).to_dict()["events"]
    named = {name: text for name, text in AXES.items() if name in events and all(name in e.events for e in found)}
    return [_line(f"{text[0].upper()}{text[1:]}: that {events[name]}.", 2) for name, text in named.items()]


def _equilibrium(entry: Equilibrium, here: Game) -> list[RenderableType]:
    parts = [_heading(f"{entry.id}  {entry.label}")]
    axes = ", ".join(f"{text} {number(entry.events[name])}" for name, text in AXES.items() if name in entry.events)
    if axes:
        parts.append(_line(f"{axes[0].upper()}{axes[1:]}.", 2))
    parts += _paragraph("Restraint", restraint(here, entry))
    parts += _paragraph("Credibility", credibility(here, entry))
    rows = [
        (infoset.player, infoset.name, plays(entry.strategy[infoset.name], "\n"), number(chance))
        for infoset in here.infosets
        if (chance := reach(infoset, entry.outcomes)) != 0
    ]
    parts += [_line("What is played:", 2), _table(("player", "at", "plays", "reached with probability"), rows, 4)]
    unreached = support(here, entry)
    if unreached:
        parts.append(_line("It rests on what would be believed and done where play never comes:", 2))
        parts.append(_table(("player", "at", "would believe", "would play"), unreached, 4))
    if entry.free.quantities:
        parts.append(_line("What may vary in it:", 2))
        parts += [_item(line, 4) for line in free(here, entry.free.quantities, entry.free.pieces)]
    payoffs = ", ".join(f"{player} {number(value)}" for player, value in entry.payoffs.items())
    return [*parts, _line(f"Payoffs: {payoffs}.", 2), _line(_checked(entry), 2)]


def _checked(entry: Equilibrium) -> str:
    """What the certificate says."""
    certificate = entry.certificate
    if certificate.holds and not certificate.fails_at:
        return f"Checked: nobody gains by doing otherwise, at any point of the game ({certificate})."
    return f"Checked: {certificate}."


def _paragraph(name: str, sentences: Sequence[str]) -> list[RenderableType]:
    """A sentence on the line of its name; several as a list."""
    if len(sentences) == 1:
        return [_line(f"{name}: {sentences[0]}", 2)]
    return [_line(f"{name}:", 2), *(_item(sentence, 4) for sentence in sentences)] if sentences else []


def _changes(changes: Sequence[Any], found: Solution) -> list[RenderableType]:
    """The nearest boundaries in each single parameter, those in the plausible range first."""
    parts = [_heading("What would have to change (one value at a time, the others as they are)")]
    if not changes:
        return [*parts, _line("No change of a single value makes an equilibrium appear or disappear.", 2)]
    keys = {entry.label: entry.id for entry in found}
    titles = {
        True: "Within the range held plausible, nearest first:",
        None: "Nearest first:",
        False: "Outside the range held plausible, nearest first:",
    }
    if any(c.within_range is False for c in changes) and all(c.within_range is False for c in changes):
        parts.append(_line("Within the range held plausible nothing changes.", 2))
    for place, title in titles.items():
        listed = sorted((c for c in changes if c.within_range is place), key=lambda change: float(change.distance))
        shown = listed[:SHOWN] if place is False else listed
        parts += [_line(title, 2)] if listed else []
        for change in shown:
            parts.append(_item(_boundary(change), 4))
            parts += [_item(text, 8) for text in _happens(change, keys)]
        parts += [_line(f"and {len(listed) - len(shown)} further away", 4)] if len(listed) > len(shown) else []
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
    parts = [_line(title, style="bold")]
    if conditions:
        parts.append(_line(f"Admissible values: {', '.join(conditions)}."))
    parts.append(_heading(f"{len(generic)} generic families ({CONCEPTS.get(found.concept, found.concept)} equilibria)"))
    parts.append(_families(generic))
    if edges and not generic_only:
        parts.append(_heading(f"{edges} families on a knife edge (an equation among the parameters)"))
        parts.append(_families(found.families[found.generic : found.generic + KNIFE_EDGES]))
        if edges > KNIFE_EDGES:
            parts.append(_line(f"and {edges - KNIFE_EDGES} more: --json and --latex show all of them", 2))
    elif edges:
        parts.append(_heading(f"{edges} families on a knife edge are left out."))
    return _group(*parts, *_claims(found))


def _families(families: Sequence[EquilibriumFamily]) -> RenderableType:
    """A row for each family; a paragraph for each in a game with more information sets than a column is read for."""
    if any(len(family.strategy) > IN_A_COLUMN for family in families):
        return _group(*(part for family in families for part in _in_words(family)))
    return _table(
        ("id", "what it is", "strategy", "exists where"),
        [(family.id, family.label, "\n".join(_mixing(family)), _region(family)) for family in families],
    )


def _in_words(family: EquilibriumFamily) -> list[RenderableType]:
    shown, left = _alternatives(family)
    parts = [_line(f"{family.id}  {family.label}", 2), _item("; ".join(_mixing(family)), 6)]
    for n, part in enumerate(shown):
        where = ", ".join(str(condition) for condition in part) or "everywhere"
        parts.append(_item(f"{'or' if n else 'exists where'} {where}", 6))
    return [*parts, *([_item(f"or {left}", 6)] if left else []), ""]


def _mixing(family: EquilibriumFamily) -> list[str]:
    """A line for each information set: the action, or the probabilities in closed form."""
    lines = []
    for name, row in family.strategy.items():
        used = {action: value for action, value in row.items() if not value.is_zero}
        text = next(iter(used)) if len(used) == 1 else ", ".join(f"{action} {value}" for action, value in used.items())
        lines.append(f"{name}: {text}")
    lines += [f"{name} solves {condition}" for name, condition in family.roots.items()]
    return lines


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
    complete = (
        "There is no equilibrium outside these families: proved."
        if found.complete else "That there is no equilibrium outside these families is not claimed."
    )
    return [_heading(complete), _line(where), *(_line(f"Note: {note}") for note in found.notes)]


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
    parts = [_line(f"{found.status}: {found.statement}", style="bold")]
    if found.reason:
        parts.append(_line(found.reason, 2))
    for key, values in (found.witness or {}).items():
        parts += [_line(""), _line(WITNESS.get(key, key), 2), _line("[parameters]", 2)]
        parts += [_line(f"{name} = {_toml(value)}", 2) for name, value in values.items()]
    return _group(*parts)


def _toml(value: object) -> str:
    text = str(value)
    return text if text.lstrip("-").isdigit() else f'"{text}"'


# games -------------------------------------------------------------------------------------------------------------


def games(document: Mapping[str, Any]) -> RenderableType:
    """The list of built-in games."""
    rows = [(entry["name"], entry["question"]) for entry in document["games"]]
    return _group(_table(("game", "the question"), rows, 0), _line("\n`deterrence games NAME` documents one of them."))


def game(document: Mapping[str, Any]) -> RenderableType:
    """The documentation of one built-in game."""
    parts = [
        _line(document["name"], style="bold"), _line(document["question"]), _heading("The game"),
        _line(document["summary"], 2), _line(f"Players: {joined(document['players'])}.", 2),
        *(_line(f"{i}. {step}", 2) for i, step in enumerate(document["tree"]["play"], 1)),
        _drawing(document["tree"]["drawing"].rstrip()), _heading("Parameters"),
        _table(("name", "domain", "unit", "what it is"),
               [(p["name"], p["domain"] or "any number", p["unit"], p["meaning"]) for p in document["parameters"]]),
    ]
    parts += [_line(f"Assumed: {condition} ({reason}).", 2) for condition, reason in document["assume"].items()]
    for name, option in document["options"].items():
        default = ", ".join(option["default"])
        parts += [_heading(f"Option {name}: {option['meaning']}"),
                  _table(("choice", "what it is"), option["choices"].items()),
                  _line(f"From {option['least']} to {option['most']} of them; by default {default}.", 2)]
    parts += [
        _heading("Information sets"),
        _table(("name", "player", "actions", "what is known"),
               [(i["name"], i["player"], ", ".join(i["actions"]), i["meaning"]) for i in document["information_sets"]]),
        _heading("Payoffs (the sum of these terms)"),
        _table(("term", "player", "amount", "when", "why"),
               [(t["name"], t["player"], t["amount"], t["occasion"], t["reason"]) for t in document["payoffs"]]),
        _heading("Events"), _table(("event", "what happens"), document["events"].items()),
    ]
    if document["findings"]:
        parts += [_heading("To know before using it"), *(_item(text, 2) for text in document["findings"])]
    parts += [_heading("Literature"), *(_item(cite.text(key), 2) for key in document["literature"])]
    parts += [_line(""), _line(document["departures"], 2)]
    return _group(*parts)


# sweep -------------------------------------------------------------------------------------------------------------


def sweep(told: Mapping[str, Any]) -> RenderableType:
    """What a sweep comes to: how often each family exists, and how far each quantity reaches."""
    design, counts = told["design"], told["points"]
    parts = [_line(told["scenario"]["title"], style="bold")]
    for name, axis in design["over"].items():
        text = f"{axis['from']} to {axis['to']}, {axis['points']} values" if "from" in axis else _few(axis["values"])
        parts.append(_item(f"over {name}: {text}", 2))
    if "sample" in design:
        drawn = design["sample"]
        how = "as listed" if drawn["method"] == "list" else f"{drawn['method']}, seed {drawn['seed']}"
        parts.append(_item(f"{drawn['rows']} rows ({how}) of {joined(drawn['parameters'])}", 2))
    share = {True: "share of points", False: ""}["share" in (told["families"] or [{}])[0]]
    parts.append(_heading(f"{counts['all']} points; families and how often they exist"))
    parts.append(_table(
        ("id", "what it is", share),
        [(f["id"], f["label"], _percent(f.get("share"))) for f in told["families"]],
    ))
    if told.get("share_with_several_families") is not None:
        parts.append(_line(f"More than one family exists at {_percent(told['share_with_several_families'])} of them."))
    ranges = _ranges(told["envelope"])
    if ranges:
        parts.append(_heading("Over all these points, and the equilibria that exist at each"))
        parts.append(_table(("", "at best or worst, least", "greatest"), ranges))
    outside = counts["all"] - counts["inside_the_domain"]
    if outside:
        parts.append(_line(f"{outside} points lie outside the domain of the parameters; nothing is given there."))
    if counts["on_a_knife_edge"]:
        parts.append(_line(f"{counts['on_a_knife_edge']} points lie on a knife edge, where further equilibria exist."))
    if counts["failed"]:
        parts.append(_line(f"{counts['failed']} points failed:"))
        parts += [_item(f"point {n}: {text}", 4) for n, text in list(told.get("failures", {}).items())[:SHOWN]]
    parts += [_line(f"Note: {note}") for note in told["notes"]]
    if "output" in told:
        parts.append(_line(f"Written to {told['output']}."))
    return _group(*parts)


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
