"""``python -m experiments.validate``."""

from __future__ import annotations

import sys

from experiments.validate import main

sys.exit(main())
