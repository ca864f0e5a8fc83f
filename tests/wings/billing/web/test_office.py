"""GET /extranet/bureau/factures: the families by payment state, and one family's bills as it sees them."""

import re
from datetime import timedelta

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.office.account import consultations_of
from tests.support.billing import ALL, OVERDUE, TO_PAY, bill, with_pdfs
from tests.support.staff import DESK, MANAGER, NAMES, READER, enter
from tests.support.world import ROSSIGNOL, Visitor, World

BILLS = f"{DESK}/factures"
FAMILY = f"{BILLS}/evry-xenakis/xen1"


@pytest.fixture
def biller(world: World) -> World:
    """Bill a family of the reader's site, and one of another site."""
    world.settle()
    bill(world, *ALL)
    ref = AccountRef("evry-magnard", "mag1")
    world.settle(ref, emails=())
    bill(world, TO_PAY, to=ref)
    return world


def test_a_reader_sees_its_sites_and_a_manager_all(biller: World, visitor: Visitor) -> None:
    pages = {}
    for email in (READER, MANAGER):
        enter(biller, visitor, email)
        page = visitor.get(BILLS).text
        pages[email] = [
            code for code in ("evry-xenakis/xen1", "evry-magnard/mag1") if f"/factures/{code}?ligne=" in page
        ]

    assert pages == {READER: ["evry-xenakis/xen1"], MANAGER: ["evry-xenakis/xen1", "evry-magnard/mag1"]}


def test_families_are_filtered_by_site_and_state(biller: World, visitor: Visitor) -> None:
    enter(biller, visitor, MANAGER)

    page = visitor.get(f"{BILLS}?site=evry-magnard&etat=a-payer").text

    assert "/factures/evry-magnard/mag1?" in page
    assert "/factures/evry-xenakis/xen1" not in page
    assert "187,00 €" in page
    assert "Aucune famille ici dans cet état." in visitor.get(f"{BILLS}?site=evry-magnard&etat=en-retard").text


@pytest.mark.parametrize("page", ["2", "0", "-1", "x", "²", "999999999"])
def test_a_page_that_is_none_is_the_nearest(biller: World, visitor: Visitor, page: str) -> None:
    enter(biller, visitor, READER)

    assert "/factures/evry-xenakis/xen1" in visitor.get(f"{BILLS}?page={page}").text


def test_pages_lead_to_each_other_with_their_filters(world: World, visitor: Visitor) -> None:
    for number in range(51):
        bill(world, OVERDUE, to=AccountRef("evry-xenakis", f"fam{number:02}"))
    enter(world, visitor, READER)

    page = visitor.get(f"{BILLS}?etat=en-retard").text

    assert "Page 1 sur 2" in page
    assert f'href="{BILLS}?etat=en-retard&page=2"' in page.replace("&amp;", "&")
    assert "Compte effacé" in page


def test_one_family_is_shown_as_it_sees_itself_and_who_looked_is_noted(biller: World, visitor: Visitor) -> None:
    member = enter(biller, visitor, READER)

    page = visitor.get(FAMILY)

    assert page.status_code == 200
    assert "Famille Rossignol" in page.text
    assert re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page.text)).count("886,50 €") == 1
    (consultation,) = consultations_of(biller.services, ROSSIGNOL, biller.now)
    assert (consultation.kind, consultation.who) == ("bills_read", member.known_as)
    assert NAMES[READER] in consultation.who


def test_a_pdf_is_led_to_by_a_link_of_five_minutes(world: World, visitor: Visitor) -> None:
    world.settle()
    (invoice,) = with_pdfs(world, [TO_PAY])
    bill(world, invoice)
    enter(world, visitor, READER)
    page = visitor.get(FAMILY).text

    answer = visitor.get(f"{FAMILY}/{invoice.code}")

    assert f'href="{FAMILY}/{invoice.code}"' in page
    assert answer.status_code == 303
    assert f"X-Amz-Expires={int(timedelta(minutes=5).total_seconds())}" in answer.headers["Location"]
    assert visitor.get(f"{FAMILY}/0123456789ab").status_code == 404


def test_a_family_that_is_not_there_is_not_found(biller: World, visitor: Visitor) -> None:
    enter(biller, visitor, READER)

    assert visitor.get(f"{BILLS}/evry-xenakis/nobody").status_code == 404
