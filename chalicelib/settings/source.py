"""The source of the network's settings: its file, or the module beside a package, in a layer of the stage."""

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from chalicelib.settings.network import Network

# `CLEF_NETWORK_FILE` names another file: a stage's (`stages.toml`), or that of tests. A package reads none.
NETWORK_FILE: Final = Path(os.environ.get("CLEF_NETWORK_FILE") or Path(__file__).with_name("network.toml"))
SHIPPED: Final = "clef_network"  # a module of the layer that Lambda unpacks beside a package (decision 167)
CHECKERS: Final = ("network_file.py", "look_files.py")  # no package has them

_IS_PACKAGE: Final = not Path(__file__).with_name(CHECKERS[0]).exists()


def shipped_network() -> "Network | None":
    """Return the network as checked before it was shipped. None without a package."""
    if not _IS_PACKAGE:
        return None
    network: Network = import_module(SHIPPED).NETWORK
    return network
