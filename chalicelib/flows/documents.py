"""The step « Pièces à fournir »: what was uploaded, as the bucket has it, and what is promised on paper."""

from collections.abc import Collection

from chalicelib.domain import uploads
from chalicelib.domain.awaited import Slot
from chalicelib.domain.enrolments import Enrolment, Saved
from chalicelib.domain.refusals import FieldsRefused, PeriodClosed
from chalicelib.domain.uploads import FORM_LIFETIME, LARGEST, Standing, UploadForm, family_folder, new_key
from chalicelib.flows.reenrolment import Enrolling, Said, Saving, mark_of, save
from chalicelib.services import Client, Services


def standings(services: Services, enrolling: Enrolling) -> tuple[Standing, ...]:
    """Tell how each document asked for stands: a listing of the family's folder, a look into each newest file."""
    asked = enrolling.asked(services)
    stored = services.documents.stored(_folder(services, enrolling)) if asked else ()
    return uploads.standings(asked, enrolling.enrolment, stored, services.documents.look)


def forms(services: Services, enrolling: Enrolling, then: str) -> dict[Slot, UploadForm]:
    """Sign a form for each document asked for, none of which outlives the period; then it sends to an address."""
    if not enrolling.is_open:
        return {}
    folder, lifetime = _folder(services, enrolling), min(FORM_LIFETIME, enrolling.left)
    return {
        each.slot: services.documents.form(new_key(folder, each.slot), LARGEST, lifetime, then)
        for each in enrolling.asked(services)
    }


def keep(services: Services, enrolling: Enrolling, promised: Collection[Slot], said: Said, client: Client) -> Enrolment:
    """Note what was uploaded and what is promised on paper; then refuse what lacks, unless the family goes on later.

    Raises `FieldsRefused` (what there was is noted all the same), `PeriodClosed`, `StepMoved`.
    """
    if not enrolling.is_open:
        raise PeriodClosed
    found = standings(services, enrolling)
    saved = enrolling.saved_by(said.by)

    def apply(enrolment: Enrolment) -> Enrolment:
        for each in found:
            enrolment = each.noted_in(enrolment, promised, saved)
        return enrolment

    step = Saving(part=lambda known: known.provided, saved=_saved_last, apply=apply, shown=said.shown)
    after = save(services, enrolling, step, client)
    lacking = [each for each in found if after.document(*each.asked.slot) is None]
    if lacking and not said.later:
        raise FieldsRefused({field_of(each.asked.slot): (_code(each),) for each in lacking}, mark_of(after.provided))
    return after


def field_of(slot: Slot) -> str:
    """Name the field by which a document is promised on paper."""
    return "-".join(("papier", *slot))


def _folder(services: Services, enrolling: Enrolling) -> str:
    account, season = enrolling.enrolment.ref.account, enrolling.enrolment.ref.season
    return family_folder(season, account.site, services.record.pseudonyms.of(account.site, account.identifier))


def _saved_last(enrolment: Enrolment) -> Saved | None:
    return max((each.saved for each in enrolment.provided), key=lambda saved: saved.at, default=None)


def _code(standing: Standing) -> str:
    return "document_unreadable" if standing.state == "unreadable" else "document_missing"
