"""The pages that are made from the package itself: games, commands, bibliography.

They are written below `reference/` when the site is built, from what `deterrence games NAME --json`, `--help` and the
bibliography hold, so that they cannot say anything else.
"""

from __future__ import annotations

import importlib
import inspect
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import deterrence
from deterrence import models, theorems
from deterrence.cite import entry, keys
from deterrence.cite import text as work
from deterrence.cli import COMMANDS
from deterrence.models.base import SHELVES

Document = Mapping[str, Any]

OBJECTS: Final = {
    "Scenarios": (
        "scenario.Scenario", "scenario.ParameterTable", "parameters.Assumption", "parameters.Link",
    ),
    "Games": (
        "tree.Game", "direct.DirectGame", "tree.InformationSet", "tree.ChanceMove", "tree.Origin",
        "tree.Move", "tree.PayoffRule", "parameters.ParameterSpace", "parameters.Parameter",
    ),
    "Formulas and numbers": (
        "expressions.Ring", "expressions.Expression", "expressions.Condition", "algebraic.Algebraic",
        "enclosures.Enclosure",
    ),
    "Equilibria at a point": (
        "equilibrium.Solution", "equilibrium.Equilibrium", "equilibrium.Free", "certify.Certificate",
    ),
    "Equilibria in closed form": ("atlas.Atlas", "atlas.EquilibriumFamily", "atlas.Coverage"),
    "Proofs": ("propositions.prover.Proof",),
    "What drives an answer": (
        "sensitivity.Sensitivity", "sensitivity.Indices", "sensitivity.Index", "certainty.Silence", "certainty.Share",
        "discovery.Discovery", "robust.Robust", "robust.Choice",
    ),
    "The frontier": (
        "frontier.Frontier", "frontier.Pair", "frontier.Band", "curves.Stretch", "curves.Curve",
        "curves.Piece", "curves.Stop", "commitment.Commitment",
    ),
    "Beside the record": (
        "confront.Confrontation", "confront.Observation", "confront.Fit", "record.Record", "record.Period",
        "record.Count",
    ),
    "Reports": ("report.Report",),
    "Verification": ("verification.Verification", "verification.Difference", "verification.Check"),
    "Built-in games": (
        "models.base.Documented", "models.base.Model", "models.base.DirectModel", "models.base.StochasticModel",
        "models.base.Option", "models.base.Choice", "models.base.Count", "models.base.Term", "models.base.Claim",
        "models.base.Decision", "models.base.Description",
    ),
}
"""What the public functions return, and what that is made of, by module and name."""
_NAMED: Final = re.compile(r"^    from \.([\w.]+) import (\w+)$", re.MULTILINE)


def write(folder: Path) -> None:
    """Write every page that has changed, and remove those that no longer exist."""
    pages = made()
    for path in sorted(folder.rglob("*.md")):
        if path.relative_to(folder).as_posix() not in pages:
            path.unlink()
    for name, text in pages.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def made() -> dict[str, str]:
    """The text of every page, by its path."""
    documents = {name: models.get(name).to_dict() for name in models.names()}
    return {
        "games/index.md": games(documents),
        **{f"games/{name}.md": game(document) for name, document in documents.items()},
        "help.md": commands(),
        "bibliography.md": bibliography(documents),
        "theorems.md": results(),
        "api.md": functions(),
        "objects.md": objects(),
    }


# Markdown ----------------------------------------------------------------------------------------------------------


def plain(text: object) -> str:
    """A text in which nothing is markup, save what stands in backticks."""
    parts = str(text).split("`")
    if len(parts) % 2 == 0:
        parts = [str(text).replace("`", "'")]
    return "`".join(part if n % 2 else _escaped(part) for n, part in enumerate(parts))


def _escaped(text: str) -> str:
    return "".join(f"\\{char}" if char in "\\*_[]<>$|#~{}" else char for char in text)


def code(text: object) -> str:
    """A text as code."""
    return f"`` {text} ``" if "`" in str(text) else f"`{text}`" if str(text) else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose empty columns are left out; a bar inside a cell is escaped."""
    cells = [[cell.replace("\n", " ").replace("\\|", "|").replace("|", "\\|") for cell in row] for row in rows]
    kept = [n for n in range(len(head)) if any(row[n] for row in cells)]
    lines = [[head[n] for n in kept], ["---"] * len(kept), *([row[n] for n in kept] for row in cells)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def capital(text: str) -> str:
    """A text that begins with a capital letter."""
    return text[:1].upper() + text[1:]


# Games -------------------------------------------------------------------------------------------------------------


def games(documents: Mapping[str, Document]) -> str:
    """The list of games."""
    parts = [
        "# The built-in games",
        "What each game says about itself: the same as `deterrence games NAME`. A scenario names its game by `model`.",
    ]
    for shelf in SHELVES.values():
        chosen = {name: document for name, document in documents.items() if document["shelf"] == shelf}
        rows = [(f"[`{name}`]({name}.md)", plain(document["question"])) for name, document in chosen.items()]
        parts += [f"## {capital(shelf)}", table(("game", "the question"), rows),
                  "\n".join(["```{toctree}", ":hidden:", "", *chosen, "```"])]
    return "\n\n".join(parts) + "\n"


def game(document: Document) -> str:
    """The page of one game."""
    parts = [
        f"# `{document['name']}`", plain(document["question"]), "## The game", plain(document["summary"]),
        f"Players: {plain(', '.join(document['players']))}.",
        "\n".join(f"{n}. {plain(step)}" for n, step in enumerate(document["tree"]["play"], 1)),
        f"```text\n{document['tree']['drawing'].rstrip()}\n```",
        *_parameters(document), *_options(document), *_approach(document),
        "## Information sets",
        table(("name", "player", "actions", "what is known"),
              [(code(i["name"]), plain(i["player"]), plain(", ".join(i["actions"])), plain(i["meaning"]))
               for i in document["information_sets"]]),
        "## Payoffs", "The sum of these terms.",
        table(("term", "player", "amount", "when", "why"),
              [(plain(t["name"]), plain(t["player"]), code(t["amount"]), plain(t["occasion"]), plain(t["reason"]))
               for t in document["payoffs"]]),
        "## Events",
        table(("event", "what happens"), [(code(name), plain(text)) for name, text in document["events"].items()]),
        *_findings(document), *_claims(document), *_literature(document), *_derivation(document["name"]),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _parameters(document: Document) -> list[str]:
    rows = [(code(p["name"]), code(p["domain"]) or "any number", plain(p["unit"]), plain(p["meaning"]))
            for p in document["parameters"]]
    return ["## Parameters", table(("name", "domain", "unit", "what it is"), rows),
            *(f"Assumed: {code(condition)} ({plain(why)})." for condition, why in document["assume"].items())]


def _options(document: Document) -> list[str]:
    parts = ["## Options"] if document["options"] else []
    for name, option in document["options"].items():
        default = option["default"]
        shown = ", ".join(map(code, default)) if isinstance(default, list) else code(default)
        size = f" From {option['least']} to {option['most']}." if "least" in option else ""
        parts.append(f"{code(name)}: {plain(option['meaning'])}.{size} By default {shown}.")
        if "choices" in option:
            parts.append(table(("choice", "what it is"),
                               [(code(key), plain(text)) for key, text in option["choices"].items()]))
    return parts


def _approach(document: Document) -> list[str]:
    if document["kind"] != "direct":
        return []
    return ["## How it is solved", f"The game is no finite tree. {plain(document['approach'])}"]


def _findings(document: Document) -> list[str]:
    found = "\n".join(f"- {plain(text)}" for text in document["findings"])
    return ["## To know before using it", found] if found else []


def _claims(document: Document) -> list[str]:
    parts = ["## Claims, and what became of them"] if document["claims"] else []
    for claim in document["claims"]:
        source = f" After [{plain(short(claim['source']))}](#{anchor(claim['source'])})." if claim["source"] else ""
        lines = [f"{plain(claim['words'])}", f": **{capital(claim['verdict'])}**: {plain(claim['how'])}.{source}"]
        if claim["when"]:
            lines.append(f"\n  {capital(plain(claim['when']))}.")
        if claim["statement"]:
            lines.append(f"\n  ```text\n  {claim['statement']}\n  ```")
        parts.append("\n".join(lines))
    return parts


def _literature(document: Document) -> list[str]:
    works = "\n".join(f"- [{plain(short(key))}](#{anchor(key)})" for key in document["literature"])
    return ["## Literature", works, plain(document["departures"])]


def _derivation(name: str) -> list[str]:
    module = importlib.import_module(_module(name))
    if not module.__doc__:
        return []
    return ["## Definition and derivation", f"```{{eval-rst}}\n.. automodule:: {module.__name__}\n```"]


def _module(name: str) -> str:
    return f"deterrence.models.{models._MODULES[name]}"


# Commands ----------------------------------------------------------------------------------------------------------


def commands() -> str:
    """What each command says of itself."""
    os.environ["COLUMNS"] = "100"
    parts = ["# What each command says of itself", "The text of `deterrence COMMAND --help`, word for word."]
    for name, command in COMMANDS.items():
        parts += [f"## `{name}`", f"```text\n{command.parser().format_help().rstrip()}\n```"]
    return "\n\n".join(parts) + "\n"


# Python ------------------------------------------------------------------------------------------------------------


def functions() -> str:
    """The public functions, the built-in games and the errors."""
    public = [name for name in deterrence.__all__ if not name.startswith("_")]
    chosen = [name for name in public if inspect.isfunction(getattr(deterrence, name))]
    errors = [name for name in public if inspect.isclass(getattr(deterrence, name))]
    errors.sort(key=lambda name: (len(getattr(deterrence, name).__mro__), name))
    parts = [
        "# Functions",
        "`import deterrence as dt` costs next to nothing; what a function needs is loaded when it is called. What they "
        "return is described in [](objects.md).",
        _documented("module", ["deterrence"], "no-index"),
        *(_documented("function", [f"deterrence.{name}"]) for name in chosen),
        "## Built-in games", "`dt.models`.",
        _documented("function", ["deterrence.models.names", "deterrence.models.get"]),
        "## Errors and warnings",
        "Every error of the package is a `DeterrenceError`; mistakes of a file are listed all at once.",
        _documented("exception", [f"deterrence.{name}" for name in errors], "show-inheritance", "members",
                    "exclude-members: __init__"),
    ]
    return "\n\n".join(parts) + "\n"


def objects() -> str:
    """What the public functions return."""
    parts = [
        "# What the functions return",
        "Results are frozen: a repr for people, `to_dict()` for the JSON that the command prints with `--json`, and a "
        "table in a notebook.",
    ]
    public = [getattr(deterrence, name) for name in deterrence.__all__]
    rooms = sorted({one.__module__ for one in public if inspect.isfunction(one)})
    source = "".join(inspect.getsource(importlib.import_module(room)).partition("__all__")[0] for room in rooms)
    listed = {name.rpartition(".")[2] for names in OBJECTS.values() for name in names}
    others = tuple(dict.fromkeys(f"{room}.{name}" for room, name in _NAMED.findall(source) if name not in listed))
    for title, names in {**OBJECTS, **({"Others": others} if others else {})}.items():
        named = [f"deterrence.{name}" for name in names]
        parts += [f"## {title}", _documented("class", named, "members", "exclude-members: __init__")]
    return "\n\n".join(parts) + "\n"


def _documented(kind: str, names: Sequence[str], *options: str) -> str:
    """Directives that take documentation from docstrings."""
    given = "".join(f"   :{option}{'' if ': ' in option else ':'}\n" for option in options)
    return "```{eval-rst}\n" + "\n".join(f".. auto{kind}:: {name}\n{given}" for name in names) + "```"


# Bibliography ------------------------------------------------------------------------------------------------------


def anchor(key: str) -> str:
    """Where a work stands in the bibliography."""
    return f"bib-{key.replace('_', '-')}"


def short(key: str) -> str:
    """A work by its authors and its year."""
    item = entry(key)
    names = [author["family"] for author in item["author"]]
    who = " and ".join(names) if len(names) < 3 else f"{names[0]} et al."
    return f"{who} ({item['issued']['date-parts'][0][0]})"


def bibliography(documents: Mapping[str, Document]) -> str:
    """Every work, with the games that rest on it."""
    parts = [
        "# Bibliography",
        "Every work that the package cites, by the key that it has in docstrings and in `deterrence games NAME "
        "--json`. Not all were read in the original; each game says where it departs from its literature.",
    ]
    for key in sorted(keys(), key=lambda key: (work(key).casefold(), key)):
        users = [name for name, document in documents.items() if key in document["literature"]]
        games = ", ".join(f"[`{name}`](games/{name}.md)" for name in users)
        used = f" Games: {games}." if users else ""
        rests = ", ".join(f"[{plain(t.title)}](#{t.key})" for t in theorems.THEOREMS.values() if key in t.literature)
        used += f" Theorems: {rests}." if rests else ""
        parts.append(f"({anchor(key)})=\n{_linked(work(key))} {code(key)}.{used}")
    return "\n\n".join(parts) + "\n"


def results() -> str:
    """Every theorem and method on which results rest."""
    parts = [
        "# Theorems and methods",
        "What results rest on, by key: `deterrence cite` names those of a result. What names no work is in every "
        "textbook, or was derived for this package.",
    ]
    for theorem in theorems.THEOREMS.values():
        works = ", ".join(f"[{plain(short(key))}](#{anchor(key)})" for key in theorem.literature)
        after = f" After {works}." if works else ""
        parts.append(f"({theorem.key})=\n## {plain(theorem.title)}\n\n{plain(theorem.statement)}{after} "
                     f"Key: {code(theorem.key)}.")
    return "\n\n".join(parts) + "\n"


def _linked(text: str) -> str:
    """A reference whose DOI can be followed."""
    head, found, address = text.partition("https://doi.org/")
    return plain(head) + (f"<{found}{address}>" if found else "")
