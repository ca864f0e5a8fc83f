"""Accounts as the office reads them: each act, notice and fault has its French."""

from datetime import date
from typing import get_args

from chalicelib.domain.account.accounts import Account, Failure, Password
from chalicelib.domain.account.audit import AuditAction, ErasureReason
from chalicelib.domain.account.notices import NoticeState
from chalicelib.domain.family.households import Course, Guardian, Pupil
from chalicelib.domain.staff.consultations import ConsultationKind
from chalicelib.presentation.office import accounts
from tests.support.world import EMAIL, OPENING_MORNING, ROSSIGNOL


def test_every_act_notice_fault_reason_and_consultation_has_its_words() -> None:
    assert accounts.ACTS.keys() == set(get_args(AuditAction))
    assert accounts.NOTICES.keys() == set(get_args(NoticeState))
    assert accounts.FAILURES.keys() == set(get_args(Failure))
    assert accounts.REASONS.keys() == set(get_args(ErasureReason))
    assert accounts.CONSULTATIONS.keys() == set(get_args(ConsultationKind))


def test_a_password_is_told_by_how_it_came_only() -> None:
    account = Account(ROSSIGNOL, "Famille Rossignol", (EMAIL,), "stamp")
    assert accounts.password_text(account) == "aucun : jamais activé, ou à redemander"

    account = Account(
        ROSSIGNOL, "Famille Rossignol", (EMAIL,), "stamp", password=Password("hash", OPENING_MORNING, "mailed")
    )

    assert accounts.password_text(account) == "reçu par mail, gardé depuis le 1er septembre 2026 à 9 h 00"


def test_people_are_named_with_what_is_known_of_them_and_no_more() -> None:
    assert accounts.guardian_text(Guardian("Aimée Rossignol", "", "01 99 00 12 34")) == (
        "Aimée Rossignol (01 99 00 12 34)"
    )
    assert accounts.pupil_text(Pupil("Zélie Rossignol")) == "Zélie Rossignol"
    assert accounts.pupil_text(
        Pupil("Zélie Rossignol", date(2015, 3, 14), (Course("hautbois", teacher="Mme Sorbier"),))
    ) == ("Zélie Rossignol (naissance le 14 mars 2015, hautbois, Mme Sorbier)")
