"""The built-in games, by name.

A model's module docstring is its definition. The modules are imported when they are asked for, so that listing the
names costs nothing.

>>> names()
('signalling', 'retaliation')
>>> get("signalling").options["signals"].default
('silence', 'posture', 'strike')
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

from deterrence.errors import UnknownNameError

if TYPE_CHECKING:
    from deterrence.models.base import Model

__all__ = ["get", "names"]

_MODULES: Final = {"signalling": "signalling", "retaliation": "retaliation"}


def names() -> tuple[str, ...]:
    """The names of the built-in games, in the order in which they are listed."""
    return tuple(_MODULES)


def get(name: str) -> Model:
    """The built-in game of that name.

    Raises
    ------
    UnknownNameError
        with the nearest name.
    """
    if name not in _MODULES:
        raise UnknownNameError("model", name, _MODULES)
    module = importlib.import_module(f".{_MODULES[name]}", __name__)
    model: Model = module.MODEL
    return model
