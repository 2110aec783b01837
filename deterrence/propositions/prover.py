r"""Proofs: a statement is proved where its negation has no admissible point.

Every case of the negation (`cases`, `uniqueness`) is decided exactly (`decision`). One case with a rational point
refutes the statement, after an independent check (`witness`); if no case has a real point it is proved. Anything else
is unknown, with the reason: a limit was reached, or the atlas does not claim to be complete and the answer would rest
on families that nobody found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from ..atlas import Atlas
from ..cards import card, paragraph, table
from ..smt import decide
from .cases import NOT_ELIMINATED, Case, CaseBuilder, Existence
from .decision import search
from .encoding import Instance
from .language import Exists, Formula, Junction, Negation, Statement, parse
from .sampling import sampled
from .uniqueness import UniqueCases
from .witness import Checker, Slot, Witness

__all__ = ["LIMIT", "MAX_CASES", "Proof", "prove"]

LIMIT: Final = 1_000_000
MAX_CASES: Final = 20_000
MAX_NODES: Final = 40_000
MAX_UNDECIDED: Final = 30
SAMPLES: Final = 150


@dataclass(frozen=True)
class Proof:
    """What became of a statement.

    Attributes
    ----------
    statement : the statement in normal spacing.
    status : ``"proved"``, ``"refuted"`` or ``"unknown"``.
    reason : in sentences.
    witness : for a refutation ``{"values": {...}}``, or ``{"from": {...}, "to": {...}}`` where two points are compared:
        exact parameter values that a scenario can take over; else None.
    checked : the number of cases that were decided, the places where families may exist at all among them; 0 where a
        point tried beforehand refuted the statement.
    """

    statement: str
    status: str
    reason: str
    witness: Mapping[str, Mapping[str, str]] | None = None
    checked: int = 0

    def to_dict(self) -> dict[str, Any]:
        """As JSON: format, statement, status, reason, witness, checked."""
        witness = None if self.witness is None else {key: dict(values) for key, values in self.witness.items()}
        return {
            "format": 1,
            "statement": self.statement,
            "status": self.status,
            "reason": self.reason,
            "witness": witness,
            "checked": self.checked,
        }

    def __repr__(self) -> str:
        lines = [f"Proof({self.status}: {self.statement})", f"  {self.reason}"]
        for key, values in (self.witness or {}).items():
            lines.append(f"  {key}: " + ", ".join(f"{name} = {value}" for name, value in values.items()))
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """What a notebook shows: the verdict, its reason, and the witness."""
        columns = list((self.witness or {}).values())
        names = dict.fromkeys(name for values in columns for name in values)
        rows = [(name, *(values.get(name, "") for values in columns)) for name in names]
        return card(
            f"{self.status.capitalize()}: {self.statement}", paragraph(self.reason),
            table(("parameter", *(self.witness or {})), rows),
        )


def prove(
    atlas: Atlas,
    statement: str,
    *,
    limit: int = LIMIT,
    samples: int = SAMPLES,
    progress: Callable[[str], None] | None = None,
) -> Proof:
    """Whether a statement holds of an atlas: proved, refuted with an exact witness, or unknown with the reason.

    Parameters
    ----------
    atlas : every family of a game.
    statement : a text in the language of statements (docs/statements.md, `language`).
    limit : resource units of the decision procedure for one conjunction.
    samples : simple points to try before anything is decided.
    progress : called now and then with a few words about how far the proof is.

    Raises
    ------
    StatementError
        where the statement cannot be parsed, or names what the atlas does not have.
    """
    parsed = parse(atlas, statement)
    if progress is not None:
        # Families are written when they are first asked for, which takes longer than much of what follows.
        for n, _ in enumerate(atlas.families):
            progress(f"{n + 1} of {len(atlas)} families written")
    return _Prover(atlas, parsed, limit, progress).run(samples)


class _Prover:
    """The cases of the negation of one statement, and what their answers say together."""

    def __init__(
        self, atlas: Atlas, statement: Statement, limit: int, progress: Callable[[str], None] | None = None
    ) -> None:
        self.atlas = atlas
        self.statement = statement
        self.limit = limit
        self.progress = progress
        self.builder = CaseBuilder(atlas, statement, limit)
        self.checker = Checker(atlas, statement, self.builder.values)
        self.checked = self.nodes = self.undecided = 0
        self.doubts: dict[str, dict[str, None]] = {}

    def run(self, samples: int) -> Proof:
        """Try some points, then decide every case; stop at the first witness."""
        if self.statement.kind != "unique":
            self.builder.check()
        if self._may_sample():
            tried = sampled(self.atlas, self.statement, self.checker, samples)
            if tried is not None:
                return self._proof("refuted", self.checker.describe(tried), tried)
        cases: Iterator[Case] = (
            UniqueCases(self.builder).cases() if self.statement.kind == "unique" else self.builder.cases()
        )
        for case in cases:
            if self.checked == MAX_CASES or self.nodes >= MAX_NODES or self.undecided >= MAX_UNDECIDED:
                self._doubt("a limit on the number of cases was reached", case)
                break
            self.checked += 1
            if self.progress is not None:
                self.progress(f"{_cases(self.checked)}")
            witness = self._decide(case)
            if witness is not None:
                return self._proof("refuted", self.checker.describe(witness), witness)
        return self._end()

    def _may_sample(self) -> bool:
        """Whether a point at which the statement fails refutes it: not where it could rest on families not found."""
        statement = self.statement
        if statement.generic:
            return False
        envelope = any(term.envelope for term in statement.terms.values())
        return self.atlas.complete or not (
            envelope or _has_existence(statement.formula) or _has_existence(statement.when)
        )

    def _decide(self, case: Case) -> Witness | None:
        """The witness of a case; None where it has none, or only doubts."""
        if case.shortcut is not None and decide([[c] for c in case.shortcut], self.limit).status == "unsat":
            return None
        patience = MAX_UNDECIDED - self.undecided
        answer = search(case.units, case.clauses, self.limit, patience, case.denials, case.frame.parameters)
        self.nodes += answer.nodes
        self.undecided += answer.undecided
        if answer.status == "unknown":
            self._doubt("the decision procedure reached its limit", case)
        elif answer.status == "partial":
            self._doubt(NOT_ELIMINATED, case)
        elif answer.status == "irrational":
            self._doubt("it fails at an irrational point, and no rational one was found", case)
        elif answer.point is not None and case.proof_only:
            self._doubt(case.proof_only, case)
        elif answer.point is not None:
            witness = self._witness(case, answer.point)
            if self.checker.refutes(witness) is False:
                self._doubt("a point at which it seemed to fail did not pass the exact check", case)
            elif case.absence and not self.atlas.complete:
                self._doubt("it fails among the families found, but the atlas does not claim to be complete", case)
            else:
                return witness
        return None

    def _doubt(self, reason: str, case: Case) -> None:
        self.doubts.setdefault(reason, {})[case.title] = None

    def _witness(self, case: Case, found: Mapping[str, Fraction]) -> Witness:
        names = self.atlas.game.space.names
        copies = (0, 1) if case.frame.moving is not None else (0,)
        points = []
        for copy in copies:
            renamed = case.frame.renamed[copy]
            # A parameter that no condition holds may have any value.
            points.append({name: found.get(renamed.get(name, name), Fraction(1)) for name in names})
        return Witness(tuple(points), tuple(self._slot(case, instance, found) for instance in case.slots.values()))

    def _slot(self, case: Case, instance: Instance, found: Mapping[str, Fraction]) -> Slot:
        renamed = case.frame.renamed[instance]
        quantities = self.atlas.families[instance.family].quantities
        varies = self.statement.kind == "unique" or self.builder.values.varies(instance.family, self.builder.plain)
        used = varies and any(renamed[q] in found for q in quantities)
        return Slot(instance.family, {q: found.get(renamed[q], Fraction(0)) for q in quantities} if used else {})

    def _end(self) -> Proof:
        for reason in self.builder.doubts:
            self.doubts.setdefault(reason, {})
        if self.doubts:
            shown = []
            for reason, titles in self.doubts.items():
                names = [title for title in titles if title]
                more = f" and {len(names) - 4} more" if len(names) > 4 else ""
                shown.append(f"{reason} (in {'; '.join(names[:4])}{more})" if names else reason)
            return self._proof("unknown", f"Not decided: {'; '.join(shown)}.")
        if self._needs_all() and not self.atlas.complete:
            notes = "".join(f" {note}" for note in self.atlas.notes[:1])
            return self._proof(
                "unknown", f"It holds for every family found, but the atlas does not claim to be complete.{notes}"
            )
        count = _cases(self.checked + self.builder.asked)
        return self._proof("proved", f"The negation has no admissible point ({count}).")

    def _needs_all(self) -> bool:
        """Whether a proof says something about families that nobody found."""
        statement = self.statement
        if statement.kind == "unique":
            return True
        if self.builder.plain and not statement.within_id:
            return True
        for branch in self.builder.negation():
            if any(isinstance(part, Existence) and part.positive and not part.by_id for part in branch):
                return True
            if self.builder.needs_all(branch):
                return True
        return False

    def _proof(self, status: str, reason: str, witness: Witness | None = None) -> Proof:
        found = None if witness is None else witness.to_dict()
        return Proof(self.statement.text, status, reason, found, self.checked + self.builder.asked)


def _cases(count: int) -> str:
    return "1 case decided" if count == 1 else f"{count} cases decided"


def _has_existence(formula: Formula | None) -> bool:
    if isinstance(formula, Negation):
        return _has_existence(formula.part)
    if isinstance(formula, Junction):
        return any(_has_existence(part) for part in formula.parts)
    return isinstance(formula, Exists)
