"""GET /extranet/bureau/familles/{site}/{famille}: the page that a secretary reads, after the reading is recorded."""

import re
from dataclasses import replace

import pytest

from chalicelib.domain.account.audit import AuditEntry, Author
from chalicelib.domain.account.login_methods import CHOSEN
from chalicelib.office.account import consultations_of
from tests.support.billing import OVERDUE, bill
from tests.support.desk_family import FILE, send, settle, try_in_vain
from tests.support.households import settle_whole
from tests.support.login_methods import COMPUTER, LINK, TELEPHONE
from tests.support.staff import DESK, READER, SECRETARY, enter
from tests.support.two_logins import COME, COMES, put, settle_two_logins
from tests.support.world import ROSSIGNOL, Visitor, World

BASILE = "Basile Troglodyte <troglodyte@example.org>"


def readers(world: World) -> list[tuple[str, str, int]]:
    consultations = consultations_of(world.services, ROSSIGNOL, world.now)
    return [(read.who, read.kind, read.times) for read in consultations]


def test_the_page_says_first_why_the_family_cannot_log_in_and_leads_to_the_form(world: World, visitor: Visitor) -> None:
    settle(world)
    try_in_vain(world)
    enter(world, visitor)

    page = visitor.get(FILE).text

    assert "5 essais ont échoué : le prochain ne sera regardé qu'à partir de 9 h 01." in page
    assert "sinon, levez l'attente." in page
    assert '<a href="#connexion">essais ratés</a>' in page.partition("</header>")[2].partition("</header>")[0]
    assert '<h2 id="connexion">Connexion : ' in page
    (link,) = re.findall(r'href="([^"]*#deblocage)"', page.partition("Responsables")[0])
    assert '<details class="act" id="deblocage">' in page
    assert '<details class="act" id="deblocage" open>' in visitor.get(f"{FILE}{link}").text


@pytest.mark.wing("billing")
def test_all_that_is_on_file_is_there_in_the_families_own_words(world: World, visitor: Visitor) -> None:
    settle(world)
    bill(world, OVERDUE, to=ROSSIGNOL)
    enter(world, visitor, READER)

    page = visitor.get(FILE).text

    assert re.findall(r"<h2[^>]*>(.*?)</h2>", page) == ["Connexion", "Élèves", "Responsables", "Factures"]
    assert "XEN 1" in page
    assert "Evry - Xénakis" in page
    assert '<a href="tel:0199001234">01 99 00 12 34</a>' in page
    assert "hautbois, cycle 1, Mme Sorbier, mercredi 14 h 30 - 15 h 15, salle Anche" in page
    assert "<h3>Zélie Rossignol</h3>\n      <ul>\n        <li>réinscription : sans réponse</li>" in page
    assert f'href="{DESK}/reinscriptions/evry-xenakis/xen1"' in page
    assert f'href="{DESK}/factures/evry-xenakis/xen1"' in page


def test_an_address_too_long_for_its_column_breaks_before_its_sign_alone(world: World, visitor: Visitor) -> None:
    settle(world, emails=("rossignol@example.org", "aimee.rossignol-mesange@conservatoire.example.org"))
    enter(world, visitor)

    page = visitor.get(FILE).text

    assert "<dt>rossignol@example.org</dt>" in page
    assert "<dt>aimee.rossignol-mesange<wbr>@conservatoire.example.org</dt>" in page


def test_what_was_done_and_changed_is_told_with_who_and_why(world: World, visitor: Visitor) -> None:
    account = settle_whole(world)
    long = replace(account.household, address=("Rés. A", "Bât. B", "Esc. C", "3 rue D", "Le Bourg", "91000 Evry"))
    world.services.accounts.change(account, replace(account, household=long))
    enter(world, visitor)

    page = visitor.get(f"{FILE}?fil=tout").text

    assert "Plus de six lignes avec le nom : La Poste n'en lit pas autant." in page
    assert re.search(
        r'<li class="changed">attente levée<p class="hint">[^<]*, par Mme Houx : « la famille a appelé »', page
    )
    assert re.search(r"payeur : rien → Côme Rossignol<p[^>]*>[^<]*, par la famille \(Aimée Rossignol\)", page)
    assert "mail « rentree 2026 » remis, à rossignol@example.org" in page


@pytest.mark.wing("campaign")
@pytest.mark.parametrize("email", [READER, SECRETARY])
def test_a_reader_sees_no_form_of_the_file_and_a_secretary_each(world: World, visitor: Visitor, email: str) -> None:
    settle(world, disabled=True, passkeys=(TELEPHONE,))
    enter(world, visitor, email)

    page = visitor.get(FILE).text

    forms = set(re.findall(rf'action="{FILE}/([\w-]+)"', page))
    all_of_them = {
        "deblocage",
        "mot-de-passe",
        "adresses",
        "telephone",
        "etat",
        "mails",
        "acces",
        "coordonnees",
        "cles",
    }
    all_of_them |= {"suivi", "note", "appel", "adresse-postale", "payeur", "eleve"}
    assert forms == (all_of_them if email == SECRETARY else set())
    assert (f"{FILE}/courrier" in page) == (email == SECRETARY)
    assert ("#etat" in page) == (email == SECRETARY)


def test_the_methods_of_each_login_are_dated_and_neither_named_nor_numbered(world: World, visitor: Visitor) -> None:
    settle_two_logins(world, passkeys=(TELEPHONE,), links=(replace(LINK, proof=CHOSEN),))
    put(
        world,
        replace(world.account(COMES), password=None, passkeys=(COMPUTER, replace(TELEPHONE, used_at=LINK.linked_at))),
    )
    enter(world, visitor)

    family, his = (visitor.get(f"{DESK}/familles/evry-xenakis/{login}").text for login in ("xen1", "xen1r2"))

    assert "clé d'accès ajoutée le 20 août 2026 à 11 h 00, preuve non notée, dernière" in family
    assert "à 11 h 00 par Mme Aimée Rossignol, preuve : un mot de passe choisi, dernière utilisation" in family
    assert "actif, 2 clés d'accès, dernière connexion" in family
    assert "dernière utilisation : le 20 août 2026 à 11 h 00" in his
    assert "Le compte n'a pas de mot de passe : il s'ouvre par 2 clés d'accès." in his
    for secret in (TELEPHONE.id, TELEPHONE.name, COMPUTER.id, LINK.subject):
        assert secret not in family + his


def test_every_label_leads_to_a_field_of_its_own(world: World, visitor: Visitor) -> None:
    settle(world, passkeys=(TELEPHONE,))
    enter(world, visitor)

    for page in (visitor.get(FILE), send(visitor, "etat")):
        ids = re.findall(r' id="([^"]+)"', page.text)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'<label for="([^"]+)"', page.text)) <= set(ids)


def test_reading_it_is_noted_once_for_half_an_hour(world: World, visitor: Visitor) -> None:
    settle(world)
    enter(world, visitor)

    for _ in range(3):
        visitor.get(FILE)

    assert readers(world) == [(BASILE, "family_read", 3)]
    page = visitor.get(FILE).text
    assert ("dossier de la famille, 3 fois" in page, "Tout voir" in page) == (True, False), "nothing else happened"
    assert "dossier de la famille, 4 fois en une demi-heure" in visitor.get(f"{FILE}?fil=lectures").text


def test_a_family_that_is_not_there_is_not_and_leaves_no_note(world: World, visitor: Visitor) -> None:
    world.settle(replace(ROSSIGNOL, site="evry-magnard"))
    enter(world, visitor)

    assert visitor.get(FILE).status_code == 404
    assert visitor.get(f"{DESK}/familles/evry-xenakis/_w6k").status_code == 404
    assert readers(world) == []


def test_a_guardian_s_own_login_has_its_page_noted_as_the_family_s(world: World, visitor: Visitor) -> None:
    settle_two_logins(world)
    enter(world, visitor)
    login = f"{FILE}r2"

    assert f'<a class="more" href="{login}">XEN 1 R2</a>' in visitor.get(FILE).text
    page = visitor.get(login).text

    assert f"<h1>{COME}</h1>" in page
    assert f'href="{FILE}"' in page
    assert "Élèves" not in page
    assert readers(world) == [(BASILE, "family_read", 2)]


def test_what_was_typed_by_the_office_is_shown_as_text(world: World, visitor: Visitor) -> None:
    settle(world, name="Famille <b>Rossignol</b>")
    pseudonym = world.services.record.pseudonyms.of(ROSSIGNOL.site, ROSSIGNOL.identifier)
    entry = AuditEntry("resent", ROSSIGNOL.site, pseudonym, Author("<i>Mme Houx</i>", "<script>"), world.now)
    world.services.audit_trail.add(entry)
    enter(world, visitor)

    page = visitor.get(FILE).text

    assert not re.search(r"<b>|<i>|<script>", page)


@pytest.mark.wing("admission")
def test_an_account_that_a_request_opened_leads_to_it(world: World, visitor: Visitor) -> None:
    world.settle(application="P27-K4TN-8WCB")
    enter(world, visitor)

    assert f'href="{DESK}/demandes/P27-K4TN-8WCB"' in visitor.get(FILE).text


def test_an_error_page_of_the_desk_leads_back_there_without_a_telephone(world: World, visitor: Visitor) -> None:
    enter(world, visitor)
    absent = visitor.get(f"{DESK}/familles/evry-xenakis/personne")
    with world.aws.failing("Query", "before"):
        failing = visitor.get(DESK)

    assert (absent.status_code, failing.status_code) == (404, 503)
    for page in (absent.text, failing.text):
        assert f'<a href="{DESK}">Retour au bureau</a>' in page
        assert "tel:" not in page
        assert "/extranet/usager" not in page
