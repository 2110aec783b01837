r"""Items of CSL as BibTeX that plain styles, natbib and biblatex take.

>>> from deterrence.cite import entry as work
>>> print(entry(dict(work("padro_yared2012"))))
@article{padro_yared2012,
  author = {{Padr{\'{o}} i Miquel}, G. and {Yared}, P.},
  title = {{The political economy of indirect control}},
  journal = {{Quarterly Journal of Economics}},
  year = {2012},
  volume = {127},
  number = {2},
  pages = {947--1015},
  doi = {10.1093/qje/qjs012},
}

Titles stand in two pairs of braces, so that no style changes their capitals; bodies as authors in braces. An address
stands where the older styles print it, in ``howpublished`` or ``note`` as ``\url{...}`` (packages url or hyperref).
Braces inside texts are commands (`latex.escaped`), since BibTeX counts them even behind a backslash.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from .latex import escaped

__all__ = ["entry", "months"]

KINDS: Final = {
    "article-journal": "article", "article-magazine": "article", "article-newspaper": "article", "book": "book",
    "chapter": "incollection", "paper-conference": "inproceedings", "report": "techreport", "thesis": "phdthesis",
    "software": "misc", "dataset": "misc",
}
NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "article": ("author", "title", "journal", "year"), "book": ("author", "title", "publisher", "year"),
    "incollection": ("author", "title", "booktitle", "publisher", "year"),
    "inproceedings": ("author", "title", "booktitle", "year"), "techreport": ("author", "title", "institution", "year"),
    "phdthesis": ("author", "title", "school", "year"),
}
HOLDERS: Final = {"article": "journal", "incollection": "booktitle", "inproceedings": "booktitle"}
PUBLISHERS: Final = {"techreport": "institution", "phdthesis": "school"}
MONTHS: Final = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                 "November", "December")
_SAFE: Final = "/:?=&#;,!'()*$+@%[]~"
_PAGES: Final = re.compile(r"([0-9A-Za-z]+)[-\u2013]([0-9A-Za-z]+)\Z")
_FINGERPRINT: Final = re.compile(r"sha256:[0-9a-f]{64}\Z")
_DIGITS: Final = re.compile(r"([0-9a-f]{8})(?=[0-9a-f])")
_DOI: Final = re.compile(r"10\.[0-9]{4,9}/[-._;()/:A-Za-z0-9]+\Z")


def entry(item: Mapping[str, Any]) -> str:
    """One item as an entry."""
    kind = KINDS.get(item["type"], "misc")
    fields = _fields(item, kind)
    if not set(NEEDED.get(kind, ())) <= set(fields):
        # Styles complain about what is missing; they print the rest of this kind as it is.
        kind = "misc"
        fields = _fields(item, kind)
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@{kind}{{{item['id']},", *lines, "}"])


def _fields(item: Mapping[str, Any], kind: str) -> dict[str, str]:
    found = {name: _people(item[name]) for name in ("author", "editor") if item.get(name)}
    if not found:
        # What styles sort by where nobody is named.
        found["key"] = escaped(item.get("publisher") or item["id"].partition("-")[0])
    found["title"] = f"{{{escaped(item['title'])}}}"
    told = {
        HOLDERS.get(kind, ""): item.get("container-title"), PUBLISHERS.get(kind, "publisher"): item.get("publisher"),
    }
    if kind == "misc":
        found["howpublished"] = ". ".join(_where(item))
    else:
        found.update({name: f"{{{escaped(value)}}}" for name, value in told.items() if name and value})
    found.update(_date(item.get("issued")))
    if kind != "misc":
        numbers = {"volume": item.get("volume"), "number": item.get("issue"), "pages": item.get("page")}
        found.update({name: _pages(str(value)) for name, value in numbers.items() if value})
    for name, csl in (("isbn", "ISBN"), ("language", "language"), ("version", "version")):
        if item.get(csl):
            found[name] = escaped(item[csl])
    if _DOI.match(str(item.get("DOI", ""))):
        found["doi"] = str(item["DOI"])
    found["note"] = ". ".join(_notes(item, kind))
    if _FINGERPRINT.match(str(item.get("number", ""))):
        # As it is for who looks for it; in the note, which is printed, lines may be broken.
        found["fingerprint"] = item["number"]
        found["note"] = _DIGITS.sub(r"\1\\allowbreak{}", found["note"])
    return {name: value for name, value in found.items() if value}


def _where(item: Mapping[str, Any]) -> list[str]:
    """What the kind that fits everything says of where a work is to be had."""
    parts = []
    if item["type"] == "software":
        parts.append(f"Version {escaped(item['version'])}, computer software")
    if item.get("container-title"):
        volume = " ".join(str(item[name]) for name in ("volume", "page") if item.get(name))
        parts.append(f"{escaped(item['container-title'])}{', ' + escaped(volume) if volume else ''}")
    if item.get("publisher"):
        parts.append(escaped(item["publisher"]))
    return [*parts, *([address(item["URL"])] if item.get("URL") else [])]


def _notes(item: Mapping[str, Any], kind: str) -> list[str]:
    parts = [escaped(item["note"])] if item.get("note") else []
    if kind != "misc" and item.get("URL"):
        parts.append(address(item["URL"]))
    if item.get("accessed"):
        parts.append("Accessed " + _day(item["accessed"]))
    return parts


def address(url: object) -> str:
    r"""An address in ``\url``; what TeX or BibTeX could stumble over is percent-encoded.

    >>> address("https://example.org/a_b?c={1}")
    '\\url{https://example.org/a_b?c=%7B1%7D}'
    """
    return rf"\url{{{quote(str(url)[:2_000], safe=_SAFE, errors='replace')}}}"


def months(number: int) -> str:
    """The name of a month."""
    return MONTHS[number - 1]


def _date(issued: Mapping[str, Any] | None) -> dict[str, str]:
    if not issued:
        return {"year": "n.d."}
    year, *rest = issued["date-parts"][0]
    day = f"{rest[1]} " if len(rest) > 1 else ""
    return {"year": str(year), **({"month": f"{day}{months(rest[0])}"} if rest else {})}


def _day(date: Mapping[str, Any]) -> str:
    year, *rest = date["date-parts"][0]
    return " ".join([*map(str, rest[1:]), *([months(rest[0])] if rest else []), str(year)])


def _people(people: list[Mapping[str, str]]) -> str:
    return " and ".join(
        f"{{{escaped(one['literal'])}}}" if "literal" in one
        else f"{{{escaped(one['family'])}}}, {_given(one.get('given', ''))}"
        for one in people
    )


def _given(given: str) -> str:
    """Given names; the word that parts authors is kept together with what is around it."""
    text = escaped(given)
    return f"{{{text}}}" if re.search(r"\band\b|,", text, re.IGNORECASE) else text


def _pages(text: str) -> str:
    found = _PAGES.match(text)
    return f"{found[1]}--{found[2]}" if found else escaped(text)
