"""The forms that correct a datum of a family's file, each described by its datum and its checks."""

from collections.abc import Callable
from typing import Any, Final

from chalicelib.domain.account.coordinates import Lines
from chalicelib.domain.account.identifiers import identifier_from
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.family import birth_dates, telephones
from chalicelib.domain.family.postal import Address
from chalicelib.domain.refusals import FieldsRefused
from chalicelib.domain.staff.members import Right
from chalicelib.office.family_file import FamilyFile
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.helpdesk.corrections import (
    ADDRESS,
    EMERGENCY,
    GUARDIANS,
    IDENTIFIER,
    NAME,
    PAYER,
    PUPIL,
    PUPILS,
    TELEPHONE,
    Correctable,
    Datum,
    NewValues,
    correct,
    data_shown,
    enrolment_with_contact,
)
from chalicelib.office.helpdesk.undo import open_correction, seal_correction, undo_correction, undo_of
from chalicelib.presentation.texts import de
from chalicelib.values import frozen
from chalicelib.web.office.acts import check_filled, sealed_undo, undo_until
from chalicelib.web.office.edge import DeskRequest

TYPED: Final = (
    *("responsable", "telephone", "voie", "code_postal", "ville", "pays", "payeur"),
    *("urgence_nom", "urgence_telephone", "nom", "naissance", "identifiant"),
)


def _filled(request: DeskRequest, name: str, missing: str, error: str | None = None) -> str:
    """Read a field. Raises `FieldsRefused` with a code if it is empty or malformed."""
    check_filled(request, {name: missing})
    if error:
        raise FieldsRefused({name: (error,)})
    return request.field(name)


def _number(request: DeskRequest, name: str, missing: str) -> str:
    number = _filled(request, name, missing, telephones.error_in(request.field(name)))
    return telephones.telephone_from(number)


def _identifier(request: DeskRequest) -> Lines:
    is_malformed = not any(map(str.isalnum, identifier_from(request.field("identifiant"))))
    return (_filled(request, "identifiant", (code := "desk_identifier_missing"), code if is_malformed else None),)


def _address(request: DeskRequest) -> Lines:
    parts = (request.field(name) for name in ("code_postal", "ville", "pays"))
    address = Address.from_form(request.field("voie").splitlines(), *parts)
    if address.errors:
        raise FieldsRefused(address.errors)
    return address.lines


def _emergency(request: DeskRequest) -> Lines:
    name = _filled(request, "urgence_nom", "emergency_name_missing")
    return name, _number(request, "urgence_telephone", "emergency_telephone_missing")


def _pupil(request: DeskRequest) -> Lines:
    name, day = _filled(request, "nom", "desk_pupil_name_missing"), request.field("naissance")
    if code := birth_dates.error_in(day, request.now.astimezone(PARIS).date()):
        raise FieldsRefused({"naissance": (code,)})
    born_on = birth_dates.birth_date_from(day)
    return (name, born_on.isoformat()) if born_on else (name,)


def _new_guardian(request: DeskRequest) -> Lines:
    """Read an added guardian, or nothing to take one back."""
    if request.field("responsable"):
        return ()
    name = _filled(request, "nom", "desk_guardian_name_missing")
    return name, request.field("telephone") and _number(request, "telephone", "desk_telephone_missing")


@frozen
class CorrectionForm:
    """A form: the kind of its datum, its name and path, its title, and the function that reads its values.

    `owner`: the field with the owner of the datum. `is_chosen`: one form for all owners, with a list of them. `adds`:
    to a list of people, and takes back each owner.
    """

    kind: Correctable
    name: str
    path: str
    title: str
    reader: Callable[[DeskRequest], Lines]
    owner: str = "responsable"
    is_chosen: bool = False
    right: Right = "secretary"
    adds: bool = False

    def title_for(self, datum: Datum) -> str:
        """Name the act on one owner's datum."""
        if self.adds and datum.owner:
            return f"Retirer {datum.values[0]}"
        return f"{self.title} {de(datum.name)}" if datum.owner and not self.is_chosen else self.title

    def id_for(self, owner: str) -> str:
        """Name the form of one owner's datum on the page."""
        return f"{self.name}-{owner}" if owner and not self.is_chosen else self.name

    def opened(self, request: DeskRequest) -> str:
        """Name the form that was sent."""
        return self.id_for(request.field(self.owner))

    def new_values(self, request: DeskRequest, _: None) -> NewValues:
        """Read the form. Raises `FieldsRefused`."""
        return NewValues(request.field(self.owner), self.reader(request), request.field("vu"))

    def data(self, file: FamilyFile) -> tuple[tuple[Datum, ...], str]:
        """List the data of a family's file that it may correct, and their version."""
        whole: Any = file.overview.account
        if self.kind is EMERGENCY:
            enrolment = file.enrolment
            whole = enrolment and enrolment_with_contact((enrolment.family.enrolment, enrolment.last_year))
        return (data_shown(self.kind, whole), self.kind.version_of(whole)) if whole else ((), "")

    def correct(self, request: DeskRequest, case: HelpdeskCase, values: NewValues) -> str:
        """Correct the datum. Returns the code of the confirmation, with the sealed undo."""
        result = correct(request.services, case, self.kind, values, request.now)
        if not result.has_changed:
            return "corrige-deja"
        undo = undo_of(request.family, self.kind, values.owner, result)
        code = "corrige" if result.emails else "corrige-sans-avis"
        return f"{code}&annuler={seal_correction(request.services, undo)}"


def offer_undo(request: DeskRequest) -> dict[str, str]:
    """Offer to take the confirmed correction back, until its time is over."""
    if not (seal := sealed_undo(request)):
        return {}
    until = open_correction(request.services, request.family, seal).until
    return {"seal": seal, "until": undo_until(request, until)}


def undo_by_seal(request: DeskRequest) -> str:
    """Take back the correction of a sealed form. Returns the code of the confirmation."""
    undo = open_correction(request.services, request.family, request.field("annuler"))
    undo_correction(request.services, undo, request.staff.author("correction annulée"), request.now)
    return "corrige-annule"


def former_contact(file: FamilyFile) -> tuple[str, str] | None:
    """Find the number of an emergency contact that a correction of a telephone replaced, and the form for it."""
    account, form = file.overview.account, next(one for one in FORMS if one.kind is EMERGENCY)
    former = {number for one in account.corrections if one.what == "telephones" for number in one.old}
    former -= {guardian.telephone for guardian in account.household.guardians}
    contacts = [datum for datum in form.data(file)[0] if set(datum.values[1].split(", ")) & former]
    return (contacts[0].values[1], form.id_for(contacts[0].owner)) if contacts else None


FORMS: Final = (
    CorrectionForm(
        *(TELEPHONE, "numero", "telephone", "Corriger un téléphone"),
        lambda request: (_number(request, "telephone", "desk_telephone_missing"),),
        is_chosen=True,
    ),
    CorrectionForm(ADDRESS, "adresse-postale", "adresse-postale", "Corriger l'adresse postale", _address),
    CorrectionForm(
        *(PAYER, "qui-paie", "payeur", "Corriger le payeur"),
        lambda request: (_filled(request, "payeur", "payer_missing"),),
    ),
    CorrectionForm(EMERGENCY, "urgence", "urgence", "Corriger le contact d'urgence", _emergency),
    CorrectionForm(PUPIL, "eleve", "eleve", "Corriger le nom ou la date de naissance", _pupil, owner="eleve"),
    CorrectionForm(
        *(NAME, "nom-famille", "nom", "Corriger le nom de la famille"),
        lambda request: (_filled(request, "nom", "desk_family_name_missing"),),
        right="manager",
    ),
    CorrectionForm(
        *(IDENTIFIER, "identifiant-famille", "identifiant", "Changer l'identifiant", _identifier), right="manager"
    ),
    CorrectionForm(
        *(GUARDIANS, "ajout-responsable", "responsables", "Ajouter un responsable", _new_guardian),
        right="manager",
        adds=True,
    ),
    CorrectionForm(
        *(PUPILS, "ajout-eleve", "eleves", "Ajouter un élève"),
        lambda request: () if request.field("eleve") else _pupil(request),
        owner="eleve",
        right="manager",
        adds=True,
    ),
)
