"""Commands that answer for a scenario: its equilibria, their families in closed form, statements about these."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from ..errors import Interrupted, LimitError, Problem
from .arguments import FILE, LIMIT, REFINE, SETTINGS, Command, Namespace, command, loaded, names, one_of, option
from .mistakes import UsageError, error, unfinished
from .output import DONE, INTERRUPTED, REFUTED, UNKNOWN, Output, collected, warn, with_notes

if TYPE_CHECKING:
    from ..scenario import Scenario

__all__ = ["COMMANDS"]

FEW: Final = 3
"""So many parameters as symbols are few."""


@command(
    "solve", "find every equilibrium at the values of a scenario",
    FILE,
    option("--concept", type=one_of("pbe", "sequential", "nash"), default="pbe", metavar="{pbe,sequential,nash}",
           help="the solution concept: perfect Bayesian (pbe, by default), sequential or Nash equilibrium"),
    REFINE,
    option("--belief", action="append", default=[], metavar='"SET: HISTORY = 1"',
           help="keep the equilibria that can hold this belief (may be repeated)"),
    option("--method", metavar="NAME", help="the algorithm; by default the one that suits"),
    SETTINGS,
)
def solve(arguments: Namespace, output: Output) -> int:
    """Every equilibrium at the values of a scenario."""
    from ..api import solve
    from ..direct import DirectGame

    scenario, notes = loaded(arguments)
    with output.working("finding every equilibrium"), collected() as more:
        solution = solve(scenario, concept=arguments.concept, method=arguments.method, refine=arguments.refine,
                         beliefs=tuple(arguments.belief))
    notes += more
    warn(output, notes)
    # Under nash a method that cannot claim completeness is no limit that was reached: the result says what it claims.
    status = DONE if solution.complete or solution.concept == "nash" else UNKNOWN

    def shown() -> Any:
        from .. import render

        looked_for = not output.quiet and arguments.concept == "pbe" and not isinstance(scenario.game, DirectGame)
        return render.solution(solution, scenario, _changes(scenario, output) if looked_for else None)

    def document() -> Any:
        return unfinished(with_notes(solution.to_dict(), notes), status, arguments.file)

    output.answer(solution, document, shown)
    return status


def _changes(scenario: Scenario, output: Output) -> Sequence[Any] | None:
    """What would have to change for another equilibrium to appear; None where a limit stands in the way."""
    from ..solvers import thresholds

    with output.working("looking for what would have to change"), collected() as notes:
        try:
            found = thresholds(scenario)
        except LimitError:
            found = None
    warn(output, notes)
    return found


@command(
    "atlas", "find every family of equilibria in closed form, with its region",
    option("file", metavar="FILE", help="a scenario; its values are not used, save with --over"),
    option("--over", action="append", default=[], metavar="NAME,...",
           help="keep only these parameters as symbols; the others take their values (may be repeated)"),
    REFINE, LIMIT,
    option("--generic", action="store_true", help="leave out the families that exist on a knife edge only"),
    option("--latex", action="store_true", help="print a LaTeX table"),
)
def atlas(arguments: Namespace, output: Output) -> int:
    """Every family of equilibria in closed form, with its region."""
    from ..api import atlas
    from ..atlas import Atlas

    if arguments.latex and output.json:
        raise UsageError("--latex and --json exclude each other; the JSON holds every formula as LaTeX too")
    if arguments.generic and output.saves:
        raise UsageError("--generic is about what is printed; a saved atlas has every family, each said to be generic "
                         "or not")
    scenario, notes = loaded(arguments)
    over = names(arguments.over)
    status = DONE
    with _advised(output, scenario, over), collected() as more:
        try:
            with output.working("finding every family of equilibria") as say:
                found = atlas(scenario, refine=arguments.refine, over=over, limit=arguments.limit or None, progress=say)
        except Interrupted as stopped:
            if not isinstance(stopped.partial, Atlas):
                raise
            found, status = stopped.partial, INTERRUPTED
            warn(output, [*found.notes, "what was found follows (interrupt again to go without)"])
    notes += more
    warn(output, notes)
    status = status or (DONE if found.complete else UNKNOWN)
    if output.saves:
        output.answer(found, lambda: unfinished(with_notes(found.to_dict(), notes), status, arguments.file), lambda: "")
        return status
    if output.json:
        left_out = len(found) - found.generic
        if arguments.generic and left_out:
            found = replace(found, families=found.families[: found.generic])
            notes.append(f"{left_out} families on a knife edge are left out (--generic)")
        with output.working("writing the families") as say:
            for n, _ in enumerate(found.families):
                say(f"{n + 1} of {len(found)}")
            document = found.to_dict()
        output.document(unfinished(with_notes(document, notes), status, arguments.file))
        return status
    from .. import render

    if arguments.latex:
        output.text(render.atlas_latex(found, generic_only=arguments.generic))
    else:
        with output.working("writing the generic families") as say:
            for n, _ in enumerate(islice(found.families, found.generic)):
                say(f"{n + 1} of {found.generic}")
        output.show(render.atlas(found, generic_only=arguments.generic))
    return status


def _advised(output: Output, scenario: Scenario, over: Sequence[str] | None) -> AbstractContextManager[None]:
    """Where an atlas in every parameter takes long, what is quicker."""
    if over is not None or len(scenario.point) <= FEW:
        return nullcontext()
    return output.advising(
        f"this can take long with {len(scenario.point)} parameters as symbols; --over NAME,NAME keeps few of them, the "
        "others at their values, and is mostly quick"
    )


@command(
    "prove", "decide a statement about the atlas of a scenario",
    option("file", metavar="FILE", help="a scenario; its values are not used"),
    option("statement", metavar="STATEMENT", help='such as "P[attack] decreases in resolve"'),
    LIMIT,
    detail="The statement is proved, refuted with exact values at which it fails, or unknown with the reason.",
)
def prove(arguments: Namespace, output: Output) -> int:
    """Whether a statement is true of every equilibrium."""
    from ..api import atlas, prove

    scenario, notes = loaded(arguments)
    with output.working("finding every family of equilibria") as say, collected() as more:
        found = atlas(scenario, limit=arguments.limit or None, progress=say)
    with output.working("deciding the statement") as say, collected() as others:
        proof = prove(found, arguments.statement, progress=say)
    notes += more + others
    warn(output, notes)
    status = {"proved": DONE, "refuted": REFUTED}.get(proof.status, UNKNOWN)

    def document() -> Any:
        found = with_notes(proof.to_dict(), notes)
        return {**found, "errors": [error(Problem(proof.reason, file=arguments.file))]} if status == UNKNOWN else found

    def shown() -> Any:
        from .. import render

        return render.proof(proof)

    output.answer(proof, document, shown)
    return status


COMMANDS: Final[tuple[Command, ...]] = (solve, atlas, prove)
