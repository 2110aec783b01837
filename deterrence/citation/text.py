r"""Items of CSL as lines of text, in the manner of the American Psychological Association.

>>> from deterrence.cite import entry
>>> line(dict(entry("schelling1966")))
'Schelling, T. C. (1966). Arms and influence. Yale University Press.'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ..cite import entry, keys, text
from .bibtex import months
from .items import Cited, items
from .latex import one_line

__all__ = ["line", "page"]

HEADS: Final = {
    "software": "Software", "result": "Result", "sources": "Sources of the scenario",
    "literature": "Literature of the model", "theorems": "Literature of the method",
}


def line(item: Mapping[str, Any]) -> str:
    """One item: who, when, what, where."""
    if item["id"] in keys() and item == entry(item["id"]):
        return text(item["id"])
    people = item.get("author") or item.get("editor") or []
    who = " and ".join(one.get("literal") or f"{one['family']}, {one.get('given', '')}" for one in people)
    title, when = _titled(item), f"({_day(item.get('issued'))})"
    head = f"{who} {when}. {title}." if who else f"{title} {when}."
    where = [text for text in (item.get("container-title"), item.get("publisher")) if text]
    if item["type"] == "dataset":
        where.append(str(item["note"]))
    parts = [head, *(f"{one_line(text)}." for text in where)]
    if item.get("DOI"):
        parts.append(f"https://doi.org/{item['DOI']}")
    elif item.get("URL"):
        seen = f"Retrieved {_day(item['accessed'])}, from " if item.get("accessed") else ""
        parts.append(f"{seen}{item['URL']}")
    return " ".join(parts)


def _titled(item: Mapping[str, Any]) -> str:
    if item["type"] == "software":
        return f"{item['title']} (Version {item['version']}) [Computer software]"
    return f"{item['title']} [Data set]" if item["type"] == "dataset" else str(item["title"]).rstrip(".")


def _day(date: Mapping[str, Any] | None) -> str:
    """A date as "2023, October 31"."""
    if not date:
        return "n.d."
    year, *rest = date["date-parts"][0]
    return f"{year}, {' '.join([months(rest[0]), *map(str, rest[1:])])}" if rest else str(year)


def page(results: Sequence[Cited]) -> str:
    """Everything that results rest on, each with its key: works, and what the method proves."""
    parts = []
    for name, listed in items(results).items():
        if listed:
            parts += [HEADS[name], *(f"  [{item['id']}] {line(item)}" for item in listed), ""]
    theorems = {one.key: one for result in results for one in result.theorems}
    if theorems:
        parts.append("Theorems and methods")
        parts += [
            f"  [{one.key}] {one.title}. {one.statement}{_works(one.literature)}" for one in theorems.values()
        ]
        parts.append("")
    return "\n".join(parts)


def _works(keys: Sequence[str]) -> str:
    return f" ({', '.join(keys)})" if keys else ""
