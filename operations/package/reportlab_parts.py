"""What a receipt and a letter load of ReportLab, and nothing else of it: no charts, no fonts of its own, no picture."""

import subprocess
from pathlib import Path
from typing import Final

_PLACEHOLDER: Final = (
    '"""In the place of Pillow, which weighs what all else does: nothing that is printed has a picture."""\n'
)
# Each kind of block, and each font, once, and a letter: what is loaded is what any of them loads.
_PROBE: Final = """
import sys
sys.path.insert(0, sys.argv[1])
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.campaign.postal_letters import PostalLetter
from chalicelib.printing import letter_pdf_of, pdf_of
pdf_of("<h1>é</h1><p>€</p><dl><dt>n°</dt><dd class='number'>1</dd></dl><ul><li>Ł</li></ul><footer>f</footer>", "t", "a")
line = ("é",)
letter_pdf_of(PostalLetter(AccountRef("s", "i"), line, line, "é", "é", "é", line, "é", "é", line, line), "t", "a")
print(*(module.__file__ for name, module in sys.modules.items() if name.partition(".")[0] == "reportlab"), sep="\\n")
"""


def trim(task: Path, python: str) -> None:
    """Leave out the modules that neither loads; and write a module that has ReportLab do without Pillow."""
    pictures = task / "PIL"
    pictures.mkdir()
    for name in ("__init__.py", "Image.py"):
        (pictures / name).write_text(_PLACEHOLDER, "utf-8")
    probe = [python, "-I", "-S", "-B", "-c", _PROBE, str(task)]
    loaded = subprocess.run(probe, capture_output=True, text=True, check=True).stdout.split("\n")  # noqa: S603 - our own command
    for file in [path for path in (task / "reportlab").rglob("*") if path.is_file() and str(path) not in loaded]:
        file.unlink()
