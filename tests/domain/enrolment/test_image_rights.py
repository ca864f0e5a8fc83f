"""The consent to images: one per pupil, until it is changed. A household's earlier answer applies until then."""

from dataclasses import replace

import pytest

from chalicelib.domain.enrolment.enrolments import Enrolment, PupilFile
from tests.support.answers import FULL, SAVED, STAYS, WHOLE, sent_answers

UNSAID = replace(STAYS, image_rights=None)


def test_the_household_s_answer_is_that_of_each_pupil_without_its_own() -> None:
    receipt = replace(FULL.receipts[0], household=replace(WHOLE, image_rights=False), pupils=(("a1", "Zélie", UNSAID),))
    enrolment = replace(FULL, household=replace(WHOLE, image_rights=True), receipts=(receipt,))
    changed = PupilFile("a1", "Zélie", UNSAID, SAVED, sent_answers(UNSAID))
    enrolment = replace(enrolment, pupils=(changed,))

    inherits = enrolment.with_image_rights(changed)
    has_its_own = enrolment.with_image_rights(replace(changed, draft=STAYS))

    assert inherits.draft
    assert inherits.sent
    assert (inherits.draft.image_rights, inherits.sent.answers.image_rights) == (True, False)
    assert has_its_own.draft == STAYS


@pytest.mark.parametrize(
    ("household", "own", "stands"),
    [
        (None, True, True),
        (None, False, False),
        (None, None, None),
        (True, True, None),  # asked of the household, for that season
        (True, False, False),
        (False, False, False),
        (False, True, True),
    ],
)
def test_an_answer_stands_for_the_next_season_where_the_question_said_so(
    household: bool | None,
    own: bool | None,
    stands: bool | None,
) -> None:
    pupil = PupilFile("a1", "Zélie", sent=sent_answers(replace(STAYS, image_rights=own)))
    enrolment = replace(FULL, household=replace(WHOLE, image_rights=household), pupils=(pupil,))

    assert enrolment.standing_image_rights("a1") is stands
    assert enrolment.standing_image_rights("nobody") is None
    assert Enrolment(FULL.ref).standing_image_rights("a1") is None
