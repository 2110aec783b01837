"""The list in docs/claims.md, from what the built-in games claim; `python -m tests.claims` writes it anew."""

from __future__ import annotations

from pathlib import Path

from deterrence import models
from deterrence.cite import entry
from deterrence.models.base import SHELVES, Claim, Documented

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "claims.md"

HEAD = """\
# Claims, and what became of them

What the built-in games claim, published or our own. A claim with a statement (in the [language](statements.md) of
`deterrence prove`) is proved or refuted by the tests each time they run, on the atlas of the shipped scenario of that
game with the parameters named left as symbols, or of the game under the options named; the others were checked as is
said. *fails* means that the claim as it
is commonly put does not hold: the condition under which it does, or a counter-example, stands beside it. Works are
cited after the summaries in `deterrence games NAME`; not all were read in the original.
"""


def table() -> str:
    """The whole page."""
    parts = [HEAD, _counts()]
    for shelf, title in SHELVES.items():
        chosen = [model for model in map(models.get, models.names()) if model.shelf == shelf and model.claims]
        if chosen:
            parts.append(f"## {title[0].upper()}{title[1:]}\n")
            parts += [_section(model) for model in chosen]
    return "\n".join(parts)


def _counts() -> str:
    claims = [claim for name in models.names() for claim in models.get(name).claims]
    stated = [claim for claim in claims if claim.statement]
    refuted = [claim for claim in claims if claim.verdict == "fails"]
    proved = sum(claim.verdict != "fails" for claim in stated)
    return (
        f"{len(claims)} claims about {len(models.names())} games: {proved} have a statement that is proved, "
        f"{len(stated) - proved} one that is refuted; {len(refuted)} in all fail as they are commonly put.\n"
    )


def _section(model: Documented) -> str:
    return f"### {model.name}\n\n{_plain(model.question)}\n\n" + "\n".join(map(_entry, model.claims))


def _entry(claim: Claim) -> str:
    """A claim with its verdict, how it was checked, and where it holds or fails, as an entry of a list."""
    source = f"after {_short(claim.source)}" if claim.source else "our own"
    parts = [f"- **{_plain(claim.words)}** *{claim.verdict}* ({source}): {_plain(claim.how)}.".replace("..", ".")]
    if claim.when:
        parts.append(f"  Where, or a counter-example: {_plain(claim.when)}.".replace("..", "."))
    if claim.statement:
        over = "all parameters" if claim.over is None else ", ".join(f"`{name}`" for name in claim.over)
        over += "".join(f"; {name} {value}" for name, value in (claim.options or {}).items())
        parts.append(f"  The statement, in {over}:\n\n  ```text\n  {claim.statement}\n  ```")
    return "\n\n".join(parts) + "\n"


def _plain(text: str) -> str:
    """A text in which nothing is markup, save what stands in backticks."""
    parts = text.split("`")
    for n in range(0, len(parts), 2):
        parts[n] = "".join(f"\\{char}" if char in "*_[]<>$|" else char for char in parts[n])
    return "`".join(parts)


def _short(key: str) -> str:
    item = entry(key)
    names = [author["family"] for author in item["author"]]
    who = " and ".join(names) if len(names) < 3 else f"{names[0]} et al."
    return f"{who} ({item['issued']['date-parts'][0][0]})"


if __name__ == "__main__":
    PAGE.write_text(table(), encoding="utf-8")
