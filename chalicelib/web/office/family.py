"""GET /extranet/bureau/familles/{site}/{famille}: a family's file, and first why it cannot log in."""

from typing import Any, Final

from chalice.app import Response

from chalicelib.domain.account.accounts import GUARDIAN
from chalicelib.domain.account.coordinates import last_correction, trail
from chalicelib.domain.account.logins import family_ref, invitable, opening_emails
from chalicelib.domain.enrolment.periods import PARIS
from chalicelib.domain.family.postal import is_too_long
from chalicelib.domain.refusals import NotThere
from chalicelib.office.helpdesk.email import version_of
from chalicelib.office.helpdesk.show import AccountOverview
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.office.staff.show import FamilyFile, family_file
from chalicelib.presentation.office import accounts, corrections
from chalicelib.presentation.office.causes import explain, mail_text
from chalicelib.presentation.office.enrolments import STATES
from chalicelib.presentation.texts import retry_at
from chalicelib.web.office.edge import DESK, DeskBlueprint, StaffRequest, desk_page, family_path
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback

# The office's refusals of an address without a family of this site: answered like a page that does not exist.
NOT_THERE: Final = frozenset(
    {"identifier_malformed", "family_unknown", "family_elsewhere", "family_vanished", "several_spellings"}
)
_NOTHING: Final = "Rien n'a été changé."
DONE: Final[dict[str, str]] = {
    "attente-levee": "L'attente est levée : la famille peut se connecter sans attendre.",
    "pas-d-attente": f"Aucun essai n'était compté : il n'y avait rien à lever. {_NOTHING}",
    "mot-de-passe": "Un mot de passe part par mail ; il est valable 24 heures, et l'ancien marche toujours.",
    "mot-de-passe-en-partie": "Un mot de passe part par mail, mais pas vers toutes les adresses : celles qui ne "
    "reçoivent pas nos mails sont laissées de côté. Il est valable 24 heures, et l'ancien marche toujours.",
    "adresses": "Les adresses sont changées ; celles d'avant en sont averties.",
    "adresses-deja": "Les adresses sont changées : votre formulaire est parti deux fois, il a compté une fois.",
    "adresses-sans-avis": "Les adresses sont changées. Aucune adresse d'avant ne reçoit nos mails : dites-le vous-même "
    "à la famille.",
    "adresses-mot-de-passe": "Les adresses sont changées. Le mot de passe reçu par mail à l'ancienne n'ouvre plus "
    "rien : renvoyez-en un.",
    "desactive": "Le compte est désactivé : plus personne ne s'y connecte, les connexions ouvertes sont fermées.",
    "deja-desactive": f"Le compte était déjà désactivé. {_NOTHING}",
    "reactive": "Le compte est réactivé.",
    "deja-actif": f"Le compte était déjà actif. {_NOTHING}",
    "mails": "Nos mails repartent vers cette adresse. S'il en revient encore un, elle sera de nouveau arrêtée.",
    "mails-deja": f"Nos mails partaient déjà vers cette adresse : il n'y avait rien à lever. {_NOTHING}",
    "invitation": "Une invitation part, avec l'identifiant de ce responsable et un mot de passe valable 7 jours.",
    "invitation-encore": "Ce responsable a déjà son accès : l'invitation est partie une fois de plus.",
    "separees": "Les coordonnées sont séparées. Le mot de passe de la famille n'ouvre plus rien, car les deux "
    "responsables pouvaient le connaître : renvoyez-en un au premier, et invitez l'autre à son propre accès.",
    "deja-separees": f"Les coordonnées étaient déjà séparées. {_NOTHING}",
    "communes": "Les coordonnées sont de nouveau communes.",
    "deja-communes": f"Les coordonnées étaient déjà communes. {_NOTHING}",
}


routes = DeskBlueprint(__name__)

FAMILY_PAGE: Final = f"{DESK}/familles/{{site}}/{{famille}}"
_KEPT: Final = ("courriel", "adresse", "raison", "responsable")  # shown again by a refused form


@routes.get(FAMILY_PAGE, right="reader")
def show_family(request: StaffRequest) -> Response:
    """Show the file, with the act just done."""
    return family_page(request, information=DONE.get(request.query.get("fait", "")))


def family_page(
    request: StaffRequest,
    feedback: FormFeedback = NO_FEEDBACK,
    *,
    information: str | None = None,
    opened: str = "",
    refused: str = "",
) -> Response:
    """Render the file. `opened`: the form that was refused, with its input. `refused`: the code of its refusal."""
    file = _read(request)
    typed = {name: request.field(name) for name in _KEPT}
    return desk_page(
        request,
        "family",
        "find",
        feedback=feedback,
        information=information,
        opened=opened,
        refused=refused,
        typed=typed,
        **_facts(request, file),
    )


def _facts(request: StaffRequest, file: FamilyFile) -> dict[str, Any]:
    """List the facts of the file, and the functions that write them."""
    overview, now = file.overview, request.now
    account = overview.account
    return {
        "file": file,
        "overview": overview,
        "account": account,
        "family": family_ref(account),
        "is_login": account.role == GUARDIAN,
        "explanations": [explain(cause, overview, request.services.settings.network) for cause in overview.causes],
        "access": _access(overview),
        "addresses": {address.email: mail_text(address) for address in overview.addresses},
        "version": version_of(account),
        "last_change": last_correction(account, "emails"),
        "opening": opening_emails(account),
        "invitable": invitable(account),
        "trail": trail(account)[::-1],
        "words": accounts,
        "corrections": corrections,
        "states": STATES,
        "is_too_long": is_too_long,
        "path_of": family_path,
        "today": now.astimezone(PARIS).date(),
    }


def _read(request: StaffRequest) -> FamilyFile:
    try:
        return family_file(request.services, request.family, request.staff.member.known_as, request.now)
    except OfficeRefusal as refusal:
        if refusal.code in NOT_THERE:
            raise NotThere from None
        raise


def _access(overview: AccountOverview) -> dict[str, str]:
    """Describe the password and the mailed ones: their source and state, never themselves."""
    account, until = overview.account, overview.waits_until
    return {
        "Mot de passe": accounts.password_text(account),
        "Envoyés, pas utilisés": accounts.unused_passwords(account, overview.now),
        "Dernière connexion": accounts.moment(account.last_login),
        "Attente après des essais": f"jusqu'à {retry_at(until, overview.now)}" if until else "aucune",
    }
