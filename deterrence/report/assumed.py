"""The first half of a report: the question and the answer in short, what is assumed and on what it rests, the game."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ..citation.text import line as cited
from ..direct import DirectGame
from ..game import history_key
from ..pictures import Picture, tree
from ..pictures.trees import legible
from ..wording import joined as listed
from ..wording import number
from .formulas import formula
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
    Verbatim,
    joined,
    marked,
    plain,
    text,
)

if TYPE_CHECKING:
    from ..citation.items import Cited
    from ..models.base import Documented
    from ..parameters import Assumption
    from ..scenario import Scenario

__all__ = ["assumptions", "game", "model_of", "question"]

BASES: Final = {
    "observed": "observed", "estimated": "estimated from data", "judgement": "the author's judgement",
    "normalisation": "a normalisation: the unit of a scale", "": "no basis stated",
}
ROLES: Final = {
    "lever": "somebody can choose it", "uncertainty": "nobody chooses it, and it is not known",
    "constant": "held fixed",
}
MOST_SETS: Final = 40


def model_of(scenario: Scenario) -> Documented | None:
    """The built-in game of a scenario; None for a game of its own."""
    from .. import models

    return models.get(scenario.model) if scenario.model else None


def sentence(words: str) -> str:
    """Words as a sentence: a capital at the beginning and a full stop at the end."""
    words = " ".join(words.split()).rstrip(",;")
    return words if not words else f"{words[0].upper()}{words[1:]}{'' if words[-1] in '.?!' else '.'}"


def question(scenario: Scenario, short: Sequence[Text]) -> Section:
    """What is asked, of which game, and the answer in short."""
    model = model_of(scenario)
    blocks: list[Block] = []
    if model is not None:
        blocks += [Paragraph(marked(sentence(model.question))), Paragraph(marked(sentence(model.summary)))]
    else:
        blocks.append(Paragraph(text(
            "This scenario has a game of its own, which is written out below. The question is which behaviour it "
            "allows if every player does what is best for itself, given what it knows and what the others do.")))
    blocks += [Heading("The answer in short"), Items(tuple(short))]
    return Section("question", "The question", tuple(blocks))


# Assumptions -------------------------------------------------------------------------------------------------------


def assumptions(scenario: Scenario, one: Cited, matters: Sequence[Block]) -> Section:
    """Every value with its range, role, basis and source, why it is that, and how much rests on judgement."""
    if not scenario.assumptions:
        return Section("assumptions", "What is assumed", (Paragraph(text("The game has no parameters.")),))
    rows = [
        (Typed(a.name), number(a.value), _range(a), a.unit or scenario.game.space[a.name].unit, a.role, a.basis or
         "not stated", Typed(a.source) if a.source else "") for a in scenario.assumptions
    ]
    blocks: list[Block] = [
        Paragraph(text(
            "Every number that the answer rests on is in this table. The range is what the author of the scenario "
            "holds plausible. The role says who sets the value: ", Strong("lever"), f", {ROLES['lever']}; ",
            Strong("uncertainty"), f", {ROLES['uncertainty']}; ", Strong("constant"), f", {ROLES['constant']}.")),
        Table.of("Values, plausible ranges and what they rest on",
                 ("parameter", "value", "plausible range", "unit", "role", "basis", "source"), rows, (3,)),
    ]
    blocks += [Heading("How much rests on judgement"), *_judged(scenario), *matters]
    blocks += [Heading("What each value means, and why it is that"), Items(tuple(
        joined((text(Strong(a.name), ". "), *_reasons(scenario, a)), "") for a in scenario.assumptions))]
    blocks += _sources(scenario, one)
    return Section("assumptions", "What is assumed, and by whom", tuple(blocks))


def _range(assumption: Assumption) -> str:
    if assumption.range is None:
        return "none given"
    kind = f" ({assumption.distribution})" if assumption.distribution not in ("", "uniform") else ""
    return f"{assumption.range[0]} to {assumption.range[1]}{kind}"


def _reasons(scenario: Scenario, assumption: Assumption) -> list[Text]:
    meaning, note = scenario.game.space[assumption.name].meaning, assumption.note
    told = [sentence(meaning)] if meaning else []
    if assumption.link is not None and assumption.value == assumption.link.value:
        told.append(sentence(f"Taken from another scenario: {assumption.link}"))
    told.append(sentence(note) if note.strip() else "No reason is given in the scenario.")
    return [marked(" ".join(told))]


def _judged(scenario: Scenario) -> list[Block]:
    counts = {basis: [a.name for a in scenario.assumptions if a.basis == basis] for basis in BASES}
    every = len(scenario.assumptions)
    entries = [
        text(f"{len(names)} of {every}: {BASES[basis]} (", *joined([text(Typed(name)) for name in names]), ").")
        for basis, names in counts.items() if names
    ]
    return [Items(tuple(entries))]


def _sources(scenario: Scenario, one: Cited) -> list[Block]:
    """The sources that values cite, with what each says."""
    from ..citation.items import items

    found = {item["id"]: item for item in items([one])["sources"]}
    if not scenario.sources:
        return [Note(text("The scenario names no source."))]
    used = {key for key in scenario.sources for a in scenario.assumptions if a.source == key or key in a.note}
    entries = []
    for key, source in scenario.sources.items():
        item = found.get(key) or found.get(f"source-{key}")
        words = cited(item) if item is not None else str(source.get("title", key))
        note = sentence(str(source.get("note", "")))
        where = "" if key in used else " No value cites it."
        entries.append(text(Typed(key), f": {words}", f" Note: {note}" if note else "", where))
    return [Heading("Sources of the scenario"), Items(tuple(entries))]


# The game ----------------------------------------------------------------------------------------------------------


def game(scenario: Scenario) -> Section:
    """Who moves when and knows what, payoffs, and the tree, or the diagram of the states of a game that is none."""
    model, played = model_of(scenario), scenario.game
    blocks: list[Block] = [Paragraph(text(
        f"Players: {listed(played.players)}.", *([f" {len(played.payoffs)} complete histories, "
        f"{len(played.infosets)} information sets."] if played.payoffs else [])))]
    document: Mapping[str, Any] = model.to_dict(scenario.options) if model is not None else {}
    if model is not None:
        blocks += [Heading("Order of play"), Items(tuple(marked(sentence(step)) for step in model.play))]
        menus = model.menus(scenario.options)
        if menus:
            rows = [(Typed(name), _menu(menus[name]), marked(sentence(model.options[name].meaning))) for name in menus]
            blocks.append(Table.of("Options of the game in this scenario", ("option", "set to", "what it is"), rows,
                                   (2,)))
    blocks += _drawn(scenario, document)
    blocks += _decisions(scenario, document)
    blocks += _payoffs(document) if model is not None else _paid(scenario)
    conditions = [str(c) for c in dict.fromkeys(played.space.assume)]
    if conditions:
        blocks.append(Paragraph(text("Assumed throughout: ", *joined([text(Typed(c)) for c in conditions]), ".")))
    blocks += _events(scenario, model)
    return Section("game", "The game", tuple(blocks))


def _menu(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value)


def _drawn(scenario: Scenario, document: Mapping[str, Any]) -> list[Block]:
    played = scenario.game
    why = legible(played)
    if not why:
        bare: Picture = tree(played, None, scenario.title)
        return [Figure("tree", bare, "The tree of the game with its information sets and payoffs in symbols. A dashed "
                       "line joins histories that the player who moves there cannot tell apart.")]
    if isinstance(played, DirectGame):
        found: list[Block] = [Note(text(
            "The game is no finite tree. ", *marked(sentence(str(document.get("approach", ""))))))]
    else:
        found = [Note(text(f"The tree is not drawn: {why}. Its moves are listed instead."))]
    drawing = str(document.get("tree", {}).get("drawing", "")).strip("\n")
    return [*found, *([Verbatim(drawing, "The game as a diagram")] if drawing else [])]


def _decisions(scenario: Scenario, document: Mapping[str, Any]) -> list[Block]:
    meanings = {one["name"]: one["meaning"] for one in document.get("information_sets", ())}
    rows = [
        (one.player, one.name, ", ".join(one.actions) or "a number", len(one.histories) or "", marked(sentence(
            meanings.get(one.name, "")))) for one in scenario.game.infosets
    ]
    if not rows:
        return []
    bare, direct = not any(plain(row[4]) for row in rows), isinstance(scenario.game, DirectGame)
    head = ["player", "at", "actions", "histories not told apart", "what is known there"]
    keep = [n for n in range(5) if not (n == 3 and direct) and not (n == 4 and bare)]
    shown = [tuple(row[n] for n in keep) for row in rows[:MOST_SETS]]
    blocks: list[Block] = [Table.of("Where a player decides", [head[n] for n in keep], shown, (len(keep) - 1,))]
    if len(rows) > MOST_SETS:
        blocks.append(Note(text(f"{len(rows) - MOST_SETS} further places are left out of this table.")))
    return blocks


def _payoffs(document: Mapping[str, Any]) -> list[Block]:
    rows = [(t["player"], t["name"], Typed(t["amount"]), marked(sentence(t["occasion"])), marked(sentence(t["reason"])))
            for t in document.get("payoffs", ())]
    if not rows:
        return []
    return [Table.of("What payoffs are made of: the sum of these terms", ("player", "term", "amount", "when", "why"),
                     rows, (3, 4))]


def _paid(scenario: Scenario) -> list[Block]:
    """What a game of its own pays after each complete history."""
    played = scenario.game
    rows = [(history_key(history), *(text(formula(paid[player])) for player in played.players))
            for history, paid in list(played.payoffs.items())[:MOST_SETS]]
    if not rows:
        return []
    blocks: list[Block] = [Table.of("Payoffs after each complete history", ("complete history", *played.players), rows,
                                    (0,))]
    if len(played.payoffs) > MOST_SETS:
        blocks.append(Note(text(f"{len(played.payoffs) - MOST_SETS} further histories are left out of this table.")))
    return blocks


def _events(scenario: Scenario, model: Documented | None) -> list[Block]:
    """What the two axes of the frontier mean here, and events that the file adds."""
    if model is None:
        own = {name: labels for name, labels in scenario.game.events.items() if tuple(labels) != (name,)}
        rows = [(Typed(name), " and ".join(map(str, labels))) for name, labels in own.items() if labels]
        return [Table.of("Events named in the scenario", ("event", "all of these actions occur"), rows)] if rows else []
    meant = [(Typed(name), marked(sentence(meaning))) for name, meaning in model.events.items()]
    return [Table.of("Events", ("event", "what happens"), meant, (1,))] if meant else []
