"""Commands about what there is to work on: built-in games, scenarios, the format of scenario files."""

from __future__ import annotations

import sys
from typing import Final

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


COMMANDS: Final[tuple[Command, ...]] = (games, check, schema)
