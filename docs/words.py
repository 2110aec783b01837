"""How docstrings, formulas and the names of types become parts of a page.

A section of a docstring (``Parameters``, ``Attributes``, ``Raises``, ``Returns``) lists ``names : meaning``; it becomes
a definition list. Formulas become MathML, so that a page needs no script and nothing from elsewhere.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.util import logging
from sphinx.util.nodes import make_refnode

LOGGER: Final = logging.getLogger(__name__)
SYNONYMS: Final = {r"\dots": r"\ldots", r"\iff": r"\Leftrightarrow", r"\tfrac": r"\frac", r"\dfrac": r"\frac"}
"""Commands that the converter does not know, by ones that it does."""
SECTIONS: Final = ("Parameters", "Attributes", "Raises", "Returns")
ENTRY = re.compile(r"(?P<names>[\w.*]+(?:, [\w.*]+)*)(?: :(?: (?P<meaning>.*))?)?\Z")
FOREIGN: Final = frozenset({
    "Any", "Callable", "Final", "Fraction", "Iterable", "Iterator", "Mapping", "ModuleType", "Sequence", "TypeVar",
    "date", "Generator", "PathLike", "DataFrame", "Dataset", "Figure", "NamedTuple", "None",
    "bool", "bytes", "dict", "float", "frozenset", "int", "list", "object", "set", "str", "tuple", "type",
    "Exception", "ValueError", "KeyError", "NotImplementedError", "RuntimeError", "UserWarning",
})
"""Types of Python and of other packages, whose documentation is not part of this one."""


def docstring(app: Any, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
    """Replace the sections of a docstring by definition lists, in place."""
    lines[:] = list(_sections(lines))


def _sections(lines: Sequence[str]) -> Iterator[str]:
    section = ""
    for n, line in enumerate(lines):
        below = lines[n + 1] if n + 1 < len(lines) else ""
        if line in SECTIONS and set(below) == {"-"}:
            section = line
            yield from ("", f".. rubric:: {line}", "")
        elif section and set(line) == {"-"}:
            continue
        elif section in SECTIONS[:3] and (entry := ENTRY.match(line)):
            yield from ("", ", ".join(_term(section, part) for part in entry["names"].split(", ")))
            if entry["meaning"]:
                yield f"    {entry['meaning']}"
        else:
            if section and line and not line.startswith(" ") and section != "Returns":
                section = ""
                yield ""
            yield line


def _term(section: str, name: str) -> str:
    return f":exc:`~deterrence.{name}`" if section == "Raises" and name not in FOREIGN else f"``{name}``"


def reference(app: Any, env: Any, node: Any, text: nodes.Element) -> nodes.Element | None:
    """The class that a short name in an annotation means, or the name as it is where it belongs to another package."""
    if node.get("refdomain") != "py":
        return None
    target = node["reftarget"]
    last = target.rpartition(".")[2]
    if "[" in target or last in FOREIGN or last.startswith("_"):
        return text
    domain = env.get_domain("py")
    found = [(name, entry) for name, entry in domain.objects.items()
             if name.endswith(f".{target}") and entry.objtype in {"class", "exception", "function"}]
    if len(found) != 1:
        return None
    (name, entry), = found
    made: nodes.Element = make_refnode(app.builder, node["refdoc"], entry.docname, entry.node_id, text, name)
    return made


def inline_math(self: Any, node: nodes.math) -> None:
    """A formula in a line."""
    self.body.append(_mathml(node, block=False))
    raise nodes.SkipNode


def block_math(self: Any, node: nodes.math_block) -> None:
    """A formula by itself."""
    self.body.append(f'<div class="math">{_mathml(node, block=True)}</div>\n')
    raise nodes.SkipNode


def _mathml(node: nodes.Element, *, block: bool) -> str:
    text = node.astext()
    for command, known in SYNONYMS.items():
        text = re.sub(rf"{re.escape(command)}(?![A-Za-z])", lambda _, known=known: known, text)
    try:
        return str(tex2mathml(text, as_block=block))
    except MathError as error:
        LOGGER.warning("%s in the formula %s", error, node.astext(), location=node)
        return f"<code>{html.escape(node.astext())}</code>"
