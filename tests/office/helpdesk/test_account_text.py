"""An account's texts for the office: every act, notice and fault has its French, without a secret."""

from datetime import date
from typing import get_args

import pytest

from chalicelib.domain.account.accounts import Account, Failure, Password
from chalicelib.domain.account.audit import AuditAction, ErasureReason
from chalicelib.domain.account.notices import NoticeState
from chalicelib.domain.family.corrections import Actor, CorrectedField, Correction
from chalicelib.domain.family.households import Course, Guardian, Pupil
from chalicelib.domain.staff.consultations import ConsultationKind
from chalicelib.office.helpdesk import account_text
from tests.support.world import EMAIL, OPENING_MORNING, ROSSIGNOL


def correction(actor: Actor, of: str = "") -> Correction:
    return Correction("telephones", ("01 99 00 12 34",), (), actor, OPENING_MORNING, "decision", of)


def test_every_field_that_may_be_corrected_has_its_name() -> None:
    assert account_text.FIELDS.keys() == set(get_args(CorrectedField))


def test_a_change_by_the_office_names_who_did_it_to_the_office_alone() -> None:
    change = correction(Actor("office", "Basile Troglodyte"), "Aimée Rossignol")
    text = "1er septembre 2026 à 9 h 00 : téléphone d'Aimée Rossignol : 01 99 00 12 34 → rien, par l'administration"

    assert account_text.line(change) == f"{text} (Basile Troglodyte)"
    assert account_text.line_for_family(change) == text


@pytest.mark.parametrize(
    ("actor", "by"),
    [
        (Actor("family", "Aimée Rossignol"), "la famille (Aimée Rossignol)"),
        (Actor("family"), "la famille"),
        (Actor("file"), "le fichier annuel"),
    ],
)
def test_whose_hand_it_was_is_told(actor: Actor, by: str) -> None:
    assert account_text.author(correction(actor)) == by


def test_every_act_notice_fault_reason_and_consultation_has_its_words() -> None:
    assert account_text.ACTS.keys() == set(get_args(AuditAction))
    assert account_text.NOTICES.keys() == set(get_args(NoticeState))
    assert account_text.FAILURES.keys() == set(get_args(Failure))
    assert account_text.REASONS.keys() == set(get_args(ErasureReason))
    assert account_text.CONSULTATIONS.keys() == set(get_args(ConsultationKind))


def test_a_password_is_told_by_how_it_came_only() -> None:
    account = Account(ROSSIGNOL, "Famille Rossignol", (EMAIL,), "stamp")
    assert account_text.password_text(account) == "aucun : jamais activé, ou à redemander"

    account = Account(
        ROSSIGNOL, "Famille Rossignol", (EMAIL,), "stamp", password=Password("hash", OPENING_MORNING, "mailed")
    )

    assert account_text.password_text(account) == "reçu par mail, gardé depuis le 1er septembre 2026 à 9 h 00"


def test_people_are_named_with_what_is_known_of_them_and_no_more() -> None:
    assert account_text.guardian_text(Guardian("Aimée Rossignol", "", "01 99 00 12 34")) == (
        "Aimée Rossignol (01 99 00 12 34)"
    )
    assert account_text.pupil_text(Pupil("Zélie Rossignol")) == "Zélie Rossignol"
    assert account_text.pupil_text(
        Pupil("Zélie Rossignol", date(2015, 3, 14), (Course("hautbois", teacher="Mme Sorbier"),))
    ) == ("Zélie Rossignol (naissance le 14 mars 2015, hautbois, Mme Sorbier)")
