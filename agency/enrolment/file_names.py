"""Names of the files uploaded by families, as written on this machine, with an ending for their kind."""

import re
from typing import Final

from chalicelib.domain.dossiers.uploads import Kind
from chalicelib.domain.text import fold

_ENDINGS: Final[dict[Kind | None, str]] = {"pdf": ".pdf", "jpeg": ".jpg", "png": ".png", None: ".bin"}
_UNFIT: Final = re.compile(r"[^a-z0-9]+")  # for the name of a file, on any system


def file_name(*parts: str, kind: Kind | None) -> str:
    """Name a file after some words, fit for any system."""
    return "_".join(_UNFIT.sub("-", fold(part)).strip("-") for part in parts if part) + _ENDINGS[kind]
