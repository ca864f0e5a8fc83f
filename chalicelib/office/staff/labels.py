"""French labels of roles, of acts on members and of the state of an access."""

from datetime import datetime
from typing import Final

from chalicelib.domain.staff.acts import StaffActKind
from chalicelib.domain.staff.members import Member, Role
from chalicelib.presentation.texts import day_and_hour

ROLE_LABELS: Final[dict[Role, str]] = {
    "reader": "consultation",
    "secretary": "secrétariat",
    "manager": "responsable du réseau",
    "teacher": "enseignement",
}
# The rights of each role, for a manager who gives one.
ROLE_HINTS: Final[dict[Role, str]] = {
    "reader": "voit les dossiers de ses sites",
    "secretary": "agit sur les dossiers de ses sites : débloque, décide, exporte",
    "manager": "de tous les sites, avec la saison, les envois, les fichiers et le personnel",
    "teacher": "voit ses propres cours et leurs élèves, une fois son nom du fichier annuel relié",
}
ACTS: Final[dict[StaffActKind, str]] = {
    "staff_invited": "invitation envoyée",
    "staff_disabled": "accès désactivé",
    "staff_enabled": "accès réactivé",
    "staff_reset": "accès réinitialisé",
    "staff_role": "rôle ou sites changés",
    "staff_linked": "nom du fichier annuel relié",
    "staff_unlinked": "nom du fichier annuel détaché",
    "course_lent": "cours confié en remplacement",
    "course_taken_back": "remplacement terminé",
}


def state_label(member: Member, now: datetime, *, is_listed: bool = True) -> str:
    """Describe the state of an access. `is_listed`: whether the list of managers agrees with the role."""
    if member.disabled:
        return "désactivé"
    if not is_listed:
        return "à confirmer : un changement de rôle s'est arrêté en chemin"
    if member.is_active:
        return "actif"
    if member.invitation and now < member.invitation.expires_at:
        return f"invitation valable jusqu'au {day_and_hour(member.invitation.expires_at)}"
    return "à inviter à nouveau"
