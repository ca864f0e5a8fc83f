"""« Vos coordonnées »: the proven address is shown, the other fields are typed and checked as the post reads them."""

import pytest

from chalicelib.wings.admission.domain.applications import Answers
from tests.support.admission import applicant, application_of
from tests.support.application_form import GUARDIAN, GUARDIAN_STEP, NEW_STEP, fill
from tests.support.world import Visitor, World


@pytest.fixture(autouse=True)
def come(world: World, visitor: Visitor) -> None:
    applicant(world, visitor)


def test_the_address_is_shown_and_not_typed_and_the_groups_are_boxes_with_their_hints(visitor: Visitor) -> None:
    page = visitor.get(GUARDIAN_STEP).text

    assert "Nos réponses arrivent à <strong>merle@example.org</strong>." in page
    assert 'type="email"' not in page
    assert "Nous habitons dans l'agglomération." in page
    assert "Un justificatif de domicile est demandé." in page
    assert 'autocomplete="tel"' in page


def test_it_is_saved_as_the_post_and_the_office_read_it_and_leads_on(world: World, visitor: Visitor) -> None:
    answer = fill(visitor, GUARDIAN_STEP, **GUARDIAN)

    assert (answer.status_code, answer.headers["Location"]) == (303, NEW_STEP)
    assert application_of(world).answers == Answers(
        "Mme Inès Geai", "06 99 00 20 01", ("4 allée des Tilleuls", "91000 Evry"), ("habitant",)
    )


def test_what_cannot_be_read_comes_back_as_typed_with_a_sentence(world: World, visitor: Visitor) -> None:
    wrong = {"telephone": "06 99", "code_postal": "9100", "nom": "..."}
    answer = fill(visitor, GUARDIAN_STEP, **GUARDIAN | wrong)

    assert answer.status_code == 422
    assert "Ce numéro de téléphone n'est pas complet." in answer.text
    assert "Le code postal a cinq chiffres" in answer.text
    assert "Ce nom n'a aucune lettre" in answer.text
    for words in (*wrong.values(), "4 allée des Tilleuls", "Evry"):
        assert words in answer.text
    assert 'name="groupe-habitant" value="oui" checked' in answer.text
    assert application_of(world).draft is None


def test_two_windows_are_told_of_each_other_and_both_answers_are_shown(world: World, visitor: Visitor) -> None:
    fill(visitor, GUARDIAN_STEP, **GUARDIAN | {"ville": "Ris Orangis"})

    answer = visitor.post(GUARDIAN_STEP, GUARDIAN | {"ville": "Bondoufle", "vu": "as it was before"})

    assert answer.status_code == 422
    assert "enregistrée entre-temps" in answer.text
    assert "91000 Ris Orangis" in answer.text
    assert 'value="Bondoufle"' in answer.text
    assert application_of(world).answers.address[-1] == "91000 Ris Orangis"


def test_where_no_site_goes_by_groups_none_is_asked_about(world: World) -> None:
    settings = world.services.settings.network.admission

    assert settings.groups_asked(["villabe-yves-henry"]) == ()
    assert settings.groups_asked(["villabe-yves-henry", "evry-xenakis"]) == settings.groups


def test_a_header_cannot_be_forged_by_a_name(world: World, visitor: Visitor) -> None:
    fill(visitor, GUARDIAN_STEP, **GUARDIAN | {"nom": "Inès\r\nBcc: all@example.org"})

    assert application_of(world).answers.guardian == "Inès Bcc: all@example.org"
