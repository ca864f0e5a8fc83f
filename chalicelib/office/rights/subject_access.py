"""The right of access (RGPD, articles 15 and 20): all stored data of one account, read together."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import astuple, field, replace
from datetime import datetime
from typing import Any, Final, TypeVar

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.account.audit import AuditEntry
from chalicelib.domain.account.login_methods import passkey_name
from chalicelib.domain.account.logins import login_refs
from chalicelib.domain.account.separation import as_seen
from chalicelib.domain.account.sessions import Session
from chalicelib.domain.dossiers.uploads import FOLDER, UploadedFile, family_folder
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.opinions import Opinion, seasons_of_opinions
from chalicelib.domain.enrolment.periods import seasons_kept
from chalicelib.domain.family.redaction import hide
from chalicelib.domain.staff.consultations import Consultation
from chalicelib.domain.staff.turns import Turn
from chalicelib.infra.dynamo.change import as_stored, later_parts
from chalicelib.infra.dynamo.database import Delete
from chalicelib.infra.dynamo.values import Item
from chalicelib.office.account import audit, check_author, consultations_of, family_of, find_login, pseudonym
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.parts import RightsPart
from chalicelib.services.office import OfficeServices as Services
from chalicelib.settings.wings import parts, with_data
from chalicelib.stores.account_items import FORMER
from chalicelib.values import Stored, frozen
from chalicelib.wings.admission.domain.applications import Application
from chalicelib.wings.admission.domain.paperwork import application_folder
from chalicelib.wings.admission.office.applications import audited_as
from chalicelib.wings.admission.office.purge import has_applications
from chalicelib.wings.admission.office.rights import applications_of, uploads_of
from chalicelib.wings.teaching.office.rights import LessonData, has_lessons, lesson_data

Kind = TypeVar("Kind")


@frozen
class PersonalData:
    """The data of an account by table. `mentions`: accounts whose notices also list it.

    `logins`: the guardians' own. With separated coordinates, all data is as the named login may see it. `applications`:
    those of its addresses, with their uploads in `application_uploads`.
    """

    account: Account
    sessions: tuple[Session, ...]
    tries: tuple[datetime, ...]
    acts: tuple[AuditEntry, ...]
    mentions: tuple[AccountRef, ...]
    enrolments: tuple[Enrolment, ...]
    uploads: tuple[UploadedFile, ...]
    logins: tuple[Account, ...] = ()
    applications: tuple[Application, ...] = ()
    application_uploads: tuple[UploadedFile, ...] = ()
    consultations: tuple[Consultation, ...] = ()
    opinions: tuple[Opinion, ...] = ()  # of teachers on its pupils, on no page of the family
    lessons: LessonData = LessonData()
    turn: Turn | None = None  # whose turn its file is, if it ever was a member's
    request_turns: tuple[Turn, ...] = ()  # the same of its applications
    of_wings: tuple[Any, ...] = ()  # of each `RightsPart`
    later: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)  # parts that a later version wrote (`later_in`)

    def of(self, kind: type[Kind]) -> tuple[Kind, ...]:
        """List the values of a kind among those of wings: one, or none without the wing."""
        return tuple(value for value in self.of_wings if isinstance(value, kind))


def export(services: Services, case: HelpdeskCase, now: datetime) -> PersonalData:
    """Read all data of an account, and audit the export. Raises `OfficeRefusal`."""
    author = check_author(case.author)
    login = find_login(services, case.identifier, case.site)
    account = family_of(services, login, case.identifier)
    audit(services, account.ref, "exported", author, now)
    return _as_seen(services, personal_data(services, account, now), login)


def _as_seen(services: Services, data: PersonalData, login: Account) -> PersonalData:
    """Keep only the data of the guardian who asks, if coordinates are separated, and the documents they handed in."""
    if not data.account.separated_at:
        return data
    reader = as_seen(data.account, login.ref)
    visible: PersonalData = hide(replace(data, account=reader), reader.view.secrets if reader.view else ())
    documents = (document for enrolment in data.enrolments for document in enrolment.provided)
    keys = {document.object_key for document in documents if reader.view and document.saved.by in reader.view.present}
    files_hidden = [audited_as(one.ref) for one in data.applications if one.email not in reader.emails]
    trails = {pseudonym(services, ref) for ref in files_hidden}
    return replace(
        visible,
        uploads=tuple(file for file in data.uploads if file.key in keys),
        sessions=tuple(session for session in data.sessions if session.account == login.ref),
        logins=tuple(own for own in data.logins if own.ref == login.ref),
        applications=tuple(one for one in data.applications if one.email in reader.emails),
        acts=tuple(act for act in data.acts if act.account not in trails),
        consultations=tuple(one for one in data.consultations if one.account not in trails),
        request_turns=tuple(turn for turn in data.request_turns if turn.ref not in files_hidden),
        later=dict.fromkeys(data.later, (...,)),  # perhaps of the other guardian
        application_uploads=tuple(file for file in data.application_uploads if _is_of(file, data, reader)),
    )


def _is_of(file: UploadedFile, data: PersonalData, reader: Account) -> bool:
    return any(
        file.key.startswith(application_folder(item.ref)) for item in data.applications if item.email in reader.emails
    )


def personal_data(services: Services, account: Account, now: datetime) -> PersonalData:
    """Read all data of an account, by its keys."""
    ref = account.ref
    refs = (ref, *login_refs(account))
    logins = services.accounts.find_all(*login_refs(account)) if len(refs) > 1 else ()
    applications = applications_of(services, account, now)
    opinions, enrolments = tuple[Opinion, ...](), services.enrolments.of_account(ref, seasons_kept(now))
    stores = {part.attribute.label: services.store(part.store) for part in rights_parts(services)}
    trails = [ref, *(audited_as(application.ref) for application in applications)]
    turn, *request_turns = (services.staff.turns.find(file.site, file.identifier) for file in trails)
    of_wings = {label: store.find(ref) for label, store in stores.items()}
    later = {
        "account": later_in((account, *filter(None, logins)), services.accounts.encode),
        "enrolments": later_in(enrolments, services.enrolments.encode),
        "turn": later_in((turn, *request_turns), services.staff.turns.encode),
        **{label: later_in([of_wings[label]], store.encode) for label, store in stores.items()},
    }
    if has_applications(services):
        later["requests"] = later_in(applications, services.admission.applications.encode)
    if has_lessons(services):
        opinions = tuple(services.teaching.opinions.of_family(ref, seasons_of_opinions(now)))
        later["opinions"] = later_in(opinions, services.teaching.opinions.encode)
    return PersonalData(
        account,
        tuple(session for login in refs for session in services.sessions.of_account(login)),
        tuple(sorted(moment for tries in services.attempts.at(ref) for moment in tries.times)),
        tuple(act for file in trails for act in services.audit_trail.on(file.site, pseudonym(services, file))),
        tuple(other.ref for other in mentioning(services, ref, account, services.mailboxes.deletions(ref))),
        enrolments,
        tuple(file for folder in upload_folders(services, ref) for file in services.documents.files(folder)),
        tuple(filter(None, logins)),
        applications,
        tuple(file for application in applications for file in uploads_of(services, application)),
        tuple(seen for one in trails for seen in consultations_of(services, one, now)),
        opinions,
        lesson_data(services, ref),
        turn if turn.item else None,
        tuple(one for one in request_turns if one.item),
        tuple(of_wings.values()),
        {label: parts for label, parts in later.items() if parts},
    )


def rights_parts(services: Services) -> tuple[RightsPart, ...]:
    """List the parts of the wings that have data here: a wing left out keeps its tables, and the family its rights."""
    return parts(RightsPart, with_data(services.settings.wing_tables))


def upload_folders(services: Services, ref: AccountRef) -> Iterator[str]:
    """Name the folders of an account's uploads by season, as found in the bucket."""
    for season in services.documents.folders(FOLDER):
        yield family_folder(season, ref.site, pseudonym(services, ref))


def mentioning(
    services: Services, ref: AccountRef, account: Account | None, entries: Iterable[Delete]
) -> Iterator[Account]:
    """Find the accounts whose notices list this one: a mail lists families that share its address, now or formerly.

    Searched by its mailboxes: of its entries, of its addresses, of its own notices. If one of them has an
    entry that this version cannot read, every account is read.
    """
    names = {entry.key["site"] for entry in entries}
    if account:
        names -= {
            *(passkey_name(passkey.id) for passkey in account.passkeys),
            *(link.subject for link in account.links),
        }
        names |= {notice.mailbox for notice in account.notices}
        names |= set(map(services.record.pseudonyms.of_mailbox, account.emails))
    mailboxes = [services.mailboxes.find(name) for name in sorted(names)]
    if any(mailbox.has_unread for mailbox in mailboxes):
        return (other for other in services.accounts.all() if mentions(other, ref))
    refs = sorted({other for mailbox in mailboxes for other in mailbox.refs} - {ref}, key=astuple)
    return (other for other in (services.accounts.find_all(*refs) if refs else ()) if other and mentions(other, ref))


def mentions(account: Account, ref: AccountRef) -> bool:
    """Whether a mail to this account listed another one."""
    return any(AccountRef(*companion) == ref for notice in account.notices for companion in notice.companions)


# Attributes of items that hold a secret, a member of staff or another family: their later parts are withheld.
_OPAQUE: Final = frozenset(
    {"password", "mailed", "unproven", "notices", "failing", "access", "corrections", "decision"}
)


_FORMER: Final = FORMER | {"site", "identifier"}


def later_in(values: Iterable[Stored], encode: Callable[[Any], Item]) -> tuple[Any, ...]:
    """Extract the later parts of values, by their encoder. Withheld ones are an ellipsis."""
    parts = (later_parts(value.item, as_stored(encode(value)), _OPAQUE, _FORMER) for value in values if value.item)
    return tuple(part for part in parts if part)
