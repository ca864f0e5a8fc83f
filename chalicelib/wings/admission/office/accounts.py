"""The account of accepted candidates: one for each application and site, made by one idempotent write."""

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Final

from chalicelib.domain.account.accounts import FAMILY, GUARDIAN, Account, AccountRef, new_stamp
from chalicelib.domain.account.identifiers import identifier_from
from chalicelib.domain.account.logins import family_ref
from chalicelib.domain.account.spellings import refs_spelt
from chalicelib.domain.family.households import Course, Guardian, Household, Pupil, merge_pupils
from chalicelib.domain.family.telephones import telephone_from
from chalicelib.domain.refusals import Unavailable, WriteConflict
from chalicelib.domain.text import fold
from chalicelib.office.account import find_account
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.office import AdmissionServices as Services
from chalicelib.stores.summary_index import account_summaries
from chalicelib.values import frozen
from chalicelib.wings.admission.domain.applications import Application, Candidate
from chalicelib.wings.admission.domain.look_alikes import ApplicationLikeness


def similar_accounts(services: Services, application: Application, sites: Collection[str]) -> tuple[Account, ...]:
    """Read the accounts of some sites that may resemble an application (a Query of each site's summaries)."""
    likeness = ApplicationLikeness.of(application)
    accounts = (
        family for site in sites for family in account_summaries(services.accounts, site) if likeness.may_be(family)
    )
    refs = [AccountRef(family.site, family.identifier) for family in accounts]
    return tuple(filter(None, services.accounts.find_all(*refs))) if refs else ()


_NUMBER_DIGITS: Final = 3  # « PI27001 »: all of one length, easy to read aloud
_TRIES: Final = 20


@frozen
class NewIdentifier:
    """An identifier as letters print it, and as the key of the account."""

    display: str
    ref: AccountRef


def pupil_of(candidate: Candidate, slot: tuple[str, str, str] | None) -> Pupil:
    """Make the pupil of an accepted candidate. `slot`: site, discipline and level of the wish."""
    courses = (Course(slot[1], slot[2]),) if slot else ()
    return Pupil(candidate.name, candidate.born_on, courses)


def account_at(application: Application, site: str) -> AccountRef | None:
    """Find the account assigned to the application at a site, whether or not it is made yet."""
    accounts = (standing.account for standing in application.standings if standing.account)
    return next((AccountRef(*named) for named in accounts if named[0] == site), None)


def pupils_given(application: Application, ref: AccountRef) -> tuple[Pupil, ...]:
    """List the pupils that the application adds to an account."""
    by_key = {one.key: one for one in (application.sent.answers.candidates if application.sent else ())}
    standings = (standing for standing in application.standings if standing.account == (ref.site, ref.identifier))
    return tuple(pupil_of(by_key[standing.key], standing.slot) for standing in standings if standing.key in by_key)


def new_account(application: Application, identifier: NewIdentifier) -> Account:
    """Make the account of an application at a site. It cannot log in before a password is requested."""
    sending = application.sent
    if sending is None:
        raise ValueError("nothing was sent")
    answers, pupils = sending.answers, pupils_given(application, identifier.ref)
    telephone = telephone_from(answers.telephone) or answers.telephone
    guardian = Guardian(answers.guardian, application.email, telephone)
    return Account(
        ref=identifier.ref,
        name=_family_name(application),
        emails=(application.email,),
        stamp=new_stamp(),
        display_identifier=identifier.display,
        household=Household((guardian,), answers.address, pupils),
        application=application.number,
    )


def _family_name(application: Application) -> str:
    """Name the family after its first accepted child: the guardian's name is one field, not first and last name."""
    candidates = application.sent.answers.candidates if application.sent else ()
    first = next((one for one in candidates if application.standing(one.key).account), None)
    return f"Famille {first.last_name}" if first else ""


def with_pupils(account: Account, pupils: Iterable[Pupil]) -> Account:
    """Add pupils to a household. A pupil already in it only gains the disciplines that they do not learn yet."""
    by_person = {_person(pupil): pupil for pupil in account.household.pupils}
    extra = tuple(pupil for pupil in pupils if not _learns(by_person.get(_person(pupil)), pupil))
    if not extra:
        return account
    all_pupils = merge_pupils((*account.household.pupils, *extra))
    return replace(account, household=replace(account.household, pupils=all_pupils))


def _person(pupil: Pupil) -> tuple[str, date | None]:
    return fold(pupil.name), pupil.born_on


def _learns(former: Pupil | None, pupil: Pupil) -> bool:
    """Whether a pupil on file already learns all of a new one's disciplines, at any level."""
    learnt = {fold(course.discipline) for course in former.courses} if former else set()
    return former is not None and all(fold(course.discipline) in learnt for course in pupil.courses)


def generate_identifier(services: Services, site: str, season: str) -> NewIdentifier:
    """Generate an unused identifier of a site, in the network's format: « PI27001 ». Raises `Unavailable`."""
    template, numbers = services.settings.network.admission.identifiers, services.admission.identifier_numbers
    for _ in range(_TRIES):
        text = template.format(year=season[-2:], number=f"{numbers.next(season):0{_NUMBER_DIGITS}}")
        if not _taken(services, site, text):
            return NewIdentifier(text, AccountRef(site, identifier_from(text)))
    raise Unavailable("every generated identifier is taken")


def chosen_identifier(services: Services, site: str, text: str) -> NewIdentifier:
    """Take an identifier chosen by the school, if no account of the site has it. Raises `OfficeRefusal`."""
    spelling = " ".join(text.split())
    identifier = identifier_from(spelling)
    if not any(map(str.isalnum, identifier)):
        raise OfficeRefusal("identifier_malformed", typed=text)
    if _taken(services, site, spelling):
        raise OfficeRefusal("request_identifier_taken", typed=spelling, site=site)
    return NewIdentifier(spelling, AccountRef(site, identifier))


def _taken(services: Services, site: str, spelling: str) -> bool:
    """Whether an account has an identifier, with or without its dashes."""
    return any(services.accounts.find_all(*refs_spelt(site, identifier_from(spelling))))


def chosen_account(services: Services, site: str, text: str) -> AccountRef:
    """Find the family's existing account, named by a secretary. Raises `OfficeRefusal`."""
    account = find_account(services, text, site)
    if account.role != FAMILY or account.disabled:
        raise OfficeRefusal("request_account_closed", typed=text)
    return account.ref


def accounts_of_mailbox(services: Services, application: Application, site: str) -> tuple[Account, ...]:
    """Find the families with the application's address on file at a site."""
    refs = [ref for ref in services.mailboxes.find(application.ref.mailbox).refs if ref.site == site]
    accounts = filter(None, services.accounts.find_all(*refs)) if refs else ()
    logins = [account for account in accounts if application.email in account.emails]
    families = dict.fromkeys(family_ref(one) if one.role == GUARDIAN else one.ref for one in logins)
    return tuple(filter(None, services.accounts.find_all(*families))) if families else ()


def is_own(account: Account, application: Application) -> bool:
    """Whether an account belongs to the application: made for it, or named by a secretary as this family's."""
    own_key = (account.ref.site, account.ref.identifier)
    is_joined = any(standing.joined and standing.account == own_key for standing in application.standings)
    return is_joined or account.application == application.number


def lacking(account: Account | None, application: Application, ref: AccountRef) -> tuple[str, ...]:
    """List the keys of the candidates to be added to an account."""
    by_key = {one.key: one for one in (application.sent.answers.candidates if application.sent else ())}
    here = (one for one in application.standings if one.account == (ref.site, ref.identifier) and one.key in by_key)
    pupils = {one.key: pupil_of(by_key[one.key], one.slot) for one in here}
    return tuple(key for key, pupil in pupils.items() if account is None or with_pupils(account, [pupil]) != account)


def complete_account(services: Services, application: Application, identifier: NewIdentifier) -> Account | None:
    """Make the account of an application, or add its pupils to it. None if another family has the identifier.

    One write, idempotent.
    """
    account = new_account(application, identifier)
    former = services.accounts.find(identifier.ref)
    if former is None:
        with suppress(WriteConflict):
            services.accounts.create(account)
            return account
    pupils = pupils_given(application, identifier.ref)

    def add(account: Account) -> Account:
        return with_pupils(account, pupils) if is_own(account, application) else account

    change = services.accounts.revise(identifier.ref, add, former)
    if change is None:
        raise Unavailable("the account came and went")
    return change[1] if is_own(change[1], application) else None
