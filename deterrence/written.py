"""Games written in a file: the table [game] of a scenario, read into the parts that `build_game` takes.

A domain is a condition on declared parameters, a payoff or a probability an expression in them; both are parsed, never
evaluated as Python.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .description import MAX_TERMS, shorten
from .errors import ExpressionError, GameError, Problem
from .expressions import Ring
from .game import CHANCE, Game, Move, PayoffRule, build_game
from .parameters import Parameter, ParameterSpace
from .reading import Reader, describe

__all__ = ["GAME_KEYS", "MAX_CONDITIONS", "MAX_PARAMETERS", "MOVE_KEYS", "RULE_KEYS", "GameTable"]

MAX_PARAMETERS: Final = 200
MAX_CONDITIONS: Final = 1_000

GAME_KEYS: Final = ("players", "parameters", "move", "payoff")
MOVE_KEYS: Final = ("player", "information", "after", "actions")
RULE_KEYS: Final = ("when", "unless", "after")


class GameTable:
    """The [game] of a file."""

    def __init__(self, reader: Reader, table: dict[str, Any]) -> None:
        self.reader = reader
        self.table = table
        self.conditions = 0

    def build(self, title: str, events: Mapping[str, str]) -> tuple[ParameterSpace | None, Game | None]:
        """The parameter space and the game; None for what has mistakes."""
        reader, table = self.reader, self.table
        reader.keys(table, "game", GAME_KEYS, needed=("players", "move"))
        before = len(reader.problems)
        players = reader.texts(table.get("players", []), "game.players")
        space = self._space()
        moves = [self._move(path, move) for path, move in reader.tables(table.get("move", []), "game.move")]
        rules = [self._rule(path, rule) for path, rule in reader.tables(table.get("payoff", []), "game.payoff")]
        if len(reader.problems) > before or players is None or space is None or "players" not in table:
            return space, None
        try:
            game = build_game(
                title, players, space, [m for m in moves if m], [rule for rule in rules if rule], events
            )
        except GameError as error:
            reader.add(*error.problems)
            return space, None
        return space, game

    def _space(self) -> ParameterSpace | None:
        table = self.reader.table(self.table.get("parameters", {}), "game.parameters")
        if table is None:
            return None
        before = len(self.reader.problems)
        assume = self.reader.texts(table.get("assume", []), "game.parameters.assume") or ()
        domains = {name: domain for name, domain in table.items() if name != "assume"}
        if len(domains) > MAX_PARAMETERS or len(assume) > MAX_PARAMETERS:
            message = f"there may be at most {MAX_PARAMETERS} parameters, and as many joint conditions"
            self.reader.wrong("game.parameters", message)
            return None
        names = [name for name in domains if self.reader.name(name, f"game.parameters.{name}")]
        ring = Ring(names)
        for name in names:
            self._condition(ring, domains[name], f"game.parameters.{name}")
        for i, text in enumerate(assume):
            self._condition(ring, text, f"game.parameters.assume[{i}]")
        if len(self.reader.problems) > before:
            return None
        return ParameterSpace(tuple(Parameter(name, domains[name]) for name in names), assume)

    def _condition(self, ring: Ring, text: object, key: str) -> None:
        if ring.work > MAX_TERMS:
            limit = f"the conditions may have at most {MAX_TERMS} terms when they are multiplied out"
            self.reader.wrong("game.parameters", limit)
            self.reader.stop()
        if not isinstance(text, str):
            self.reader.wrong(
                key, f'a domain is a text such as "0 < p < 1", or "" for any number, not {describe(text)}'
            )
            return
        try:
            conditions = ring.parse_condition(text)
        except ExpressionError as error:
            self.reader.add(Problem(error.message, key, suggestion=error.suggestion))
            return
        if any(condition.truth is False for condition in conditions):
            self.reader.wrong(key, f"{shorten(text)} can never hold")
        self.conditions += len(conditions)
        if self.conditions > MAX_CONDITIONS:
            self.reader.wrong("game.parameters", f"there may be at most {MAX_CONDITIONS} conditions")
            self.reader.stop()

    def _move(self, key: str, move: dict[str, Any]) -> Move | None:
        reader = self.reader
        before = len(reader.problems)
        reader.keys(move, key, MOVE_KEYS, needed=("player", "actions"))
        player = reader.text(move["player"], f"{key}.player") if "player" in move else None
        information = reader.text(move["information"], f"{key}.information") if "information" in move else ""
        after = reader.texts(move["after"], f"{key}.after") if "after" in move else None
        actions = self._actions(key, player, move["actions"]) if "actions" in move else {}
        if len(reader.problems) > before or player is None:
            return None
        return Move(player, information or "", after, actions)

    def _actions(self, move: str, player: str | None, value: object) -> dict[str, object]:
        """The labels of a move; those of chance with their probabilities."""
        reader, key = self.reader, f"{move}.actions"
        if player == CHANCE:
            if not isinstance(value, dict):
                wanted = 'a table of probabilities such as { yes = "p", no = "1 - p" } is needed for chance'
                reader.wrong(key, f"{wanted}, not {describe(value)}")
                return {}
            return {label: self._amount(f"{key}.{label}", amount) for label, amount in value.items()}
        if isinstance(value, dict):
            reader.wrong(key, 'a list of labels is needed; probabilities belong to a move of "chance"')
            return {}
        labels = reader.texts(value, key) or ()
        seen: dict[str, object] = {}
        for i, label in enumerate(labels):
            if label in seen:
                reader.wrong(f"{key}[{i}]", f"the action {label[:40]!r} is named twice")
            seen[label] = None
        return seen

    def _rule(self, key: str, rule: dict[str, Any]) -> PayoffRule | None:
        reader = self.reader
        before = len(reader.problems)
        parts = {part: reader.texts(rule[part], f"{key}.{part}") for part in RULE_KEYS if part in rule}
        amounts = {
            player: self._amount(f"{key}.{player}", value) for player, value in rule.items() if player not in RULE_KEYS
        }
        if len(reader.problems) > before:
            return None
        return PayoffRule(parts.get("when") or (), parts.get("unless") or (), parts.get("after"), amounts)

    def _amount(self, key: str, value: object) -> object:
        """A number or the text of an expression."""
        if isinstance(value, str):
            return value
        number = self.reader.number(value, key)
        return 0 if number is None else number
