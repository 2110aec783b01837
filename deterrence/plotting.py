"""Pictures of results wherever they are: a file, what a function gave, or a scenario; and the same picture again.

A picture is a function of a scenario, of the command that its result is of, and of the choices of the picture. It
holds these (`origin`), so that it can be drawn again from itself and compared.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from . import origin
from .errors import ExpressionError
from .game import Game
from .pictures import Picture, draw, tree
from .saved import Saved, called, check_options, embedded, read, refused
from .scenario import Scenario
from .sealing import joined, plain

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["again", "plot"]

CHOICES: Final = ("kind", "x", "y", "equilibrium")
ENTRIES: Final = ("tree", "beliefs", "ladder", "swarm")
"""Kinds of pictures that show equilibria of a result."""


@dataclass(frozen=True)
class _Source:
    """What a picture is made from: see `pictures.draw`."""

    scenario: Scenario
    command: str = "solve"
    options: Mapping[str, Any] = field(default_factory=dict)
    document: Mapping[str, Any] | None = None
    data: xr.Dataset | None = None
    texts: Mapping[str, str] = field(default_factory=dict)  # the list of points of a sweep, by name


def plot(
    result: Any, kind: str | None = None, *, x: str | None = None, y: str | None = None, equilibrium: str | None = None,
) -> Picture:
    """A picture of a result; parameters as in `deterrence.plot`."""
    if isinstance(result, Game):
        if kind not in (None, "tree") or (x, y, equilibrium) != (None, None, None):
            raise ExpressionError("of a game without values only its tree is drawn; give a scenario")
        return tree(result)
    return _drawn(_source(result), {"kind": kind, "x": x, "y": y, "equilibrium": equilibrium})


def again(saved: Saved) -> Picture:
    """The picture that a file holds, drawn anew from what it says of itself.

    Raises
    ------
    ExpressionError
        where the file is no picture of this package.
    """
    options = dict(saved.options)
    choices = {name: options.get(name) for name in CHOICES}
    command, own = options.get("of"), options.get("options", {})
    strange = options.keys() - {"of", "options", *CHOICES}
    strange |= {name for name, value in choices.items() if not isinstance(value, str | None)}
    if saved.command != "plot" or not isinstance(command, str) or not isinstance(own, dict) or strange:
        raise ExpressionError(f"{saved.path}: is no picture that deterrence plot drew")
    source = _Source(saved.scenario, command, own, texts=_beside(saved))
    return _drawn(_computed(saved, source, choices["kind"]), choices)


def _beside(saved: Saved) -> dict[str, str]:
    """The list of points of a sweep, where its file holds it."""
    from .sweep import LISTED

    files = saved.made["files"]
    return {LISTED: files[LISTED]} if LISTED in files else {}


def _computed(saved: Saved, source: _Source, kind: str | None) -> _Source:
    """A source with what a picture of that kind needs of the result, which a picture does not hold."""
    from .frontier import frontier
    from .sensitivity import sensitivity
    from .solvers import atlas, solve

    functions: dict[str, Callable[..., Any]] = {
        "solve": solve, "atlas": atlas, "frontier": frontier, "sensitivity": sensitivity,
    }
    if source.command == "sweep":
        return replace(source, data=_swept(saved, source))
    if source.command not in functions:
        return source
    function = functions[source.command]
    check_options(saved.path, function, source.options)
    needed = {"solve": ENTRIES, "frontier": ("frontier",), "sensitivity": ("sensitivity",)}.get(source.command, ())
    if not needed or (kind is not None and kind not in needed):
        return source
    return replace(source, document=called(saved.path, function, source.scenario, source.options).to_dict())


def _swept(saved: Saved, source: _Source) -> xr.Dataset | None:
    """The data of a sweep, computed again."""
    from .reports import points
    from .sweep import LISTED, make, plan

    with TemporaryDirectory(prefix="deterrence-") as folder:
        more: dict[str, Any] = {}
        if "points" in source.options:
            if LISTED not in source.texts:
                raise refused(saved.path, "its list of points was too long to be kept in it")
            place = Path(folder, LISTED)
            place.write_text(source.texts[LISTED], encoding="utf-8")
            more["points"] = points(str(place))
        return make(called(saved.path, plan, source.scenario, source.options, more)).open()


def _drawn(source: _Source, choices: Mapping[str, str | None]) -> Picture:
    picture = draw(source.scenario, source.command, source.document, source.data, options=source.options, **choices)
    if not source.scenario.texts:
        return picture
    kept = {name: value for name, value in choices.items() if value is not None}
    options = {"of": source.command, **({"options": dict(source.options)} if source.options else {}), **kept}
    return picture.with_record(embedded(origin.Origin("plot", source.scenario, options, source.texts)))


def _source(result: Any) -> _Source:
    if isinstance(result, (str, os.PathLike)):
        return _of_file(Path(result))
    if isinstance(result, Scenario):
        return _Source(result)
    if hasattr(result, "data_vars"):
        attributes = {str(key): plain(value) for key, value in result.attrs.items()}
        made = joined(attributes, "made")
        if not made:
            raise ExpressionError("this dataset does not say from which scenario it comes; plot what dt.sweep gives")
        held = Saved("the sweep", {"made": json.loads(made), "fingerprint": ""})
        return _Source(held.scenario, held.command, held.options, data=result, texts=_beside(held))
    made_from = origin.of(result)
    return _Source(made_from.scenario, made_from.command, made_from.options, result.to_dict())


def _of_file(path: Path) -> _Source:
    if path.suffix.lower() in (".toml", ".efg", ".nfg"):
        from .links import load

        return _Source(load(path))
    held = read(path)
    if path.suffix.lower() == ".nc":
        import xarray as xr

        with xr.open_dataset(path, engine="h5netcdf") as data:
            return _Source(held.scenario, held.command, held.options, data=data.load(), texts=_beside(held))
    if "equilibria" in held.document or held.command != "plot":
        return _Source(held.scenario, held.command, held.options, held.document)
    raise ExpressionError(f"{path} is a picture already; plot the result that it was made from")
