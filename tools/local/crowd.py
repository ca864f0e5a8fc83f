"""Three hundred families beside the documented ones, reproducible by seed: their answers, bills, mails and absences."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from chalicelib.domain.account.accounts import Account, AccountRef, FailingMailbox, Password, new_stamp
from chalicelib.domain.account.identifiers import email_from, identifier_from
from chalicelib.domain.dossiers.documents import FOYER, NOTED, ProvidedDocument, SavedBy
from chalicelib.domain.dossiers.uploads import family_folder
from chalicelib.domain.dossiers.uploads import key_of as document_key
from chalicelib.domain.enrolment.answers import CourseWish, HouseholdAnswers, PupilAnswers
from chalicelib.domain.enrolment.enrolments import DECIDABLE, Enrolment, EnrolmentDecision, PupilFile, Verdict
from chalicelib.domain.enrolment.periods import PARIS, EnrolmentPeriod, EnrolmentRef
from chalicelib.domain.enrolment.submissions import new_number, submit
from chalicelib.domain.family.corrections import Actor, Correction, new_decision
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil, PupilRef, merge_pupils
from chalicelib.domain.family.telephones import telephone_from
from chalicelib.infra.dynamo.database import Put
from chalicelib.services.office import OfficeServices
from chalicelib.settings.wings import has
from chalicelib.wings.billing.domain.bills import Bills, Invoice, Payment
from chalicelib.wings.billing.stores import Billing
from chalicelib.wings.teaching.domain.courses import course_key
from chalicelib.wings.teaching.domain.rolls import Roll, RollRef, UnexcusedAbsences
from chalicelib.wings.teaching.domain.school_years import Slot
from tools.fixtures.families import Contents, Order, listing
from tools.fixtures.invoices import invoice_pdf
from tools.fixtures.slips import DrawnFamily

FAMILIES: Final = 300
PASSWORD: Final = "Solfege4Clair"  # noqa: S105 - of every family that has one here
SEED: Final = 29
_SITES: Final = (
    *("evry-xenakis", "evry-xenakis", "evry-xenakis", "evry-magnard", "evry-magnard", "bondoufle-gounod"),
    *("ris-orangis-messiaen", "villabe-yves-henry"),
)
_TOWNS: Final = {
    "bondoufle-gounod": "91070 Bondoufle",
    "ris-orangis-messiaen": "91130 Ris-Orangis",
    "villabe-yves-henry": "91100 Villabé",
}
_TEACHERS: Final = ("Mme Verveine", "M. Cyprès", "Mme Tilleul", "M. Platane", "Mme Sorbier", "M. Charme", "Mme Houx")
_VERDICTS: Final[tuple[Verdict, ...]] = ("accepted",) * 17 + ("to_complete",) * 2 + ("declined",)
_WORDS: Final = {
    "accepted": "",
    "to_complete": "Il manque l'avis d'imposition.",
    "declined": "Ce cours n'ouvre plus l'an prochain.",
}
_DAY: Final = timedelta(days=1)


def store_crowd(services: OfficeServices, periods: Mapping[str, EnrolmentPeriod], decided_by: str) -> None:
    """Store the families, and the re-enrolments of the sites with a period, decided by a member of staff."""
    now = services.clock()
    password_hash = services.hasher.hash(PASSWORD)
    order = Order(FAMILIES, SEED, _SITES)
    accounts = [_account(services, drawn, password_hash, now) for drawn in listing(order, Contents())]
    services.accounts.enter_all_mailboxes(accounts)
    writes = [services.accounts.put(account) for account in accounts]
    for account in accounts:
        chance = _chance(account, "season")
        period = periods.get(account.ref.site)
        if period:
            seasons = _seasons(account, period, decided_by, now, chance)
            writes += [services.enrolments.put(_with_file(services, one, chance)) for one in seasons]
        if has("billing") and chance.random() < 0.6:  # noqa: PLR2004 - of them have bills
            bills = Bills(account.ref, stamp=new_stamp()).with_listed(_invoices(account.ref, now, chance))
            writes.append(services.store(Billing).put(bills))
    absences = _absences(services, accounts, now) if has("teaching") else ()
    services.database.write_all([*writes, *absences])


def _chance(account: Account, about: str) -> Random:
    return Random(f"{SEED}:{account.ref.identifier}:{about}")  # noqa: S311 - reproducible


def _account(services: OfficeServices, drawn_family: DrawnFamily, password_hash: str, now: datetime) -> Account:
    """Make an account. Of twenty, four were never activated, one has a failing address, one corrected its telephone."""
    cells = drawn_family.cells
    guardians = tuple(
        Guardian(cells[f"Responsable {place}"], cells[f"E-mail {place}"], telephone_from(cells[f"Téléphone {place}"]))
        for place in (1, 2)
        if f"Responsable {place}" in cells
    )
    town = _TOWNS.get(cells["Site"], "91000 Évry-Courcouronnes")
    address = (*filter(None, (cells["Adresse 1"], cells["Adresse 2"])), town)
    household = Household(guardians, address, merge_pupils(map(_pupil, drawn_family.courses)), cells["Payeur"])
    account = Account(
        ref=AccountRef(cells["Site"], identifier_from(cells["Identifiant"])),
        name=cells["Famille"],
        emails=tuple(email_from(guardian.email) for guardian in guardians),
        stamp=new_stamp(),
        display_identifier=cells["Identifiant"],
        household=household,
    )
    chance = _chance(account, "account")
    at = now - chance.randrange(3, 200) * timedelta(hours=1)
    if (fate := chance.randrange(20)) < 4:  # noqa: PLR2004 - never activated
        return account
    account = replace(account, password=Password(password_hash, at - _DAY, "chosen"), last_login=at)
    if fate == 4:  # noqa: PLR2004
        failing = FailingMailbox(services.record.pseudonyms.of_mailbox(account.emails[0]), "bounced", at)
        return replace(account, failing_mailboxes=(failing,))
    if fate == 5:  # noqa: PLR2004
        return _with_corrected_telephone(account, guardians[0], at)
    return account


def _with_corrected_telephone(account: Account, guardian: Guardian, at: datetime) -> Account:
    old = (guardian.telephone,) if guardian.telephone else ()
    new = f"06 39 98 {int(account.ref.identifier[-4:]) // 100:02} {int(account.ref.identifier[-2:]):02}"
    correction = Correction(
        "telephones", old, (new,), Actor("family", guardian.name), at, new_decision(), guardian.name
    )
    other_guardians = account.household.guardians[1:]
    household = replace(account.household, guardians=(replace(guardian, telephone=new), *other_guardians))
    return replace(account, household=household, corrections=(correction,))


def _pupil(cells: dict[str, str]) -> Pupil:
    """Make a pupil with one course. There are few teachers, so that each has a whole week."""
    hours = re.sub(r"(\d+)[:h](\d\d)", lambda time: f"{int(time[1])} h {time[2]}", cells["Horaire"])
    teacher = _TEACHERS[sum(map(ord, cells["Discipline"])) % len(_TEACHERS)]
    slot = f"{cells['Jour'].lower()} {hours.replace('-', ' - ').replace(' 00', '')}"
    course = Course(cells["Discipline"], cells["Niveau"], teacher, slot, cells["Lieu"])
    return Pupil(cells["Élève"], datetime.strptime(cells["Date de naissance"], "%d/%m/%Y").date(), (course,))  # noqa: DTZ007


def _seasons(
    account: Account, period: EnrolmentPeriod, decided_by: str, now: datetime, chance: Random
) -> Iterator[Enrolment]:
    """Make the re-enrolment of this season, and of the last, in which nearly all were accepted."""
    if chance.random() < 0.8:  # noqa: PLR2004 - were here last year
        last = EnrolmentPeriod(_year_before(period.opens_on), _year_before(period.closes_on))
        yield from _enrolment(account, last, decided_by, now, chance)
    yield from _enrolment(account, period, decided_by, now, chance)


def _year_before(day: date) -> date:
    """Return the same day of the year before, in whose season a re-enrolment is another one."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


def _enrolment(
    account: Account, period: EnrolmentPeriod, decided_by: str, now: datetime, chance: Random
) -> Iterator[Enrolment]:
    """Make a re-enrolment: none, a draft, or one sent, sooner rather than later, and perhaps decided."""
    opens_at = datetime.combine(period.opens_on, datetime.min.time(), PARIS).astimezone(now.tzinfo)
    length = period.ends_at - opens_at
    at = (opens_at + chance.random() ** 1.5 * length).replace(hour=chance.randrange(7, 21), microsecond=0)
    if at > now - timedelta(hours=1) or chance.random() < 0.1:  # noqa: PLR2004 - never answer
        return
    guardian = chance.choice(account.household.guardians)
    saved_by = SavedBy(guardian.name, at)
    household = HouseholdAnswers(
        coordinates_exact=True,
        payer=account.household.payer or guardian.name,
        emergency_name=guardian.name,
        emergency_telephone=guardian.telephone or "06 39 98 00 00",
        rules_accepted=True,
    )
    draft = Enrolment(EnrolmentRef(account.ref, period.season)).with_household(household, saved_by)
    for key, pupil in account.household.pupils_by_key.items():
        draft = draft.with_pupil(PupilFile(key, pupil.name, _answers(pupil, chance), saved_by), at)
    draft = draft.with_document(ProvidedDocument("quotient-familial", FOYER, saved_by))
    if chance.random() < 0.1:  # noqa: PLR2004 - still a draft
        yield draft
        return
    yield _decide(submit(draft, draft.pupils, new_number(period.season), saved_by), at, decided_by, now, chance)


def _with_file(services: OfficeServices, enrolment: Enrolment, chance: Random) -> Enrolment:
    """Upload the file of a document to one sent re-enrolment of eight."""
    if not enrolment.receipts or chance.random() > 0.125:  # noqa: PLR2004
        return enrolment
    paper = invoice_pdf("Avis d'imposition", "pièce fictive", Invoice("A-1", enrolment.receipts[0].at.date(), 0))
    account, slot = enrolment.ref.account, ("quotient-familial", FOYER)
    pseudonym = services.record.pseudonyms.of(account.site, account.identifier)
    name = f"{NOTED}{hashlib.md5(paper, usedforsecurity=False).hexdigest()}"
    key = document_key(family_folder(enrolment.ref.season, account.site, pseudonym), slot, name)
    services.documents.put(key, paper, "application/pdf")
    saved_by = SavedBy(enrolment.receipts[0].by, enrolment.receipts[0].at)
    return enrolment.with_document(ProvidedDocument(*slot, saved_by, key))


def _answers(pupil: Pupil, chance: Random) -> PupilAnswers:
    if chance.random() < 0.06:  # noqa: PLR2004 - leave
        return PupilAnswers(stays=False, reason="Déménagement")
    wishes = [CourseWish(course.discipline, "keep") for course in pupil.courses]
    if chance.random() < 0.1 and wishes[0].discipline != "Guitare":  # noqa: PLR2004 - change
        wishes[0] = replace(wishes[0], choice="change", wanted="Guitare", days=("mercredi",))
    return PupilAnswers(stays=True, wishes=tuple(wishes), image_rights=chance.random() < 0.8)  # noqa: PLR2004


def _decide(enrolment: Enrolment, at: datetime, by: str, now: datetime, chance: Random) -> Enrolment:
    """Decide about most pupils, a day or two after they were sent."""
    decided_at = (at + chance.randrange(1, 3) * _DAY).replace(hour=chance.randrange(8, 17))
    if decided_at > now or chance.random() < 0.2:  # noqa: PLR2004 - still wait
        return enrolment
    for pupil in enrolment.pupils:
        verdict = chance.choice(_VERDICTS)
        decision = EnrolmentDecision(verdict=verdict, by=by, at=decided_at, words=_WORDS[verdict])
        enrolment = enrolment.with_decision(pupil.key, decision) if pupil.state in DECIDABLE else enrolment
    return enrolment


def _invoices(ref: AccountRef, now: datetime, chance: Random) -> list[Invoice]:
    """Make two invoices, the first of which is nearly always paid."""
    today = now.astimezone(PARIS).date()
    cents = chance.randrange(12_000, 48_000, 500)
    numbers = [f"{today.year}-{ref.identifier[-5:]}-{number}" for number in (1, 2)]
    days_issued = [today - timedelta(days=days) for days in (chance.randrange(90, 120), chance.randrange(5, 40))]
    payment = (Payment(days_issued[0] + 20 * _DAY, cents, chance.choice(("chèque", "prélèvement", "carte bancaire"))),)
    payments = payment if chance.random() < 0.85 else ()  # noqa: PLR2004 - pay in time
    return [
        Invoice(numbers[0], days_issued[0], cents, days_issued[0] + 30 * _DAY, "Cours du 1er trimestre", payments),
        Invoice(numbers[1], days_issued[1], cents, days_issued[1] + 30 * _DAY, "Cours du 2e trimestre"),
    ]


_MISSED: Final = (3, 4, 3, 5, 3)


def _absences(services: OfficeServices, accounts: Iterable[Account], now: datetime) -> Iterator[Put]:
    """Make the rolls from which some pupils of one site are often absent."""
    today, missing = now.astimezone(PARIS).date(), iter(_MISSED)
    for account in accounts:
        (key, pupil), *_ = account.household.pupils_by_key.items()
        course, weekday = pupil.courses[0], Slot.parse(pupil.courses[0].slot).weekday
        if account.ref.site != _SITES[0] or weekday is None or _chance(account, "absent").random() > 0.2:  # noqa: PLR2004
            continue
        if not (lessons := next(missing, 0)):
            return
        ref = PupilRef(account.ref.identifier, key)
        absences = UnexcusedAbsences(account.ref.site, ref)
        for week in range(1, lessons + 1):
            day = _last(weekday, today) - 7 * week * _DAY
            at = datetime.combine(day, datetime.min.time(), PARIS).astimezone(now.tzinfo) + timedelta(hours=18)
            roll = Roll(RollRef(account.ref.site, course_key(course), day)).save({ref: "absent"}, course.teacher, at)
            absences = absences.with_lesson((course_key(course), day), course.discipline)
            yield services.teaching.rolls.put(roll)
        yield services.teaching.absences.put(absences)


def _last(weekday: int, today: date) -> date:
    return today - timedelta(days=(today.weekday() - weekday) % 7)
