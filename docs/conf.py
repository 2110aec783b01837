"""How the documentation is built: `make docs`, or ``python -m sphinx -W -n docs docs/_build/html``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import pages  # noqa: E402 - lies beside this file
import words  # noqa: E402

import deterrence  # noqa: E402

project = "deterrence"
author = "The deterrence authors"
project_copyright = author
version = release = deterrence.__version__
language = "en-GB"

extensions = ["myst_nb", "sphinx.ext.autodoc"]
exclude_patterns = ["_build", "**.ipynb_checkpoints"]
default_role = "literal"
nitpicky = True

html_theme = "furo"
html_title = f"deterrence {version}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_math_renderer = "mathml"
html_theme_options = {"navigation_with_keys": True}

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

nb_execution_mode = "force"
nb_execution_in_temp = False
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_ipywidgets_js: dict[str, dict[str, str]] = {}

autodoc_class_signature = "separated"
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True


def setup(app: Any) -> dict[str, bool]:
    """Write the generated pages, and say how docstrings, formulas and names of types are read."""
    app.connect("builder-inited", lambda app: pages.write(Path(app.srcdir) / "reference"))
    app.connect("autodoc-process-docstring", words.docstring)
    app.connect("missing-reference", words.reference)
    app.add_html_math_renderer("mathml", (words.inline_math, None), (words.block_math, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
