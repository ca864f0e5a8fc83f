"""Answers of a re-enrolment: complete ones of a pupil who stays and of one who leaves, and the sent ones."""

from datetime import UTC, datetime

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.dossiers.documents import ProvidedDocument, SavedBy
from chalicelib.domain.enrolment.answers import CourseWish, HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import (
    Enrolment,
    EnrolmentDecision,
    PupilFile,
    Receipt,
    SentAnswers,
    Verdict,
)
from chalicelib.domain.enrolment.periods import EnrolmentRef

NOW = datetime(2027, 6, 2, 18, 0, tzinfo=UTC)
REF = EnrolmentRef(AccountRef("evry-xenakis", "xen1"), "2027")
STAYS = PupilAnswers(stays=True, wishes=(CourseWish("Hautbois", "keep"),), image_rights=False)
LEAVES = PupilAnswers(stays=False, reason="Déménagement")
SAVED = SavedBy("Mme Rossignol", NOW)
WHOLE = HouseholdAnswers(
    coordinates_exact=True,
    payer="Mme Rossignol",
    emergency_name="M. Merle",
    emergency_telephone="06 99 00 00 01",
    rules_accepted=True,
)


def sent_answers(answers: PupilAnswers, verdict: Verdict | None = None) -> SentAnswers:
    return SentAnswers(answers, "R27-AAAA-AAAA", NOW, EnrolmentDecision(verdict, "Mme Houx", NOW) if verdict else None)


CHANGES = PupilAnswers(
    stays=True,
    wishes=(CourseWish("Hautbois", "change", "Alto", ("mardi", "jeudi")), CourseWish("Chant", "stop")),
    image_rights=False,
    remark="Plutôt après 17 h.",
)
FULL = Enrolment(
    ref=REF,
    started_at=NOW,
    household=WHOLE,
    household_saved=SAVED,
    pupils=(
        PupilFile("a1", "Zélie", CHANGES, SAVED, SentAnswers(STAYS, "R27-AAAA-BBBB", NOW)),
        PupilFile(
            "b2",
            "Léo",
            None,
            SAVED,
            SentAnswers(LEAVES, "R27-CCCC-DDDD", NOW, EnrolmentDecision("to_complete", "Mme Houx", NOW, "Quel jour ?")),
        ),
        PupilFile("c3", "Ève", PupilAnswers()),
    ),
    provided=(
        ProvidedDocument("certificat", "a1", SavedBy("M. Rossignol", datetime(2027, 6, 3, tzinfo=UTC))),
        ProvidedDocument("quotient", "foyer", SAVED, "documents/x"),
    ),
    receipts=(
        Receipt(
            "R27-AAAA-BBBB",
            NOW,
            "Mme Rossignol",
            WHOLE,
            (("a1", "Zélie", STAYS),),
            (ProvidedDocument("certificat", "a1", SAVED),),
        ),
        Receipt("R27-CCCC-DDDD", NOW, "M. Rossignol", WHOLE, (("b2", "Léo", LEAVES),)),
    ),
)
