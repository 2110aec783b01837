r"""The language of statements: its grammar, and the one parser from text to a checked statement.

::

    statement  = change | uniqueness | formula , each followed by any of: ["within" name] ["when" formula]
    change     = sum ("increases" | "decreases" | "is constant") "in" parameter ["strictly"]
    uniqueness = ["generically"] "unique" ["outcome"]
    formula    = or-part [("implies" | "iff") or-part]
    or-part    = and-part {"or" and-part}
    and-part   = not-part {"and" not-part}
    not-part   = "not" not-part | "(" formula ")" | "exists" "(" name ")" | sum compare sum {compare sum}
    compare    = "<" | "<=" | ">" | ">=" | "==" | "!="
    sum        = arithmetic (+ - * / ** and parentheses) over numbers, parameters and terms
    term       = ["max" | "min"] ("P" "[" event ["|" event] "]" | "payoff" "[" player "]")
    event      = the name of an event, or labels joined by commas
    name       = the id of a family, or a label or the beginning of labels, in quotes unless it is one word

A name that is no id stands for every family whose label is the name or goes on after it with a colon, a semicolon or a
number in parentheses: "separating" for "separating: strong signal, weak silence (2)" as well.

Words of the language may also be parameters: where a number or a parameter is needed, every name is a parameter.
Text is tokenised and parsed by recursive descent, and arithmetic goes through `Ring.parse`; nothing is ever evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from ..atlas import Atlas
from ..direct import DirectGame
from ..errors import ExpressionError, StatementError, nearest
from ..expressions import Expression, Ring

__all__ = [
    "MAX_STATEMENT",
    "Comparison",
    "Exists",
    "Formula",
    "Junction",
    "Negation",
    "Statement",
    "Term",
    "parse",
]

MAX_STATEMENT: Final = 2_000
MAX_TERMS: Final = 16
MAX_DEPTH: Final = 40
MAX_POWER: Final = 8

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r'|(?P<term>(?:P|payoff)\s*\[(?:\s*"[^"]*"(?:\s*\|\s*"[^"]*")?\s*|[^\]]*)\])'
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<string>\"[^\"]*\"|'[^']*')"
    r"|(?P<op>\*\*|<=|>=|==|!=|[-+*/()<>]))"
)
_COMPARE: Final = ("<", "<=", ">", ">=", "==", "!=")
_DIRECTIONS: Final = ("increases", "decreases", "is")
_WORDS: Final = ("and", "or", "implies", "iff", "when", "within", "strictly")
_AFTER: Final = _DIRECTIONS + _WORDS


@dataclass(frozen=True)
class Term:
    """The probability of an event, of one event given another, or the payoff of a player.

    Attributes
    ----------
    kind : ``"P"`` or ``"payoff"``.
    name : the event or the player.
    given : the event that is given, or ``""``.
    envelope : ``"max"`` or ``"min"`` over the equilibria that coexist, or ``""`` for the value in one equilibrium.
    """

    kind: str
    name: str
    given: str = ""
    envelope: str = ""

    def __str__(self) -> str:
        inside = f"{self.name} | {self.given}" if self.given else self.name
        return f"{self.envelope} {self.kind}[{inside}]".strip()


@dataclass(frozen=True)
class Comparison:
    """``left op right``, both over the ring of the statement (parameters, and a name for each term)."""

    left: Expression
    op: str
    right: Expression


@dataclass(frozen=True)
class Exists:
    """That one of these families (positions in the atlas) exists; `by_id` where one was named by its id."""

    families: tuple[int, ...]
    by_id: bool


@dataclass(frozen=True)
class Negation:
    """That the part does not hold."""

    part: Formula


@dataclass(frozen=True)
class Junction:
    """That every part holds, or that some part does."""

    every: bool
    parts: tuple[Formula, ...]


Formula = Comparison | Exists | Negation | Junction


@dataclass(frozen=True)
class Statement:
    """A parsed statement.

    Attributes
    ----------
    text : the statement in normal spacing.
    kind : ``"change"``, ``"unique"`` or ``"formula"``.
    ring : the parameters and a name for each term.
    terms : what each of these names stands for.
    formula : the claim, for ``"formula"``.
    value, subject, direction, parameter, strict : for ``"change"``; the subject is the text of the value.
    generic : for ``"unique"``, whether only generic families count.
    within : positions of the families that the statement is about; None for all.
    within_id : whether that was one family, named by its id.
    when : the conditions, or None.
    """

    text: str
    kind: str
    ring: Ring
    terms: Mapping[str, Term]
    formula: Formula | None = None
    value: Expression | None = None
    subject: str = ""
    direction: str = ""
    parameter: str = ""
    strict: bool = False
    generic: bool = False
    within: tuple[int, ...] | None = None
    within_id: bool = False
    when: Formula | None = None


def parse(atlas: Atlas, text: str) -> Statement:
    """A statement about an atlas from text.

    Raises
    ------
    StatementError
        with what is wrong, what would be right, and the nearest name for a misspelt one.
    """
    if not isinstance(text, str):
        raise StatementError(f"a statement is a text, not {type(text).__name__}")
    if len(text) > MAX_STATEMENT:
        raise StatementError(f"a statement may have at most {MAX_STATEMENT} characters, this one has {len(text)}")
    return _Parser(atlas, text).statement()


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str


def _tokens(text: str) -> list[_Token]:
    result = []
    at, stripped = 0, text.rstrip()
    while at < len(stripped):
        match = _TOKEN.match(stripped, at)
        if match is None:
            rest = stripped[at:].lstrip()
            if rest[0] in "\"'":
                raise StatementError(f"a quotation mark is not closed at {_short(rest)}")
            what = f"unexpected {rest[0]!r} at {_short(rest)}"
            hint = {
                "=": "; that two things are equal is written ==",
                "[": "; a term is P[EVENT] or payoff[PLAYER], its bracket closed",
            }.get(rest[0], "")
            raise StatementError(what + hint)
        at = match.end()
        kind = match.lastgroup or "op"
        result.append(_Token(kind, match.group(kind)))
    if not result:
        raise StatementError('the statement is empty; write one such as "P[attack] decreases in resolve"')
    return result


class _Parser:
    """Recursive descent over the tokens of one statement."""

    def __init__(self, atlas: Atlas, text: str) -> None:
        self.atlas = atlas
        self.tokens = _tokens(text)
        self.position = 0
        self.depth = 0
        self.parameters = atlas.game.space.names
        self.terms: dict[str, Term] = {}
        self.name_of: dict[Term, str] = {}
        self.ring = self._ring()

    def _ring(self) -> Ring:
        """The parameters and a name for each term; no text can spell these names, they are checked as parameters."""
        count = 0
        for i, token in enumerate(self.tokens):
            if token.kind != "term":
                continue
            count += 1
            before = self.tokens[i - 1] if i else None
            envelope = before.text if before is not None and before.kind == "name" else ""
            term = self._term(token.text, envelope if envelope in ("max", "min") else "")
            if term not in self.name_of:
                name = f"term{len(self.terms)}"
                while name in self.parameters:
                    name += "_"
                self.name_of[term] = name
                self.terms[name] = term
        if count > MAX_TERMS:
            raise StatementError(f"a statement may have at most {MAX_TERMS} of P[...] and payoff[...], not {count}")
        return Ring((*self.parameters, *self.terms))

    # What the names stand for.

    def _term(self, text: str, envelope: str) -> Term:
        kind, _, rest = text.partition("[")
        kind, inside = kind.strip(), rest[:-1].strip()
        if kind == "payoff":
            player = _unquote(inside)
            if player not in self.atlas.game.players:
                raise StatementError(_unknown("player", player, self.atlas.game.players))
            return Term(kind, player, envelope=envelope)
        if _unquote(inside) in self.atlas.game.events or "|" not in inside:
            return Term(kind, self._event(inside), envelope=envelope)
        event, _, given = inside.partition("|")
        if isinstance(self.atlas.game, DirectGame):
            raise StatementError(
                f"P[{inside}] needs complete histories, and {self.atlas.game.name} is no finite tree; compare P[...] "
                "of single events"
            )
        return Term(kind, self._event(event), self._event(given), envelope)

    def _event(self, text: str) -> str:
        game = self.atlas.game
        text = _unquote(text.strip())
        if text in game.events:
            return text
        labels = [label.strip() for label in text.split(",")]
        known = dict.fromkeys(label for below in game.children.values() for label in below)
        for label in labels:
            player, colon, rest = label.partition(":")
            if (rest if colon else label) not in known or (colon and player not in (*game.players, "chance")):
                raise StatementError(_unknown("event", label, (*game.events, *known)))
        return ", ".join(labels)

    def _families(self, name: str) -> tuple[tuple[int, ...], bool]:
        families = self.atlas.families
        by_id = tuple(i for i, family in enumerate(families) if family.id == name)
        found = by_id or tuple(i for i, family in enumerate(families) if _bears(family.label, name))
        if not found:
            choices = dict.fromkeys(word for family in families for word in (family.id, family.label))
            raise StatementError(_unknown("family", name, choices))
        return found, bool(by_id)

    # Tokens.

    def _peek(self, ahead: int = 0) -> _Token:
        at = self.position + ahead
        return self.tokens[at] if at < len(self.tokens) else _Token("end", "")

    def _take(self, *words: str) -> str | None:
        token = self._peek()
        if token.kind in ("name", "op") and token.text in words:
            self.position += 1
            return token.text
        return None

    def _need(self, *words: str) -> str:
        found = self._take(*words)
        if found is None:
            raise StatementError(self._instead(words))
        return found

    def _instead(self, words: Iterable[str]) -> str:
        words = tuple(words)
        wanted = " or ".join(repr(word) for word in words)
        token = self._peek()
        if token.kind == "end":
            return f"the statement ends where {wanted} is needed"
        hint = nearest(token.text, words) if token.kind == "name" else None
        return f"{wanted} is needed, not {_short(token.text)}" + (f" (did you mean {hint!r}?)" if hint else "")

    # Statements.

    def statement(self) -> Statement:
        start = Statement(_join(self.tokens), "", self.ring, self.terms)
        first, second = self._peek(), self._peek(1)
        if first.text == "generically" and second.kind == "name":
            self._need("generically")
            self._need("unique")
            result = self._unique(replace(start, generic=True))
        elif first.text == "unique" and ("unique" not in self.parameters or second.text in ("", "outcome", "when")):
            self._need("unique")
            result = self._unique(start)
        elif self._is_change():
            result = self._change(start)
        else:
            result = replace(start, kind="formula", formula=self._formula())
        return self._checked(self._suffixes(result))

    def _unique(self, start: Statement) -> Statement:
        self._take("outcome")
        return replace(start, kind="unique")

    def _is_change(self) -> bool:
        """Whether the first sum is followed by a word of direction (or a misspelling of one)."""
        end = self._span_end(self.position)
        token = self.tokens[end] if end < len(self.tokens) else _Token("end", "")
        if token.kind != "name" or token.text in _WORDS:
            return False
        return token.text in _DIRECTIONS or nearest(token.text, _AFTER) in _DIRECTIONS

    def _change(self, start: Statement) -> Statement:
        value = self._sum()
        subject = _join(self.tokens[: self.position])
        direction = self._need(*_DIRECTIONS)
        if direction == "is":
            direction = self._need("constant")
        self._need("in")
        token = self._peek()
        if token.kind == "string":
            token = _Token("name", token.text[1:-1])
        if token.text not in self.parameters:
            if token.kind == "end":
                raise StatementError("the statement ends where a parameter is needed")
            raise StatementError(_unknown("parameter", token.text, self.parameters))
        self.position += 1
        return replace(
            start, kind="change", value=value, subject=subject, direction=direction, parameter=token.text
        )

    def _suffixes(self, result: Statement) -> Statement:
        seen: set[str] = set()
        while self._peek().kind != "end":
            words = ("strictly", "within", "when") if result.kind == "change" else ("within", "when")
            token = self._peek()
            if token.text not in words:
                wanted = (*_COMPARE, *_WORDS[:4], *words) if result.kind == "formula" else words
                raise StatementError(self._instead(wanted))
            word = self._need(*words)
            if word in seen:
                raise StatementError(f"{word!r} occurs twice; join conditions by 'and'")
            seen.add(word)
            if word == "strictly":
                result = replace(result, strict=True)
            elif word == "within":
                families, by_id = self._families(self._name())
                result = replace(result, within=families, within_id=by_id)
            else:
                result = replace(result, when=self._formula())
        return result

    def _checked(self, result: Statement) -> Statement:
        if result.kind == "change" and result.direction == "constant" and result.strict:
            raise StatementError("'is constant' cannot hold 'strictly'; leave the word out")
        if result.kind == "change" and not self.terms:
            raise StatementError("a change is about P[...] or payoff[...]; the statement has neither")
        if result.kind == "unique" and (self.terms or result.within is not None):
            raise StatementError("'unique' takes only conditions on parameters: unique when resolve > 1/2")
        if result.within is not None and not self.terms:
            raise StatementError("'within' says in which family P[...] or payoff[...] is meant; there is neither")
        return result

    def _name(self) -> str:
        token = self._peek()
        if token.kind not in ("string", "name"):
            raise StatementError(self._instead(['"LABEL OR ID OF A FAMILY"']))
        self.position += 1
        return token.text[1:-1] if token.kind == "string" else token.text

    # Formulas.

    def _formula(self) -> Formula:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise StatementError(f"a statement may be nested at most {MAX_DEPTH} deep")
        left = self._junction(False)
        word = self._take("implies", "iff")
        if word is not None:
            right = self._junction(False)
            forth = Junction(False, (Negation(left), right))
            left = forth if word == "implies" else Junction(True, (forth, Junction(False, (left, Negation(right)))))
            if self._peek().text in ("implies", "iff"):
                raise StatementError("two of 'implies' and 'iff' need parentheses")
        self.depth -= 1
        return left

    def _junction(self, every: bool) -> Formula:
        parts = [self._negation() if every else self._junction(True)]
        while self._take("and" if every else "or") is not None:
            parts.append(self._negation() if every else self._junction(True))
        return parts[0] if len(parts) == 1 else Junction(every, tuple(parts))

    def _negation(self) -> Formula:
        odd = False
        while self._take("not") is not None:
            odd = not odd
        part = self._atom()
        return Negation(part) if odd else part

    def _atom(self) -> Formula:
        token, after = self._peek(), self._peek(1)
        if token.text == "exists" and token.kind == "name" and after.text == "(":
            self.position += 2
            families, by_id = self._families(self._name())
            self._need(")")
            return Exists(families, by_id)
        if token.text == "(" and self._is_group():
            self.position += 1
            inner = self._formula()
            self._need(")")
            return inner
        return self._comparison()

    def _is_group(self) -> bool:
        """Whether the parenthesis here holds a formula: arithmetic never holds a comparison or a word."""
        depth = 0
        for token in self.tokens[self.position :]:
            depth += {"(": 1, ")": -1}.get(token.text, 0) if token.kind == "op" else 0
            if (token.kind == "op" and token.text in _COMPARE) or (token.kind == "name" and token.text == "exists"):
                return True
            if depth == 0:
                return False
        raise StatementError(f"a parenthesis is not closed in {_short(_join(self.tokens[self.position:]))}")

    def _comparison(self) -> Formula:
        sides, operators = [self._sum()], []
        while (operator := self._take(*_COMPARE)) is not None:
            operators.append(operator)
            sides.append(self._sum())
        if not operators:
            raise StatementError(self._instead((*_COMPARE, *_DIRECTIONS)))
        parts = tuple(Comparison(sides[i], op, sides[i + 1]) for i, op in enumerate(operators))
        return parts[0] if len(parts) == 1 else Junction(True, parts)

    # Arithmetic.

    def _span_end(self, start: int) -> int:
        """Where the sum that starts here ends: at a comparison, a closing parenthesis, or a word after an operand."""
        depth, operand = 0, False
        for at in range(start, len(self.tokens)):
            token = self.tokens[at]
            if token.kind == "string" or (token.kind == "op" and token.text in _COMPARE):
                return at
            if token.kind in ("name", "number", "term") and operand:
                return at
            if token.text == ")":
                depth -= 1
                if depth < 0:
                    return at
            depth += token.text == "("
            envelope = token.text in ("max", "min") and at + 1 < len(self.tokens) and self.tokens[at + 1].kind == "term"
            operand = (token.kind in ("name", "number", "term") and not envelope) or token.text == ")"
        return len(self.tokens)

    def _sum(self) -> Expression:
        end = self._span_end(self.position)
        if end == self.position:
            raise StatementError(self._instead(["a number", "a parameter", "P[...]"]).replace("'", ""))
        words: list[str] = []
        envelope = ""
        for token in self.tokens[self.position : end]:
            following, envelope = envelope, ""
            at = self.position + len(words)
            if token.kind == "term":
                words.append(self.name_of[self._term(token.text, following)])
            elif token.kind == "name" and token.text in ("max", "min") and self._peek_term(token, at):
                envelope = token.text
                words.append("")
            elif token.kind == "name" and token.text not in self.parameters:
                raise StatementError(self._unknown_name(token.text))
            else:
                words.append(token.text)
        try:
            value = self.ring.parse(" ".join(words))
        except ExpressionError as error:
            raise StatementError(f"{error.message}, in {_short(_join(self.tokens[self.position:end]))}") from None
        below = sorted(name for name in value.free & set(self.terms) if value.den.degrees()[self.ring.index[name]])
        if below:
            raise StatementError(
                f"{self.terms[below[0]]} stands below a fraction line; multiply it out, or write P[attack | strike] "
                "for the probability of one event given another"
            )
        degrees = [value.num.degrees()[self.ring.index[name]] for name in self.terms]
        if sum(degrees) > MAX_POWER:
            raise StatementError(f"the powers of terms may add up to at most {MAX_POWER}, not {sum(degrees)}")
        self.position = end
        return value

    def _peek_term(self, token: _Token, at: int) -> bool:
        following = self.tokens[at + 1] if at + 1 < len(self.tokens) else _Token("end", "")
        if following.kind != "term" and token.text not in self.parameters:
            raise StatementError(f"{token.text!r} stands before P[...] or payoff[...], as in max P[attack]")
        return following.kind == "term"

    def _unknown_name(self, name: str) -> str:
        if name in self.atlas.game.events:
            return f"{name!r} is an event; its probability is written P[{name}]"
        if name in self.atlas.game.players:
            return f"{name!r} is a player; what it gets is written payoff[{name}]"
        if any(name in (family.id, family.label) for family in self.atlas.families):
            return f"{name!r} is a family; that it exists is written exists(\"{name}\")"
        return _unknown("parameter", name, self.parameters)


def _bears(label: str, name: str) -> bool:
    """Whether a label is a name, or begins with it and then only says more."""
    return label == name or label.startswith((f"{name}: ", f"{name}; ", f"{name} ("))


def _unquote(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def _unknown(kind: str, name: str, choices: Iterable[str]) -> str:
    choices = tuple(dict.fromkeys(choices))
    suggestion = nearest(name, choices)
    hint = f"; did you mean {suggestion!r}?" if suggestion else ""
    shown = ", ".join(repr(choice) for choice in choices[:12]) + (", ..." if len(choices) > 12 else "")
    return f"no {kind} {_short(name)}{hint} (there are: {shown or 'none'})"


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")


def _join(tokens: Iterable[_Token]) -> str:
    """The tokens in normal spacing."""
    result, tight = "", True
    operand = False
    for token in tokens:
        text = token.text
        if token.kind == "term":
            kind, _, rest = text.partition("[")
            text = f"{kind.strip()}[{rest[:-1].strip()}]"
        elif token.kind == "string":
            text = f'"{text[1:-1]}"'
        sign = text in ("+", "-") and token.kind == "op" and not operand
        close = text in (")", "**", "*", "/") or (text == "(" and result.endswith("exists"))
        result += text if tight or close or not result else f" {text}"
        tight = token.kind == "op" and (text in ("(", "**", "*", "/") or sign)
        operand = token.kind in ("number", "term", "name", "string") and text not in (*_WORDS, *_DIRECTIONS, "not")
        operand = operand or text == ")"
    return result
