"""``python -m experiments.new``."""

from __future__ import annotations

import sys

from experiments.new import main

sys.exit(main())
