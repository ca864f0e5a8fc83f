"""Roles, acts on members, and the state of an access."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.domain.account.audit import AuditEntry
from chalicelib.domain.staff.acts import StaffAct, StaffActKind
from chalicelib.domain.staff.consultations import Consultation
from chalicelib.domain.staff.members import Member, Role
from chalicelib.presentation.office.accounts import ACTS as FAMILY_ACTS
from chalicelib.presentation.office.accounts import CONSULTATIONS
from chalicelib.presentation.office.findings import counts_text
from chalicelib.presentation.texts import Words, day_and_hour
from chalicelib.settings.wings import LEFT_OUT_ROLES, has

if TYPE_CHECKING:
    from chalicelib.office.staff.trace import TracedAct

_HINTS: Final[dict[Role, str]] = Words(
    reader="voit les dossiers de ses sites",
    secretary="agit sur les dossiers de ses sites : débloque, décide, exporte",
    manager=f"de tous les sites, avec la saison, {'les envois, ' * has('campaign')}les fichiers et le personnel",
    teacher="voit ses propres cours et leurs élèves, une fois son nom du fichier annuel relié",
)
# The pages that each role opens, without roles of wings left out.
ROLE_HINTS: Final = Words({role: words for role, words in _HINTS.items() if role not in LEFT_OUT_ROLES})
ACTS: Final[dict[StaffActKind, str]] = Words(
    staff_invited="invitation envoyée",
    staff_disabled="accès désactivé",
    staff_enabled="accès réactivé",
    staff_reset="accès réinitialisé",
    staff_role="rôle ou sites changés",
    staff_linked="nom du fichier annuel relié",
    staff_unlinked="nom du fichier annuel détaché",
    course_lent="cours confié en remplacement",
    course_taken_back="remplacement terminé",
)


def access_state(member: Member, now: datetime, *, is_listed: bool = True) -> str:
    """Describe where an access stands. `is_listed`: whether the list of managers agrees with the role."""
    if member.disabled:
        return "désactivé"
    if not is_listed:
        return "à confirmer : un changement de rôle s'est arrêté en chemin"
    if member.is_active:
        return "actif"
    if member.invitation and now < member.invitation.expires_at:
        return f"invitation valable jusqu'au {day_and_hour(member.invitation.expires_at)}"
    return "à inviter à nouveau"


def traced_act(act: TracedAct) -> tuple[str, str]:
    """Describe an act, and its reason."""
    match act.note:
        case AuditEntry() as entry:
            return FAMILY_ACTS[entry.kind], entry.author.why
        case Consultation() as consultation:
            return f"consultation : {CONSULTATIONS[consultation.kind]}", ""
        case StaffAct() as staff_act:
            return (
                f"personnel : {ACTS[staff_act.kind]}{staff_act.about and f' ({staff_act.about})'}",
                staff_act.author.why,
            )
    return "import du fichier annuel", counts_text(act.note)
