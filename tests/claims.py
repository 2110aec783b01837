"""The table in docs/claims.md, from what the built-in games claim; `python -m tests.claims` writes it anew."""

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
    heads = ("claim", "after", "verdict", "how it was checked", "where it holds, or a counter-example")
    rows = [f"| {' | '.join(heads)} |", "|" + " --- |" * len(heads)]
    rows += [_row(claim) for claim in model.claims]
    return f"### {model.name}\n\n{model.question}\n\n" + "\n".join(rows) + "\n"


def _row(claim: Claim) -> str:
    how = claim.how
    if claim.statement:
        over = "all parameters" if claim.over is None else ", ".join(claim.over)
        over += "".join(f"; {name} {value}" for name, value in (claim.options or {}).items())
        how = f"{how}: `{claim.statement}` ({over})"
    source = _short(claim.source) if claim.source else "own"
    cells = (claim.words, source, claim.verdict, how, claim.when)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _short(key: str) -> str:
    item = entry(key)
    names = [author["family"] for author in item["author"]]
    who = " and ".join(names) if len(names) < 3 else f"{names[0]} et al."
    return f"{who} ({item['issued']['date-parts'][0][0]})"


if __name__ == "__main__":
    PAGE.write_text(table(), encoding="utf-8")
