r"""Programs as array code: signs and quotients of polynomials at many points at once, in plain floating point.

Points come as one array for each input. For family :math:`f`, quantity :math:`q` and point :math:`i` a kernel writes
whether :math:`f` exists, :math:`v_{qfi}` (NaN where it does not), the number of families that exist, and the least and
the greatest value of each quantity over them. A point is *unsure* where a watched polynomial is within its error bound
of zero, or a denominator of a family that exists is too small to divide by; what is written there is to be replaced.

Two engines run the same operations in the same order, so that their results are the same bit for bit: `Compiled`, one
loop over vectors of eight points in machine code made by LLVM, and `Interpreted`, NumPy in blocks that fit the cache.
"""

from __future__ import annotations

import ctypes
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from .program import Program, nearest

__all__ = ["Arrays", "Bounds", "Compiled", "Interpreted", "Kept", "Tape", "kernel"]

WIDTH: Final = 8
LINE: Final = 64
"""Bytes of a line of the cache, which is a vector of floats."""
STRIP: Final = 4_096
LONGEST: Final = 60_000
"""Operations beyond which a program is interpreted: compiling it would take longer than a million points."""

Floats = npt.NDArray[np.float64]
Node = int


@dataclass(frozen=True)
class Kept:
    """Which results are written.

    Attributes
    ----------
    exists, count : whether these are; the count is always computed.
    values, low, high : numbers of the quantities of which the value in each family, and the least and the greatest
        over the families, are.
    """

    exists: bool = True
    count: bool = True
    values: tuple[int, ...] = ()
    low: tuple[int, ...] = ()
    high: tuple[int, ...] = ()


@dataclass
class Arrays:
    """Where a kernel writes; the last axis is the points.

    Attributes
    ----------
    exists : (families, points) of bool.
    count : (points,) of uint16.
    values : (kept quantities, families, points).
    low, high : (kept quantities, points).
    unsure : (points,) of bool.
    """

    exists: npt.NDArray[np.bool_]
    count: npt.NDArray[np.uint16]
    values: Floats
    low: Floats
    high: Floats
    unsure: npt.NDArray[np.bool_]

    @classmethod
    def empty(cls, program: Program, kept: Kept, points: int) -> Arrays:
        """Arrays for so many points; without rows for what is not kept."""
        families = len(program.families)
        return cls(
            exists=np.empty((families if kept.exists else 0, points), dtype=np.bool_),
            count=np.empty(points, dtype=np.uint16),
            values=_rows((len(kept.values), families), points),
            low=_rows((len(kept.low),), points),
            high=_rows((len(kept.high),), points),
            unsure=np.empty(points, dtype=np.bool_),
        )

    def part(self, start: int, stop: int) -> Arrays:
        """The same for some of the points."""
        return Arrays(
            self.exists[:, start:stop], self.count[start:stop], self.values[:, :, start:stop],
            self.low[:, start:stop], self.high[:, start:stop], self.unsure[start:stop],
        )


def _rows(shape: tuple[int, ...], points: int) -> Floats:
    """An array whose rows begin where a line of the cache does."""
    wide = points + -points % WIDTH
    size = int(np.prod(shape)) * wide
    room = np.empty(size + WIDTH)
    first = -room.ctypes.data % LINE // room.itemsize
    return room[first : first + size].reshape(*shape, wide)[..., :points]


class Tape:
    """The operations of a program in order, each once: numbers, inputs, and sums, products and quotients of those.

    An operation is ``("c", number)``, ``("x", input)`` or ``(op, left, right)`` with op one of ``+ - * /``.
    """

    def __init__(self, program: Program, kept: Kept) -> None:
        self.ops: list[tuple[Any, ...]] = []
        self._known: dict[tuple[Any, ...], Node] = {}
        self._powers: dict[tuple[int, ...], Node] = {}
        wanted = sorted({*kept.values, *kept.low, *kept.high})
        self.quantities = {q: n for n, q in enumerate(wanted)}
        self.polynomials: dict[int, Node] = {}
        needed = set(program.watched) | {k for k, _ in program.domain}
        for family in program.families:
            needed.update(k for part in family.region for k, _ in part)
            for member in family.members:
                needed.update(k for part in member.region for k, _ in part)
                needed.update(k for q in wanted for k in member.values[q] if k >= 0)
        for k in sorted(needed):
            self.polynomials[k] = self._polynomial(program.polynomials[k])

    def _op(self, *op: Any) -> Node:
        if op not in self._known:
            self._known[op] = len(self.ops)
            self.ops.append(op)
        return self._known[op]

    def _power(self, exponents: tuple[int, ...]) -> Node:
        if exponents not in self._powers:
            last = max(n for n, exponent in enumerate(exponents) if exponent)
            rest = tuple(e - (n == last) for n, e in enumerate(exponents))
            base = self._op("x", last)
            self._powers[exponents] = self._op("*", self._power(rest), base) if any(rest) else base
        return self._powers[exponents]

    def _polynomial(self, terms: Sequence[tuple[Any, tuple[int, ...]]]) -> Node:
        total: Node | None = None
        for coefficient, exponents in terms:
            factor = nearest(coefficient)
            if not any(exponents):
                term = self._op("c", factor)
            elif factor in (1.0, -1.0):
                term = self._power(exponents)
            else:
                term = self._op("*", self._power(exponents), self._op("c", abs(factor)))
            if total is None:
                negative = factor < 0 and any(exponents)
                total = self._op("-", self._op("c", 0.0), term) if negative else term
            elif not any(exponents):
                total = self._op("+", total, term)
            else:
                total = self._op("+" if factor > 0 else "-", total, term)
        return self._op("c", 0.0) if total is None else total

    def quotient(self, top: int, below: int) -> Node:
        """The node of a quotient of two polynomials."""
        node = self.polynomials[top]
        return node if below < 0 else self._op("/", node, self.polynomials[below])


class Bounds:
    """How far from zero the polynomials of a program must be where no input is larger than some size.

    Attributes
    ----------
    near : for each polynomial the bound on its error.
    clear : for those that divide, or are values themselves, what keeps the value accurate.
    wide : whether a value that is no quotient may be less accurate than it has to be.
    """

    def __init__(self, program: Program, largest: Sequence[float]) -> None:
        near = program.bounds(largest)
        clear = program.clearances(near)
        self.near = np.array(near)
        self.clear = np.array([clear.get(k, -1.0) for k in range(len(near))])
        self.wide = any(
            below < 0 and top in clear for f in program.families for m in f.members for top, below in m.values
        )


class _Engine:
    """What both engines share."""

    def __init__(self, program: Program, kept: Kept, wide: bool = True) -> None:
        self.program = program
        self.kept = kept
        self.wide = wide
        self.tape = Tape(program, kept)
        wanted = list(self.tape.quantities)
        self.nodes = [
            [[self.tape.quotient(*member.values[q]) for q in wanted] for member in family.members]
            for family in program.families
        ]

    def run(self, inputs: Sequence[Floats], into: Arrays, bounds: Bounds) -> None:
        raise NotImplementedError


class Interpreted(_Engine):
    """NumPy, a strip of points at a time."""

    def run(self, inputs: Sequence[Floats], into: Arrays, bounds: Bounds) -> None:
        """Write the results for points given by one array for each input."""
        points = len(into.unsure)
        with np.errstate(all="ignore"):
            for start in range(0, points, STRIP):
                stop = min(start + STRIP, points)
                self._strip([x[start:stop] for x in inputs], into.part(start, stop), bounds)

    def _strip(self, inputs: Sequence[Floats], into: Arrays, bounds: Bounds) -> None:
        size = len(into.unsure)
        nodes: list[Any] = []
        for op in self.tape.ops:
            if op[0] == "c":
                nodes.append(op[1])
            elif op[0] == "x":
                nodes.append(inputs[op[1]])
            else:
                left, right = nodes[op[1]], nodes[op[2]]
                nodes.append(
                    left + right if op[0] == "+" else left - right if op[0] == "-"
                    else left * right if op[0] == "*" else np.divide(left, right)
                )
        sizes = {k: np.abs(nodes[node]) for k, node in self.tape.polynomials.items()}
        unsure = np.zeros(size, dtype=np.bool_)
        for k in self.program.watched:
            unsure |= ~(sizes[k] > bounds.near[k])

        def part(signs: Sequence[tuple[int, str]]) -> Any:
            mask: Any = np.ones(size, dtype=np.bool_)
            for k, op in signs:
                value = nodes[self.tape.polynomials[k]]
                mask = mask & (value > 0 if op in (">", ">=") else value != 0 if op == "!=" else value == 0)
            return mask

        def region(parts: Sequence[Sequence[tuple[int, str]]]) -> Any:
            mask: Any = np.zeros(size, dtype=np.bool_)
            for signs in parts:
                mask = mask | part(signs)
            return mask

        admissible = part(self.program.domain)
        count = np.zeros(size, dtype=np.uint16)
        low = np.full((len(self.tape.quantities), size), np.inf)
        high = np.full((len(self.tape.quantities), size), -np.inf)
        for f, family in enumerate(self.program.families):
            exists = admissible & region(family.region)
            count += exists
            if self.kept.exists:
                into.exists[f] = exists
            shown = np.full((len(self.tape.quantities), size), np.nan)
            for m, member in enumerate(family.members):
                there = exists & region(member.region)
                for q in self.tape.quantities:
                    top, below = member.values[q]
                    k = below if below >= 0 else top
                    if below >= 0 or self.wide:
                        unsure |= there & ~(sizes[k] > bounds.clear[k])
                for n, node in enumerate(self.nodes[f][m]):
                    value = np.broadcast_to(nodes[node], (size,))
                    np.copyto(low[n], value, where=there & (value < low[n]))
                    np.copyto(high[n], value, where=there & (value > high[n]))
                    np.copyto(shown[n], value, where=there & np.isnan(shown[n]))
            for n, q in enumerate(self.kept.values):
                into.values[n, f] = shown[self.tape.quantities[q]]
        none = count == 0
        low[:, none] = np.nan
        high[:, none] = np.nan
        for n, q in enumerate(self.kept.low):
            into.low[n] = low[self.tape.quantities[q]]
        for n, q in enumerate(self.kept.high):
            into.high[n] = high[self.tape.quantities[q]]
        into.count[:] = count
        into.unsure[:] = unsure


class Compiled(_Engine):
    """Machine code for this machine, a vector of eight points at a time."""

    def __init__(self, program: Program, kept: Kept, wide: bool = True) -> None:
        super().__init__(program, kept, wide)
        self._functions = self._compiled

    @cached_property
    def _compiled(self) -> Any:
        import llvmlite.binding as llvm

        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        module = llvm.parse_assembly(_Writer(self).text())
        machine = llvm.Target.from_default_triple().create_target_machine(
            cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=2, jit=True
        )
        self._engine = llvm.create_mcjit_compiler(module, machine)
        self._engine.finalize_object()
        kind = ctypes.CFUNCTYPE(None, ctypes.c_int64, *[ctypes.c_void_p] * 4)
        return [kind(self._engine.get_function_address(name)) for name in ("plain", "aligned")]

    def run(self, inputs: Sequence[Floats], into: Arrays, bounds: Bounds) -> None:
        """Write the results for points given by one array for each input."""
        points = len(into.unsure)
        whole = points - points % WIDTH
        if whole:
            self._call(inputs, into, whole, bounds)
        if whole < points:
            # The last few points are computed in a vector of their own, the last one repeated.
            tail = Arrays.empty(self.program, self.kept, WIDTH)
            rest = points - whole
            padded = [np.concatenate([x[whole:points], np.full(WIDTH - rest, x[points - 1])]) for x in inputs]
            self._call(padded, tail, WIDTH, bounds)
            last = into.part(whole, points)
            for name in ("exists", "count", "values", "low", "high", "unsure"):
                target = getattr(last, name)
                if target.size:
                    target[...] = getattr(tail, name)[..., :rest]

    def _call(self, inputs: Sequence[Floats], into: Arrays, points: int, bounds: Bounds) -> None:
        sources = np.array([x.ctypes.data for x in inputs] or [0], dtype=np.uintp)
        rows: list[npt.NDArray[Any]] = [into.unsure]
        if self.kept.exists:
            rows += list(into.exists)
        rows += [row for quantity in into.values for row in quantity]
        rows += [*into.low, *into.high]
        rows.append(into.count)
        targets = np.array([row.ctypes.data for row in rows], dtype=np.uintp)
        aligned = not any(row.dtype == np.float64 and row.ctypes.data % LINE for row in rows)
        self._functions[aligned](
            points, sources.ctypes.data, targets.ctypes.data, bounds.near.ctypes.data, bounds.clear.ctypes.data
        )


class _Writer:
    """LLVM assembly of one engine: a loop over vectors of points."""

    def __init__(self, engine: _Engine) -> None:
        self.engine = engine
        self.lines: list[str] = []
        self.size = 0
        self.cache: dict[str, str] = {}
        self.head: list[str] = []

    def say(self, text: str) -> str:
        """One instruction, its result named; equal ones are written once."""
        if text not in self.cache:
            self.size += 1
            self.cache[text] = f"%v{self.size}"
            self.lines.append(f"  %v{self.size} = {text}")
        return self.cache[text]

    @staticmethod
    def number(value: float) -> str:
        bits = struct.unpack("<Q", struct.pack("<d", value))[0]
        return "<" + ", ".join([f"double 0x{bits:016X}"] * WIDTH) + ">"

    def both(self, op: str, left: str, right: str) -> str:
        if left == _YES:
            return right if op == "and" else _YES
        if right == _YES:
            return left if op == "and" else _YES
        if left == _NO:
            return _NO if op == "and" else right
        if right == _NO:
            return _NO if op == "and" else left
        return self.say(f"{op} {_BITS} {left}, {right}")

    def text(self) -> str:
        program, kept, tape = self.engine.program, self.engine.kept, self.engine.tape
        nodes: list[str] = []
        for op in tape.ops:
            if op[0] == "c":
                nodes.append(self.number(op[1]))
            elif op[0] == "x":
                nodes.append(self.say(f"load {_REALS}, ptr {self._source(op[1])}, align 8"))
            else:
                word = {"+": "fadd", "-": "fsub", "*": "fmul", "/": "fdiv"}[op[0]]
                nodes.append(self.say(f"{word} {_REALS} {nodes[op[1]]}, {nodes[op[2]]}"))

        def near(k: int, table: str) -> str:
            size = self.say(f"call {_REALS} @llvm.fabs.v{WIDTH}f64({_REALS} {nodes[tape.polynomials[k]]})")
            return self.say(f"fcmp ule {_REALS} {size}, {self._bound(table, k)}")

        def part(signs: Sequence[tuple[int, str]]) -> str:
            mask = _YES
            for k, op in signs:
                word = {">": "ogt", ">=": "ogt", "!=": "une", "==": "oeq"}[op]
                sign = self.say(f"fcmp {word} {_REALS} {nodes[tape.polynomials[k]]}, zeroinitializer")
                mask = self.both("and", mask, sign)
            return mask

        def region(parts: Sequence[Sequence[tuple[int, str]]]) -> str:
            mask = _NO
            for signs in parts:
                mask = self.both("or", mask, part(signs))
            return mask

        unsure = _NO
        for k in program.watched:
            unsure = self.both("or", unsure, near(k, "near"))
        admissible = part(program.domain)
        count = "zeroinitializer"
        low = {q: self.number(math.inf) for q in tape.quantities}
        high = {q: self.number(-math.inf) for q in tape.quantities}
        nothing = self.number(math.nan)
        row = 1
        exists_rows, value_rows = [], {}
        for f, family in enumerate(program.families):
            exists = self.both("and", admissible, region(family.region))
            exists_rows.append(exists)
            count = self.say(f"add {_WORDS} {count}, {self.say(f'zext {_BITS} {exists} to {_WORDS}')}")
            shown = dict.fromkeys(tape.quantities, nothing)
            # The first member that exists is shown: the last select that applies wins.
            for m in reversed(range(len(family.members))):
                member = family.members[m]
                there = self.both("and", exists, region(member.region))
                for n, q in enumerate(tape.quantities):
                    top, below = member.values[q]
                    k = below if below >= 0 else top
                    if below >= 0 or self.engine.wide:
                        unsure = self.both("or", unsure, self.both("and", there, near(k, "clear")))
                    value = nodes[self.engine.nodes[f][m][n]]
                    shown[q] = self._choose(there, value, shown[q])
            for m, member in enumerate(family.members):
                there = self.both("and", exists, region(member.region))
                for n, q in enumerate(tape.quantities):
                    value = nodes[self.engine.nodes[f][m][n]]
                    if q in kept.low:
                        less = self.say(f"fcmp olt {_REALS} {value}, {low[q]}")
                        low[q] = self._choose(self.both("and", there, less), value, low[q])
                    if q in kept.high:
                        more = self.say(f"fcmp ogt {_REALS} {value}, {high[q]}")
                        high[q] = self._choose(self.both("and", there, more), value, high[q])
            for q in kept.values:
                value_rows[q, f] = shown[q]
        none = self.say(f"icmp eq {_WORDS} {count}, zeroinitializer")
        self._store(0, self.say(f"zext {_BITS} {unsure} to {_BYTES}"), _BYTES, 1)
        if kept.exists:
            for exists in exists_rows:
                self._store(row, self.say(f"zext {_BITS} {exists} to {_BYTES}"), _BYTES, 1)
                row += 1
        for q in kept.values:
            for f in range(len(program.families)):
                self._store(row, value_rows[q, f], _REALS, 8)
                row += 1
        for rows, quantities in ((low, kept.low), (high, kept.high)):
            for q in quantities:
                self._store(row, self._choose(none, nothing, rows[q]), _REALS, 8)
                row += 1
        self._store(row, count, _WORDS, 2)
        declared = f"declare {_REALS} @llvm.fabs.v{WIDTH}f64({_REALS})\n!0 = !{{i32 1}}\n"
        return declared + self._function("plain", 8, "") + self._function("aligned", LINE, ", !nontemporal !0")

    def _function(self, name: str, align: int, how: str) -> str:
        """The loop with its stores; those past the cache need rows that begin where a line of it does."""
        head = "\n".join(self.head)
        body = "\n".join(self.lines).replace("align ROW", f"align {align}{how}")
        return (
            f"define void @{name}(i64 %points, ptr %sources, ptr %targets, ptr %near, ptr %clear) {{\n"
            f"entry:\n{head}\n  br label %loop\n"
            "loop:\n  %i = phi i64 [ 0, %entry ], [ %next, %loop ]\n"
            f"{body}\n"
            f"  %next = add i64 %i, {WIDTH}\n"
            "  %more = icmp ult i64 %next, %points\n"
            "  br i1 %more, label %loop, label %done\n"
            "done:\n  ret void\n}\n"
        )

    def _bound(self, table: str, k: int) -> str:
        """One of the bounds, for each point of a vector."""
        name = f"%{table}_{k}"
        if f"  {name}a = getelementptr double, ptr %{table}, i64 {k}" not in self.head:
            self.head += [
                f"  {name}a = getelementptr double, ptr %{table}, i64 {k}",
                f"  {name}b = load double, ptr {name}a",
                f"  {name}c = insertelement {_REALS} poison, double {name}b, i32 0",
                f"  {name} = shufflevector {_REALS} {name}c, {_REALS} poison, <{WIDTH} x i32> zeroinitializer",
            ]
        return name

    def _choose(self, mask: str, left: str, right: str) -> str:
        if mask in (_YES, _NO):
            return left if mask == _YES else right
        return self.say(f"select {_BITS} {mask}, {_REALS} {left}, {_REALS} {right}")

    def _pointer(self, table: str, n: int, kind: str) -> str:
        name = f"%{table}{n}"
        if f"  {name} = load ptr, ptr {name}a" not in self.head:
            self.head.append(f"  {name}a = getelementptr ptr, ptr %{table}, i64 {n}")
            self.head.append(f"  {name} = load ptr, ptr {name}a")
        return self.say(f"getelementptr {kind}, ptr {name}, i64 %i")

    def _source(self, n: int) -> str:
        return self._pointer("sources", n, "double")

    def _store(self, row: int, value: str, kind: str, align: int) -> None:
        element = {_REALS: "double", _BYTES: "i8", _WORDS: "i16"}[kind]
        place = self._pointer("targets", row, element)
        self.lines.append(f"  store {kind} {value}, ptr {place}, align {'ROW' if kind == _REALS else align}")


_REALS: Final = f"<{WIDTH} x double>"
_BITS: Final = f"<{WIDTH} x i1>"
_BYTES: Final = f"<{WIDTH} x i8>"
_WORDS: Final = f"<{WIDTH} x i16>"
_YES: Final = "<" + ", ".join(["i1 true"] * WIDTH) + ">"
_NO: Final = "zeroinitializer"

ENGINES: Final[Mapping[str, type[_Engine]]] = {"compiled": Compiled, "interpreted": Interpreted}


def kernel(program: Program, kept: Kept, wide: bool = True, engine: str = "") -> Compiled | Interpreted:
    """What runs a program; machine code, or NumPy where the program is too long to compile.

    Parameters
    ----------
    program, kept : what is computed and what of it is written.
    wide : as `Bounds.wide` says.
    engine : ``"compiled"``, ``"interpreted"``, or the one that suits.
    """
    if engine != "compiled":
        found = Interpreted(program, kept, wide)
        work = len(found.tape.ops) + sum(len(f.members) * len(found.tape.quantities) for f in program.families)
        if engine == "interpreted" or work > LONGEST:
            return found
    return Compiled(program, kept, wide)
