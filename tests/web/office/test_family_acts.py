"""POST below a family's page: each act is the office's own, in the proven member's name, and shows its outcome."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.web.office.family import DONE
from tests.support.desk_family import FILE, PROOF, WHY, acts, form_of, said, send, settle, try_in_vain
from tests.support.enrolled_families import MERLE
from tests.support.login_methods import LINK, TELEPHONE
from tests.support.staff import DESK, MANAGER, enter
from tests.support.two_logins import COME, COMES, put, settle_family
from tests.support.world import EMAIL, ROSSIGNOL, Visitor, World

BASILE = "Basile Troglodyte <troglodyte@example.org>"
NEW, OTHER = "nouvelle@example.org", "come@example.org"


def suppress(world: World, reason: str = "BOUNCE") -> None:
    world.aws.client("sesv2").put_suppressed_destination(EmailAddress=EMAIL, Reason=reason)


def test_a_family_that_waits_is_let_in_and_once_more_there_is_nothing_to_do(world: World, visitor: Visitor) -> None:
    settle(world)
    try_in_vain(world)
    enter(world, visitor)

    assert said(visitor, send(visitor, "deblocage")) == DONE["attente-levee"]
    assert world.services.attempts.at(ROSSIGNOL) == ()
    assert acts(world) == [("unlocked", BASILE)]

    assert said(visitor, send(visitor, "deblocage")) == DONE["pas-d-attente"]
    assert acts(world) == [("unlocked", BASILE)]


def test_a_second_password_too_soon_is_refused_until_when(world: World, visitor: Visitor) -> None:
    settle(world)
    enter(world, visitor)
    send(visitor, "mot-de-passe")
    world.deliver()

    answer = send(visitor, "mot-de-passe")

    assert answer.status_code == 422
    assert "le prochain, à partir de 9 h 02" in answer.text
    assert '<details class="act" id="mot-de-passe" open>' in answer.text
    assert f'value="{WHY["raison"]}"' in answer.text


def test_the_last_address_goes_with_a_tick_only(world: World, visitor: Visitor) -> None:
    settle(world, emails=(EMAIL,))
    enter(world, visitor)

    answer = send(visitor, "retrait", "adresses", adresse=EMAIL, **PROOF)
    assert answer.status_code == 422
    assert "C'est la dernière adresse au dossier" in answer.text
    assert world.account().emails == (EMAIL,)

    assert said(visitor, send(visitor, "retrait", "adresses", adresse=EMAIL, accord="oui")) == DONE["adresses"]
    assert world.account().emails == ()


def test_an_address_that_looks_mistyped_is_asked_about_once(world: World, visitor: Visitor) -> None:
    settle(world)
    enter(world, visitor)

    question = send(visitor, "adresses", courriel="rossignol@gmial.com", **PROOF)
    assert question.status_code == 422
    assert "ressemble à rossignol@gmail.com" in question.text
    assert 'id="accord-adresses"' in question.text

    answer = send(visitor, "adresses", courriel="rossignol@gmial.com", accord="oui", **PROOF)
    assert said(visitor, answer) == DONE["adresses"]
    assert "rossignol@gmial.com" in world.account().emails


def test_who_decided_on_former_addresses_reads_who_and_when(world: World, visitor: Visitor, front: Any) -> None:
    settle(world)
    enter(world, visitor)
    other = Visitor(front, world=world)
    enter(world, other, MANAGER)
    seen = form_of(other.get(FILE), "adresses")
    send(visitor, "adresses", courriel=NEW, adresse=OTHER, **PROOF)

    new_fields = {"courriel": "troisieme@example.org", "adresse": OTHER, **WHY, **PROOF}
    answer = other.post(f"{FILE}/adresses", {**seen, **new_fields})

    assert answer.status_code == 422
    assert "Quelqu'un a changé les adresses de cette famille depuis que vous les lisez (1er septembre" in answer.text
    assert f"par l'administration ({BASILE})".replace("<", "&lt;").replace(">", "&gt;") in answer.text
    assert 'value="troisieme@example.org"' in answer.text
    assert world.account().emails == (EMAIL, NEW)

    second_answer = other.post(f"{FILE}/adresses", {**form_of(answer, "adresses"), **new_fields, "adresse": NEW})
    assert second_answer.status_code == 303
    assert world.account().emails == (EMAIL, "troisieme@example.org")


@pytest.mark.parametrize(
    "fields", [{"courriel": NEW, "adresse": OTHER}, {"courriel": NEW}, {"adresse": OTHER, "action": "retirer"}]
)
def test_a_form_sent_twice_changes_an_address_once(world: World, visitor: Visitor, fields: dict[str, str]) -> None:
    settle(world)
    enter(world, visitor)
    form = form_of(visitor.get(FILE), "adresses") | fields | WHY | PROOF

    visitor.post(f"{FILE}/adresses", form)
    after = world.account()
    answer = visitor.post(f"{FILE}/adresses", form)

    assert said(visitor, answer) == DONE["adresses-deja"]
    assert world.account() == after


def test_an_account_is_closed_and_opened_again_and_twice_is_told(world: World, visitor: Visitor) -> None:
    settle(world)
    enter(world, visitor)
    form = form_of(visitor.get(FILE), "etat")

    assert said(visitor, visitor.post(f"{FILE}/etat", {**form, **WHY, **PROOF})) == DONE["desactive"]
    assert world.account().disabled
    assert said(visitor, visitor.post(f"{FILE}/etat", {**form, **WHY, **PROOF})) == DONE["deja-desactive"]
    assert said(visitor, send(visitor, "etat", **PROOF)) == DONE["reactive"]
    assert not world.account().disabled
    assert sorted(kind for kind, _ in acts(world)) == ["disabled", "enabled"]


def test_passkeys_and_links_are_removed_with_a_proof_and_twice_is_told(world: World, visitor: Visitor) -> None:
    settle(world, passkeys=(TELEPHONE,), links=(LINK,))
    enter(world, visitor)
    form = form_of(visitor.get(FILE), "cles") | WHY

    assert visitor.post(f"{FILE}/cles", form).status_code == 422
    assert world.account().has_login_methods, "the proof is missing"
    assert said(visitor, visitor.post(f"{FILE}/cles", form | PROOF)) == DONE["sans-cles"]
    assert (world.account().passkeys, world.account().links) == ((), ())
    assert said(visitor, visitor.post(f"{FILE}/cles", form | PROOF)) == DONE["deja-sans-cles"]
    assert acts(world) == [("sign_in_changed", BASILE)]


def test_after_a_complaint_they_do_once_the_family_asks_for_them_itself(world: World, visitor: Visitor) -> None:
    settle(world)
    suppress(world, "COMPLAINT")
    enter(world, visitor)

    answer = send(visitor, "mails", adresse=EMAIL)
    assert (answer.status_code, 'id="accord-mails"' in answer.text) == (422, True)

    assert said(visitor, send(visitor, "mails", adresse=EMAIL, accord="oui")) == DONE["mails"]


def test_a_guardian_is_invited_to_a_login_of_its_own_and_kept_apart(world: World, visitor: Visitor) -> None:
    settle_family(world)
    enter(world, visitor)

    assert said(visitor, send(visitor, "acces", responsable=COME)) == DONE["invitation"]
    assert world.account(COMES).name == COME
    assert said(visitor, send(visitor, "acces", responsable=COME)) == DONE["invitation-encore"]
    assert said(visitor, send(visitor, "coordonnees", **PROOF)) == DONE["separees"]
    assert world.account().separated_at == world.now
    assert said(visitor, send(visitor, "coordonnees", **PROOF)) == DONE["communes"]
    assert world.account().separated_at is None


def test_of_guardians_written_alike_one_is_invited_by_its_address(world: World, visitor: Visitor) -> None:
    family = settle_family(world)
    first, second = (replace(guardian, name="Merle") for guardian in family.household.guardians)
    guardians = (first, second, replace(second, email="lou@example.net"))
    emails = (*family.emails, "lou@example.net")
    put(world, replace(family, emails=emails, household=replace(family.household, guardians=guardians)))
    enter(world, visitor)

    assert '<option value="lou@example.net">Merle, lou@example.net</option>' in visitor.get(FILE).text
    assert said(visitor, send(visitor, "acces", responsable="lou@example.net")) == DONE["invitation"]

    assert [guardian.login for guardian in world.account().household.guardians] == ["", "", COMES.identifier]


def test_how_an_identity_was_verified_is_asked_once_a_file_and_visit(world: World, visitor: Visitor) -> None:
    settle(world)
    world.settle(MERLE, password="mesange charbonniere")
    enter(world, visitor)
    question, form = "Comment avez-vous vérifié l", {"payeur": "Mme Rossignol", "raison": "date de naissance donnée"}

    def reasons(file: str = FILE) -> set[str]:
        page = visitor.get(file).text.split(question)[1:]
        return {re.findall(r'name="raison" type="text" value="([^"]*)"', part)[0] for part in page}

    assert reasons() == {""}
    send(visitor, "qui-paie", "payeur", **PROOF, **form)

    page = visitor.get(FILE).text
    assert "Identité vérifiée à 9 h 00 : date de naissance donnée" in page
    assert "Votre identité est confirmée jusqu'à 9 h 05." in page
    assert reasons() == {form["raison"]}
    assert reasons(f"{DESK}/familles/{MERLE.site}/{MERLE.identifier}") == {""}, "of another file"
    world.wait(timedelta(minutes=29))
    send(visitor, "adresses", courriel=NEW, **PROOF, raison=form["raison"])
    world.wait(timedelta(minutes=1))
    assert reasons() == {""}, "half an hour after it was verified"
    pseudonym = world.services.record.pseudonyms.of(ROSSIGNOL.site, ROSSIGNOL.identifier)
    whys = [entry.author.why for entry in world.services.audit_trail.on(ROSSIGNOL.site, pseudonym)]
    assert whys == [form["raison"]] * 2


def test_a_form_opened_within_a_proof_is_not_refused_once(world: World, visitor: Visitor) -> None:
    settle(world)
    enter(world, visitor)
    answer = send(visitor, "adresses", courriel="rossignol@gmial.com", **PROOF)
    assert "mot_de_passe" not in answer.text, "it was just proven"
    world.wait(timedelta(minutes=4))
    form = form_of(visitor.get(FILE), "adresses") | WHY
    world.wait(timedelta(minutes=5))

    again = visitor.post(f"{FILE}/adresses", form | {"courriel": "rossignol@gmial.com"})
    assert "Votre identité est confirmée jusqu'à 9 h 10." in again.text
    page = visitor.get(FILE).text
    assert "mot_de_passe" in page, "a page opened now asks for it"
    assert said(visitor, visitor.post(f"{FILE}/adresses", form | {"courriel": NEW})) == DONE["adresses"]
    world.wait(timedelta(minutes=1))
    assert visitor.post(f"{FILE}/adresses", form | {"courriel": EMAIL}).status_code == 422
