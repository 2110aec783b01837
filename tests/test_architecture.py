"""What every module of the package keeps to: light imports, no evaluation of text, rooms of a readable size."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from types import FunctionType

import pytest

import deterrence

PACKAGE = Path(deterrence.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
ARRAYS = {
    "kernels", "columns", "designs", "plans", "workers", "reports", "storage", "journal", "tables", "sweep", "outcomes",
    "sensitivity", "certainty", "discovery", "robust", "adapters", "drivers", "confront",
}
HEAVY = ("z3", "sympy", "numpy", "scipy", "nashpy", "rich", "pandas", "pygambit", "xarray", "h5py", "zarr", "llvmlite",
         "distributed", "pyarrow", "SALib")


def named(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def loaded_by(code: str) -> set[str]:
    """The top-level packages that a new interpreter has loaded after this code."""
    probe = f"{code}\nimport json, sys; print(json.dumps(sorted({{name.partition('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert not loaded_by("import deterrence").intersection([*HEAVY, "flint"])


def test_help_loads_nothing_heavy() -> None:
    code = "from deterrence.cli import main; assert main(['--help']) == 0; assert main(['solve', '--help']) == 0"
    assert not loaded_by(code).intersection([*HEAVY, "flint"])


def test_no_module_loads_anything_heavy_by_itself() -> None:
    names = [named(path) for path in MODULES if path.stem not in {"__main__", *ARRAYS}]
    assert not loaded_by("import " + ", ".join(names)).intersection(HEAVY)


def test_rooms_of_arrays_load_numpy_alone() -> None:
    names = [named(path) for path in MODULES if path.stem in ARRAYS]
    assert len(names) == len(ARRAYS)
    assert loaded_by("import " + ", ".join(names)).intersection(HEAVY) == {"numpy"}


def test_loading_a_scenario_needs_no_solver() -> None:
    scenario = PACKAGE.parent / "tests" / "canon" / "spence-00.toml"
    assert not loaded_by(f"import deterrence; deterrence.load({str(scenario)!r})").intersection(HEAVY)


def test_the_summary_of_a_sweep_needs_no_labelled_arrays() -> None:
    scenario = PACKAGE.parent / "tests" / "restraint.toml"
    words = ["sweep", str(scenario), "--over", "resolve=1/4:3/4:3"]
    loaded = loaded_by(f"from deterrence.cli import main; assert main({words!r}) == 0")
    assert not loaded & {"xarray", "pandas", "h5py", "zarr"}


def test_public_names() -> None:
    assert sorted(deterrence.__all__) == deterrence.__all__
    assert dir(deterrence) == deterrence.__all__
    for name in deterrence.__all__:
        assert getattr(deterrence, name) is not None
    with pytest.raises(AttributeError, match="slove"):
        _ = deterrence.slove  # type: ignore[attr-defined]


def test_error_classes_are_public() -> None:
    from deterrence import errors

    assert set(errors.__all__) - set(deterrence.__all__) <= {"nearest", "MAX_PROBLEMS"}


def test_the_module_atlas_does_not_hide_the_function() -> None:
    from deterrence.atlas import Atlas

    assert isinstance(deterrence.atlas, FunctionType)
    assert Atlas.__module__ == "deterrence.atlas"


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_text_is_never_evaluated(path: Path) -> None:
    builtin, of_sympy = {"eval", "exec", "compile", "__import__"}, {"sympify", "parse_expr", "lambdify"}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in builtin | of_sympy
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr not in of_sympy


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_room_is_readable(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 700
    assert ast.get_docstring(ast.parse(text))
