r"""A report: one document of what was asked, assumed and found, how far it can be relied on, and how to check it.

What it says is gathered once, as plain sections (`parts`): the question, the assumptions with what they rest on, the
game (`assumed`); the equilibria in words, in closed form and on a map (`answers`); which conclusions hold over all that
is plausible (`conclusions`), the frontier, statements, the record (`tested`); how to cite and verify (`sources`). The
writers `page`, `markdown` and `tex` compute nothing.

The work is bounded: searches for closed forms end after so many profiles of supports, samples have so many rows. What a
bound leaves out is said in its section. The bytes depend on the scenario, the options and the versions alone.

>>> from deterrence.scenario import loads
>>> made = report(loads('format = 1\ntitle = "A"\n[parameters]\ncost = 0.5\n[game]\nplayers = ["A"]\n'
...                     '[game.parameters]\ncost = "0 < cost < 1"\n[[game.move]]\nplayer = "A"\ninformation = "a"\n'
...                     'actions = ["in", "out"]\n[[game.payoff]]\nwhen = ["in"]\nA = "1/3 - cost"\n'))
>>> [section.key for section in made.sections][:4]
['question', 'assumptions', 'game', 'equilibria']
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .. import origin
from ..citation import cited
from ..errors import BranchCutWarning, DeterrenceError, ExpressionError
from ..files import check_place, placed
from ..saved import embedded, refused
from ..sealing import sealed
from . import answers, assumed, sources, tested
from .conclusions import LARGE, reaches, ready_for
from .markdown import markdown
from .markdown import section as as_markdown
from .page import page
from .parts import Section
from .tex import latex, pdf

if TYPE_CHECKING:
    from ..confront import Confrontation
    from ..equilibrium import Solution
    from ..frontier import Frontier
    from ..outcomes import Study
    from ..saved import Saved
    from ..scenario import Scenario

__all__ = ["ENDINGS", "ROWS", "Report", "again", "check_ending", "report"]

ENDINGS: Final = (".html", ".md", ".tex", ".pdf")
ROWS: Final = 1_024
MOST_ROWS: Final = 2**16
OPTIONS: Final = {"over": list, "rows": int, "quick": bool, "lever": str, "x": str, "y": str, "record": str}

Say = Callable[[str], None]


@dataclass(frozen=True)
class Report:
    """A report, to be written in any of its forms.

    Attributes
    ----------
    scenario : the scenario.
    sections : what it says.
    about : a line below the title.
    made : the line that says how it was made; empty where the scenario has no text.
    """

    scenario: Scenario = field(repr=False)
    sections: tuple[Section, ...] = field(repr=False)
    about: str
    made: str = field(repr=False)

    @cached_property
    def html(self) -> str:
        """The report as one page, with pictures and styles in it."""
        return sealed(page(self.scenario.title, self.about, self.sections, self.made))

    @cached_property
    def markdown(self) -> str:
        """The report as Markdown, with pictures as data."""
        return sealed(markdown(self.scenario.title, self.about, self.sections, self.made))

    @cached_property
    def latex(self) -> str:
        """The report as LaTeX source, which writes its pictures beside itself when it is set."""
        return sealed(latex(self.scenario.title, self.about, self.sections, self.made))

    def pdf(self) -> bytes:
        """The report set by pdfLaTeX.

        Raises
        ------
        NotSupportedError, LimitError
            where there is no pdfLaTeX, or it fails.
        """
        return pdf(self.latex)

    def written(self, ending: str) -> bytes:
        """The bytes of a file with that ending; errors as for `check_ending` and `pdf`."""
        check_ending(f"report{ending}")
        if ending == ".pdf":
            return self.pdf()
        return {".html": lambda: self.html, ".md": lambda: self.markdown, ".tex": lambda: self.latex}[ending]().encode()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it in the form of the ending.

        Raises
        ------
        ExpressionError
            for another ending than those of `ENDINGS`.
        ProblemsError
            where the file cannot be written.
        NotSupportedError, LimitError
            for a PDF, as for `pdf`.
        """
        data = self.written(check_ending(path))
        place = Path(os.path.realpath(path))
        check_place(place)
        with placed(place) as temporary:
            temporary.write_bytes(data)

    def to_dict(self) -> dict[str, Any]:
        """As plain data: the sections as Markdown."""
        return {
            "format": 1, "title": self.scenario.title, "about": self.about,
            "sections": [{"key": s.key, "title": s.title, "markdown": as_markdown(s)} for s in self.sections],
        }

    def __repr__(self) -> str:
        return f"Report({self.scenario.title!r}: {len(self.sections)} sections)"


def check_ending(path: str | os.PathLike[str]) -> str:
    """The ending of a file of a report; ExpressionError for one that is none."""
    ending = Path(path).suffix.lower()
    if ending not in ENDINGS:
        raise ExpressionError(f"a report ends in {', '.join(ENDINGS)}, not in {ending or 'nothing'}")
    return ending


def report(
    scenario: Scenario, *, over: Sequence[str] | None = None, rows: int = ROWS, quick: bool = False,
    lever: str | None = None, x: str | None = None, y: str | None = None,
    record: str | os.PathLike[str] | None = None, jobs: int | None = None, telling: Say | None = None,
) -> Report:
    """The report of a scenario; parameters as in `deterrence.report`."""
    say = telling or (lambda words: None)
    if rows < 0 or rows > MOST_ROWS or rows & (rows - 1):
        raise ExpressionError(f"the rows of the sample are 0 or a power of two up to {MOST_ROWS}; {rows} is none")
    with warnings.catch_warnings():
        # Whoever loads the scenario is told of branches that are cut, and the report says so.
        warnings.simplefilter("ignore", BranchCutWarning)
        return _gathered(scenario, over, rows, quick, lever, x, y, record, jobs, say)


def _gathered(
    scenario: Scenario, over: Sequence[str] | None, rows: int, quick: bool, lever: str | None, x: str | None,
    y: str | None, record: str | os.PathLike[str] | None, jobs: int | None, say: Say,
) -> Report:
    from ..solvers import solve

    say("every equilibrium")
    solution: Solution = solve(scenario)
    origin.remember(solution, origin.Origin("solve", scenario))
    one, reach = cited(solution), reaches(scenario)
    say("a map of regions")
    here, families, no_map = answers.mapped(scenario, x, y)
    say("closed forms over what is uncertain")
    ready, why = _ready(scenario, over, say)
    closed, no_forms = answers.forms(scenario, families, ready.names if ready and ready.program else (), say)
    made = tested.tested(scenario, reach, ready, why, rows, quick, say, jobs)
    say("the frontier")
    line, no_line = _frontier(scenario, lever, quick, say)
    say("the record")
    beside, texts, no_record = _record(scenario, record)
    short = [*answers.short(solution, reach), *tested.summed(made)]
    sections = [
        assumed.question(scenario, short),
        assumed.assumptions(scenario, one, tested.matters(made)),
        assumed.game(scenario),
        answers.equilibria(scenario, solution, closed, no_forms),
        answers.region_map(scenario, here, families, no_map),
        tested.robustness(made, quick),
        tested.frontier(line, no_line),
        tested.statements(scenario, None if quick else families, "left out (--quick)" if quick else no_map, say),
        *([tested.record(beside, scenario.as_of)] if beside is not None else []),
        sources.limits(scenario, no_record),
    ]
    chosen = {"over": over and list(over), "rows": rows, "quick": quick, "lever": lever, "x": x, "y": y,
              "record": next(iter(texts), None) if record is not None or beside is not None else None}
    default = {"over": None, "rows": ROWS, "quick": False, "lever": None, "x": None, "y": None, "record": None}
    options = {name: value for name, value in chosen.items() if value != default[name]}
    sections += [sources.cite(scenario, one, _words(options), origin.versions()), sources.literature(one)]
    line_made = embedded(origin.Origin("report", scenario, options, texts)) if scenario.texts else ""
    return Report(scenario, tuple(sections), _about(scenario), line_made)


def _about(scenario: Scenario) -> str:
    game = f"model {scenario.model}" if scenario.model else "a game of its own"
    when = f", as of {scenario.as_of}" if scenario.as_of else ""
    return f"Report by deterrence {origin.versions()['deterrence']}: {game}{when}."


def _words(options: Mapping[str, Any]) -> str:
    """Options as they are typed; the record is found beside the scenario."""
    found = ""
    for name, value in options.items():
        if name == "quick":
            found += " --quick"
        elif name != "record":
            found += f" --{name} {','.join(value) if isinstance(value, list) else value}"
    return found


def _ready(scenario: Scenario, over: Sequence[str] | None, say: Say) -> tuple[Study | None, str]:
    """What is uncertain, ready to be looked at; or why it cannot be."""
    try:
        return ready_for(scenario, over, answers.PROFILES, say), ""
    except DeterrenceError as error:
        if over is not None:
            raise
        return None, str(error)


def _frontier(scenario: Scenario, lever: str | None, quick: bool, say: Say) -> tuple[Frontier | None, str]:
    from ..frontier import frontier

    if lever is None and len(scenario.game.payoffs) > LARGE:
        return None, (f"of a game with more than {LARGE} ends it is not sought here unless a lever is named; "
                      "`deterrence frontier FILE` seeks it, however long it takes")
    try:
        return frontier(scenario, lever, rows=0, commitment=not quick, telling=say), ""
    except DeterrenceError as error:
        if lever is not None:
            raise
        return None, str(error)


def _record(
    scenario: Scenario, record: str | os.PathLike[str] | None
) -> tuple[Confrontation | None, dict[str, str], str]:
    """The scenario beside the record and the texts of that; or why there is none."""
    from ..confront import confront

    try:
        found = confront(scenario, None if record is None else Path(record), rows=0)
    except DeterrenceError as error:
        if record is not None:
            raise
        return None, {}, str(error)
    return found, {f"record/{name}": text for name, text in found.record.texts.items()}, ""


def again(made: Saved, telling: Say | None = None, jobs: int | None = None) -> Report:
    """The report that a saved one was, made anew from what it holds.

    Raises
    ------
    ProblemsError
        where its options are none of a report.
    """
    options = dict(made.options)
    for name, value in options.items():
        kind = OPTIONS.get(name)
        if kind is None or not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise refused(made.path, f"made.options: {name[:40]!r} is no such option of a report")
    if not all(isinstance(name, str) for name in options.get("over", ())):
        raise refused(made.path, "made.options.over: names of parameters are needed")
    with made.opened() as scenario:
        kept = options.pop("record", None)
        if kept is not None and kept not in made.made["files"]:
            raise refused(made.path, "made.options.record: none of made.files has this name")
        place = None if kept is None else Path(scenario.file).parent / kept
        return report(scenario, **options, record=place, jobs=jobs, telling=telling)
