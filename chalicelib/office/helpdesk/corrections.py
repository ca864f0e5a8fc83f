"""A datum of a family corrected by the office: its notice posted first, then one write with its trace."""

import hashlib
import secrets
from collections.abc import Callable, Iterable
from dataclasses import field, replace
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.aliases import with_identifier, written_identifier
from chalicelib.domain.account.audit import AuditAction
from chalicelib.domain.account.coordinates import Lines, identity_of, last_correction, part_of, record_corrections
from chalicelib.domain.account.identifiers import identifier_from
from chalicelib.domain.account.logins import first_guardians
from chalicelib.domain.account.mergers import AWAITS_FILE
from chalicelib.domain.account.spellings import refs_spelt
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.periods import EnrolmentRef, seasons_at
from chalicelib.domain.family.corrections import Actor, CorrectedField, Correction, new_decision
from chalicelib.domain.family.households import Guardian, Pupil, pupil_key
from chalicelib.domain.text import fold
from chalicelib.infra.dynamo.revise import Prepare
from chalicelib.mail.account_jobs import DatumCorrected
from chalicelib.mail.outbox import MAILED_AFTER, Outbox
from chalicelib.office.account import audit, check_author, find_account
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.mails import jobs_to_each
from chalicelib.services.staff import StaffServices as Services
from chalicelib.values import frozen


@frozen
class Datum:
    """A datum that the office may correct: its owner (a guardian's place from 1, a pupil's key), and its values.

    `guardian`: the only one to be notified if coordinates are separated.
    """

    owner: str
    name: str
    values: Lines = field(repr=False)
    guardian: Guardian | None = field(default=None, repr=False)


@frozen
class NewValues:
    """The new values of a datum, and the version on the page (`Correctable.version_of`)."""

    owner: str
    values: Lines = field(repr=False)
    version: str


@frozen
class CorrectionResult:
    """The trace of a correction, None if nothing changed, the mailboxes to notify, and the whole before and after."""

    trace: Correction | None = None
    emails: tuple[str, ...] = ()
    states: tuple[Any, Any] | None = None

    @property
    def has_changed(self) -> bool:
        """Whether the datum changed."""
        return self.trace is not None


Whole = Any  # an account, or a re-enrolment
Decide = Callable[[Whole], Whole]


@frozen
class Correctable:
    """A kind of datum: its act in the audit trail, which names its words, and how it is read and written.

    `fields`: its changes in the account's trail. By default it is a part of the account.
    """

    action: AuditAction
    fields: tuple[CorrectedField, ...]
    list: Callable[[Whole], tuple[Datum, ...]]
    write: Callable[[Whole, NewValues], Whole]
    find: Callable[[Services, Account, datetime], Whole] = lambda _services, account, _now: account
    revise: Callable[[Services, Whole, Decide, Prepare[Whole]], Any] = lambda services, account, decide, prepare: (
        services.accounts.revise(account.ref, decide, account, prepare)
    )
    record: Callable[[Whole, Whole, Correction], Whole] = lambda before, after, trace: record_corrections(
        before, after, trace.actor, trace.at, trace.decision
    )

    def version_of(self, whole: Whole) -> str:
        """Digest the data of this kind, with their owners: each change gives another version."""
        facts = [(datum.owner, datum.name, datum.values) for datum in self.list(whole)]
        return hashlib.blake2b(repr(facts).encode(), digest_size=8).hexdigest()

    def apply(self, whole: Whole, new: NewValues) -> Whole:
        """Change the datum. Returns `whole` itself if nothing changes. Raises `OfficeRefusal`."""
        datum = next((datum for datum in self.list(whole) if datum.owner == new.owner), None)
        if datum and datum.values == new.values:
            return whole
        if datum is None or new.version != self.version_of(whole):
            last = last_correction(whole, *self.fields) if isinstance(whole, Account) else None
            raise OfficeRefusal("correction_moved", change=last)
        return self.write(whole, new)


def correct(
    services: Services, case: HelpdeskCase, kind: Correctable, new: NewValues, now: datetime
) -> CorrectionResult:
    """Correct a datum. Idempotent. Raises `OfficeRefusal`.

    Its notice waits until the correction may no longer be taken back (`office/helpdesk/undo.py`).
    """
    by = check_author(case.author)
    account = find_account(services, case.identifier, case.site)
    whole = kind.find(services, account, now)
    if kind.apply(whole, new) is whole:
        return CorrectionResult()
    datum = next(datum for datum in kind.list(whole) if datum.owner == new.owner)
    audit(services, account.ref, kind.action, by, now)
    emails, mails = addressees(services, account, datum), Outbox(services.post_box, MAILED_AFTER)
    trace = Correction(kind.fields[0], datum.values, new.values, Actor("office", by.who), now, new_decision())

    def decide(current: Whole) -> Whole:
        after = kind.apply(current, new)
        return current if after is current else kind.record(current, after, trace)

    job = partial(DatumCorrected, action=kind.action, owner=datum.owner, decision=trace.decision)
    notices = jobs_to_each(services, replace(account, emails=emails), job, f"desk-{secrets.token_hex(8)}", now)
    change = kind.revise(services, whole, decide, lambda *_: mails.post(*notices))
    if change is None:
        raise OfficeRefusal("family_vanished", typed=case.identifier)
    return CorrectionResult(trace, emails, change) if change[0] is not change[1] else CorrectionResult()


def addressees(services: Services, account: Account, datum: Datum) -> tuple[str, ...]:
    """List the working addresses to notify of a correction: that of the guardian alone if separated."""
    emails = account.reachable(services.record.pseudonyms)
    guardian = datum.guardian if account.separated_at else None
    return tuple(email for email in emails if guardian is None or email == guardian.email)


def _of_guardian(place: int, guardian: Guardian, values: Lines) -> Datum:
    return Datum(str(place), guardian.name, values, guardian)


def _with_guardian(account: Account, place: str, **values: Any) -> Account:  # noqa: ANN401 - of a guardian
    """Change a guardian by their place."""
    pairs = enumerate(account.household.guardians, 1)
    guardians = tuple(replace(own, **values) if str(number) == place else own for number, own in pairs)
    return _with_household(account, guardians=guardians)


def _with_household(account: Account, **values: Any) -> Account:  # noqa: ANN401 - of a household
    return replace(account, household=replace(account.household, **values))


def _addresses(account: Account) -> tuple[Datum, ...]:
    """List the family's postal address, and those of the guardians who have their own, or may need one."""
    household, first = account.household, next(iter(first_guardians(account)), None)
    rest = (
        _of_guardian(place, guardian, guardian.address)
        for place, guardian in enumerate(household.guardians, 1)
        if guardian.address or (account.separated_at and guardian is not first)
    )
    return Datum("", "", household.address, first), *rest


def _with_address(account: Account, new: NewValues) -> Account:
    if new.owner:
        return _with_guardian(account, new.owner, address=new.values)
    return _with_household(account, address=new.values)


def _guardians_added(account: Account) -> tuple[Datum, ...]:
    """List the last added guardian, whose owner is new, and each who may be taken back: those without a login."""
    pairs = enumerate(account.household.guardians, 1)
    newcomers = [
        Datum(str(place), "", (adult.name, adult.telephone))
        for place, adult in pairs
        if adult.is_added and not adult.login
    ]
    return Datum("", "", newcomers[-1].values if newcomers else ()), *newcomers


def _with_guardians(account: Account, new: NewValues) -> Account:
    """Add a guardian, or take back an added one. Raises `OfficeRefusal` for the name of another."""
    guardians = account.household.guardians
    if new.owner:
        rest = (adult for place, adult in enumerate(guardians, 1) if str(place) != new.owner)
        return _with_household(account, guardians=tuple(rest))
    name, telephone = new.values
    if fold(name) in {fold(adult.name) for adult in guardians}:
        raise OfficeRefusal("guardian_twin", name=name)
    return _with_household(account, guardians=(*guardians, Guardian(name, telephone=telephone, is_added=True)))


def _pupils_added(account: Account) -> tuple[Datum, ...]:
    """List the last added pupil, whose owner is new, and each who may be taken back."""
    pupils = account.household.pupils_by_key
    newcomers = [Datum(key, "", identity_of(pupil)) for key, pupil in pupils.items() if pupil.is_added]
    return Datum("", "", newcomers[-1].values if newcomers else ()), *newcomers


def _with_pupils(account: Account, new: NewValues) -> Account:
    """Add a pupil, or take back an added one. Raises `OfficeRefusal` for the name and birth date of another."""
    pupils = account.household.pupils_by_key
    if new.owner:
        return _with_household(account, pupils=tuple(pupil for key, pupil in pupils.items() if key != new.owner))
    pupil = replace(_identified(pupils.values(), new), is_added=True)
    return _with_household(account, pupils=(*pupils.values(), pupil))


def _identified(siblings: Iterable[Pupil], new: NewValues) -> Pupil:
    """Make a pupil of a name and birth date. Raises `OfficeRefusal` for those of another pupil."""
    name, born_on = new.values[0], date.fromisoformat(new.values[1]) if new.values[1:] else None
    if any((fold(other.name), other.born_on) == (fold(name), born_on) for other in siblings):
        raise OfficeRefusal("pupil_twin", name=name)
    return Pupil(name, born_on)


def _with_pupil(account: Account, new: NewValues) -> Account:
    """Correct a pupil's name and birth date, their key kept. Raises `OfficeRefusal` for those of another pupil."""
    pupils = account.household.pupils_by_key
    old = pupils[new.owner]
    identity = _identified((other for other in pupils.values() if other is not old), new)
    after = replace(old, name=identity.name, born_on=identity.born_on, key=pupil_key(old))
    return _with_household(account, pupils=tuple(after if pupil is old else pupil for pupil in pupils.values()))


def _with_identifier(account: Account, new: NewValues) -> Account:
    """Write an identifier. A further one also opens the account, an earlier one ends those given after it."""
    return replace(with_identifier(account, identifier_from(new.values[0])), display_identifier=new.values[0])


def _revise_identifier(
    services: Services, account: Account, decide: Decide, prepare: Prepare[Account]
) -> tuple[Account, Account] | None:
    """List a further identifier, make its item, then write it. Raises `OfficeRefusal` if another account has it.

    In this order, an item is always listed, so that an erasure finds it.
    """
    spelling = decide(account).display_identifier
    identifier = identifier_from(spelling)
    if identifier == account.ref.identifier:
        return services.accounts.revise(account.ref, decide, account, prepare)
    accounts = filter(None, services.accounts.find_all(*refs_spelt(account.ref.site, identifier)))
    is_taken = any(holder.ref != account.ref and not services.accounts.is_free(holder, account) for holder in accounts)
    pair = None if is_taken else services.accounts.revise(account.ref, partial(with_identifier, identifier=identifier))
    if is_taken or (pair and not services.accounts.reserve_alias(pair[1], identifier)):
        raise OfficeRefusal("identifier_taken", typed=spelling)
    return services.accounts.revise(account.ref, decide, None, prepare)


def enrolment_with_contact(enrolments: Iterable[Enrolment | None]) -> Enrolment | None:
    """Find the first re-enrolment with an emergency contact."""
    return next((enrolment for enrolment in enrolments if enrolment and all(enrolment.emergency_contact)), None)


def _find_enrolment(services: Services, account: Account, now: datetime) -> Enrolment:
    """Find the family's last re-enrolment with a contact. Raises `OfficeRefusal`."""
    refs = (EnrolmentRef(account.ref, season) for season in seasons_at(now))
    if enrolment := enrolment_with_contact(services.enrolments.find_all(*refs)):
        return enrolment
    raise OfficeRefusal("correction_moved", change=None)


TELEPHONE: Final = Correctable(
    "telephone_changed",
    ("telephones", "guardians"),
    lambda account: tuple(
        _of_guardian(place, adult, (adult.telephone,)) for place, adult in enumerate(account.household.guardians, 1)
    ),
    lambda account, new: _with_guardian(account, new.owner, telephone=new.values[0]),
)
ADDRESS: Final = Correctable("address_changed", ("address", "guardians"), _addresses, _with_address)
PAYER: Final = Correctable(
    "payer_changed",
    ("payer",),
    lambda account: (Datum("", "", part_of(account.household, "payer")),),
    lambda account, new: _with_household(account, payer="".join(new.values)),
)
PUPIL: Final = Correctable(
    "pupil_changed",
    ("pupil",),
    lambda account: tuple(
        Datum(key, pupil.name, identity_of(pupil)) for key, pupil in account.household.pupils_by_key.items()
    ),
    _with_pupil,
)
NAME: Final = Correctable(
    "name_changed",
    ("name",),
    lambda account: (Datum("", "", (account.name,)),),
    lambda account, new: replace(account, name=new.values[0]),
)
IDENTIFIER: Final = Correctable(
    "identifier_changed",
    ("identifier",),
    lambda account: (Datum("", "", (written_identifier(account),)),),
    _with_identifier,
    revise=_revise_identifier,
)
GUARDIANS: Final = Correctable("guardians_changed", ("guardians",), _guardians_added, _with_guardians)
PUPILS: Final = Correctable("pupils_changed", ("pupil",), _pupils_added, _with_pupils)
EMERGENCY: Final = Correctable(
    "emergency_changed",
    ("emergency",),
    lambda enrolment: (Datum("", "", enrolment.emergency_contact),),
    lambda enrolment, new: enrolment.with_emergency_contact(new.values),
    _find_enrolment,
    lambda services, enrolment, decide, prepare: services.enrolments.revise(enrolment, decide, prepare),
    lambda _before, after, trace: after.with_correction(trace),
)
MERGED: Final = Correctable("merged", ("merged",), lambda _: (), lambda account, _: account)  # by its own form
ADDERS: Final = (GUARDIANS, PUPILS)  # an owner of theirs is a person to take back, none is one to add


def data_shown(kind: Correctable, whole: Any) -> tuple[Datum, ...]:  # noqa: ANN401 - of any kind
    """List the data for a page. No person is taken back between a merge and the next file, which may list them."""
    data = kind.list(whole)
    return data[:1] if kind in ADDERS and AWAITS_FILE in dict(whole.imported) else data


KINDS: Final[dict[str, Correctable]] = {
    kind.action: kind for kind in (TELEPHONE, ADDRESS, PAYER, PUPIL, NAME, IDENTIFIER, MERGED, *ADDERS, EMERGENCY)
}
