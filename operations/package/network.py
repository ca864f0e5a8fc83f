"""The validated network as a module in a layer of its own, which loads fastest. The packages serve any network."""

from pathlib import Path
from typing import Final

from chalicelib.settings.environment import NETWORK_FILE, Network, load_network
from chalicelib.settings.parts import Part
from chalicelib.settings.source import CHECKERS, SHIPPED
from operations.package.interpreter import PackageRefused

PYTHON: Final = "python"  # the folder of a layer that Python searches
_FILE: Final = "network.toml"  # of the tree, whichever file was validated
_MODULE: Final = '''"""The network as its file described it when this was packaged."""

import datetime

{parts}

NETWORK = {network}
'''


def check(file: Path = NETWORK_FILE) -> Network:
    """Validate the network. Raises `PackageRefused`."""
    try:
        return load_network(path=file)
    except ValueError as mistake:
        sentence = f"{file.name} is not complete, so nothing is packaged. {mistake}"
        raise PackageRefused(sentence) from None


def leave_out(task: Path) -> None:
    """Take the network's file and its validators out of a package."""
    for name in (_FILE, *CHECKERS):
        (task / "chalicelib/settings" / name).unlink()


def write_module(network: Network, layer: Path) -> None:
    """Write the module into the folder of a layer."""
    parts = "\n".join(f"from {part.__module__} import {part.__name__}" for part in Part.__subclasses__())
    (layer / PYTHON).mkdir(parents=True)
    (layer / PYTHON / f"{SHIPPED}.py").write_text(_MODULE.format(parts=parts, network=repr(network)), "utf-8")
