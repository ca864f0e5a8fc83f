"""The files of a family's documents for the office: the recorded one, the sent one, and any newer one."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final, Literal, Protocol

from chalicelib.domain.account.audit import Erasure
from chalicelib.domain.dossiers.documents import ProvidedDocument, Slot
from chalicelib.domain.dossiers.uploads import FOLDER, DocumentStatus, UploadedFile, family_of, slot_of
from chalicelib.domain.dossiers.uploads import season_of as season_of_key
from chalicelib.domain.enrolment.periods import PARIS, EnrolmentPeriod, season_of
from chalicelib.office.account import pseudonym
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.family import Services
from chalicelib.values import frozen

_SEASON: Final = re.compile(r"20\d\d")


@frozen
class DueDocuments:
    """The files to purge: those of the season, and those of erased accounts in any season."""

    of_season: tuple[UploadedFile, ...]
    of_nobody: tuple[UploadedFile, ...]

    @property
    def all(self) -> tuple[UploadedFile, ...]:
        """Both together."""
        return self.of_season + self.of_nobody


def due(services: Services, season: str, now: datetime) -> DueDocuments:
    """List the files to purge with a season. Raises `OfficeRefusal` if the season is not over at some site.

    An orphan file was sent by a page already open when its family was erased. Files are listed before accounts, so that
    a new account's file is no orphan.
    """
    _check_over(services, season, now)
    files = services.documents.files(FOLDER)
    known = {(account.ref.site, pseudonym(services, account.ref)) for account in services.accounts.all()}
    others = (file for file in files if season_of_key(file.key) != season)
    return DueDocuments(
        tuple(file for file in files if season_of_key(file.key) == season),
        tuple(file for file in others if family_of(file.key) not in known),
    )


def purge(services: Services, listed: DueDocuments, who: str, now: datetime) -> Erasure:
    """Delete the listed files, and audit sites and counts. After a fault, running it again completes it."""
    erasure = Erasure.of_documents((family_of(file.key)[0] for file in listed.all), who, now)
    services.audit_trail.add_erasure(erasure)
    services.documents.delete(tuple(file.key for file in listed.all))
    done = erasure.complete()
    services.audit_trail.add_erasure(done)
    return done


def _check_over(services: Services, season: str, now: datetime) -> None:
    if not _SEASON.fullmatch(season):
        raise OfficeRefusal("season_malformed", typed=season)
    periods = services.periods.read()
    announced = [periods.of(site.code) for site in services.settings.network.sites]
    if not all(_is_over(season, period, now) for period in announced):
        raise OfficeRefusal("documents_season_open", season=season)


def _is_over(season: str, period: EnrolmentPeriod | None, now: datetime) -> bool:
    """Whether a season is over at a site: its period has ended, or it is of a past year."""
    if period and season_of(period, now) == season:
        return period.state(now) == "after"
    return season < str(now.astimezone(PARIS).year)


Role = Literal["noted", "sent", "newest", "unasked"]


class ReceiptNote(Protocol):
    """The number and moment of a sending: a receipt of the re-enrolment, or an application."""

    @property
    def number(self) -> str:
        """The number given to the family."""

    @property
    def at(self) -> datetime:
        """The moment of the sending."""


Sent = tuple[ReceiptNote, ProvidedDocument]


class ProvidedFiles(Protocol):
    """A family's documents, for its re-enrolment or its application."""

    @property
    def statuses(self) -> tuple[DocumentStatus, ...]:
        """Each required document with its status."""

    @property
    def others(self) -> tuple[UploadedFile, ...]:
        """Files of documents no longer required."""

    def last_sent(self, slot: Slot) -> Sent | None:
        """Find the last sending of a document's file."""

    def name_of(self, owner: str) -> str:
        """Name the owner of a document. Empty for the household."""


@frozen
class FileLine:
    """A line for one file of a document, or for its absence: its role, and its readable content.

    `file`: None if there is none, or if its content has changed since it was recorded as `etag`, where known.
    """

    role: Role
    code: str
    title: str
    of: str
    file: UploadedFile | None = None
    etag: str = ""
    status: DocumentStatus | None = None
    provided: ProvidedDocument | None = None
    sent: Sent | None = None
    is_gone: bool = False


def file_lines(documents: ProvidedFiles) -> Iterator[FileLine]:
    """List each document's recorded file, a different sent one, then a newer one. Documents not required come last."""
    for status in documents.statuses:
        yield from _lines(status, documents.last_sent(status.document.slot))
    for stored in documents.others:
        code, owner = slot_of(stored.key)
        yield FileLine("unasked", code, code, documents.name_of(owner), stored)


def _lines(status: DocumentStatus, sent: Sent | None) -> Iterator[FileLine]:
    noted = status.noted if status.noted and status.noted.object_key else None
    if noted:
        yield _of_provided("noted", status, noted, sent)
    if sent and not (status.noted and _is_same(sent[1], status.noted)):
        yield _of_provided("sent", status, sent[1], sent)
    if not noted or _is_newer(status):
        rule, newest = status.document.rule, status.newest if status.kind else None
        yield FileLine("newest", rule.code, rule.title, status.document.name, newest, status=status)


def _of_provided(role: Role, status: DocumentStatus, provided: ProvidedDocument, sent: Sent | None) -> FileLine:
    file = next((file for file in status.files if file.key == provided.object_key), None)
    readable = None if file is None or _is_replaced(file, provided) else file
    rule, of = status.document.rule, status.document.name
    return FileLine(
        role, rule.code, rule.title, of, readable, provided.etag, status, provided, sent, is_gone=file is None
    )


def _is_same(document: ProvidedDocument, other: ProvidedDocument) -> bool:
    return (document.object_key, document.etag) == (other.object_key, other.etag)


def _is_replaced(file: UploadedFile, provided: ProvidedDocument) -> bool:
    """Whether the recorded content was replaced under its key. Old records without `etag` compare only the time."""
    return file.etag != provided.etag if provided.etag else file.at > provided.saved.at


def _is_newer(status: DocumentStatus) -> bool:
    """Whether the newest file came after the recorded one."""
    newest, noted = status.newest, status.noted
    return newest is not None and noted is not None and newest.key != noted.object_key and newest.etag != noted.etag
