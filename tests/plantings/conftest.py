"""Plantings: what the two tests of this folder share stands in modules beside them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
