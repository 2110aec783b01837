"""The command line: verbs, options and exit statuses over the functions of `api`; no logic of its own.

A new command is a function under `arguments.command` and its name in the `COMMANDS` of its module.

Exit status: 0 done or proved; 1 refuted; 2 bad input; 3 unknown, a limit was reached, or an internal error;
130 interrupted; 141 the reader of the output has gone.

>>> main(["games", "--json", "-o", os.devnull])
0
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Final

from .. import __version__
from ..errors import DeterrenceError, LimitError, nearest
from . import answers, policies, public, scenarios, studies
from .arguments import Command, Namespace, Parser
from .mistakes import UsageError, fail
from .output import BAD_INPUT, BROKEN_PIPE, INTERRUPTED, UNKNOWN, Output

__all__ = ["COMMANDS", "main"]

COMMANDS: Final[Mapping[str, Command]] = {
    command.name: command for module in (scenarios, answers, studies, policies, public) for command in module.COMMANDS
}
"""Every command by its name, in the order of ``--help``."""

REPORTED: Final = "the scenario file and the command"


def _overview() -> Parser:
    """The parser of what may stand before a command; its help lists the commands."""
    parser = Parser(
        description="Every equilibrium of games of deterrence and restraint, each with a certificate.",
        epilog="Exit status: 0 done or proved, 1 refuted, 2 bad input, 3 unknown or a limit was reached.\n"
               "What a command takes: deterrence COMMAND --help",
    )
    parser.add_argument("--version", action="version", version=f"deterrence {__version__}")
    listed = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=argparse.ArgumentParser)
    for command in COMMANDS.values():
        listed.add_parser(command.name, help=command.summary, add_help=False)
    return parser


def _parse(words: Sequence[str]) -> tuple[Command, Namespace]:
    """The command and its arguments; UsageError with the nearest name where one does not exist."""
    first = next((word for word in words if not word.startswith("-")), None)
    before = list(words if first is None else words[: words.index(first)])
    if first is None or {"-h", "--help", "--version"}.intersection(before):
        _overview().parse_known_args(before)
        raise UsageError(f"a command is needed: {', '.join(COMMANDS)}")
    if first not in COMMANDS:
        raise UsageError(f"there is no command {first[:60]!r} (there are: {', '.join(COMMANDS)})",
                         nearest(first, COMMANDS))
    return COMMANDS[first], COMMANDS[first].parse([*before, *words[len(before) + 1 :]])


def _run(words: Sequence[str], output: Output) -> int:
    command = None
    try:
        command, arguments = _parse(words)
        output.json, output.path, output.quiet = arguments.json, arguments.output, arguments.quiet
        output.source = getattr(arguments, "file", None)
        output.prepare(filled=command.fills)
        return command.run(arguments, output)
    except UsageError as error:
        error.command = error.command or (command.name if command is not None else "")
        return fail(error, output, BAD_INPUT)
    except LimitError as error:
        return fail(error, output, UNKNOWN)
    except BrokenPipeError:
        raise
    except (DeterrenceError, OSError) as error:
        return fail(error, output, BAD_INPUT)
    except (MemoryError, RecursionError):
        return fail(LimitError("the memory or the stack of this machine does not suffice"), output, UNKNOWN)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status.

    Parameters
    ----------
    argv : the words after the program's name; by default those of the process.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    output = Output(json="--json" in words, quiet="--quiet" in words)
    if isinstance(sys.stdout, io.TextIOWrapper):
        if output.json:
            sys.stdout.reconfigure(encoding="utf-8")
        else:
            sys.stdout.reconfigure(errors="replace")
    try:
        status = _run(words, output)
        sys.stdout.flush()
    except SystemExit as stop:  # argparse leaves this way after --help and --version
        return stop.code if isinstance(stop.code, int) else BAD_INPUT
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return INTERRUPTED
    except BrokenPipeError:
        # What is still buffered would fail again when the interpreter closes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except Exception as error:  # the last place where an exception can become one line and not a traceback
        if os.environ.get("DETERRENCE_DEBUG") == "1":
            raise
        message = f"internal error: {type(error).__name__}: {str(error)[:300]}; please report it with {REPORTED}"
        return fail(LimitError(message + " (DETERRENCE_DEBUG=1 shows where)"), output, UNKNOWN)
    return status
