r"""The built-in games as a person reads them: the list of both shelves, and the documentation of one.

>>> from .printing import to_text
>>> print(to_text(games({"games": [{"name": "chess", "question": "Who mates?", "shelf": "old"}]})).split("\n")[1])
Old
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .cite import text as work
from .printing import drawing, group, heading, item, line, table
from .wording import joined

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["game", "games"]


def games(document: Mapping[str, Any]) -> RenderableType:
    """The list of built-in games."""
    parts: list[RenderableType] = []
    for shelf in dict.fromkeys(entry["shelf"] for entry in document["games"]):
        rows = [(entry["name"], entry["question"]) for entry in document["games"] if entry["shelf"] == shelf]
        parts += [heading(f"{shelf[0].upper()}{shelf[1:]}"), table(("game", "the question"), rows, 0)]
    return group(*parts, line("\n`deterrence games NAME` documents one of them."))


def game(document: Mapping[str, Any]) -> RenderableType:
    """The documentation of one built-in game."""
    parts = [
        line(document["name"], style="bold"), line(document["question"]), heading("The game"),
        line(document["summary"], 2), line(f"Players: {joined(document['players'])}.", 2),
        *(line(f"{i}. {step}", 2) for i, step in enumerate(document["tree"]["play"], 1)),
        drawing(document["tree"]["drawing"].rstrip()), heading("Parameters"),
        table(("name", "domain", "unit", "what it is"),
               [(p["name"], p["domain"] or "any number", p["unit"], p["meaning"]) for p in document["parameters"]]),
    ]
    parts += [line(f"Assumed: {condition} ({reason}).", 2) for condition, reason in document["assume"].items()]
    for name, option in document["options"].items():
        parts.append(heading(f"Option {name}: {option['meaning']}"))
        if "choices" in option:
            parts.append(table(("choice", "what it is"), option["choices"].items()))
        parts.append(line(f"{_allowed(option)}; by default {_default(option)}.", 2))
    if document["kind"] == "direct":
        parts += [heading("How it is solved"), line(document["approach"], 2)]
    parts += [
        heading("Information sets"),
        table(("name", "player", "actions", "what is known"),
               [(i["name"], i["player"], ", ".join(i["actions"]), i["meaning"]) for i in document["information_sets"]]),
        heading("Payoffs (the sum of these terms)"),
        table(("term", "player", "amount", "when", "why"),
               [(t["name"], t["player"], t["amount"], t["occasion"], t["reason"]) for t in document["payoffs"]]),
        heading("Events"), table(("event", "what happens"), document["events"].items()),
    ]
    if document["findings"]:
        parts += [heading("To know before using it"), *(item(text, 2) for text in document["findings"])]
    if document["claims"]:
        parts += [heading("Claims, and what became of them"), table(
            ("claim", "source", "verdict", "how it was checked", "where"),
            [(c["words"], c["source"], c["verdict"], c["how"], c["when"]) for c in document["claims"]],
        )]
    parts += [heading("Literature"), *(item(work(key), 2) for key in document["literature"])]
    parts += [line(""), line(document["departures"], 2)]
    return group(*parts)


def _allowed(option: Mapping[str, Any]) -> str:
    """How much of it a scenario may choose."""
    if "least" not in option:
        return "One of them"
    return f"From {option['least']} to {option['most']}{' of them' if 'choices' in option else ''}"


def _default(option: Mapping[str, Any]) -> str:
    default = option["default"]
    return ", ".join(default) if isinstance(default, list) else str(default)
