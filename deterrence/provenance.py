"""What made a result: the version of the package, of Python, and of the libraries that did the arithmetic.

Nothing here tells when, where or by whom a result was computed, so that equal inputs give equal bytes.

>>> sorted(provenance())
['dependencies', 'package', 'python']
"""

from __future__ import annotations

import sys
from typing import Any, Final

__all__ = ["ENGINES", "provenance"]

ENGINES: Final = ("python-flint", "z3-solver")


def provenance(*engines: str) -> dict[str, Any]:
    """Versions, as in the contract, section 4.

    Parameters
    ----------
    engines : distributions that computed the result; without any, those of the exact solvers.

    Raises
    ------
    importlib.metadata.PackageNotFoundError
        where one of them is not installed.
    """
    from importlib.metadata import version

    from . import __version__

    return {
        "package": f"deterrence {__version__}",
        "python": ".".join(str(part) for part in sys.version_info[:3]),
        "dependencies": {name: version(name) for name in sorted(engines or ENGINES)},
    }
