"""All acts and consultations of a member of staff in the year, for a possibly stolen access."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import AuditEntry
from chalicelib.domain.roster.applied_imports import AppliedImport
from chalicelib.domain.staff.acts import StaffAct
from chalicelib.domain.staff.consultations import Consultation
from chalicelib.office.account import pseudonym as account_pseudonym
from chalicelib.office.roster.applied_imports import list_imports
from chalicelib.services.office import AdmissionServices as Services
from chalicelib.stores.summary_index import account_summaries
from chalicelib.values import frozen

_OF_NO_SITE: Final = "*"  # as in the audit trail


@frozen
class TracedAct:
    """One act or consultation, with the account's identifier if still known.

    `account`: its pseudonym, or the one of a member. `times`: of a consultation, within half an hour.
    """

    at: datetime
    site: str
    note: AuditEntry | Consultation | StaffAct | AppliedImport
    account: str
    identifier: str = ""

    @property
    def times(self) -> int:
        """The number of looks of a consultation within half an hour."""
        return self.note.times if isinstance(self.note, Consultation) else 1


def trace(services: Services, email: str, now: datetime, trails: Iterable[str] = ()) -> tuple[TracedAct, ...]:
    """List the acts and consultations of a member, oldest first.

    A rare and costly query: it reads the trail of every site, of the staff and of wings (`trails`), and names accounts
    by the summaries of their site. An operator's acts have an AWS identity, and are not here.
    """
    ending, traced_acts = f" <{email}>", []
    for site in services.settings.network.sites:
        traced_acts += _identified(services, site.code, list(_of_site(services, site.code, ending, now)))
    for elsewhere in (_OF_NO_SITE, *trails):
        traced_acts += _of_site(services, elsewhere, ending, now)
    traced_acts += [*_on_staff(services, ending, now), *_imports(services, ending, now)]
    return tuple(sorted(traced_acts, key=lambda act: act.at))


def _of_site(services: Services, site: str, ending: str, now: datetime) -> Iterator[TracedAct]:
    for entry in services.audit_trail.of_site(site):
        if entry.author.who.endswith(ending):
            yield TracedAct(entry.at, site, entry, entry.account)
    for reading in services.staff.consultations.of_site(site, now):
        if reading.who.endswith(ending):
            yield TracedAct(reading.at, site, reading, reading.account)


def _on_staff(services: Services, ending: str, now: datetime) -> Iterator[TracedAct]:
    stores = services.staff
    names = {services.record.pseudonyms.of_mailbox(member.email): member.email for member in stores.members.all()}
    for act in stores.acts.all(now):
        if act.author.who.endswith(ending):
            yield TracedAct(act.at, "", act, act.member, names.get(act.member, ""))


def _imports(services: Services, ending: str, now: datetime) -> Iterator[TracedAct]:
    for entry in list_imports(services, now):
        if entry.by.endswith(ending):
            yield TracedAct(entry.begun_at, "", entry, "")


def _identified(services: Services, site: str, acts: list[TracedAct]) -> list[TracedAct]:
    """Name the accounts of the acts by their identifiers."""
    if not acts:
        return []
    names = {
        account_pseudonym(services, AccountRef(site, family.identifier)): family.display_identifier or family.identifier
        for family in account_summaries(services.accounts, site)
    }
    return [replace(act, identifier=names.get(act.account, "")) for act in acts]
