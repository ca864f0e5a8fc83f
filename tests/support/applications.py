"""Applications for tests: a new family with two children, begun, sent and decided."""

from datetime import UTC, date, datetime
from typing import Final

from chalicelib.domain.dossiers.documents import ProvidedDocument, SavedBy
from chalicelib.wings.admission.domain.applications import (
    AdmissionDecision,
    Answers,
    Application,
    ApplicationRef,
    Candidate,
    Standing,
    Wish,
    submit,
)

NOW: Final = datetime(2027, 6, 1, 7, 0, tzinfo=UTC)
SEASON: Final = "2027"
NEW_EMAIL: Final = "geai@example.org"
NUMBER: Final = "P27-K4TN-8WCB"
REF: Final = ApplicationRef("0123456789abcdef0123", SEASON)
ALBA: Final = Candidate(
    "a1a1a1a1",
    "Alba",
    "Geai",
    date(2018, 3, 14),
    (Wish("Piano", "evry-xenakis", "Débutant", ("mercredi", "samedi")), Wish("Violon", "evry-magnard", "Débutant")),
)
NILS: Final = Candidate("b2b2b2b2", "Nils", "Geai", date(2021, 9, 30), (Wish("Éveil musical", "evry-xenakis"),))
WHOLE: Final = Answers(
    "Mme Inès Geai", "06 99 00 20 01", ("4 allée des Tilleuls", "91000 Evry"), ("habitant",), (ALBA, NILS)
)
BEGUN: Final = Application(REF, NEW_EMAIL, NOW, NOW, WHOLE)
SENT: Final = submit(BEGUN, NUMBER, NOW)
FULL: Final = Application(
    REF,
    NEW_EMAIL,
    NOW,
    NOW,
    WHOLE,
    SENT.sent,
    (
        Standing(
            "a1a1a1a1",
            decision=AdmissionDecision("accepted", "M. Office", NOW, "Bienvenue"),
            account=("evry-xenakis", "pi271"),
            slot=("evry-xenakis", "Piano", "Débutant"),
            joined=True,
        ),
        Standing("b2b2b2b2", withdrawn_at=NOW),
    ),
    provided=(
        ProvidedDocument("justificatif-domicile", "foyer", SavedBy("Mme Inès Geai", NOW), "requests/2027/x/noted_e"),
    ),
)
