"""The manifests of wings: each declaration exists, and each part that exists is declared."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from chalice.app import Blueprint

import chalicelib
from chalicelib.flows.family.visit import HomePart
from chalicelib.office.jobs.list_decision import DecidedList
from chalicelib.office.parts import DeclaredData, FamilyPart, FamilySearch, FileSearch, RightsPart, TodayPart
from chalicelib.office.roster.survey import FilePart
from chalicelib.presentation.office.job_reports import ReportWords
from chalicelib.services.dues import DuesPart, OnlinePart
from chalicelib.services.mails import DescribedMail
from chalicelib.stores.notices import NoticeCounter
from chalicelib.web.edge import FormBlueprint
from chalicelib.web.office.parts import FamilyMatter, FilesPart, MemberPart, TodayTask
from chalicelib.wings import ALL_WINGS
from chalicelib.wings.wing import Wing, load
from operations.package.parts import OF_OFFICE, in_layer
from tests.support.template import template_without_zip

_PAGES: Final = (HomePart, FamilyPart, TodayPart, FamilyMatter, FilesPart, MemberPart, TodayTask)
_SEARCHES: Final = (FamilySearch, FileSearch, DecidedList)
_RIGHTS: Final = (RightsPart, DeclaredData)
PARTS: Final = {
    kind.__name__: kind
    for kind in (*_PAGES, *_SEARCHES, *_RIGHTS, DescribedMail, DuesPart, FilePart, NoticeCounter, OnlinePart)
}
FUNCTIONS: Final = {"family", "applicant", "desk"}
FAMILY: Final = (
    "family",
    "applicant",
    "DuesPart",
    "HomePart",
    "NoticeCounter",
    "OnlinePart",
)  # in the families' package
CORE_FUNCTIONS: Final = {"APIHandler", "Bounces", "Desk", "DeskJobs", "Post", "SignIn"}
CORE_TABLES: Final = {"Accounts", "Mailboxes", "Sessions", "Attempts", "Office", "Enrolments", "Staff"}


def places(wing: Wing) -> Iterator[tuple[str, type | None]]:
    """List the places of a manifest, each with its type. None: something to call."""
    yield from ((place, Blueprint) for place in wing.functions.values())
    yield from ((place, FormBlueprint) for routes in wing.routes.values() for place in routes)
    yield from ((place, PARTS.get(kind, type(None))) for kind, parts in wing.parts.items() for place in parts)
    yield from ((place, None) for pair in wing.writers.items() for place in pair)
    yield from ((handler, None) for handler, _ in wing.jobs.values())
    yield from ((words, ReportWords) for _, words in wing.jobs.values() if words)
    yield from ((place, None) for pair in wing.static_pages for place in pair)
    yield from ((place, Mapping) for place in (*wing.texts, *wing.sentences))
    yield from ((place, None) for _, commands in wing.commands.values() for place in commands.values())
    yield from ((place, None) for place in wing.single_commands.values())


def fault(place: str, kind: type | None) -> str:
    try:
        value = load(place)
    except (ImportError, AttributeError, ValueError) as error:
        return f"{place}: {error}"
    is_right = callable(value) if kind is None else isinstance(value, kind)
    return "" if is_right else f"{place} is no {kind.__name__ if kind else 'function'}"


def modules(wing: Wing) -> Iterator[ModuleType]:
    """Import the modules of a wing's folder."""
    root = Path(chalicelib.__file__).parents[1]
    for path in sorted((root / "chalicelib/wings" / wing.name).rglob("*.py")):
        yield import_module(".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"))


def additions(wing: Wing) -> Iterator[str]:
    """Name the blueprints, the words of reports and the parts that the modules of a wing define."""
    for module in modules(wing):
        for name, value in vars(module).items():
            is_own = not isinstance(value, FormBlueprint) or name == "routes"
            if isinstance(value, (FormBlueprint, ReportWords, *PARTS.values())) and is_own:
                yield f"{module.__name__}:{name}"


def test_what_a_wing_declares_exists() -> None:
    faults = [f"{wing.name}: {sentence}" for wing in ALL_WINGS for place in places(wing) if (sentence := fault(*place))]

    assert faults == []
    for_families = [
        place
        for wing in ALL_WINGS
        for name in FAMILY
        for place in (*wing.routes.get(name, ()), *wing.parts.get(name, ()))
    ]
    assert [
        place for place in for_families if in_layer(place).startswith(OF_OFFICE)
    ] == []  # the families' package has no such module
    assert {function for wing in ALL_WINGS for function in wing.routes} <= FUNCTIONS
    assert fault("chalicelib.wings:MISSING", None) != ""
    assert fault("chalicelib.wings:ALL_WINGS", HomePart) == "chalicelib.wings:ALL_WINGS is no HomePart"


def test_what_a_wing_adds_is_declared() -> None:
    for wing in ALL_WINGS:
        of_manifest = {place for place, kind in places(wing) if kind not in {None, Mapping, Blueprint}}

        assert set(additions(wing)) == of_manifest, wing.name


def test_a_table_or_function_is_the_core_s_or_a_wing_s() -> None:
    resources: list[Any] = [name for wing in ALL_WINGS for name in wing.resources]
    names = {
        name
        for name, resource in template_without_zip()["Resources"].items()
        if resource["Type"] in {"AWS::DynamoDB::Table", "AWS::Serverless::Function"}
    }

    assert len(resources) == len(set(resources))
    assert names == CORE_TABLES | CORE_FUNCTIONS | set(resources)
