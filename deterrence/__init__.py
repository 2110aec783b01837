"""Every equilibrium of games of deterrence and restraint, in closed form and at a point, each with a certificate.

>>> import deterrence as dt
>>> dt.models.names()[:2]
('signalling', 'retaliation')

The public names are loaded when they are first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from . import models
    from .api import atlas, confront, discover, frontier, load, loads, prove, robust, sensitivity, solve, sweep
    from .errors import (
        BranchCutWarning,
        CertificateError,
        DeterrenceError,
        DeterrenceWarning,
        ExpressionError,
        GameError,
        Interrupted,
        LimitError,
        NotSupportedError,
        Problem,
        ProblemsError,
        ScenarioError,
        StatementError,
        UnknownNameError,
    )
    from .publishing import cite, diff, explore, new, plot, report, save, to_ema, to_salib, verify

__version__ = "0.1.0"

__all__ = [
    "BranchCutWarning",
    "CertificateError",
    "DeterrenceError",
    "DeterrenceWarning",
    "ExpressionError",
    "GameError",
    "Interrupted",
    "LimitError",
    "NotSupportedError",
    "Problem",
    "ProblemsError",
    "ScenarioError",
    "StatementError",
    "UnknownNameError",
    "__version__",
    "atlas",
    "cite",
    "confront",
    "diff",
    "discover",
    "explore",
    "frontier",
    "load",
    "loads",
    "models",
    "new",
    "plot",
    "prove",
    "report",
    "robust",
    "save",
    "sensitivity",
    "solve",
    "sweep",
    "to_ema",
    "to_salib",
    "verify",
]

_API: Final = (
    "atlas", "confront", "discover", "frontier", "load", "loads", "prove", "robust", "sensitivity", "solve", "sweep",
)
_PUBLISHING: Final = ("cite", "diff", "explore", "new", "plot", "report", "save", "to_ema", "to_salib", "verify")
_FUNCTIONS: Final = {**dict.fromkeys(_API, ".api"), **dict.fromkeys(_PUBLISHING, ".publishing")}


def __getattr__(name: str) -> Any:
    if name == "models":
        return import_module(".models", __name__)
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_FUNCTIONS.get(name, ".errors"), __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


class _Package(ModuleType):
    """The package as a module whose names `atlas` and `sweep` are functions.

    The import system binds a submodule on its package; the submodule `deterrence.atlas` would take the place of the
    public function of that name.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _FUNCTIONS and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
