"""A re-enrolment as its item: every field, there and back."""

from datetime import UTC, datetime

from chalicelib.domain.answers import CourseWish, PupilAnswers
from chalicelib.domain.enrolments import Decision, Enrolment, Provided, PupilFile, Receipt, Saved, Sent
from chalicelib.domain.seasons import forgotten_at
from chalicelib.stores.enrolment_items import enrolment_from, item_of
from chalicelib.stores.values import decode, encode_item
from tests.domain.test_enrolments import LEAVES, NOW, REF, SAVED, STAYS, WHOLE

CHANGES = PupilAnswers(
    stays=True,
    wishes=(CourseWish("Hautbois", "change", "Alto", ("mardi", "jeudi")), CourseWish("Chant", "stop")),
    remark="Plutôt après 17 h.",
)
FULL = Enrolment(
    ref=REF,
    started_at=NOW,
    household=WHOLE,
    household_saved=SAVED,
    pupils=(
        PupilFile("a1", "Zélie", CHANGES, SAVED, Sent(STAYS, "R27-AAAA-BBBB", NOW)),
        PupilFile(
            "b2",
            "Léo",
            None,
            SAVED,
            Sent(LEAVES, "R27-CCCC-DDDD", NOW, Decision("to_complete", "Mme Houx", NOW, "Quel jour ?")),
        ),
        PupilFile("c3", "Ève", PupilAnswers()),
    ),
    provided=(
        Provided("certificat", "a1", Saved("M. Rossignol", datetime(2027, 6, 3, tzinfo=UTC))),
        Provided("quotient", "foyer", SAVED, "documents/x"),
    ),
    receipts=(
        Receipt(
            "R27-AAAA-BBBB",
            NOW,
            "Mme Rossignol",
            WHOLE,
            (("a1", "Zélie", STAYS),),
            (Provided("certificat", "a1", SAVED),),
        ),
        Receipt("R27-CCCC-DDDD", NOW, "M. Rossignol", WHOLE, (("b2", "Léo", LEAVES),)),
    ),
)


def there_and_back(enrolment: Enrolment) -> Enrolment:
    return enrolment_from(enrolment.ref, decode({"M": encode_item(item_of(enrolment))}))


def test_every_field_comes_back() -> None:
    assert there_and_back(FULL) == FULL
    begun = Enrolment(REF, started_at=NOW)
    assert there_and_back(begun) == begun


def test_what_is_not_begun_has_no_item() -> None:
    assert item_of(Enrolment(REF)) == {"site": "evry-xenakis", "identifier": "2027#xen1"}
    assert enrolment_from(REF, None) == Enrolment(REF)


def test_dynamodb_forgets_it_in_time() -> None:
    assert item_of(FULL)["expires"] == forgotten_at("2027")
