"""The step « Pièces à fournir »: what was uploaded, as the bucket has it, and what is promised on paper."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from chalicelib.domain.enrolment import uploads
from chalicelib.domain.enrolment.checklist import Slot
from chalicelib.domain.enrolment.enrolments import Enrolment, Saved
from chalicelib.domain.enrolment.uploads import FORM_LIFETIME, MOST_RECEIVED, Fault, Standing, UploadForm, family_folder
from chalicelib.domain.refusals import FieldsRefused, Unavailable
from chalicelib.flows.reenrolment import Enrolling, Said, Saving, save
from chalicelib.services import Client, Services

_FAULTS: Final[Mapping[Fault, str]] = {
    "empty": "document_empty",
    "too_large": "document_too_large",
    "heic": "document_heic",
    "unknown": "document_unreadable",
    "too_many": "document_too_many",
}


def standings(services: Services, enrolling: Enrolling) -> tuple[Standing, ...]:
    """Tell how each document asked for stands: a listing of the family's folder, a look into each newest file."""
    asked = enrolling.asked(services)
    stored = services.documents.stored(_folder(services, enrolling)) if asked else ()
    return uploads.standings(asked, enrolling.enrolment, stored, services.documents.look)


def forms(services: Services, enrolling: Enrolling, found: Sequence[Standing], then: str) -> dict[Slot, UploadForm]:
    """Sign a form for each document that may be sent, none of which outlives the period; then it sends to an address.

    A document has one key at a time, whoever opens the page however often: nobody fills the bucket by it.
    """
    if not enrolling.is_open:
        return {}
    folder, lifetime = _folder(services, enrolling), min(FORM_LIFETIME, enrolling.left)
    keys = {each.asked.slot: each.next_key(folder, services.record.pseudonyms.of) for each in found}
    return {slot: services.documents.form(key, MOST_RECEIVED, lifetime, then) for slot, key in keys.items() if key}


def keep(  # noqa: PLR0913, PLR0917 - what a step is saved with, and what was found
    services: Services,
    enrolling: Enrolling,
    found: Sequence[Standing],
    promised: Collection[Slot],
    said: Said,
    client: Client,
) -> Enrolment:
    """Note what was uploaded and what is promised on paper, all of it or to be finished later; else change nothing.

    What is noted stands from then on where no form can replace it; a file that is not taken is deleted in any case.
    Raises `FieldsRefused` (files that are taken stay where they are), `PeriodClosed`, `StepMoved`, `EnrolmentFull`.
    """
    enrolling.check_open()
    lacking = {field_of(each.asked.slot): (code_of(each),) for each in found if each.lacks(promised)}
    is_refused = bool(lacking) and not said.later
    saved = enrolling.saved_by(said.by, lacking if is_refused else {})
    fixed = found if is_refused else tuple(_fixed(services, each) for each in found)

    def apply(enrolment: Enrolment) -> Enrolment:
        for each in fixed:
            enrolment = each.noted_in(enrolment, promised, saved)
        return enrolment

    step = Saving(
        part=lambda known: known.provided,
        saved=_saved_last,
        apply=apply,
        said=said,
        lacking=lacking,  # to finish later takes a promise back where its box is ticked no more
    )
    try:
        after = save(services, enrolling, step, client)
    except FieldsRefused:
        _tidy(services, enrolling, [each for each in found if each.fault], client)
        raise
    _tidy(services, enrolling, found, client)
    return after


def field_of(slot: Slot) -> str:
    """Name the field by which a document is promised on paper."""
    return "-".join(("papier", *slot))


def code_of(standing: Standing) -> str:
    """Give the code of what is wrong with a document that is not there, or whose newest file is not taken."""
    return _FAULTS[standing.fault] if standing.fault else "document_missing"


def _fixed(services: Services, standing: Standing) -> Standing:
    """Copy what is about to be noted to where nobody can replace it, unless the same content stands there."""
    newest = standing.newest
    if newest is None or standing.kind is None or newest.is_fixed:
        return standing
    if newest.fixed.key not in {each.key for each in standing.files}:
        services.documents.copy(newest, newest.fixed.key)
    return replace(standing, newest=newest.fixed)


def _tidy(services: Services, enrolling: Enrolling, found: Sequence[Standing], client: Client) -> None:
    """Delete files that are refused, or noted and copied; what fails stays until the season's files go."""
    gone = tuple(each.newest.key for each in found if each.newest and each.newest.is_upload)
    try:
        services.documents.delete(gone)
    except Unavailable as error:
        services.record.write("unavailable", enrolling.now, client.request, what=str(error), lacking="tidying")


def _folder(services: Services, enrolling: Enrolling) -> str:
    account, season = enrolling.enrolment.ref.account, enrolling.enrolment.ref.season
    return family_folder(season, account.site, services.record.pseudonyms.of(account.site, account.identifier))


def _saved_last(enrolment: Enrolment) -> Saved | None:
    return max((each.saved for each in enrolment.provided), key=lambda saved: saved.at, default=None)
