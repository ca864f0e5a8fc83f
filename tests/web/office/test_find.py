"""« Recherche »: find families by their words on the telephone, at the member's sites, with no name in an address."""

import re
from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.family.households import Guardian, Household, Pupil
from chalicelib.wings.billing.domain.bills import Invoice
from tests.support.applications import NUMBER
from tests.support.billing import bill
from tests.support.enrolled_families import CANARI, NUMBERS, open_for_rossignol, submitted_alone
from tests.support.staff import DESK, MANAGER, READER, SECRETARY, TEACHER, enter, member, stores
from tests.support.stored_applications import PIE, PIE_NUMBER, application_of, open_admission, stored, withdraw
from tests.support.world import PUBLIC_URL, ROSSIGNOL, Visitor, World

FIND = f"{DESK}/recherche"
MERLE = AccountRef("evry-magnard", "mag2")
ALOUETTE = AccountRef("evry-xenakis", "xen9")


@pytest.fixture(autouse=True)
def _families(world: World) -> None:
    household = Household(
        (Guardian("Mme Aimée Rossignol", telephone="06 99 00 00 01"),), pupils=(Pupil("Zélie Rossignol"),)
    )
    world.settle(display_identifier="XEN 1", household=household)
    world.settle(MERLE, name="Famille Merle", emails=("merle@example.org",))


def opened(visitor: Visitor, text: str) -> str:
    """Search for a text. Returns the address that it opens."""
    answer = visitor.post(FIND, {"recherche": text})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].removeprefix(PUBLIC_URL)


def search(visitor: Visitor, text: str, status: int = 200) -> str:
    answer = visitor.post(FIND, {"recherche": text})
    assert answer.status_code == status
    return answer.text


def test_the_form_takes_the_keyboard_at_once_and_says_its_shortcut(world: World, visitor: Visitor) -> None:
    enter(world, visitor)

    page = visitor.get(FIND).text

    assert re.search(r'<input id="recherche"[^>]* accesskey="r"[^>]* autofocus', page)
    assert "<kbd>Alt</kbd> + <kbd>R</kbd>" in page


def test_the_header_of_every_page_has_the_field_and_a_single_hit_opens(world: World, visitor: Visitor) -> None:
    enter(world, visitor)
    for path in ("", "/reinscriptions", "/mon-acces", "/familles/evry-xenakis/xen1"):
        page = visitor.get(f"{DESK}{path}").text
        assert re.search(
            rf'<form class="find" method="post" action="{FIND}".*?name="jeton".*?accesskey="r"', page, re.DOTALL
        )
        assert page.count('accesskey="r"') == 1

    for text in ("+33 6 99 00 00 01", "zelei rosignol"):
        assert opened(visitor, text) == f"{DESK}/familles/evry-xenakis/xen1"
    enter(world, visitor, TEACHER)
    assert 'class="find"' not in visitor.get(f"{DESK}/mon-acces").text


def test_several_families_are_listed_with_what_matches(world: World, visitor: Visitor) -> None:
    world.settle(
        ALOUETTE, name="Famille Alouette", household=Household((Guardian("M. Alouette", telephone="06 99 00 00 01"),))
    )
    enter(world, visitor)

    page = search(visitor, "+33 6 99 00 00 01")

    assert "2 familles trouvées" in page
    assert f'<a href="{DESK}/familles/evry-xenakis/xen1">Famille Rossignol</a>' in page
    assert "06 99 00 00 01 (téléphone)" in page
    assert "Zélie Rossignol" in page
    assert "Évry - Xénakis" in page or "Evry - Xénakis" in page


def test_what_is_close_stands_apart_with_what_it_is_close_to(world: World, visitor: Visitor) -> None:
    world.settle(ALOUETTE, name="Famille Alouette", household=Household(pupils=(Pupil("Zélie Rossignal"),)))
    enter(world, visitor)

    page = search(visitor, "zelei rosignol")

    assert "Rien d'exactement pareil ; voici le plus proche" in page
    assert "Proche de" in page
    assert "Zélie Rossignol (élève)" in page
    assert "famille trouvée" not in page


def test_families_of_other_sites_are_not_found_but_by_a_manager(world: World, visitor: Visitor) -> None:
    enter(world, visitor, SECRETARY)
    assert "Aucune famille trouvée à vos sites" in search(visitor, "merle")

    enter(world, visitor, MANAGER)
    assert opened(visitor, "merle") == f"{DESK}/familles/evry-magnard/mag2"


def test_what_is_typed_stays_in_the_field_and_nothing_to_search_is_said(world: World, visitor: Visitor) -> None:
    enter(world, visitor)

    page = search(visitor, " - ", 422)

    assert "Donnez au moins une lettre ou un chiffre à chercher." in page
    assert 'aria-invalid="true"' in page
    assert 'value="hautbois"' in search(visitor, "hautbois")
    assert search(visitor, "x" * 101, 422).count("100") > 0


@pytest.mark.wing("admission")
def test_a_search_reads_summaries_only_and_what_it_found(world: World, visitor: Visitor) -> None:
    enter(world, visitor)
    world.aws.calls.clear()

    opened(visitor, "rossignol")

    # Families, periods, applications. Without a period of these, a look at this year's and one at last year's.
    assert world.aws.calls[-6:] == ["Query", "GetItem", "GetItem", "Query", "Query", "Query"]
    assert world.aws.calls.count("Query") == 4


def test_a_receipt_read_out_on_the_telephone_leads_to_its_re_enrolment(world: World, visitor: Visitor) -> None:
    open_for_rossignol(world)
    submitted_alone(world, CANARI, "Famille Canari", "Ana Canari", NUMBERS[1])
    enter(world, visitor, SECRETARY)

    for number in (NUMBERS[0], "r27 k4tn 8wcb", " r 27 - K4 TN - 8W CB "):
        answer = visitor.post(FIND, {"recherche": number})
        assert answer.status_code == 303
        assert answer.headers["Location"].endswith("/extranet/bureau/reinscriptions/evry-xenakis/xen1?saison=2027")
    for number in (NUMBERS[1], "R27-ZZZZ-9999"):  # of another site, or unknown: the same answer
        page = search(visitor, number, 422)
        assert f"Aucun reçu n'a le numéro {number} : faites-le relire, ou cherchez la famille par son nom." in page
    enter(world, visitor, MANAGER)
    assert visitor.post(FIND, {"recherche": NUMBERS[1]}).headers["Location"].endswith("evry-magnard/mag2?saison=2027")


def test_a_search_may_be_of_one_site_where_one_sees_several(world: World, visitor: Visitor) -> None:
    enter(world, visitor)
    assert 'name="site"' not in visitor.get(FIND).text
    enter(world, visitor, MANAGER)

    page = visitor.post(FIND, {"recherche": "hautbois", "site": MERLE.site}).text

    assert visitor.post(FIND, {"recherche": "famille", "site": MERLE.site}).status_code == 303
    assert re.search(rf'<option value="{MERLE.site}" selected>', page)
    assert visitor.post(FIND, {"recherche": "famille", "site": "ailleurs"}).status_code == 404


def test_a_manager_finds_members_of_staff_and_others_do_not(world: World, visitor: Visitor) -> None:
    guest = member(world, READER)
    stores(world).members.change(guest, replace(guest, name="Hermine Sørensen"))
    enter(world, visitor, SECRETARY)
    assert "Aucune famille trouvée" in search(visitor, "sorensen")

    enter(world, visitor, MANAGER)

    part = world.services.record.pseudonyms.of_mailbox(READER)
    assert opened(visitor, "sorensen") == opened(visitor, READER) == f"{DESK}/personnel/{part}"


@pytest.mark.wing("billing")
def test_the_number_of_an_invoice_leads_to_its_family_s_bills_at_the_own_sites(world: World, visitor: Visitor) -> None:
    for ref, number in ((ROSSIGNOL, "FA 2026/12"), (MERLE, "FA 2026/13")):
        bill(world, Invoice(number, date(2026, 9, 30), 12_000), to=ref)
    enter(world, visitor, SECRETARY)

    assert opened(visitor, "fa-2026-12") == f"{DESK}/factures/evry-xenakis/xen1"
    calls = []
    for text in ("FA 2026/13", "FA 2026/99"):  # of another site, and unknown
        world.aws.calls.clear()
        assert "Aucune famille trouvée" in search(visitor, text)
        calls.append(list(world.aws.calls))
    assert calls[0] == calls[1]


@pytest.mark.wing("admission")
def test_an_application_is_found_by_a_name_as_heard_at_the_own_sites(world: World, visitor: Visitor) -> None:
    open_admission(world)
    application_of(world)
    application_of(world, "pie@example.org", PIE, PIE_NUMBER)
    enter(world, visitor, READER)
    world.aws.calls.clear()

    assert opened(visitor, "alba jai") == opened(visitor, "06 99 00 20 01") == f"{DESK}/demandes/{NUMBER}"

    assert world.aws.calls.count("Query") == 4  # for each search, its families and its applications
    withdraw(world, *(one.key for one in stored(world).answers.candidates))
    assert opened(visitor, "geais") == f"{DESK}/demandes/{NUMBER}"


@pytest.mark.wing("admission")
def test_several_applications_are_listed_each_with_its_pupils_and_number(world: World, visitor: Visitor) -> None:
    open_admission(world)
    application_of(world)
    application_of(world, "pie@example.org", PIE, PIE_NUMBER)
    enter(world, visitor, MANAGER)

    page = search(visitor, "example.org")

    for number in (NUMBER, PIE_NUMBER):
        link = rf'<a href="{DESK}/demandes/{number}">[^<]+</a>, pour [^:<]+ : <span class="number">{number}</span>'
        assert re.search(link, page)


@pytest.mark.wing("admission")
def test_the_number_of_an_application_opens_it_at_the_own_sites(world: World, visitor: Visitor) -> None:
    open_admission(world)
    application_of(world)
    elsewhere = replace(PIE, candidates=(replace(PIE.candidates[0], wishes=PIE.candidates[0].wishes[:1]),))
    application_of(world, "pie@example.org", elsewhere, PIE_NUMBER)
    enter(world, visitor, SECRETARY)

    assert opened(visitor, NUMBER.lower().replace("-", " ")) == f"{DESK}/demandes/{NUMBER}"
    calls = []
    for number in (PIE_NUMBER, "P27-ZZZZ-9999"):
        world.aws.calls.clear()
        assert number in search(visitor, number, 422)
        calls.append(list(world.aws.calls))
    assert calls[0] == calls[1]


@pytest.mark.wing("admission")
def test_the_files_opened_last_stand_below_an_empty_search_at_the_sites_seen(world: World, visitor: Visitor) -> None:
    open_admission(world)
    application_of(world)
    enter(world, visitor, MANAGER)
    for path in ("familles/evry-magnard/mag2", f"demandes/{NUMBER}", "familles/evry-xenakis/xen1"):
        visitor.get(f"{DESK}/{path}")
        visitor.get(f"{DESK}/{path}")

    links = re.findall(r'<li><a href="([^"]+)">([^<]+)</a>, ', visitor.get(FIND).text)

    assert links == [
        (f"{DESK}/familles/evry-xenakis/xen1", "Famille Rossignol"),
        (f"{DESK}/demandes/{NUMBER}", "Mme Inès Geai"),
        (f"{DESK}/familles/evry-magnard/mag2", "Famille Merle"),
    ]
    enter(world, visitor, MANAGER)  # another session
    assert "Vos derniers dossiers" not in visitor.get(FIND).text
