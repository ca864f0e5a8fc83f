"""/extranet/bureau/familles/{site}/{famille}/fusion: a look at two accounts of a family, and their merge."""

from dataclasses import field
from typing import Any, Final

from chalicelib.domain.account.identifiers import identifier_from
from chalicelib.domain.account.mergers import Merger
from chalicelib.domain.refusals import NotThere
from chalicelib.office.account import find_account, note_consultation
from chalicelib.office.helpdesk.access import HelpdeskCase
from chalicelib.office.jobs.jobs import find_job
from chalicelib.office.jobs.merge import begin_merge, check, find_merger, job_name
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.office import accounts
from chalicelib.presentation.office.refusals import sentence_of
from chalicelib.values import frozen
from chalicelib.web.office.acts import ActBlueprint, ActPage, Outcome, check_filled, parameter
from chalicelib.web.office.edge import DeskRequest, family_path
from chalicelib.web.office.family import FAMILY_PAGE, NOT_THERE
from chalicelib.web.office.filters import ANY

routes = ActBlueprint(__name__)

_PAGE: Final = f"{FAMILY_PAGE}/fusion"


@frozen
class MergeLook:
    """The account that stays with the one typed, if there is one, and why they may not be merged."""

    merger: Merger
    text: str = field(repr=False)
    refusal: OfficeRefusal | None = None

    @property
    def is_done(self) -> bool:
        """Whether the typed identifier opens the account that stays."""
        return identifier_from(self.text) in self.merger.stays.aliases and not self.merger.stays.merging_from


def _find(request: DeskRequest) -> MergeLook:
    """Find both accounts, whose consultation is noted first. Raises `NotThere`."""
    services, text = request.services, parameter(request, "identifiant").strip()
    try:
        stays = find_account(services, request.family.identifier, request.family.site)
    except OfficeRefusal as refusal:
        if refusal.code in NOT_THERE:
            raise NotThere from None
        raise
    merger, reason = Merger(stays, stays), None
    try:
        if text:
            merger = find_merger(services, stays.ref, text)
            check(services, merger)
    except OfficeRefusal as refusal:
        reason = refusal
    for ref in {merger.stays.ref, merger.stops.ref}:
        note_consultation(services, ref, "family_read", request.staff.member.known_as, request.now)
    return MergeLook(merger, text, reason)


def _facts(request: DeskRequest, look: MergeLook, _outcome: Outcome) -> dict[str, Any]:
    merger, network = look.merger, request.staff.network
    job = find_job(request.services, job_name(request.services, merger.stays.ref, merger.stopping))
    code = job.result.get("refused") if job and not merger.is_begun else None
    return {
        "look": look,
        "merger": merger,
        "refusal": sentence_of(look.refusal, network) if look.refusal and not look.is_done else "",
        "ended": sentence_of(OfficeRefusal(code), network) if code else "",
        "is_at_work": bool(merger.is_begun and job and job.is_at_work and not job.is_still(request.now)),
        "words": accounts,
        "path": family_path(merger.stays.ref),
    }


MERGE: Final = ActPage(
    "merge",
    "find",
    _facts,
    _find,
    back=lambda request: f"{family_path(request.family)}/fusion?identifiant={request.field('identifiant')}",
    inputs=("raison",),
    sentences={"lancee": "La fusion est lancée : un mail en avertit les adresses des deux comptes une fois finie."},
)
routes.page(_PAGE, "manager", MERGE, filters={"identifiant": ANY})


@routes.act(_PAGE, "manager", MERGE, has_reason=True, is_proven_again=True)
def start_merge(request: DeskRequest, look: MergeLook) -> str:
    """Merge the accounts as they were shown, or have the job go on."""
    check_filled(request, {"identifiant": "desk_identifier_missing"})
    case = HelpdeskCase(
        look.merger.stays.ref.identifier, request.family.site, request.staff.author(request.field("raison"))
    )
    begin_merge(request.services, case, look.text, request.field("vu"), request.now)
    return "lancee"
