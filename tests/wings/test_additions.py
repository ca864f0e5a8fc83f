"""The additions of wings to this network. `test_switch.py` runs it for networks that leave wings out."""

from collections.abc import Callable, Collection
from contextlib import nullcontext
from typing import Any, Final

import pytest

from agency.cli import COMMANDS, GROUPS, command_line
from agency.console.lazy_group import LazyGroup
from agency.enrolment.announcement import period_of
from agency.transfer.stage_data import PASSING_TABLES
from agency.transfer.stage_data import TABLES as EXPORTED
from app import app
from chalicelib.domain.account.audit import Author, Erasure
from chalicelib.domain.staff.members import Member
from chalicelib.mail.jobs import QueuedJob
from chalicelib.office.find import find_at
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.jobs.uploads import LARGEST, kinds_of
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.rights.erasure import erase
from chalicelib.office.rights.subject_access import export
from chalicelib.settings.environment import SettingsRefused
from chalicelib.settings.wings import WINGS, has
from chalicelib.wings import ALL_WINGS
from chalicelib.wings.campaign.mail import CampaignNotice
from chalicelib.wings.teaching.mail import AbsencesDue
from chalicelib.wings.teaching.office.rights import LessonData
from chalicelib.wings.wing import Wing
from chalicelib.work.long_jobs import HANDLERS
from chalicelib.work.post import WRITERS, post
from operations.restore.differences import TABLES as RESTORED
from tests.support.clef import every_command
from tests.support.enrolment import answer_all, open_season
from tests.support.enrolment_flows import come, submit
from tests.support.logins import attempt, lose_password
from tests.support.world import OPENING_MORNING, ROSSIGNOL, World

OUT: Final = [wing for wing in ALL_WINGS if wing not in WINGS]
# The names in a list, and a wing's own.
LISTS: Final[dict[str, tuple[Collection[str], Callable[[Wing], Collection[str]]]]] = {
    "functions": (
        {function.name for function in app.pure_lambda_functions} | {source.name for source in app.event_sources},
        lambda wing: wing.functions,
    ),
    "desk jobs": (HANDLERS, lambda wing: wing.jobs),
    "files of rows": (
        kinds_of(Member("", "", "manager", (), "", OPENING_MORNING)),
        lambda wing: wing.jobs.keys() & LARGEST.keys(),
    ),
    "jobs of the post": ([f"{job.__module__}:{job.__name__}" for job in WRITERS], lambda wing: wing.writers),
    "commands": ((*GROUPS, *COMMANDS), lambda wing: (*wing.commands, *wing.single_commands)),
    "restored tables": (RESTORED, lambda wing: wing.tables),
    "tables of an export": ((*EXPORTED, *PASSING_TABLES), lambda wing: wing.all_tables),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_has_the_additions_of_the_networks_wings_only(name: str) -> None:
    names, additions = LISTS[name]

    assert [addition for wing in WINGS for addition in additions(wing) if addition not in names] == []
    assert [addition for wing in OUT for addition in additions(wing) if addition in names] == []


def test_a_command_shows_an_option_about_a_wing_only_if_the_network_has_it() -> None:
    options = {option.name: option for _, command in every_command() for option in command.params}

    assert options["opinion"].hidden == (not has("teaching"))
    assert options["new"].hidden == (not has("admission"))
    with nullcontext() if has("admission") else pytest.raises(OfficeRefusal, match="admission_left_out"):
        assert period_of(new=True) == "new_requests"


def test_what_a_wing_keeps_has_its_purge_which_the_help_lists_only_if_the_network_has_the_wing() -> None:
    groups = command_line().commands
    requests = groups["requests"]
    assert isinstance(requests, LazyGroup)

    assert (requests.hidden, "list" in requests.commands) == (not has("admission"), has("admission"))
    assert "purge" in requests.commands
    assert {"invoices", "campaign"} & groups.keys() <= GROUPS.keys()


def test_a_job_of_a_wing_left_out_is_dropped_and_recorded(world: World) -> None:
    facts: dict[str, Any] = {"request": "request-1", "asked_at": world.now}
    jobs: dict[str, QueuedJob] = {
        "campaign": CampaignNotice(**facts, mailbox="0123456789abcdef0123", campaign="c", accounts=()),
        "teaching": AbsencesDue(**facts, site="evry-xenakis", course="c", day="2026-09-01", due_at=world.now),
    }
    out = [job for name, job in jobs.items() if not has(name)]

    post({"Records": [{"body": job.to_json(), "receiptHandle": "r"} for job in out]}, None)

    assert [(e["event"], e["request"], e["kind"]) for e in world.events()] == [
        ("job_left_out", "request-1", job.kind) for job in out
    ]


def test_a_store_without_its_tables_setting_is_refused_by_its_name(world: World) -> None:
    settings = world.services.settings

    assert {settings.table(table) for wing in WINGS for table in wing.all_tables} == {*settings.wing_tables.values()}
    for table in (table for wing in OUT for table in wing.all_tables):
        with pytest.raises(SettingsRefused, match=f"^CLEF_{table.upper()}_TABLE is missing$"):
            settings.table(table)


def test_a_family_logs_in_re_enrols_is_found_copied_and_erased(world: World) -> None:
    open_season(world)
    lose_password(world)
    world.deliver()
    token = attempt(world, world.mailed_password())
    answer_all(world)
    submit(world, come(world, token))
    world.deliver_patiently()
    assert len(world.mails()) == 5  # a password, and for each guardian its use and a receipt

    assert find_at(world.services, "tilleuls rossignol", [ROSSIGNOL.site], world.now).accounts == (world.account(),)
    assert find_at(world.services, "F26-0031", [ROSSIGNOL.site], world.now).accounts == ()
    data = export(world.services, HelpdeskCase("xen1", None, Author("Mme Houx", "demande")), world.now)
    assert (len(data.enrolments), data.lessons, data.applications) == (1, LessonData(), ())
    erasure = Erasure.of((ROSSIGNOL,), "Mme Houx", "asked", world.now)
    erase(world.services, world.account(), erasure, lambda: None)
    assert world.services.accounts.find(ROSSIGNOL) is None
