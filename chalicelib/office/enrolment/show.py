"""A family's whole re-enrolment for the office, also found by a receipt's number."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.audit import Author
from chalicelib.domain.dossiers.documents import Slot
from chalicelib.domain.dossiers.uploads import UploadedFile, family_folder, files_of, slot_of
from chalicelib.domain.enrolment.enrolments import Enrolment
from chalicelib.domain.enrolment.funnel import Step, enrolment_step
from chalicelib.domain.enrolment.paperwork import required_documents
from chalicelib.domain.enrolment.periods import PARIS, EnrolmentRef, seasons_kept
from chalicelib.domain.enrolment.submissions import number_from
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.office.account import pseudonym
from chalicelib.office.dossiers.documents import Dossier, DossierDocuments, ListedDocument, read_documents
from chalicelib.office.enrolment.reenrolments import EnrolledFamily, is_open_for, known_family, opinions_of, season_for
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.services.office import OfficeServices as Services
from chalicelib.settings.environment import Site
from chalicelib.values import frozen

_NUMBER: Final = re.compile(r"R(\d\d)(-[A-Z0-9]{4}){2}")


@frozen
class EnrolmentOverview:
    """A family's re-enrolment as read. `step` is None if it is not begun. `is_open`: whether it may be sent now."""

    now: datetime
    family: EnrolledFamily
    site: Site | None
    step: Step | None
    documents: tuple[ListedDocument, ...]
    last_year: Enrolment | None
    is_open: bool = False


def family_overview(services: Services, ref: AccountRef, season: str | None, now: datetime) -> EnrolmentOverview:
    """Read a known family's whole re-enrolment, with last year's, at once. Raises `NotThere`."""
    season = season_for(services, ref, season, now)
    account, enrolment, last_year = services.database.read_together(
        services.accounts.lookup(ref), *both_years(services, ref, season)
    )
    opinions = opinions_of(services, ref.site, season, now, ref.identifier)
    family = replace(known_family(account, enrolment), opinions=opinions)
    return overview_of(services, family, last_year, now)


def both_years(services: Services, ref: AccountRef, season: str) -> tuple[Lookup[Enrolment], Lookup[Enrolment]]:
    """Look up a family's re-enrolment of a season, and last year's."""
    lookup = services.enrolments.lookup
    return lookup(EnrolmentRef(ref, season)), lookup(EnrolmentRef(ref, str(int(season) - 1)))


def overview_of(services: Services, family: EnrolledFamily, last_year: Enrolment, now: datetime) -> EnrolmentOverview:
    """Describe a re-enrolment as read."""
    return EnrolmentOverview(
        now,
        family,
        services.settings.network.site(family.account.ref.site),
        enrolment_step(family.account, family.enrolment),
        dossier_of(services, family, now).entries,
        last_year if last_year.started_at else None,
        is_open_for(services, family.account, now),
    )


def dossier_of(services: Services, family: EnrolledFamily, now: datetime) -> Dossier:
    """Describe a family's re-enrolment, for its documents."""
    account, enrolment, today = family.account, family.enrolment, now.astimezone(PARIS).date()
    rules, pupils = services.settings.network.enrolment.document_rules, account.household.pupils_by_key
    return Dossier(
        account.ref,
        enrolment,
        required_documents(rules, pupils, enrolment, today),
        family_folder(enrolment.ref.season, account.ref.site, pseudonym(services, account.ref)),
        tuple(reversed(enrolment.receipts)),
        {pupil.key: pupil.name for pupil in enrolment.pupils},
    )


def documents_of(services: Services, family: EnrolledFamily, author: Author, now: datetime) -> DossierDocuments:
    """Read a family's documents, audited before. Of each no longer required, the recorded file, else the newest.

    Raises `OfficeRefusal`.
    """
    documents = read_documents(services, dossier_of(services, family, now), author, now)
    slots = sorted({slot_of(file.key) for file in documents.extras})
    files = tuple(_noted_or_newest(family.enrolment, documents.extras, slot) for slot in slots)
    return replace(documents, extras=files)


def _noted_or_newest(enrolment: Enrolment, files: tuple[UploadedFile, ...], slot: Slot) -> UploadedFile:
    of_slot, record = files_of(files, slot), enrolment.document(*slot)
    return next((file for file in of_slot if record and file.key == record.object_key), of_slot[-1])


def receipt_number(text: str) -> str | None:
    """Parse the number of a receipt, however it is spelt. None if the text is no such number."""
    number = number_from(text)
    return number if _NUMBER.fullmatch(number) else None


def find_by_receipt(services: Services, number: str, sites: Iterable[str], now: datetime) -> EnrolmentRef:
    """Find the re-enrolment of a receipt at some sites: a Query of the season at each. Raises `OfficeRefusal`.

    A receipt of another site is refused exactly as one that does not exist.
    """
    season = f"20{number[1:3]}"
    for site in sites if season in seasons_kept(now) else ():
        enrolment = services.enrolments.with_receipt(number, season, site)
        if enrolment:
            return enrolment.ref
    raise OfficeRefusal("receipt_unknown", number=number)
