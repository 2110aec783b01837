"""The page as text: the template with the data, the closed forms and the programs of the page put in.

A policy in the page forbids every request; scripts and styles run by their digest alone. Data come as JSON in which no
sign of HTML is left, so that what a scenario says can end no element and begin none.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from .. import origin, saved
from ..sealing import sealed

if TYPE_CHECKING:
    from ..scenario import Scenario

__all__ = ["SCRIPTS", "script", "written"]

SCRIPTS: Final = ("exact.js", "engine.js", "words.js", "charts.js", "controls.js", "page.js")
_SAFE: Final = str.maketrans({
    "<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029",
})


def _text(name: str) -> str:
    return files(__package__).joinpath("assets", name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii") + "'"


def script(codes: Sequence[str]) -> str:
    """The programs of the page with the closed forms of its sheets."""
    compiled = ",\n".join(codes)
    return "\n".join(['"use strict";', *(_text(name) for name in SCRIPTS[:2]), f"const COMPILED = [\n{compiled}\n];",
                      *(_text(name) for name in SCRIPTS[2:])])


def written(scenario: Scenario, data: Mapping[str, Any], codes: Sequence[str], options: Mapping[str, Any]) -> str:
    """The page.

    Parameters
    ----------
    scenario : the scenario.
    data : what the page knows.
    codes : for each sheet its closed forms as JavaScript, or ``null``.
    options : of `deterrence.explore`, those that differ from the default; kept with the page.
    """
    style, program = _text("page.css"), script(codes)
    policy = "; ".join([
        "default-src 'none'", f"script-src {_digest(program)}", f"style-src {_digest(style)}", "img-src data:",
        "base-uri 'none'", "form-action 'none'",
    ])
    told = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).translate(_SAFE)
    made = saved.embedded(origin.Origin("explore", scenario, options)) if scenario.texts else ""
    return sealed(_text("page.html").format(
        policy=html.escape(policy, quote=True), title=html.escape(scenario.title), style=style, program=program,
        data=told, made=f"<!-- {made} -->" if made else "",
    ))
