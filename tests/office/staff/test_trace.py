"""The acts and consultations of a member of staff, for a possibly stolen access."""

import pytest

from chalicelib.domain.account.audit import Author
from chalicelib.office.account import note_consultation
from chalicelib.office.helpdesk.access import HelpdeskCase, switch
from chalicelib.office.staff.access import disable
from chalicelib.office.staff.members import StaffInput
from chalicelib.office.staff.trace import trace
from chalicelib.presentation.office.staff import traced_act
from chalicelib.web.office.staff_member import TRAILS
from chalicelib.wings.admission.office.applications import audited_as
from tests.support.old_applications import send_application
from tests.support.staff import MANAGER, SECRETARY, member
from tests.support.world import ROSSIGNOL, World

BASILE = Author("Basile Troglodyte <troglodyte@example.org>", "la famille a appelé")


def test_acts_and_consultations_are_found_whatever_the_file_and_of_nobody_else(world: World) -> None:
    world.settle()
    member(world)
    member(world, MANAGER)
    note_consultation(world.services, ROSSIGNOL, "family_read", BASILE.who, world.now)
    switch(world.services, HelpdeskCase("xen1", None, BASILE), world.now, is_disabled=True)
    author = Author("Odile Fauvette <fauvette@example.org>", "erreur")
    switch(world.services, HelpdeskCase("xen1", None, author), world.now, is_disabled=False)
    disable(world.services, StaffInput(SECRETARY, author), world.now)

    traced_acts = trace(world.services, SECRETARY, world.now)

    assert [(act.site, act.identifier, *traced_act(act)) for act in traced_acts] == [
        ("evry-xenakis", "xen1", "compte désactivé", "la famille a appelé"),
        ("evry-xenakis", "xen1", "consultation : dossier de la famille", ""),
    ]
    assert [(traced_act(act)[0], act.identifier) for act in trace(world.services, MANAGER, world.now)] == [
        ("compte réactivé", "xen1"),
        ("personnel : accès désactivé", SECRETARY),
    ]


def test_what_is_of_no_account_that_is_still_there_has_no_name(world: World) -> None:
    note_consultation(world.services, ROSSIGNOL, "family_read", BASILE.who, world.now)

    (act,) = trace(world.services, SECRETARY, world.now)

    assert act.identifier == ""
    assert act.account


@pytest.mark.wing("admission")
def test_an_application_is_of_no_site_and_found_too(world: World) -> None:
    application = send_application(world)
    note_consultation(world.services, audited_as(application.ref), "request_read", BASILE.who, world.now)

    (act,) = trace(world.services, SECRETARY, world.now, TRAILS)

    assert traced_act(act) == ("consultation : demande", "")
