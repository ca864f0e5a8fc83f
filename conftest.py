"""Tests have a network of their own, named before anything imports the product, and inherited by what they start."""

import os
from pathlib import Path

_NETWORK = Path(__file__).parent / "tests" / "data" / "network.toml"
os.environ["CLEF_NETWORK_FILE"] = os.environ.get("CLEF_NETWORK_OF_TESTS") or str(
    _NETWORK
)  # `tests/wings/test_switch.py`
