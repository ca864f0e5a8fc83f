"""The view of one login on a re-enrolment."""

from dataclasses import replace
from typing import Final

from chalicelib.domain.account.accounts import Account, View
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.separation import see_enrolment
from chalicelib.domain.family.redaction import HIDDEN, patterns_of
from tests.support.answers import REF, SAVED, WHOLE

ACCOUNT: Final = Account(REF.account, "Famille Rossignol", (), "stamp")
BEGUN: Final = Enrolment(REF).with_household(WHOLE, SAVED)


def test_what_is_hidden_is_for_reading_only() -> None:
    view = View("", ("Mme Rossignol",), secrets=patterns_of((), (WHOLE.emergency_telephone,), ()))

    seen = see_enrolment(replace(BEGUN, item={"site": "x"}), replace(ACCOUNT, view=view))

    assert seen.household == replace(WHOLE, emergency_telephone=HIDDEN)
    assert (seen.is_partly_hidden, seen.item) == (True, {})


def test_where_nothing_is_hidden_it_is_itself() -> None:
    assert see_enrolment(BEGUN, ACCOUNT) is BEGUN
    elsewhere = View("", (), secrets=patterns_of(("nowhere@example.org",), (), ()))
    assert see_enrolment(BEGUN, replace(ACCOUNT, view=elsewhere)) is BEGUN
