"""Every letter, filled in: the cast, the facts, and the variants of each."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, get_args

from chalicelib.domain.account.accounts import Account, AccountRef, Password
from chalicelib.domain.account.login_codes import Purpose
from chalicelib.domain.dossiers.documents import DueDocument
from chalicelib.domain.enrolment.answers import CourseWish, HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import (
    EnrolmentDecision,
    PaperForm,
    PupilFile,
    Receipt,
    SentAnswers,
    Verdict,
)
from chalicelib.domain.enrolment.paperwork import ReceiptDocument
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.domain.family.corrections import Actor, Correction
from chalicelib.domain.family.extensions import Extension
from chalicelib.domain.family.households import Course
from chalicelib.domain.staff.members import ACCESS_CHANGES, Member
from chalicelib.flows.family.lost_password import ListedAccount
from chalicelib.mail.letters import Letter, fill
from chalicelib.settings.environment import Network, load_network
from chalicelib.wings.admission.domain import applications as admission
from chalicelib.wings.admission.domain.pools import Pool, PoolRef
from chalicelib.wings.admission.flows.application import ApplicationReceipt, receipt_view
from chalicelib.wings.admission.flows.entry import AdmissionPeriods
from chalicelib.wings.campaign.office.notice import NoticeEntry, facts_of
from chalicelib.wings.teaching.domain.announcements import LessonCancellation, LessonChange
from chalicelib.wings.teaching.domain.courses import TaughtCourse
from chalicelib.wings.teaching.domain.messages import CourseMessage, CourseMessages
from chalicelib.wings.teaching.domain.rolls import RollRef
from chalicelib.wings.teaching.office.recall import MissingRoll
from tests.support.applications import ALBA, FULL, NILS, SENT
from tests.support.letters import plain_letter
from tests.support.login_methods import LINK, TELEPHONE
from tests.support.template_files import template_files
from tests.support.wing_examples import wing_examples

NOW = datetime(2026, 9, 1, 7, 5, tzinfo=UTC)  # 9 h 05 in Paris
UNTIL = datetime(2026, 9, 2, 7, 5, tzinfo=UTC)
LINKED = Correction("sign_in", (), ("passkey:Mon téléphone",), Actor("family"), NOW, "decision")
NETWORK = load_network()
ROSSIGNOL = Account(
    AccountRef("evry-xenakis", "xen1"),
    "Famille Rossignol",
    ("rossignol@example.org",),
    "stamp",
    password=Password("hash", NOW, "chosen"),
)
PERIOD = EnrolmentPeriod(date(2026, 9, 1), date(2026, 9, 30))
CHANGES = PupilAnswers(
    stays=True,
    wishes=(
        CourseWish("Hautbois", "change", "Alto", ("mardi", "jeudi")),
        CourseWish("Formation musicale", "keep"),
        CourseWish("Chant", "stop"),
    ),
    image_rights=False,
    remark="Plutôt après 17 h.",
)
LEAVES = PupilAnswers(stays=False, reason="Déménagement")
RECEIPT = Receipt(
    "R26-K4TN-8WCB",
    NOW,
    "Mme Aimée Rossignol",
    HouseholdAnswers(
        coordinates_exact=True,
        payer="M. Côme Rossignol",
        emergency_name="M. Merle",
        emergency_telephone="01 99 00 10 02",
        rules_accepted=True,
    ),
    (("a1", "Zélie Rossignol", CHANGES), ("b2", "Léo Rossignol", LEAVES)),
)
DECISION = EnrolmentDecision("to_complete", "Mme Houx", NOW, "Quel jour préférez-vous ?\nMardi ou jeudi ?")
ADMITTED = admission.AdmissionDecision("to_complete", "Mme Houx", NOW, "Quel jour ?\nMardi ?", date(2026, 9, 12))
WITHDRAWN = SENT.with_standing(admission.Standing(ALBA.key, withdrawn_at=NOW))
ALL_WITHDRAWN = WITHDRAWN.with_standing(admission.Standing(NILS.key, withdrawn_at=NOW))
POOL = Pool(PoolRef("evry-xenakis", "2027", "piano"), "Piano", "Débutant", total=2)
TROGLODYTE = Member("troglodyte@example.org", "Basile Troglodyte", "secretary", ("evry-xenakis",), "stamp", NOW)
ROLL = MissingRoll(
    "Mme Pinson", TaughtCourse("c" * 16, "Violon", "mardi 17 h", "", ()), RollRef("evry-xenakis", "c" * 16, NOW.date())
)
LETTERS = sorted(file.stem for file in template_files("letters/*.txt"))
WITH_PAPERS = replace(FULL.sent, provided=FULL.provided) if FULL.sent else None
# The facts for letters: each takes those it needs, and fails if one is missing.
FACTS: Mapping[str, Any] = {
    "network": NETWORK,
    "site": NETWORK.site("evry-xenakis"),
    "purpose": "first",
    "account": ROSSIGNOL,
    "password": "Mh4kWqzR7tXc9bPd",
    "until": UNTIL,
    "changed_at": NOW,
    "former": None,
    "merged": "",
    "is_first_use": False,
    "password_ended": False,
    "methods_ended": False,
    "staying": ROSSIGNOL,
    "had_one": True,
    "who": "Aimée Rossignol",
    "change": LINKED,
    "browser": "Firefox, Windows",
    "not_me": "sealed-link",
    "not_me_until": datetime(2026, 9, 8, 7, 5, tzinfo=UTC),
    "frozen_at": NOW,
    "code": "482913",
    "browser_link": "/extranet/bureau/navigateur/sealed-link",
    "invitation_link": "/extranet/bureau/invitation/sealed-link",
    "receipt": RECEIPT,
    "papers": (
        ReceiptDocument("Certificat médical", "Zélie Rossignol", is_uploaded=True),
        ReceiptDocument("Avis d'imposition", "", is_uploaded=False),
    ),
    "pupil": PupilFile("a1", "Zélie Rossignol", sent=SentAnswers(CHANGES, "R26-K4TN-8WCB", NOW, DECISION)),
    "decision": DECISION,
    "family": "Famille Rossignol",
    "is_former": True,
    "given_at": NOW,
    "guardians": ["M. Côme Merle"],
    "guardian": "M. Côme Merle",
    "action": "telephone_changed",
    "of": "M. Côme Merle",
    "step": "started",
    "season": "2026",
    "extension": Extension(date(2026, 10, 7), "hospitalisation", "Mme Houx", NOW),
    "period": PERIOD,
    "now": NOW,
    "reader": "unknown",
    "due": (DueDocument("Avis d'imposition", is_promised=True), DueDocument("Photo, Zélie", is_promised=False)),
    "pupil_name": "Zélie Rossignol",
    "path": "/extranet/compte/eleves/a1b2c3d4",
    "course": Course("Hautbois", "Cycle 1", "Mme Saule", "mercredi 14 h 30 - 15 h 15", "salle Ravel"),
    "weekday": "mercredi",
    "day": date(2026, 11, 4),
    "marked_at": datetime(2026, 11, 4, 13, 35, tzinfo=UTC),
    "courses": (
        (Course("Hautbois"), CourseWish("Hautbois", "change", "Alto", ("mardi", "jeudi"))),
        (Course("Chant"), None),
    ),
}


def application_view(
    now: datetime = datetime(2027, 6, 1, 7, 0, tzinfo=UTC), network: Network = NETWORK
) -> ApplicationReceipt:
    """Make the receipt's view of a sent application at a moment."""
    period = EnrolmentPeriod(date(2027, 5, 25), date(2027, 6, 15))
    view = receipt_view(AdmissionPeriods(network, Periods(period), "2027", now), replace(FULL, sent=WITH_PAPERS))
    assert view
    return view


LESSON: Final = {
    "pupils": ["Zélie Rossignol"],
    "course": Course("Violon", "", "Mme Pinson", "mercredi 14 h 30 - 15 h 15"),
    "day": date(2026, 9, 2),
    "new_day": date(2026, 9, 2),
    "is_moved": False,
    "entry": LessonCancellation("", NOW, "Mme Pinson est souffrante.\nLe cours sera rattrapé."),
}


def facts_for(name: str, /, **facts: Any) -> Mapping[str, Any]:
    """Return the facts of a letter. `facts` replace the usual ones."""
    all_facts = {**FACTS, **facts}
    if name == "lost_identifier":
        row = ListedAccount(all_facts["site"], all_facts["account"], ("Zélie", "Léo"))
        return {"listed": (row,), "sites": (all_facts["site"],), "name": all_facts["account"].name} | all_facts
    if name.startswith("admission_"):  # to applicants without an account, perhaps without a site
        slot = ("evry-xenakis", "Piano", "Débutant")
        about = {
            "application": SENT,
            "candidate": ALBA,
            "decision": ADMITTED,
            "slot": slot,
            "pool": POOL,
            "bands": ((5, 10), (51, None)),
        }
        about |= {"application": WITHDRAWN, "candidates": (ALBA,)} if name == "admission_withdrawn" else {}
        about |= {"view": application_view(network=all_facts["network"]), "settings": all_facts["network"].admission}
        return {"sites": (all_facts["site"],), "kind": "email"} | {**all_facts, **about, **facts}
    if name.startswith(("staff_", "sign_in_")):  # to staff, and to logins of several sites
        sites = (all_facts["site"],)
        return {
            "sites": sites,
            "member": TROGLODYTE,
            "role": "secretary",
            "by": "Odile Fauvette",
            "asked_at": NOW,
            "what": "password",
            "rolls": (ROLL,),
            "day": ROLL.day,
            "is_of_days": False,
        } | all_facts
    if name in {"lesson_cancelled", "lesson_changed"}:
        lesson = LESSON if name == "lesson_cancelled" else LESSON | {"entry": LessonChange("", NOW)}
        return {"lessons": [lesson], "is_today": False} | {**all_facts, **facts}
    if name == "course_words":
        words = CourseMessages("evry-xenakis", "c", NOW.date(), "Mme Pinson", "Violon", "mercredi 14 h 30 - 15 h 15")
        message = CourseMessage("f", NOW, "Mme Pinson", "Apportez votre archet.\nÀ mercredi !", 2, 3)
        return {"words": words, "message": message} | all_facts
    of_wings = (examples.letters[name] for examples in wing_examples().values() if name in examples.letters)
    of_notice = facts_of(all_facts["network"], None, (NoticeEntry(all_facts["site"], all_facts["account"], PERIOD),))
    return of_notice | all_facts | dict(next(of_wings, {})) | facts


def written(name: str, /, **facts: Any) -> Letter:
    """Fill in a letter, with a keyboard's blanks and apostrophes."""
    return plain_letter(fill(name, "rossignol@example.org", NOW, facts_for(name, **facts)))


# Of a network and a family with names without a line break opportunity.
LONG_NAMES: Final[Mapping[str, Any]] = {
    "account": replace(ROSSIGNOL, name=f"Famille {'Rossignol' * 6}", display_identifier=f"XEN-{'0123456789' * 3}"),
    "network": replace(NETWORK, public_url="https://extranet.reseau-des-conservatoires-d-une-agglomeration.example.fr"),
}

# The variants of a letter, by the facts that differ.
VARIANTS: Final[Mapping[str, tuple[Mapping[str, Any], ...]]] = {
    "absence": ({"course": Course("Violon")},),
    "access_frozen": ({"password": ""},),
    "admission_code": ({"kind": "number"},),
    **{
        f"admission_place_{answer}": ({"candidate": replace(ALBA, wishes=ALBA.wishes[:1])}, {"due": ()})
        for answer in ("declined", "taken")
    },
    **{
        f"admission_{name}": ({"candidate": replace(ALBA, wishes=ALBA.wishes[:1])},)
        for name in ("offer", "offer_expired")
    },
    "admission_withdrawn": (
        {"application": ALL_WITHDRAWN, "candidates": (ALBA, NILS)},
    ),
    **{
        f"admission_{name}": (
            {"decision": replace(ADMITTED, words="", until=None), "until": None},
            {"sites": NETWORK.sites[:2], "until": None},
        )
        for name in ("declined", "to_complete", "waiting")
    },
    "admission_welcome": ({"account": replace(ROSSIGNOL, password=None)},),
    "admission_receipt": ({"view": application_view(datetime(2027, 8, 1, tzinfo=UTC))}, {"sites": NETWORK.sites}),
    "awaited": tuple({"step": step} for step in ("logged_in", "started", "to_complete")),
    "corrected": (
        *({"action": "identifier_changed", "former": ("XEN 2", still)} for still in (True, False)),
        {"action": "merged", "merged": "XEN 2"},
    ),
    "email_changed": (
        {"password_ended": True, "methods_ended": True, "staying": None},
        {"who": "L'administration", "staying": replace(ROSSIGNOL, passkeys=(TELEPHONE,), links=(LINK,))},
    ),
    "enrolment_decision": tuple(
        {"decision": replace(DECISION, verdict=verdict), **more}
        for verdict in get_args(Verdict)
        for more in ({}, {"due": ()}, {"now": NOW + timedelta(days=60)}, {"period": None})
    ),
    "enrolment_receipt": (
        {"receipt": replace(RECEIPT, paper=PaperForm("post", date(2027, 6, 1), "Mme Houx"))},
        *({"reader": reader} for reader in ("sender", "other")),
        *({"now": NOW + timedelta(days=60)}, {"period": None}),
        *({"receipt": replace(RECEIPT, pupils=pupils), "due": ()} for pupils in (RECEIPT.pupils[1:], ())),
    ),
    "lesson_cancelled": (
        {"lessons": [LESSON | {"entry": LessonCancellation("", NOW)}]},
        {"is_today": True},
        {"lessons": 2 * [LESSON], "is_today": True},
        {"lessons": [LESSON, LESSON | {"day": date(2026, 9, 4)}]},
        {"lessons": [LESSON | {"pupils": ["Zélie Rossignol", "Léo Rossignol"], "course": Course("")}]},
    ),
    "lesson_changed": (
        {"is_today": True},
        {"lessons": 2 * [LESSON | {"entry": LessonChange("", NOW), "pupils": ["Zélie Rossignol", "Léo Rossignol"]}]},
        {"lessons": [LESSON | {"entry": LessonChange("", NOW, why="Concert.", teacher="Mme Sorbier")}]},
        {"lessons": [LESSON | {"entry": LessonChange("", NOW, begins=NOW, ends=NOW, teacher="Mme Sorbier")}]},
    ),
    "identifier_given": ({"is_former": False},),
    "lost_identifier": ({"name": None, "listed": 2 * (ListedAccount(NETWORK.sites[0], ROSSIGNOL, ()),)},),
    "sign_in_code": tuple({"purpose": purpose, "sites": NETWORK.sites[:2]} for purpose in get_args(Purpose)),
    "notice": (
        {"was_told": True, "is_reminder": True},
        {"needs_password": True},
        {"entries": (NoticeEntry(NETWORK.sites[0], replace(ROSSIGNOL, password=None, links=(LINK,)), PERIOD),)},
    ),
    **{f"staff_{name}": ({"sites": NETWORK.sites[:2]}, {"sites": ()}) for name in ("invitation", "reset")},
    "staff_rolls_forgotten": (
        {"rolls": (ROLL, ROLL)},
        {"rolls": (ROLL, ROLL), "is_of_days": True},
        {"rolls": (replace(ROLL, course=replace(ROLL.course, discipline="")),)},
    ),
    "staff_changed": (*({"what": what} for what in ACCESS_CHANGES), {"sites": NETWORK.sites[:2]}, {"sites": ()}),
    "ways_changed": (
        {"change": replace(LINKED, old=LINKED.new, new=())},
        {"change": replace(LINKED, new=("franceconnect",)), "browser": "", "password_ended": True},
        {"change": replace(LINKED, new=("franceconnect_used",)), "who": ""},
        {"change": replace(LINKED, old=(*LINKED.new, "franceconnect"), new=()), "who": "l'administration"},
    ),
    "password_changed": ({"is_first_use": True}, {"is_first_use": True, "had_one": False}),
}  # fmt: skip


def all_written() -> list[tuple[str, Letter]]:
    """Write every letter in each variant, by name."""
    return [
        (f"{name} {number}", written(name, **facts))
        for name in LETTERS
        for number, facts in enumerate(({}, *VARIANTS.get(name, ())))
    ]
