"""Tests have a network of their own, named before anything imports the product, and inherited by what they start."""

import os
from pathlib import Path

os.environ["CLEF_NETWORK_FILE"] = str(Path(__file__).parent / "tests" / "data" / "network.toml")
