r"""The JSON Schema (draft 2020-12) of scenario files, for editors that check and complete TOML.

The schema says what a single key may hold; what concerns several keys together (perfect recall, sums of probabilities,
domains) is checked by `deterrence.scenario`. Dates of TOML are texts of format ``date`` to a schema.

>>> schema()["properties"]["model"]["enum"][:2]
['signalling', 'retaliation']
"""

from __future__ import annotations

import keyword
from contextlib import suppress
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from . import models
from .errors import GameError
from .parameters import BASES, DISTRIBUTIONS, ROLES, Parameter
from .scenario import MAX_POINTS, MOST_DAYS, SOURCE_KEYS

if TYPE_CHECKING:
    from .models.base import Choice, Count, Documented, Option

__all__ = ["schema"]

Schema = dict[str, Any]

_NAME: Final = "^[A-Za-z_][A-Za-z0-9_]{0,63}$"
_SOURCE: Final = "^[A-Za-z_][A-Za-z0-9_.-]{0,63}$"
_DECIMAL: Final = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?"
_LABEL: Final = r"^[^\s,*:]([^,*:]*[^\s,*:])?$"

_SOURCE_MEANING: Final = {
    "title": "Title of the work.",
    "author": "Author, or a list of authors.",
    "publisher": "Publisher, agency or site.",
    "issued": "Day it appeared: 2023-10-31, or \"2023-10\" or \"2023\".",
    "URL": "Address, beginning with https:// or http://.",
    "accessed": "Day it was read.",
}


def schema() -> Schema:
    """The schema as plain data, ready for `json.dumps`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Scenario of deterrence, format 1",
        "description": "A game, a value for each of its parameters, and what the values rest on.",
        "type": "object",
        "additionalProperties": False,
        "required": ["format", "title"],
        "oneOf": [{"required": ["model"]}, {"required": ["game"]}],
        "properties": {
            "format": {"const": 1, "description": "The format of this file: 1."},
            "title": _text("What the scenario is called."),
            "model": {"enum": list(models.names()), "description": "A built-in game; leave it out and give [game]."},
            "as_of": {"type": "string", "format": "date", "description": "The day that the scenario describes."},
            "options": {"type": "object", "description": "Options of the model; `deterrence games NAME` lists them."},
            "parameters": _parameters(),
            "sources": _sources(),
            "events": {
                "type": "object",
                "description": "Named events, each the conjunction of labels joined by commas, in any order.",
                "propertyNames": _names(),
                "additionalProperties": _text("Labels that all occur, such as \"strike, attack\"."),
            },
            "sweep": _sweep(),
            "record": {
                "type": "object",
                "description": "The documented record that `deterrence confront` sets the scenario beside.",
                "additionalProperties": False,
                "properties": {
                    "file": _text("Its file; data/record.toml beside the scenario if not said."),
                    "days": {"type": "integer", "minimum": 1, "maximum": MOST_DAYS,
                             "description": "How many days one play of the game stands for; 1 if not said."},
                },
            },
            "game": _game(),
        },
        "allOf": [_of_model(models.get(name)) for name in models.names()],
        "$defs": {"number": _number(), "expression": _expression(), "parameter": _parameter()},
    }


def _text(meaning: str) -> Schema:
    return {"type": "string", "minLength": 1, "description": meaning}


def _texts(meaning: str, least: int = 0, pattern: str | None = None) -> Schema:
    items: Schema = {"type": "string", "minLength": 1}
    if pattern:
        items["pattern"] = pattern
    return {"type": "array", "items": items, "minItems": least, "description": meaning}


def _names() -> Schema:
    return {"pattern": _NAME, "not": {"enum": sorted(keyword.kwlist)}}


def _number() -> Schema:
    return {
        "description": "An exact number: 3, 0.25, or a fraction in quotes, \"1/3\".",
        "anyOf": [{"type": "number"}, {"type": "string", "pattern": rf"^\s*{_DECIMAL}\s*(/\s*{_DECIMAL}\s*)?$"}],
    }


def _expression() -> Schema:
    return {
        "description": "A number, or arithmetic in the declared parameters in quotes: + - * / ** and parentheses.",
        "anyOf": [
            {"type": "number"},
            {"type": "string", "minLength": 1, "maxLength": 2000, "pattern": r"^[A-Za-z0-9_+\-*/.()\s]+$"},
        ],
    }


def _parameter() -> Schema:
    return {
        "anyOf": [
            {"$ref": "#/$defs/number"},
            {
                "type": "object",
                "additionalProperties": False,
                "required": ["value"],
                "properties": {
                    "value": {"description": "A number, or where another scenario gives it.",
                              "anyOf": [{"$ref": "#/$defs/number"}, _link()]},
                    "range": {
                        "type": "array",
                        "items": {"$ref": "#/$defs/number"},
                        "minItems": 2,
                        "maxItems": 2,
                        "description": "Lowest and highest plausible value; the value lies between them.",
                    },
                    "unit": {"type": "string", "description": "What one unit of it is."},
                    "role": {
                        "enum": list(ROLES),
                        "description": "lever: somebody can choose it; uncertainty: nobody does; or constant.",
                    },
                    "basis": {
                        "enum": list(BASES),
                        "description": "What the value rests on; observed and estimated need a source.",
                    },
                    "source": {"type": "string", "pattern": _SOURCE, "description": "A key of [sources]."},
                    "note": {"type": "string", "description": "Why this value."},
                    "distribution": {
                        "enum": list(DISTRIBUTIONS),
                        "description": "How samples are drawn from the range: uniform if not said; triangular with "
                        "its mode at the value; or uniform in the logarithm (loguniform).",
                    },
                },
                "if": {"properties": {"basis": {"enum": ["observed", "estimated"]}}, "required": ["basis"]},
                "then": {"required": ["source"]},
                "dependentRequired": {"distribution": ["range"]},
            },
        ]
    }


def _link() -> Schema:
    return {
        "type": "object",
        "description": "A probability that another scenario comes to.",
        "additionalProperties": False,
        "required": ["from", "event"],
        "properties": {
            "from": _text("Its file, relative to this one and not above it."),
            "event": _text("One of its events."),
            "take": _text("max or min over its equilibria, or the id of one; needed where they differ."),
        },
    }


def _parameters() -> Schema:
    return {
        "type": "object",
        "description": "A value for every parameter of the game, short (a number) or long (a table).",
        "propertyNames": _names(),
        "additionalProperties": {"$ref": "#/$defs/parameter"},
    }


def _sources() -> Schema:
    fields: Schema = {}
    for key in SOURCE_KEYS:
        meaning = _SOURCE_MEANING.get(key, f"The field {key} of CSL.")
        if key in ("author", "editor"):
            fields[key] = {"anyOf": [_text(meaning), _texts(meaning)], "description": meaning}
        elif key in ("issued", "accessed", "volume", "issue", "page"):
            fields[key] = {"type": ["string", "integer"], "description": meaning}
        else:
            fields[key] = _text(meaning)
    fields["URL"]["pattern"] = "^https?://"
    return {
        "type": "object",
        "description": "Works that values rest on, by key.",
        "propertyNames": {"pattern": _SOURCE},
        "additionalProperties": {
            "type": "object", "additionalProperties": False, "required": ["title"], "properties": fields,
        },
    }


def _sweep() -> Schema:
    axis = {
        "type": "object",
        "additionalProperties": False,
        "required": ["from", "to", "points"],
        "properties": {
            "from": {"$ref": "#/$defs/number", "description": "Lowest value."},
            "to": {"$ref": "#/$defs/number", "description": "Highest value."},
            "points": {"type": "integer", "minimum": 2, "maximum": MAX_POINTS, "description": "How many values."},
        },
    }
    over = {
        "type": "object",
        "description": "The parameters to sweep.",
        "propertyNames": _names(),
        "additionalProperties": axis,
    }
    return {
        "type": "object",
        "description": "Defaults of `deterrence sweep`.",
        "additionalProperties": False,
        "properties": {"over": over},
    }


def _game() -> Schema:
    return {
        "type": "object",
        "description": "A game written in the file.",
        "additionalProperties": False,
        "required": ["players", "move"],
        "properties": {
            "players": {**_texts("The personal players, in order.", 1, _LABEL), "uniqueItems": True},
            "parameters": {
                "type": "object",
                "description": "The declared parameters, each with its domain as a condition; \"\" is any real number.",
                "propertyNames": _names(),
                "properties": {"assume": _texts("Joint conditions, such as \"loss > gain\".")},
                "additionalProperties": {"type": "string", "description": "A condition such as \"0 < p < 1\"."},
            },
            "move": {"type": "array", "items": _move(), "minItems": 1, "description": "The moves, one table each."},
            "payoff": {
                "type": "array",
                "items": _rule(),
                "description": "Payoffs add up over every rule that matches the complete history.",
            },
        },
    }


def _move() -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["player", "actions"],
        "properties": {
            "player": {"type": "string", "pattern": _LABEL, "description": "Who moves: a player, or \"chance\"."},
            "information": _text("Name of the information set, unique in the game."),
            "after": _texts("Histories, as patterns of labels; `*` is any one label. The first move has none.", 1),
            "actions": {"description": "The labels; for chance a table of labels with their probabilities."},
        },
        "if": {"properties": {"player": {"const": "chance"}}, "required": ["player"]},
        "then": {
            "properties": {
                "actions": {
                    "type": "object",
                    "minProperties": 1,
                    "propertyNames": {"pattern": _LABEL},
                    "additionalProperties": {"$ref": "#/$defs/expression"},
                }
            }
        },
        "else": {
            "required": ["information"],
            "properties": {"actions": {**_texts("The labels.", 1, _LABEL), "uniqueItems": True}},
        },
    }


def _rule() -> Schema:
    return {
        "type": "object",
        "properties": {
            "when": _texts("Labels that all occur; `PLAYER:label` where two players share one."),
            "unless": _texts("Labels of which none occurs."),
            "after": _texts("Complete histories, as patterns of labels; `*` is any one label.", 1),
        },
        "additionalProperties": {"$ref": "#/$defs/expression", "description": "What a player gets."},
    }


def _option(option: Option | Choice | Count) -> Schema:
    """What an option of a model may be."""
    described = {"description": option.meaning}
    from .models.base import Choice, Count

    if isinstance(option, Choice):
        return {"enum": list(option.choices), **described}
    if isinstance(option, Count):
        return {"type": "integer", "minimum": option.least, "maximum": option.most, **described}
    return {
        "type": "array", "items": {"enum": list(option.choices)}, "minItems": option.least, "maxItems": option.most,
        "uniqueItems": True, **described,
    }


def _of_model(model: Documented) -> Schema:
    """What a file that names this model may hold."""
    options = {name: _option(option) for name, option in model.options.items()}
    return {
        "if": {"properties": {"model": {"const": model.name}}, "required": ["model"]},
        "then": {
            "properties": {
                "options": {"type": "object", "additionalProperties": False, "properties": options},
                "parameters": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": [parameter.name for parameter in model.parameters],
                    "properties": {parameter.name: _described(parameter) for parameter in _any(model)},
                },
            }
        },
    }


def _any(model: Documented) -> list[Parameter]:
    """Every parameter that a model has under some options: counts at their greatest, each choice, the default menu."""
    from .models.base import Choice, Count

    choices = {name: option.choices for name, option in model.options.items() if isinstance(option, Choice)}
    most = {name: option.most for name, option in model.options.items() if isinstance(option, Count)}
    settings = [dict(zip(choices, chosen, strict=True)) for chosen in product(*choices.values())]
    found: dict[str, Parameter] = {}
    for chosen in settings:
        # Counts at their greatest do not go with every choice; those that do have every parameter.
        with suppress(GameError):
            found.update({p.name: p for p in model.declared(model.menus({**most, **chosen}))})
    return list(found.values())


def _described(parameter: Parameter) -> Schema:
    told = [parameter.meaning, f"Unit: {parameter.unit}." if parameter.unit else ""]
    told.append(f"Domain: {parameter.domain}." if parameter.domain else "")
    return {"$ref": "#/$defs/parameter", "description": " ".join(part for part in told if part)}
