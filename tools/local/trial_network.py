"""The network of `make run` and `make stack`: the agency's, with payments unless it chose its wings.

It is imported before any module that reads the network. With `CLEF_NETWORK_FILE` that file is used unchanged.
"""

import os
import shutil
import tomllib
from pathlib import Path
from typing import Final

from chalicelib.wings import ALL_WINGS
from tools.local.payfip import CONTRACT, STACK_ADDRESS

_ROOT: Final = Path(__file__).parents[2]
_AGENCY: Final = _ROOT / "chalicelib" / "settings" / "network.toml"
_TRIAL: Final = _ROOT / "build" / "run"
_PICTURES: Final = {".svg", ".webp", ".jpg", ".png"}  # of its look, beside it


def _write() -> Path:
    text = _AGENCY.read_text("utf-8")
    if {"wings", "payment"} & tomllib.loads(text).keys():
        return _AGENCY
    _TRIAL.mkdir(parents=True, exist_ok=True)
    for file in _AGENCY.parent.iterdir():
        if file.suffix in _PICTURES:
            shutil.copy(file, _TRIAL)
    wings = [wing.name for wing in ALL_WINGS]
    trial = _TRIAL / _AGENCY.name
    payment = f'[payment]\ncontract = "{CONTRACT}"\nmode = "W"\naddress = "{STACK_ADDRESS}"\n'
    trial.write_text(f"wings = {wings}\n{text}\n{payment}", "utf-8")
    return trial


if not os.environ.get("CLEF_NETWORK_FILE"):
    os.environ["CLEF_NETWORK_FILE"] = str(_write())
