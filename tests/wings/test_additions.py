"""The additions of wings to this network. `test_switch.py` runs it for networks that leave wings out."""

from collections.abc import Callable, Collection
from typing import Final

import pytest

from agency.cli import COMMANDS, GROUPS
from agency.transfer.stage_data import PASSING_TABLES
from agency.transfer.stage_data import TABLES as EXPORTED
from app import app
from chalicelib.domain.account.audit import Author, Erasure
from chalicelib.domain.staff.members import Member
from chalicelib.office.find import find_at
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.jobs.uploads import LARGEST, kinds_of
from chalicelib.office.rights.erasure import erase
from chalicelib.office.rights.subject_access import export
from chalicelib.settings.environment import SettingsRefused
from chalicelib.settings.wings import WINGS, has
from chalicelib.wings import ALL_WINGS
from chalicelib.wings.teaching.office.rights import LessonData
from chalicelib.wings.wing import Wing
from chalicelib.work.long_jobs import HANDLERS
from chalicelib.work.post import WRITERS
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
