"""Ticks of the list of re-enrolments: `eleve-N`, each a pupil as the page showed it, without its name."""

from collections.abc import Iterator
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.refusals import NotThere
from chalicelib.office.enrolment.decide import PupilVersion, SelectedPupil
from chalicelib.web.office.edge import StaffRequest, identifier_from_part, part_of

_TICK: Final = "eleve-"
_PARTS: Final = 4


def selection_value(ref: AccountRef, version: PupilVersion) -> str:
    """Write the value of a pupil's tick: `SITE/FAMILLE/ELEVE/VU`."""
    return f"{ref.site}/{part_of(ref.identifier)}/{version.key}/{version.text}"


def read_selection(request: StaffRequest) -> tuple[SelectedPupil, ...]:
    """Read the ticks. Raises `NotThere` for a site that is not the member's, and for values that no list offers."""
    return tuple(_selected_pupils(request))


def selection_values(request: StaffRequest) -> dict[str, None]:
    """List the values of a form's ticks, each once, in their order."""
    return dict.fromkeys(value for name, value in request.form.items() if name.startswith(_TICK))


def _selected_pupils(request: StaffRequest) -> Iterator[SelectedPupil]:
    for value in selection_values(request):
        parts = value.split("/")
        if len(parts) != _PARTS or not request.staff.sees(parts[0]):
            raise NotThere
        site, family, key, shown = parts
        yield SelectedPupil(AccountRef(site, identifier_from_part(family)), PupilVersion.parse(key, shown))
