"""veraPDF on the prints (`make linters`, where there is Java): they break none of its rules of PDF/UA-1."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from chalicelib.presentation.printing import pdf_of
from operations.package import PROJECT
from tests.support.paper_letters import LONG_NAME, LOOKS, NETWORK, PAGE, letters, network_of

pytestmark = [pytest.mark.linters, pytest.mark.skipif(not shutil.which("java"), reason="veraPDF needs Java")]


def breaches(folder: Path, prints: dict[str, bytes]) -> dict[str, list[str]]:
    """List the clauses of PDF/UA-1 that each print breaks."""
    for name, content in prints.items():
        (folder / name).write_bytes(content)
    program = [str(PROJECT / name) for name in (".venv-linters/bin/python", "tests/linters/verapdf.py")]
    run = subprocess.run([*program, *prints], cwd=folder, capture_output=True, text=True, check=True)
    answers = json.loads(run.stdout)
    assert min(checks for checks, _ in answers.values()) > 500  # it looked
    return {name: clauses for name, (_, clauses) in answers.items()}


def test_pages_and_letters_of_any_look_break_no_rule(tmp_path: Path) -> None:
    networks = {"usual": NETWORK} | {folder.name: network_of(folder.name) for folder in LOOKS.iterdir()}
    prints = {f"{name}.pdf": pdf_of(PAGE, "Reçu « été »", network).encode() for name, network in networks.items()}
    prints |= {
        f"{name}-letters.pdf": letters("Mme Nguyễn", LONG_NAME, network=network) for name, network in networks.items()
    }

    assert len(prints) == 8
    assert {clause for clauses in breaches(tmp_path, prints).values() for clause in clauses} == set()


def test_a_print_without_its_language_or_its_title_is_named(tmp_path: Path) -> None:
    content = pdf_of(PAGE, "Reçu", NETWORK).encode()
    prints = {"lang.pdf": content.replace(b"/Lang ", b"/Long "), "title.pdf": content.replace(b"dc:title", b"dc:tilte")}

    assert breaches(tmp_path, prints) == {"lang.pdf": ["7.2"], "title.pdf": ["7.1"]}
