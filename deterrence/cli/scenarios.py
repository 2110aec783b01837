"""Commands about what there is to work on: built-in games, scenarios, the format of scenario files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from ..errors import Problem, ProblemsError
from .arguments import FILE, Command, Namespace, command, loaded, option
from .output import DONE, Output, warn, with_notes

__all__ = ["COMMANDS"]


@command(
    "games", "list the built-in games, or document one",
    option("name", nargs="?", metavar="NAME", help="a built-in game"),
)
def games(arguments: Namespace, output: Output) -> int:
    """The built-in games, or one with everything that a scenario may say about it."""
    from .. import models

    if arguments.name is not None:
        document = models.get(arguments.name).to_dict()
    else:
        listed = [models.get(name).to_dict() for name in models.names()]
        keys = ("name", "shelf", "title", "question", "summary")
        document = {"format": 1, "games": [{key: game[key] for key in keys} for game in listed]}
    if output.json:
        output.document(document)
    else:
        from .. import catalogue

        output.show(catalogue.game(document) if arguments.name else catalogue.games(document))
    return DONE


@command("check", "validate a scenario", FILE, detail="Prints `ok`, or every mistake with its line.")
def check(arguments: Namespace, output: Output) -> int:
    """Whether a file is a scenario."""
    from .. import render

    scenario, notes = loaded(arguments)
    notes += scenario.notes
    warn(output, notes)
    counts = render.bases(scenario)
    if output.json:
        document = {"format": 1, "ok": True, "title": scenario.title, "parameters": sum(counts.values()),
                    "basis": counts}
        output.document(with_notes(document, notes))
    elif output.path is None and sys.stdout.isatty() and not output.quiet:
        output.text(f"ok\n{render.rests_on(counts)}\n")
    else:
        output.text("ok\n")
    return DONE


@command("schema", "print the JSON Schema of scenario files, for editors")
def schema(arguments: Namespace, output: Output) -> int:
    """The JSON Schema of scenario files."""
    from ..schema import schema

    output.document(schema())
    return DONE


@command(
    "new", "write a commented scenario to fill in",
    option("model", metavar="MODEL", help="a built-in game, or `game` for one of your own, described in the file"),
    detail="Its values are admissible and mean nothing else: replace each, and say what it rests on.",
    examples=["signalling -o mine.toml", "game -o mine.toml"],
)
def new(arguments: Namespace, output: Output) -> int:
    """A scenario to fill in."""
    from ..publishing import new

    text = new(arguments.model)
    place = Path(output.target) if output.target is not None else None
    if place is not None and place.is_file() and place.read_bytes() not in (b"", text.encode("utf-8")):
        raise ProblemsError([Problem("is there already, and may have been filled in; name another file", "--output",
                                     file=str(place))])
    if output.json or output.saves:
        output.document({"format": 1, "model": arguments.model, "text": text})
    else:
        output.text(text)
    return DONE


@command(
    "diff", "say what differs between two scenarios, and what that does to the answer",
    option("first", metavar="A", help="a scenario, or a saved result that holds one"),
    option("second", metavar="B", help="another"),
    detail="Both are solved; where several values differ, each is changed alone too.",
    examples=["before.toml after.toml"],
)
def diff(arguments: Namespace, output: Output) -> int:
    """Two scenarios side by side."""
    from ..publishing import diff

    with output.working("solving") as say:
        found = diff(arguments.first, arguments.second, telling=say)
    if output.json or output.saves:
        output.document(found.to_dict())
    else:
        from .. import verdicts

        output.show(verdicts.comparison(found))
    return DONE


COMMANDS: Final[tuple[Command, ...]] = (games, check, schema, new, diff)
