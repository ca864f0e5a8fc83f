"""Each requirement is pinned, once and everywhere, and `make lock` pins them all."""

import re
import tomllib
from pathlib import Path

import pytest

from tools.install import settings_for_uv

ROOT = Path(__file__).parents[1]
LISTS = ROOT / "requirements"
ASKED = [ROOT / "requirements.in", *sorted(LISTS.glob("*.in"))]
IN_VENV = ("office", "run", "agency", "dev")
OF_CLEF = ("requirements.in", "requirements/office.in", "requirements/agency.in")

# Libraries with a private part in use (docs/decisions/0093, 0094): the version reviewed, and the users.
SEAMS = {
    "botocore": (
        "1.44.8",
        "wiring.py, operations/package/botocore_*.py; tests/infra/dynamo/test_database.py, test_packaging.py",
    ),
    "jinja2": ("3.1.6", "typesetting.py; tests/presentation/test_typography.py"),
    "openpyxl": ("3.1.5", "office/files/xlsx_reader.py (ExcelReader); tests/office/files"),
    "reportlab": (
        "5.1.0",
        "leave_pillow_out in operations/package; tests/presentation/printing, tests/test_packaging.py",
    ),
}


def lines(file: Path) -> list[str]:
    texts = (line.partition("#")[0].strip() for line in file.read_text("utf-8").splitlines())
    return [line for line in texts if line]


def name(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[=<>;~! ]", requirement)[0]).lower()


def direct_names(file: Path) -> set[str]:
    return {name(line) for line in lines(file) if not line.startswith("-")}


def pins(file: Path) -> dict[str, str]:
    return {name(line): line.partition("==")[2] for line in lines(file)}


def locks() -> list[str]:
    """List the requirement files of `make lock`, in order."""
    (line,) = re.findall(r"^LOCKS := (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    return [f"{part}.in" for part in line.split()]


def test_make_lock_covers_every_list_of_requirements_and_each_after_those_it_agrees_with() -> None:
    order = locks()

    assert sorted(order) == sorted(str(file.relative_to(ROOT)) for file in ASKED)
    for file in ASKED:
        earlier = order[: order.index(str(file.relative_to(ROOT)))]
        agrees_with = {(file.parent / line[3:]).resolve() for line in lines(file) if line.startswith("-c ")}
        assert agrees_with <= {(ROOT / part).with_suffix(".txt") for part in earlier}


@pytest.mark.parametrize("file", ASKED, ids=lambda file: str(file.relative_to(ROOT)))
def test_whatever_is_asked_for_is_pinned_to_one_version(file: Path) -> None:
    lock = pins(file.with_suffix(".txt"))

    assert direct_names(file) - set(lock) == set()
    assert [distribution for distribution, version in lock.items() if not re.fullmatch(r"[\w.]+", version)] == []


def test_one_environment_has_one_version_of_each() -> None:
    of_one, *rest = map(pins, (ROOT / "requirements.txt", *(LISTS / f"{part}.txt" for part in IN_VENV)))

    for pins_of_part in rest:
        assert {distribution: pins_of_part[distribution] for distribution in of_one.keys() & pins_of_part} == {
            distribution: of_one[distribution] for distribution in of_one.keys() & pins_of_part
        }
        of_one |= pins_of_part


def test_a_library_is_looked_at_where_we_reach_into_it_before_its_version_moves() -> None:
    versions = pins(ROOT / "requirements.txt") | pins(LISTS / "office.txt")

    changes = {name: where for name, (version, where) in SEAMS.items() if versions[name] != version}

    assert changes == {}, "read what changed there, run these tests, then name the new version here"


def test_an_installed_clef_asks_for_what_its_requirements_say_and_chalice() -> None:
    """Chalice is a developer's requirement for the tree, since the Lambda's zip has it without one."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    assert {name(line) for line in project["dependencies"]} == {"chalice"}.union(
        *(direct_names(ROOT / file) for file in OF_CLEF)
    )


def test_uv_installs_only_where_it_does_what_this_machine_s_pip_is_set_to() -> None:
    """A setting of the command's wins over one of all commands, and a variable over both, as pip's do."""
    cases = {
        "": {},
        "global.cert='/a.pem'\n:env:.find-links='/b /c'": {"SSL_CERT_FILE": "/a.pem", "UV_FIND_LINKS": "/b,/c"},
        ":env:.index-url='https://b'\ninstall.index-url='https://a'": {"UV_DEFAULT_INDEX": "https://b"},
        "install.constraint='/b'\nglobal.constraint='/a'\ndownload.no-index='1'": {"UV_CONSTRAINT": "/b"},
        "global.retries='3'\nglobal.no-index='1'": None,
    }
    assert {listed: settings_for_uv(listed) for listed in cases} == cases
