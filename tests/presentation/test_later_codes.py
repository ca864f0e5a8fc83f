"""After a rollback, tables keyed by a stored code meet codes of the later version: each answers them."""

import pkgutil
import re
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from importlib import import_module
from types import ModuleType
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

import pytest

import agency
import chalicelib
from chalicelib.infra.dynamo.codec import Codec
from chalicelib.work.long_jobs import HANDLERS
from tests.support.template_files import template_files

# The tables that are never asked for a stored code of another version, by the reason.
EXEMPT: Final = {
    "a choice of a form, or an act of now": (
        *(
            "wings.admission.office.decide._KINDS",
            "office.dossiers.documents._CHECKED",
            "office.enrolment.decide._KINDS",
        ),
        *(
            "wings.admission.web.office.applications._DONE",
            "web.office.reenrolments._DONE",
            "domain.staff.members._OPENED_BY",
        ),
        *("flows.family.family._WHOSE", "flows.staff.access._EVENTS", "office.staff.access._NOTIFIED"),
        "office.jobs.uploads.LARGEST",
    ),
    "the look-up has an answer of its own, or asks first if the code is there": (
        *("domain.account.notices._FORWARD", "domain.family.corrections.ACCESS_AT_MOST", "work.long_jobs.HANDLERS"),
        *("wings.campaign.presentation.office.campaign_plan._ENDINGS", "web.office.files.WORDS"),
        *("presentation.office.job_reports.STATES", "presentation.office.job_reports.OTHERS"),
        *("web.office.files._PLACES", "web.office.files._KINDS", "status._JOBS"),
    ),
    "a mail that waits in the dead letters for its version": (
        *(
            "wings.admission.office.mails.LETTERS",
            "presentation.texts.ACCESS_CHANGES",
            "domain.account.change_links._KINDS",
        ),
        *("flows.family.security_notices._LETTERS", "office.helpdesk.corrections.KINDS"),
    ),
    "SES's own words, or the file's columns": (
        *("domain.account.diagnosis._SUPPRESSED", "domain.roster.merge._FACTS", "domain.roster.merge._MAY_DIFFER"),
        *("domain.roster.listed_fields._BESIDE", "office.files.columns.IDENTIFIER"),
    ),
}


def modules() -> Iterator[ModuleType]:
    for package in (chalicelib, agency):
        for about in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield import_module(about.name)


def codes_in(hint: Any, states: set[Any]) -> Iterator[frozenset[str]]:
    """List the closed sets of codes in the values of a type, at any depth."""
    if get_origin(hint) is Literal:
        yield frozenset(map(str, get_args(hint)))
        return
    is_new_value = is_dataclass(hint) and hint not in states
    states.add(hint if is_new_value else None)
    for part in get_type_hints(hint).values() if is_new_value else get_args(hint):
        yield from codes_in(part, states)


@pytest.fixture(scope="module")
def codes() -> set[frozenset[str]]:
    """List the sets of codes that stored values may have."""
    values = [value for module in modules() for value in vars(module).values()]
    codecs = [codec for value in values for codec in (value, getattr(value, "codec", None)) if isinstance(codec, Codec)]
    states: set[Any] = set()
    return {frozenset(HANDLERS)} | {some for codec in codecs for some in codes_in(codec.kind, states) if len(some) > 1}


def is_keyed_by(keys: set[str], codes: set[frozenset[str]]) -> bool:
    return bool(keys - {""}) and any(keys <= some or some <= keys for some in codes)


def is_silent(table: Any, codes: set[frozenset[str]]) -> bool:
    is_table = isinstance(table, Mapping) and all(isinstance(key, str) for key in table)
    return is_table and is_keyed_by(set(table), codes) and not hasattr(table, "__missing__")


@pytest.mark.wing("admission", "billing", "campaign")
def test_every_table_keyed_by_a_stored_code_answers_a_later_one(codes: set[frozenset[str]]) -> None:
    exempt, silent = set(sum(EXEMPT.values(), ())), dict[int, set[str]]()
    for module in modules():
        for name, table in vars(module).items():
            if is_silent(table, codes):
                silent.setdefault(id(table), set()).add(f"{module.__name__.partition('.')[2]}.{name}")

    assert [sorted(names) for names in silent.values() if not names & exempt] == []
    assert exempt - set().union(*silent.values()) == set()


def test_every_table_of_a_template_keyed_by_a_stored_code_has_a_default(codes: set[frozenset[str]]) -> None:
    silent = []
    for file in template_files():
        text = file.read_text(encoding="utf-8", errors="ignore")
        for name, table in re.findall(r"{% set (\w+) = ({.*?}(?:\[[^]]+\](?:\|default)?)?) ?[|(%]", text, re.DOTALL):
            if is_keyed_by(set(re.findall(r'"(\w+)":', table)), codes):
                look_ups = [table] if "[" in table else re.findall(rf"\b{name}\[[^]]+\](?:\|default)?", text)
                silent += [(file.name, look_up) for look_up in look_ups if not look_up.endswith("default")]

    assert silent == []
