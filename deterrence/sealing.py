r"""Fingerprints: digests of documents, and of sweeps in netCDF.

The fingerprint of a document is

.. math:: \operatorname{SHA256}(\text{every other key, as JSON with sorted keys and no blanks}),

that of a sweep the fingerprint of its attributes and, for each variable, of its shape, dimensions, type, attributes and
the digest of its values. It does not hang on how a file lays them out.

>>> fingerprint({"answer": "1/2", "fingerprint": "any"}) == fingerprint({"answer": "1/2"})
True
>>> joined(pieces("abc" * 20_000, "made"), "made") == "abc" * 20_000
True
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from .errors import Problem, ProblemsError

__all__ = [
    "LAYOUT", "attributes_of", "dims_of", "fingerprint", "joined", "pieces", "plain", "seal", "sealed", "sha256_of",
    "sweep_fingerprint",
]

BLANK: Final = f"sha256:{'0' * 64}"
"""What stands for the fingerprint of a page until it is known."""
UNSEALED: Final = f'"page":"{BLANK}"'
PIECE: Final = 15_000
"""How many characters an attribute of netCDF holds at most, of at most four bytes; HDF5 allows 64 KiB."""
ROWS: Final = 2**22
LAYOUT: Final = frozenset({"REFERENCE_LIST", "DIMENSION_LIST", "_Netcdf4Dimid", "_Netcdf4Coordinates"})
"""Attributes that are references between places in a file; the names of the dimensions say what they mean."""


def fingerprint(document: Mapping[str, Any]) -> str:
    """The digest of a document without the fingerprint that it states.

    Raises
    ------
    ValueError
        where it holds a number that JSON has not.
    """
    rest = {key: value for key, value in document.items() if key != "fingerprint"}
    text = json.dumps(rest, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return sha256_of(text)


def sha256_of(text: str) -> str:
    """The digest of a text, with the name of the algorithm."""
    return f"sha256:{hashlib.sha256(text.encode('utf-8')).hexdigest()}"


def sealed(text: str) -> str:
    """A page, picture or document with its fingerprint: the digest of its text with noughts in the place of that."""
    return text.replace(UNSEALED, f'"page":"{sha256_of(text)}"')


def page_fingerprint(text: str, stated: str) -> str:
    """What the fingerprint of a page should be that states one."""
    return sha256_of(text.replace(f'"page":"{stated}"', UNSEALED))


def pieces(text: str, key: str) -> dict[str, str]:
    """A long text as attributes, each short enough for HDF5."""
    parts = [text[n : n + PIECE] for n in range(0, len(text), PIECE)]
    return {key if n == 0 else f"{key}_{n}": part for n, part in enumerate(parts)}


def joined(attributes: Mapping[str, Any], key: str) -> str:
    """The text that `pieces` took apart; empty where there is none."""
    found = str(attributes.get(key, ""))
    n = 1
    while f"{key}_{n}" in attributes:
        found += str(attributes[f"{key}_{n}"])
        n += 1
    return found


def plain(value: Any) -> Any:
    """The value of an attribute without the types of NumPy."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.tolist() if hasattr(value, "tolist") else value


def sweep_fingerprint(path: str | os.PathLike[str]) -> str:
    """The fingerprint of a sweep in netCDF: the digest of all that it says, read in parts.

    Raises
    ------
    ProblemsError
        where the file is damaged.
    """
    import h5py

    told: dict[str, Any] = {}
    try:
        # Sweeps are not compressed: a few bytes that stand for a variable without end are no sweep. Dimensions without
        # values of their own take no place in the file, hence twice.
        left = 2 * os.path.getsize(path) + 2**20
        with h5py.File(os.fspath(path), "r") as file:
            told["attributes"] = attributes_of(file, {"fingerprint"})
            for name in sorted(file):
                variable = file[name]
                if isinstance(variable, h5py.Dataset):
                    left -= variable.nbytes
                    if left < 0:
                        raise ValueError("it states more values than the file has room for")
                    told[name] = _variable(variable)
                else:
                    told[name] = "a group"
    except (OSError, RuntimeError, KeyError, ValueError, TypeError) as error:
        raise ProblemsError([Problem(f"is damaged: {str(error)[:200]}", file=os.fspath(path))]) from None
    return fingerprint(told)


def attributes_of(item: Any, leave: Collection[str] = ()) -> dict[str, str]:
    """The attributes of a file or a variable, those of its layout left out."""
    return {
        str(key): repr(plain(item.attrs[key]))
        for key in sorted(item.attrs) if key not in leave and key not in LAYOUT
    }


def _variable(variable: Any) -> dict[str, Any]:
    """What a variable of HDF5 says."""
    import h5py

    if variable.shape is None:
        raise ValueError("a variable holds nothing")
    digest = hashlib.sha256()
    is_text = h5py.check_string_dtype(variable.dtype) is not None
    for values in _parts(variable):
        digest.update(json.dumps(_texts(values)).encode() if is_text else values.tobytes())
    kind = "text" if is_text else variable.dtype.str
    return {"shape": list(variable.shape), "type": kind, "dims": dims_of(variable),
            "attributes": attributes_of(variable), "values": digest.hexdigest()}


def dims_of(variable: Any) -> list[Any]:
    """The names of the dimensions of a variable."""
    return [[str(d) for d in dimension.keys()] or dimension.label for dimension in variable.dims]  # noqa: SIM118


def _parts(variable: Any) -> Iterator[Any]:
    """The values of a variable in C order, a few million bytes at a time."""
    if not variable.ndim:
        yield variable[()]
        return
    each = max(1, ROWS // max(1, variable.dtype.itemsize * math.prod(variable.shape[1:])))
    for start in range(0, len(variable), each):
        yield variable[start : start + each]


def _texts(values: Any) -> Any:
    flat = values.ravel().tolist() if hasattr(values, "ravel") else [values]
    return [one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in flat]


def seal(path: str | os.PathLike[str]) -> str:
    """Write the fingerprint of a sweep in netCDF into its file, and give it."""
    import h5py

    found = sweep_fingerprint(path)
    with h5py.File(os.fspath(path), "r+") as file:
        file.attrs["fingerprint"] = found
    return found
