"""The validated network as a Python module instead of `network.toml`, which loads fastest."""

from pathlib import Path
from typing import Final

from chalicelib.settings.environment import NETWORK_FILE, Network, load_network
from chalicelib.settings.parts import Part
from chalicelib.settings.source import SHIPPED
from operations.package.interpreter import PackageRefused

CHECKER: Final = "network_file.py"  # not needed after validation
_FILE: Final = "network.toml"  # of the tree, whichever file was validated
_MODULE: Final = '''"""The network as `network.toml` described it when this was packaged."""

import datetime

{parts}

NETWORK = {network}
'''


def check(file: Path = NETWORK_FILE) -> Network:
    """Validate the network. Raises `PackageRefused`."""
    try:
        return load_network(path=file)
    except ValueError as mistake:
        sentence = f"chalicelib/settings/{file.name} is not complete, so nothing is packaged. {mistake}"
        raise PackageRefused(sentence) from None


def ship(network: Network, task: Path) -> None:
    """Replace the file and its validator by the module."""
    package = task / "chalicelib/settings"
    for name in (_FILE, CHECKER):
        (package / name).unlink()
    parts = "\n".join(f"from {part.__module__} import {part.__name__}" for part in Part.__subclasses__())
    module = _MODULE.format(parts=parts, network=repr(network))
    (package / f"{SHIPPED}.py").write_text(module, "utf-8")
