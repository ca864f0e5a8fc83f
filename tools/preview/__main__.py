"""Render all pages, mails and prints of a network into a folder, with an index: `make preview NETWORK=file`.

Several files, `NETWORK="a b"`, are shown side by side too. A file without sites is a look on our network's texts.
"""

import os
import re
import shutil
import sys
import tomllib
from contextlib import redirect_stdout
from importlib import import_module
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from tools.preview.beside import put_side_by_side

_OURS: Final = Path("chalicelib/settings/network.toml")
# Where the made-up people are. A code shows in no sentence, so a network's first sites lend theirs to them.
_MADE_UP: Final = ("evry-xenakis", "evry-magnard", "bondoufle-gounod", "villabe-yves-henry", "ris-orangis-messiaen")
_SITE: Final = """
[[sites]]
code = "{code}"
name = "Site inventé {number}"
contact = {{ office = "Bureau", telephone = "01 99 00 00 00", email = "site@example.org", hours = "jamais" }}
"""


def main() -> None:
    """Render into the first argument's folder the network of the second one's file, or those of several."""
    if len(sys.argv) > 3:  # noqa: PLR2004 - several networks
        print(put_side_by_side(Path(sys.argv[1]), sys.argv[2:]))
        return
    folder, file = Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else _OURS)  # noqa: PLR2004 - both
    with TemporaryDirectory() as scratch:
        try:
            os.environ["CLEF_NETWORK_FILE"] = str(with_made_up_sites(file, Path(scratch)))
            walk = import_module("tools.preview.walk")  # reads the network of that name
        except (OSError, ValueError, KeyError) as mistake:
            sys.exit(f"{file} is not a complete network: {mistake}")
        with redirect_stdout(StringIO()):  # the service's log
            counts = walk.render(folder, str(file))
    print(counts)


def with_made_up_sites(file: Path, folder: Path) -> Path:
    """Copy a network and the files of its look, with the made-up people's codes for its sites."""
    text = file.read_text("utf-8")
    tables: dict[str, Any] = tomllib.loads(text)
    if "look" in tables and "sites" not in tables:
        text = on_our_texts(text, tables)
        tables = tomllib.loads(text)
    codes = [site["code"] for site in tables["sites"]]
    free = [code for code in _MADE_UP if code not in codes]
    new_codes = dict(zip((code for code in codes if code not in _MADE_UP), free, strict=False))
    for code, made_up in new_codes.items():
        text = re.sub(rf"""(?<="){code}(?=")|(?<![\w.@"-]){code}(?=\s*=)""", made_up, text)
    for number, code in enumerate(free[len(new_codes) :], len(codes) + 1):
        text += _SITE.format(code=code, number=number)
    look = tables.get("look", {})
    for name in (look.get("logo"), *look.get("pictures", {}).values()):
        if name:
            shutil.copy(file.with_name(name), folder)
    copy = folder / file.name
    copy.write_text(text, "utf-8")
    return copy


def on_our_texts(look: str, tables: dict[str, Any]) -> str:
    """Complete a look that has its network's name alone by our network's texts."""
    texts = _OURS.read_text("utf-8")
    for setting in tables.keys() - {"look"}:
        texts = re.sub(rf"^{setting} = .*\n", "", texts, count=1, flags=re.MULTILINE)
    names, mark, colours = look.partition("[look]")
    return f"{names}{texts}{mark}{colours}"


if __name__ == "__main__":
    main()
