r"""Where a result comes from: the command, its options, the files it read, and what it rests on.

A result is a function :math:`r = f_c(F, v, o)` of a command :math:`c`, the files :math:`F` that make the scenario,
values :math:`v` put in the place of those of the file, and options :math:`o` that differ from the default. Its *origin*
holds :math:`(c, F, v, o)`, so that whoever has it can compute the result again. Workers, progress and places of files
change nothing in it and are left out.

>>> plain({"values": [Fraction(1, 3), 2]})
{'values': ['1/3', 2]}
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from .errors import ExpressionError

if TYPE_CHECKING:
    from .scenario import Scenario

__all__ = ["LEFT_OUT", "Origin", "known", "of", "plain", "remember", "told", "versions"]

LEFT_OUT: Final = frozenset({"jobs", "client", "output", "kind", "resume", "progress", "telling", "point"})
"""Arguments of the public functions that do not change what they compute, or are kept as values."""
PREFIXES: Final = {"deterrence": "urn:deterrence:"}
_MARK: Final = "_origin"


@dataclass(frozen=True)
class Origin:
    """What a result is a function of.

    Attributes
    ----------
    command : the verb of the command line.
    scenario : with the texts of its files and the values that were put in the place of its own.
    options : keyword arguments of the public function that differ from the default, as JSON has them.
    texts : further files that were read, by name.
    """

    command: str
    scenario: Scenario = field(repr=False)
    options: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)

    def to_dict(self, theorems: Sequence[str] = ()) -> dict[str, Any]:
        """What a saved result says of itself under ``made``.

        Raises
        ------
        ExpressionError
            where the scenario was not read from a text.
        """
        scenario = self.scenario
        if not scenario.texts:
            raise ExpressionError("this scenario was not read from a text, so that a result of it cannot be saved")
        files = {**scenario.texts, **self.texts}
        return {
            "command": self.command,
            "options": {key: plain(value) for key, value in sorted(self.options.items())},
            "values": {name: str(value) for name, value in sorted(scenario.changed.items())},
            "scenario": next(iter(scenario.texts)),
            "files": files,
            "sources": _sources(scenario),
            "literature": _literature(scenario),
            "theorems": list(theorems),
            "versions": versions(),
            "prov": told(self.command, files, {key: scenario.sources[key] for key in _sources(scenario)}),
        }


def remember(result: Any, origin: Origin) -> None:
    """Note on a result where it comes from."""
    object.__setattr__(result, _MARK, origin)


def known(result: object) -> bool:
    """Whether it is known where a result comes from."""
    return isinstance(getattr(result, _MARK, None), Origin)


def of(result: object) -> Origin:
    """Where a result comes from.

    Raises
    ------
    ExpressionError
        where that is not known: it was not made from a scenario by a public function.
    """
    found = getattr(result, _MARK, None)
    if not isinstance(found, Origin):
        what = type(result).__name__
        raise ExpressionError(f"this {what} does not come from a scenario: what dt.solve, dt.atlas and the other "
                              "functions give for a scenario can be saved")
    return found


def plain(value: Any) -> Any:
    """A value as JSON has it: exact numbers as texts.

    Raises
    ------
    ExpressionError
        for a value that no file can hold.
    """
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, Sequence):
        return [plain(one) for one in value]
    if hasattr(value, "tolist"):  # numbers and arrays of NumPy
        return plain(value.tolist())
    raise ExpressionError(f"an option of type {type(value).__name__} cannot be kept with a result")


def _sources(scenario: Scenario) -> list[str]:
    """The sources that values of the scenario cite, in their order."""
    return list(dict.fromkeys(a.source for a in scenario.assumptions if a.source in scenario.sources))


def _literature(scenario: Scenario) -> list[str]:
    """The works that the model of a scenario follows, by key."""
    if scenario.model is None:
        return []
    from . import models

    return list(models.get(scenario.model).literature)


def versions() -> dict[str, str]:
    """The versions of this package, of Python, and of the libraries that computed."""
    from .provenance import provenance

    told = provenance("python-flint", "z3-solver", "numpy", "scipy")
    return {"deterrence": told["package"].removeprefix("deterrence "), "python": told["python"], **told["dependencies"]}


def told(command: str, files: Mapping[str, str], sources: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """How a result came about, in the words of W3C PROV (PROV-JSON): files and sources used, software, derivation."""
    from . import __version__

    scenario = next(iter(files))
    entities: dict[str, Any] = {"deterrence:result": {"prov:type": f"deterrence:{command}"}}
    for name, text in files.items():
        digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
        entities[f"deterrence:file/{name}"] = {"prov:label": name, "deterrence:sha256": digest}
    for key, about in sources.items():
        entities[f"deterrence:source/{key}"] = {"prov:label": str(about.get("title", key))}
    used = [f"deterrence:file/{name}" for name in files]
    return {
        "prefix": dict(PREFIXES),
        "entity": entities,
        "activity": {"deterrence:computation": {"prov:type": f"deterrence:{command}"}},
        "agent": {"deterrence:package": {"prov:type": {"$": "prov:SoftwareAgent", "type": "prov:QUALIFIED_NAME"},
                                         "prov:label": f"deterrence {__version__}"}},
        "used": {
            f"_:used{n}": {"prov:activity": "deterrence:computation", "prov:entity": name}
            for n, name in enumerate(used, 1)
        },
        "wasGeneratedBy": {
            "_:generated": {"prov:entity": "deterrence:result", "prov:activity": "deterrence:computation"}
        },
        "wasAssociatedWith": {
            "_:associated": {"prov:activity": "deterrence:computation", "prov:agent": "deterrence:package"}
        },
        "wasDerivedFrom": {
            f"_:derived{n}": {"prov:generatedEntity": made, "prov:usedEntity": source}
            for n, (made, source) in enumerate(
                [("deterrence:result", name) for name in used]
                + [(f"deterrence:file/{scenario}", f"deterrence:source/{key}") for key in sources], 1)
        },
    }
