"""The tab « Famille »: a family reads, corrects and confirms its file, and sees no other family's."""

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.account.accounts import AccountRef, FailingMailbox
from chalicelib.domain.family.corrections import Actor
from chalicelib.domain.family.households import Household
from chalicelib.stores.mailboxes import Listing
from tests.support.enrolment_pages import error_beside
from tests.support.households import HOUSEHOLD, change_account, change_household
from tests.support.world import PASSWORD, Visitor, World

PAGE = "/extranet/compte/famille"
ADDRESS = {"voie": "5 rue du Blé", "code_postal": "91000", "ville": "Evry", "pays": ""}


@pytest.fixture
def inside(world: World, visitor: Visitor) -> Visitor:
    world.settle(household=HOUSEHOLD, emails=("rossignol@example.org", "come@example.org", "nid@example.org"))
    visitor.log_in()
    return visitor


def seen(visitor: Visitor) -> str:
    answer = visitor.get(PAGE)
    assert answer.status_code == 200
    return html.unescape(answer.text)


def hidden(page: str, form: str, name: str = "vu") -> str:
    match = re.search(rf'name="{name}" value="([^"]*)">\s*<input type="hidden" name="quoi" value="{form}"', page)
    assert match
    return match.group(1)


def send(visitor: Visitor, form: str, **fields: str) -> tuple[int, str]:
    vu = fields.pop("vu", None) or hidden(seen(visitor), form)
    answer = visitor.post(PAGE, {"quoi": form, "vu": vu, "par": "1", **fields})
    return answer.status_code, html.unescape(answer.text)


def test_a_family_of_two_sites_is_led_to_its_identifiers_not_to_its_accounts(world: World, inside: Visitor) -> None:
    before = seen(inside)
    twin = AccountRef("evry-magnard", "mag7")
    world.settle(twin, emails=("rossignol@example.org",))
    world.services.mailboxes.enter([Listing("rossignol@example.org", twin)])

    assert seen(inside) == before
    assert 'href="/extranet/usager/identifiant-perdu"' in before


def test_what_is_on_file_is_text(inside: Visitor) -> None:
    page = seen(inside)

    text = re.sub(r"(?s)<details.*?</details>", "", page)
    for words in (
        *("Aimée Rossignol", "rossignol@example.org", "01 99 00 12 34", "Côme Rossignol", "come@example.org"),
        *("nid@example.org", "pas de téléphone", "3 allée des Tilleuls", "91000 Evry"),
    ):
        assert words in text
    assert 'type="text"' not in text
    assert "<details>" in page
    assert "<details open>" not in page


@pytest.mark.parametrize(
    ("form", "fields", "text"),
    [
        ("telephones", {"telephone-1": "+33 1 99 00 56 78", "telephone-2": "0199009999"}, "01 99 00 56 78"),
        ("telephones", {"telephone-1": "0199001234 ou +352 99 00 31"}, "01 99 00 12 34 / +352 99 00 31"),
        ("telephones", {"telephone-1": "", "telephone-2": ""}, "pas de téléphone"),
        ("adresse", ADDRESS | {"voie": "  Bât. C \r\n\r\n5\u00a0rue du  Blé"}, "Bât. C<br>5 rue du Blé<br>91000 Evry"),
        ("payeur", {"payeur": "Mme  Houx"}, "<p>Mme Houx</p>"),
    ],
)
def test_a_correction_is_kept_and_said_for_two_minutes(
    world: World, inside: Visitor, form: str, fields: dict[str, str], text: str
) -> None:
    assert send(inside, form, **fields)[0] == 303

    page = seen(inside)
    assert text in page
    assert "Votre modification est enregistrée." in page
    world.wait(timedelta(minutes=2))
    assert "est enregistrée" not in seen(inside)


def test_who_is_at_the_keyboard_is_asked_where_there_are_several(world: World, inside: Visitor) -> None:
    assert seen(inside).count("Vous êtes") == 4

    send(inside, "payeur", payeur="Mme Houx", par="2")

    assert "1er septembre 2026 à 9 h 00, par Côme Rossignol" in seen(inside)
    world.settle(household=replace(HOUSEHOLD, guardians=HOUSEHOLD.guardians[:1]))
    inside.log_in()
    assert "Vous êtes" not in seen(inside)


@pytest.mark.parametrize(
    ("form", "fields", "refusals"),
    [
        ("telephones", {"telephone-1": "01 99 00 12 34 " * 5}, {"telephone-1": "au plus 60 caractères"}),
        ("telephones", {"telephone-2": "le soir"}, {"telephone-2": "n'est pas complet"}),
        ("telephones", {"telephone-2": "0199001234/0199001235/0199001236"}, {"telephone-2": "un ou deux numéros"}),
        ("adresse", ADDRESS | {"voie": "a\nb\nc\nd\ne"}, {"voie": "La Poste en lit six"}),
        ("adresse", ADDRESS | {"voie": "a" * 39}, {"voie": "au plus 38 caractères"}),
        (
            "adresse",
            {"voie": " \n . ", "code_postal": "9100", "ville": ""},
            {"voie": "au moins une ligne", "code_postal": "cinq chiffres", "ville": "Indiquez la ville"},
        ),
        ("payeur", {"payeur": ""}, {"payeur": "Indiquez qui paie"}),
    ],
)
def test_a_refusal_is_told_beside_its_field_and_what_was_typed_stays(
    world: World, inside: Visitor, form: str, fields: dict[str, str], refusals: dict[str, str]
) -> None:
    before = world.account()

    status, page = send(inside, form, **fields)

    assert status == 422
    assert {field: sentence in error_beside(page, field) for field, sentence in refusals.items()} == dict.fromkeys(
        refusals, True
    )
    assert page.count("<details open>") == 1
    for line in "\n".join(fields.values()).splitlines():
        assert line.strip() in page
    assert world.account() == before


def test_who_corrects_too_often_is_told_until_when_and_what_was_typed_stays(world: World, inside: Visitor) -> None:
    for number in range(10):
        assert send(inside, "payeur", payeur=f"Payeur {number}")[0] == 303
    before = world.account()

    status, page = send(inside, "adresse", **ADDRESS)

    assert status == 429
    assert "celle-ci ne l'est pas encore" in page
    assert "enregistrez-le à partir de 9 h 01." in page
    assert page.count("<details open>") == 1
    assert all(words in page for words in ADDRESS.values())
    assert world.account() == before
    world.wait(timedelta(minutes=1))
    assert send(inside, "adresse", vu=hidden(page, "adresse"), **ADDRESS)[0] == 303


def test_a_changed_password_is_listed_with_when_and_never_what_it_is(inside: Visitor) -> None:
    form = {"actuel": PASSWORD, "nouveau": "Merle7Moqueur", "confirmation": "Merle7Moqueur"}
    assert inside.post("/extranet/compte/mot-de-passe", form).status_code == 303

    page = seen(inside)

    assert "1er septembre 2026 à 9 h 00, par la famille<br><strong>Mot de passe</strong> : choisi" in page
    assert "Merle7Moqueur" not in page
    assert "Votre modification est enregistrée." not in page


def test_what_the_office_changed_is_shown_with_when_and_what_was_typed_stays(world: World, inside: Visitor) -> None:
    mark = hidden(seen(inside), "payeur")
    change_household(world, Actor("office", "Mme Lyre"), payer="M. Sorbier")

    status, page = send(inside, "payeur", payeur="Mme Houx", vu=mark)

    assert status == 422
    assert "Ces coordonnées ont été changées le 1er septembre 2026 à 9 h 00 par l'administration" in page
    assert "<p>M. Sorbier</p>" in page
    assert 'value="Mme Houx"' in page
    assert "Mme Lyre" not in page
    assert send(inside, "payeur", payeur="Mme Houx", vu=hidden(page, "payeur"))[0] == 303


def test_all_is_confirmed_and_it_says_since_when_and_by_whom(world: World, inside: Visitor) -> None:
    assert send(inside, "confirmation", par="2")[0] == 303

    page = seen(inside)
    assert "Merci : vos coordonnées sont confirmées." in page
    assert "Coordonnées confirmées le 1er septembre 2026 à 9 h 00, par Côme Rossignol." in page
    assert "Mes coordonnées sont exactes" not in page
    send(inside, "payeur", payeur="M. Houx")  # in the same second
    page = seen(inside)
    assert "Votre modification est enregistrée." in page
    assert "Coordonnées confirmées le" not in page
    assert send(inside, "confirmation", par="2")[0] == 303
    world.wait(timedelta(minutes=1))
    send(inside, "payeur", payeur="Mme Houx")
    page = seen(inside)
    assert "Elles ont changé depuis : confirmez-les à nouveau." in page
    assert "Mes coordonnées sont exactes" in page


@pytest.mark.parametrize("form", ["", "eleves", "telephone"])
def test_what_no_form_of_ours_sends_is_not_there(inside: Visitor, form: str) -> None:
    assert inside.post(PAGE, {"quoi": form, "vu": ""}).status_code == 404


def test_where_the_network_lets_nobody_correct_there_is_no_form_and_whom_to_call(world: World, inside: Visitor) -> None:
    settings = world.services.settings
    network = replace(settings.network, family=replace(settings.network.family, may_correct=()))
    world.services = replace(world.services, settings=replace(settings, network=network))
    with wiring.using(world.services):
        page = seen(inside)
        answer = inside.post(PAGE, {"quoi": "payeur", "vu": "", "payeur": "Mme Houx"})

    assert "Corriger l" not in page
    assert "01 99 00 10 03" in page
    assert answer.status_code == 404


def test_a_mailbox_that_fails_is_marked(world: World, inside: Visitor) -> None:
    mailbox = world.services.record.pseudonyms.of_mailbox("come@example.org")
    change_account(world, failing_mailboxes=(FailingMailbox(mailbox, "bounced", world.now),))

    page = seen(inside)

    assert page.count("nos mails n'y arrivent pas") == 1
    assert page.index("come@example.org") < page.index("nos mails n'y arrivent pas") < page.index("nid@example.org")


def test_a_family_of_which_little_is_known_is_shown_too(world: World, visitor: Visitor) -> None:
    world.settle(emails=(), household=Household())
    visitor.log_in()

    page = seen(visitor)

    assert "aucun n'est au dossier" in page
    assert "Corriger les téléphones" not in page
    assert send(visitor, "adresse", **ADDRESS)[0] == 303
    assert "par Famille Rossignol" in seen(visitor)


def test_a_form_whose_session_ended_meanwhile_waits_for_the_next_login(world: World, inside: Visitor) -> None:
    page = seen(inside)
    proof = page.split('name="jeton" value="')[1].split('"')[0]
    fields = {"quoi": "payeur", "vu": hidden(page, "payeur"), "payeur": "Mme Houx", "jeton": proof}
    world.wait(timedelta(hours=2))

    answer = inside.post(PAGE, fields)

    assert answer.status_code == 401
    assert 'value="Mme Houx"' in answer.text
    assert world.account().household == HOUSEHOLD
