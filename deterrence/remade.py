r"""Pages, pictures and documents made again from the origin that they hold, and compared across versions.

>>> versionless("deterrence 0.1.0 and 0.1.0 of something else", {"deterrence": "0.1.0"})
'deterrence * and 0.1.0 of something else'
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from .saved import MARK, Saved, refused

__all__ = ["made_again", "versionless"]

_DIGEST: Final = re.compile(r"sha256:(?:[0-9a-f]{8}(?:\\allowbreak(?:\{\})?)?){8}")
_KEY: Final = re.compile(r"(deterrence-\w+-)[0-9a-f]{10}\b")

Telling = Callable[[str], None]


def made_again(saved: Saved, jobs: int | None, say: Telling) -> str:
    """The text of a page, picture or document, made again from its origin.

    Raises
    ------
    ProblemsError
        where no command makes such a file.
    """
    if saved.command == "plot":
        from .plotting import again

        say("drawing the picture again")
        return again(saved).svg()
    if saved.command == "explore":
        from .explorer import again as page

        say("making the page again")
        return page(saved, say).html
    if saved.command == "report":
        from .report import again as written

        say("writing the report again")
        found = written(saved, say, jobs)
        form = {".html": lambda: found.html, ".md": lambda: found.markdown, ".tex": lambda: found.latex}
        suffix = Path(saved.path).suffix.lower()
        if suffix not in form:
            raise refused(saved.path, "a report is no picture: the ending of the file is not that of its form")
        return form[suffix]()
    raise refused(saved.path, f"made.command: {saved.command[:40]!r} makes no page, picture or document")


def versionless(text: str, versions: Mapping[str, str]) -> str:
    """A text without the origin, versions and fingerprints, line for line."""
    lines = [MARK if MARK in line else line for line in text.splitlines()]
    text = _DIGEST.sub("sha256:*", "\n".join(lines))
    text = _KEY.sub(r"\1*", text)
    for name, version in versions.items():
        text = re.sub(rf"({re.escape(name)}[ -]|[Vv]ersion\W{{1,6}}){re.escape(version)}(?![0-9.])", r"\1*", text)
    return text
