"""What a member of staff did and looked at in the year, whatever the file: for when an access may have been stolen."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from chalicelib.mail.admission_jobs import TRACKED_AT
from chalicelib.office.account import pseudonym as account_pseudonym
from chalicelib.office.helpdesk.account_text import ACTS, CONSULTATIONS
from chalicelib.office.roster.applied_imports import counts_text, list_imports
from chalicelib.office.staff.labels import ACTS as STAFF_ACTS
from chalicelib.office.staff.members import address_from
from chalicelib.services.family import Services
from chalicelib.services.staff import staff_stores
from chalicelib.values import frozen

Advance = Callable[[], None]

_OF_NO_SITE: Final = "*"  # as the audit trail names it


@frozen
class TracedAct:
    """One act, or one consultation: of which account, by its identifier, as far as that is still known.

    `account`: its pseudonym, or the one of a member. `last_at`, `times`: of a consultation, within half an hour.
    """

    at: datetime
    site: str
    what: str
    account: str
    why: str = ""
    identifier: str = ""
    last_at: datetime | None = None
    times: int = 1


def trace(services: Services, typed: str, now: datetime, advance: Advance) -> tuple[TracedAct, ...]:
    """List what somebody proven by this address did, oldest first: of a member who is gone too. Raises `OfficeRefusal`.

    A rare question, and dear: the trail of every site is read, and where it names an account, the accounts of its site;
    then that of new requests, whose acts name them in their reasons.
    What was done by `clef` has a typed name, and is not here.
    """
    ending, found = f" <{address_from(typed)}>", []
    for site in services.settings.network.sites:
        acts = list(_of_site(services, site.code, ending, now))
        found += _identified(services, site.code, acts, advance)
        advance()
    for elsewhere in (_OF_NO_SITE, TRACKED_AT):
        found += _of_site(services, elsewhere, ending, now)
    found += [*_on_staff(services, ending, now), *_imports(services, ending, now)]
    return tuple(sorted(found, key=lambda act: act.at))


def _of_site(services: Services, site: str, ending: str, now: datetime) -> Iterator[TracedAct]:
    for entry in services.audit_trail.of_site(site):
        if entry.author.who.endswith(ending):
            yield TracedAct(entry.at, site, ACTS[entry.kind], entry.account, entry.author.why)
    for seen in staff_stores(services).consultations.of_site(site, now):
        if seen.who.endswith(ending):
            what = f"consultation : {CONSULTATIONS[seen.kind]}"
            yield TracedAct(seen.at, site, what, seen.account, last_at=seen.last_at, times=seen.times)


def _on_staff(services: Services, ending: str, now: datetime) -> Iterator[TracedAct]:
    stores = staff_stores(services)
    names = {services.record.pseudonyms.of_mailbox(member.email): member.email for member in stores.members.all()}
    for act in stores.acts.all(now):
        if act.author.who.endswith(ending):
            email = names.get(act.member, "")
            what = f"personnel : {STAFF_ACTS[act.kind]}{act.about and f' ({act.about})'}"
            yield TracedAct(act.at, "", what, act.member, act.author.why, email)


def _imports(services: Services, ending: str, now: datetime) -> Iterator[TracedAct]:
    for imported in list_imports(services, now):
        if imported.by.endswith(ending):
            yield TracedAct(imported.begun_at, "", "import du fichier annuel", "", counts_text(imported))


def _identified(services: Services, site: str, acts: list[TracedAct], advance: Advance) -> list[TracedAct]:
    """Name the accounts of the acts by their identifiers: every account of the site is read, if there is any act."""
    if not acts:
        return []
    wanted, names = {act.account for act in acts}, {}
    for account in services.accounts.all(site):
        name = account_pseudonym(services, account.ref)
        if name in wanted:
            names[name] = account.display_identifier or account.ref.identifier
        advance()
    return [replace(act, identifier=names.get(act.account, "")) for act in acts]
