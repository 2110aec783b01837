"""The end of a report: what it does not say, how to cite and verify it, what it rests on, how it was made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ..citation import bibtex, csl
from ..citation.items import items, result_key, software_key
from ..citation.text import line as cited
from .assumed import model_of, sentence
from .parts import Block, Heading, Items, Note, Paragraph, Section, Strong, Table, Typed, Verbatim, marked, text

if TYPE_CHECKING:
    from ..citation.items import Cited
    from ..scenario import Scenario

__all__ = ["cite", "limits", "literature"]

GENERAL: Final = (
    "The answer is that of the game. Whether the game is like the situation is not a question that it can answer.",
    "Where several equilibria exist, nothing here says which one comes about, or how likely each is.",
    "Players are taken to know the game, the values, and what others will do in it; mistakes are only those that the "
    "game itself has.",
    "A proof is about the closed forms and the ranges that are stated. Outside the ranges nothing is claimed.",
    "The fingerprint says that a result is as it was computed, not that its assumptions are right.",
)


def limits(scenario: Scenario, no_record: str) -> Section:
    """What the answer does not say: in general, and of this game; and that it is not beside a record, if it is not."""
    model = model_of(scenario)
    blocks: list[Block] = [Items(tuple(text(one) for one in GENERAL))]
    if no_record:
        blocks.append(Note(text(f"The answer is not set beside a record: {sentence(no_record)}")))
    if model is not None:
        blocks += [Heading("Where the game departs from the literature"), Paragraph(marked(sentence(model.departures)))]
        if model.findings:
            blocks += [Heading("Known results about the game"),
                       Items(tuple(marked(sentence(one)) for one in model.findings))]
    return Section("limits", "What this does not say", tuple(blocks))


def cite(scenario: Scenario, one: Cited, options: str, versions: Mapping[str, str]) -> Section:
    """Keys, fingerprint, commands, and entries of a bibliography."""
    name = next(iter(scenario.texts), "scenario.toml")
    changed = "".join(f" --set {key}={value}" for key, value in sorted(scenario.changed.items()))
    commands = "\n".join([
        f"deterrence solve {name}{changed} -o result.json",
        "deterrence verify result.json",
        "deterrence cite result.json --style bibtex -o result.bib",
        f"deterrence report {name}{changed}{options} -o report.html",
        "deterrence verify report.html",
    ])
    wanted = {result_key(one), software_key(one.version)}
    entries = "\n\n".join(bibtex.entry(item) for item in csl([one]) if item["id"] in wanted)
    told = ", ".join(f"{what} {version}" for what, version in versions.items())
    return Section("cite", "How to cite and to verify", (
        Paragraph(text("The result that this report is about has the key ", Typed(result_key(one)),
                       " and the fingerprint ", Typed(one.fingerprint), ", the SHA-256 digest of the scenario, the "
                       "options, the versions and the answer together. The digest of the scenario file is ",
                       Typed(f"sha256:{scenario.sha256}"), ".")),
        Verbatim(commands, "Commands that compute and check it again"),
        Paragraph(text("This file holds the scenario and its options. ", Typed("deterrence verify"), " makes it anew "
                       "from these and compares every line; it does not need the scenario file. A PDF does not hold "
                       "them: verify the form from which it was made.")),
        Verbatim(entries, "For a bibliography (BibTeX)"),
        Paragraph(text(f"Made by: {told}.")),
    ))


def literature(one: Cited) -> Section:
    """The works that the game follows and the method rests on, and the theorems that are used."""
    found = items([one])
    blocks: list[Block] = []
    for key, title in (("literature", "Literature of the game"), ("theorems", "Literature of the method")):
        entries = found[key]
        if entries:
            blocks += [Heading(title), Items(tuple(text(Typed(item["id"]), f": {cited(item)}") for item in entries))]
    if one.theorems:
        rows: list[tuple[Any, ...]] = [(Strong(t.title), t.statement, ", ".join(t.literature)) for t in one.theorems]
        blocks += [Heading("Theorems and methods that the answer rests on"),
                   Table.of("What is used, and where it is proved", ("name", "what it says", "works"), rows, (1,))]
    return Section("literature", "Literature", tuple(blocks) or (Note(text("None is named.")),))
