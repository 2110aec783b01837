"""What commands are made of: a function, its options, and the words that a user gives for them.

A verb is one function under `command`, which says its name, what it does and its options; it is listed in the
`COMMANDS` of its module. Options that several verbs share are constants here; each comes to the function as an
attribute of its arguments.

>>> @command("greet", "say hello", option("--times", type=whole(1), default=1, help="how often"))
... def greet(arguments, output):
...     output.document({"said": ["hello"] * arguments.times})
...     return 0
>>> greet.run(greet.parse(["--times", "2"]), Output())
{
  "said": [
    "hello",
    "hello"
  ]
}
0
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn

from ..errors import ExpressionError, nearest
from .mistakes import UsageError
from .output import Output, collected

if TYPE_CHECKING:
    from ..scenario import Scenario

__all__ = [
    "FILE",
    "JOBS",
    "LIMIT",
    "REFINE",
    "SEED",
    "SETTINGS",
    "Command",
    "Namespace",
    "Option",
    "Parser",
    "command",
    "loaded",
    "names",
    "one_of",
    "option",
    "setting",
    "whole",
]

DEFAULT_LIMIT: Final = 100_000
MOST_DIGITS: Final = 9

Namespace = argparse.Namespace
Run = Callable[[Namespace, Output], int]


class Option(NamedTuple):
    """An option or an argument as argparse takes it, and the heading under which ``--help`` has it."""

    flags: tuple[str, ...]
    how: dict[str, Any]
    group: str = ""


def option(*flags: str, group: str = "", **how: Any) -> Option:
    """An option by its flags (or an argument by its name), with the keywords of ``ArgumentParser.add_argument``."""
    return Option(flags, how, group)


class _Layout(argparse.HelpFormatter):
    """Keeps lines apart, and leaves those that are set in as they are, so that they can be copied."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        fill = super()._fill_text
        return "\n".join(line if line.startswith(" ") else fill(line, width, indent) for line in text.split("\n"))


class Parser(argparse.ArgumentParser):
    """Reports a mistake as an exception, and takes no abbreviated options."""

    def __init__(self, command: str = "", **how: Any) -> None:
        super().__init__(f"deterrence {command}".rstrip(), formatter_class=_Layout, allow_abbrev=False, **how)
        self.command = command

    def error(self, message: str) -> NoReturn:
        """Raise what argparse would print."""
        raise UsageError(message, command=self.command)


@dataclass(frozen=True)
class Command:
    """A verb: what it is called, what it does in a line and at more length, its options, and the function itself.

    `fills` says that the function makes the file OUTPUT itself, and checks its place.
    """

    name: str
    summary: str
    run: Run
    options: tuple[Option, ...]
    detail: str = ""
    examples: tuple[str, ...] = ()
    fills: bool = False

    def parser(self) -> Parser:
        """The parser of its words."""
        text = f"{self.summary[0].upper()}{self.summary[1:]}. {self.detail}".strip()
        shown = [f"  deterrence {self.name} {words}" for words in self.examples]
        made = Parser(self.name, description=text, epilog="\n".join(["For example:", *shown]) if shown else None)
        groups: dict[str, Any] = {"": made}
        for group in dict.fromkeys(one.group for one in (*self.options, *SHARED)):
            if group:
                groups[group] = made.add_argument_group(group)
        for flags, how, group in (*SHARED, *self.options):
            groups[group].add_argument(*flags, **how)
        return made

    def parse(self, words: Sequence[str]) -> Namespace:
        """Its arguments; UsageError with the nearest name where an option does not exist."""
        arguments, rest = self.parser().parse_known_args(words)
        if not rest:
            return arguments
        if not rest[0].startswith("-"):
            raise UsageError(f"{rest[0]!r} is one argument too many", command=self.name)
        flags = [flag for one in (*self.options, *SHARED) for flag in one.flags if flag.startswith("-")]
        name = rest[0].partition("=")[0]
        raise UsageError(f"{self.name} has no option {name!r}", nearest(name, [*flags, "--help"]), self.name)


def command(
    name: str, summary: str, *options: Option, detail: str = "", examples: Sequence[str] = (), fills: bool = False
) -> Callable[[Run], Command]:
    """Make a command of a function that takes the arguments and the output and gives the exit status.

    The examples are words that may stand after the name.
    """
    return lambda run: Command(name, summary, run, options, detail, tuple(examples), fills)


# Words to values ---------------------------------------------------------------------------------------------------


def one_of(*choices: str) -> Callable[[str], str]:
    """A converter that takes one of these words and names the nearest one otherwise."""

    def convert(text: str) -> str:
        if text in choices:
            return text
        near = nearest(text, choices)
        hint = f"; did you mean {near!r}?" if near else ""
        raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(choices)}{hint}")

    return convert


def whole(least: int = 0) -> Callable[[str], int]:
    """A converter that takes whole numbers from `least` on."""

    def convert(text: str) -> int:
        if not text.isascii() or not text.isdigit() or len(text) > MOST_DIGITS or int(text) < least:
            most = 10**MOST_DIGITS - 1
            raise argparse.ArgumentTypeError(f"{text[:20]!r} is no whole number from {least} to {most}")
        return int(text)

    return convert


def setting(text: str) -> tuple[str, Fraction]:
    """``name=value`` with an exact number."""
    from ..parsing import exact

    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is not name=value, such as resolve=3/5")
    try:
        return name.strip(), exact(value)
    except ExpressionError as error:
        raise argparse.ArgumentTypeError(f"{name.strip()}: {error}") from error


def names(texts: Sequence[str]) -> list[str] | None:
    """The names of options that take several, separated by commas; None where there are none."""
    return [name.strip() for text in texts for name in text.split(",")] or None


def loaded(arguments: Namespace) -> tuple[Scenario, list[str]]:
    """The scenario that is named, with the values that were put in the place of its own, and what it warns of."""
    from ..api import load

    with collected() as notes:
        scenario = load(arguments.file)
        if getattr(arguments, "settings", None):
            scenario = scenario.with_values(dict(arguments.settings))
    return scenario, notes


# Options that several commands have --------------------------------------------------------------------------------

SHARED: Final = (
    option("--json", action="store_true", help="print one JSON document and nothing else", group="output"),
    option("-o", "--output", metavar="OUTPUT", group="output",
           help="write the result to the file OUTPUT, not to standard output"),
    option("--quiet", action="store_true", help="print no warnings, no progress and no advice", group="output"),
)
FILE: Final = option("file", metavar="FILE", help="a scenario")
SETTINGS: Final = option(
    "--set", action="append", default=[], type=setting, metavar="NAME=VALUE", dest="settings",
    help="use another value than the scenario's, a number or a fraction such as resolve=3/5 (may be repeated)",
)
REFINE: Final = option(
    "--refine", type=one_of("intuitive", "d1"), metavar="{intuitive,d1}",
    help="keep what passes the intuitive criterion or D1 (signalling games)",
)
SEED: Final = option(
    "--seed", type=whole(), default=0, metavar="S",
    help="the seed of the sample; the same seed draws the same points (0 by default)",
)
JOBS: Final = option(
    "--jobs", type=whole(1), metavar="N", group="computing",
    help="how many workers compute on this machine (by default one for each core, or one alone where every point has "
         "to be solved for itself)",
)
LIMIT: Final = option(
    "--limit", type=whole(), default=DEFAULT_LIMIT, metavar="N", group="computing",
    help="in a large game, leave out the families on a knife edge if the search goes through more than N profiles of "
         f"supports, that is choices of what is played where ({DEFAULT_LIMIT} by default; 0 for no limit, however long "
         "it takes)",
)
