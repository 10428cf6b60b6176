"""How Sphinx makes the documentation: ``make docs``. What it needs is here; nothing comes from another host."""

from __future__ import annotations

import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.dont_write_bytecode = True  # nothing is left beside the sources
os.environ["MPLBACKEND"] = "Agg"
os.environ["COLUMNS"] = "100"  # of what programs print, whatever terminal builds the pages
sys.path[:0] = [str(HERE / "_ext"), str(HERE.parent)]

project = "motcua"
author = "The motcua authors"
language = "en"
exclude_patterns = ["_ext"]
extensions = ["myst_parser", "sphinx.ext.autodoc", "pages"]

myst_enable_extensions = ["attrs_block", "colon_fence", "deflist"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]  # generated pages begin where their page leaves off

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 90
nitpicky = True
smartquotes = False

html_theme = "furo"
html_title = "motcua"
html_static_path = ["_static"]
html_css_files = ["motcua.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
