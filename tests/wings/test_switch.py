"""The switch of wings: with none and each alone, a process and its pages have no part of those left out.

A process has one network, so each choice has a pytest of its own. This one has all wings.
"""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from chalicelib.settings.environment import NETWORK_FILE
from chalicelib.wings import ALL_WINGS

# Payments need bills.
CHOICES: Final = ((), *(("billing",) * (wing.name == "payment") + (wing.name,) for wing in ALL_WINGS))
# Tests of the core that hold in every network: an answer sent, a password changed, a file imported, a stage moved.
OF_CORE: Final = (
    "tests/flows/family/test_summary.py::test_everybody_is_sent_under_one_receipt_by_one_write",
    "tests/flows/family/test_change_password.py",
    "tests/agency/roster/test_import_families.py::test_with_apply_it_is_stored_once",
    "tests/agency/test_status.py::test_where_nothing_is_in_progress_it_says_so",
    "tests/agency/transfer/test_transfer.py::test_a_stage_comes_back_whole_without_what_passes",
)
# In the network without any: pages, forms and commands of the core that lost a part.
WITHOUT_ANY: Final = (
    "tests/agency/enrolment/test_period.py",
    "tests/agency/rights",
    "tests/web/family/test_forms.py",
    "tests/web/family/test_visit.py",
    "tests/web/office/test_find.py",
    "tests/web/office/test_today.py",
)


def failure(folder: Path, choice: tuple[str, ...]) -> str:
    """Run tests in a network with a choice of wings. Return their output if they fail.

    Their `world` has no table of the wings left out, and `chalicelib.settings.wings.WINGS` has the others.
    """
    file = folder / f"{'-'.join(choice) or 'none'}.toml"
    text = re.sub(r"(?m)^wings = .*$", f"wings = {list(choice)}", NETWORK_FILE.read_text("utf-8"))
    file.write_text(text, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment["CLEF_NETWORK_OF_TESTS"] = str(file)
    tests = ("tests/wings/test_additions.py", "tests/wings/test_pages.py", *OF_CORE, *(() if choice else WITHOUT_ANY))
    command = [sys.executable, "-m", "pytest", "--no-cov", "-q", "-p", "no:cacheprovider", *tests]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return "" if run.returncode == 0 else f"{choice}: {run.stdout[-4000:]}{run.stderr[-2000:]}"


def test_a_network_has_its_own_wings_only(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        assert "".join(pool.map(lambda choice: failure(tmp_path, choice), CHOICES)) == ""
