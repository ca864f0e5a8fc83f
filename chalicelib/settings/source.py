"""The source of the network's settings: its file, or the module that a package has instead."""

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from chalicelib.settings.network import Network

# `CLEF_NETWORK_FILE` names another file for tests. A package read its network when it was made.
NETWORK_FILE: Final = Path(os.environ.get("CLEF_NETWORK_FILE") or Path(__file__).with_name("network.toml"))
SHIPPED: Final = "shipped_network"  # a module that only a package has, instead of the file (`operations/package`)

_IS_PACKAGE: Final = Path(__file__).with_name(f"{SHIPPED}.py").exists()


def shipped_network() -> "Network | None":
    """Return the network as checked before it was shipped. None without a package."""
    if not _IS_PACKAGE:
        return None
    network: Network = import_module(f"chalicelib.settings.{SHIPPED}").NETWORK
    return network
