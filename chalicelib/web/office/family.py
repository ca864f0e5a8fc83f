"""/extranet/bureau/familles/{site}/{famille}: a family's file, first why it cannot log in, and the acts on it."""

from functools import partial
from typing import Any, Final

from chalicelib.domain.account.accounts import GUARDIAN
from chalicelib.domain.account.coordinates import last_correction
from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.account.logins import family_ref, invitable, opening_emails
from chalicelib.domain.enrolment.enrolments import DECIDABLE
from chalicelib.domain.enrolment.periods import today
from chalicelib.domain.family.birth_dates import birth_date_from as day_from
from chalicelib.domain.family.extensions import Extension
from chalicelib.domain.family.postal import Address, is_too_long
from chalicelib.domain.refusals import FieldsRefused, NotThere
from chalicelib.domain.roster.row_emails import likely_meant
from chalicelib.domain.staff.staff_sessions import IdentityCheck, file_key
from chalicelib.office.account import find_account
from chalicelib.office.enrolment.extend import extend, extended_period, extension_version
from chalicelib.office.family_file import FamilyFile, family_file
from chalicelib.office.helpdesk.access import HelpdeskCase, remove_methods, resend, switch, unlock
from chalicelib.office.helpdesk.corrections import NewValues
from chalicelib.office.helpdesk.email import AddressChange, change_email, version_of
from chalicelib.office.helpdesk.logins import invite, separate
from chalicelib.office.helpdesk.show import AccountOverview
from chalicelib.office.helpdesk.suppression import find_address, lift
from chalicelib.office.helpdesk.undo import seal_correction, undo_of_addresses
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.office import accounts, corrections, timeline
from chalicelib.presentation.office.causes import WAITING, explain, mail_text
from chalicelib.presentation.office.enrolments import STATES
from chalicelib.presentation.office.sites import site_name
from chalicelib.presentation.texts import retry_at
from chalicelib.settings.wings import parts
from chalicelib.web.office import turns
from chalicelib.web.office.acts import YES, ActBlueprint, ActPage, Outcome, check_filled
from chalicelib.web.office.corrections import FORMS, TYPED, CorrectionForm, former_contact, offer_undo, undo_by_seal
from chalicelib.web.office.edge import DESK, DeskRequest, family_path
from chalicelib.web.office.filters import ANY, TIMELINE
from chalicelib.web.office.parts import FamilyMatter

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
    "adresses-acces": "Les adresses sont changées. Ce que l'ancienne avait prouvé n'ouvre plus rien : clés d'accès, "
    "FranceConnect, mot de passe reçu par mail. Regardez ce qui ouvre encore ce compte, et renvoyez un mot de passe.",
    "corrige": "C'est corrigé ; un mail en avertit la famille.",
    "corrige-sans-avis": "C'est corrigé. Aucune adresse ne reçoit nos mails pour l'annoncer : dites-le vous-même à la "
    "famille.",
    "corrige-deja": f"C'était déjà écrit ainsi. {_NOTHING}",
    "corrige-annule": "La correction est annulée : le dossier est comme avant, aucun mail ne part.",
    "delai": "Le délai est accordé : un mail en avertit la famille. Il prend fin de lui-même.",
    "delai-sans-avis": "Le délai est accordé. Aucune adresse n'est au dossier : dites-le vous-même à la famille.",
    "delai-deja": f"Ce délai était déjà accordé. {_NOTHING}",
    "desactive": "Le compte est désactivé : plus personne ne s'y connecte, les connexions ouvertes sont fermées.",
    "deja-desactive": f"Le compte était déjà désactivé. {_NOTHING}",
    "reactive": "Le compte est réactivé.",
    "deja-actif": f"Le compte était déjà actif. {_NOTHING}",
    "sans-cles": "Les clés d'accès et FranceConnect n'ouvrent plus rien, les connexions sont fermées ; un mail en "
    "avertit la famille. Son mot de passe, si elle en a un, marche toujours.",
    "deja-sans-cles": f"Il n'y avait ni clé d'accès, ni FranceConnect. {_NOTHING}",
    "mails": "Nos mails repartent vers cette adresse. S'il en revient encore un, elle sera de nouveau arrêtée.",
    "mails-deja": f"Nos mails partaient déjà vers cette adresse : il n'y avait rien à lever. {_NOTHING}",
    "invitation": "Une invitation part, avec l'identifiant de ce responsable et un mot de passe valable 7 jours.",
    "invitation-encore": "Ce responsable a déjà son accès : l'invitation est partie une fois de plus.",
    "separees": "Les coordonnées sont séparées. Le mot de passe de la famille, ses clés d'accès et FranceConnect "
    "n'ouvrent plus rien, car les deux responsables pouvaient les avoir : renvoyez un mot de passe au premier, et "
    "invitez l'autre à son propre accès.",
    "deja-separees": f"Les coordonnées étaient déjà séparées. {_NOTHING}",
    "communes": "Les coordonnées sont de nouveau communes.",
    "deja-communes": f"Les coordonnées étaient déjà communes. {_NOTHING}",
}


routes = ActBlueprint(__name__)

FAMILY_PAGE: Final = f"{DESK}/familles/{{site}}/{{famille}}"


def _facts(request: DeskRequest, _subject: None, _outcome: Outcome) -> dict[str, Any]:
    """List the facts of the file, and the functions that write them."""
    file = _read(request)
    overview, account = file.overview, file.overview.account
    network = request.services.settings.network
    return {
        "file": file,
        "overview": overview,
        "account": account,
        "family": family_ref(account),
        "is_login": account.role == GUARDIAN,
        "waiting": _waiting(file),
        "explanations": [explain(cause, overview, network) for cause in overview.causes],
        "access": _access(overview),
        "addresses": {address.email: mail_text(address) for address in overview.addresses},
        "version": version_of(account),
        "turn": {} if account.role == GUARDIAN else turns.turn_facts(request, account.ref, (account.ref.site,)),
        **turns.note_facts(request, overview.acts),
        "former_contact": former_contact(file),
        "undo": offer_undo(request),
        "correctable": [(form, *form.data(file)) for form in FORMS],
        "address_of": Address.from_lines,
        "extendable": extended_period(request.services, account, request.now),
        "extension_version": extension_version(account),
        "last_change": last_correction(account, "emails"),
        "opening": opening_emails(account),
        "invitable": invitable(account),
        "timeline": timeline.timeline(timeline.of_family(file), request.query.get("fil", "")),
        "words": accounts,
        "corrections": corrections,
        "states": STATES,
        "site_name": site_name,
        "is_too_long": is_too_long,
        "path": family_path(account.ref),
        "path_of": family_path,
        "paths": {matter.name: matter.path(account.ref) for matter in parts(FamilyMatter)},
        "today": today(request.now),
        "check": request.staff.session.check_of(file_key(account.ref.site, account.ref.identifier), request.now),
    }


def _waiting(file: FamilyFile) -> list[tuple[str, str]]:
    """List the matters that wait for the office, each with its address."""
    overview, account = file.overview, file.overview.account
    waiting = [(words, "#connexion") for words in dict.fromkeys(WAITING.get(one.code, "") for one in overview.causes)]
    if file.enrolment:
        to_decide = sum(pupil.file.state in DECIDABLE for pupil in file.enrolment.family.pupils)
        decide = f"{to_decide} réinscription{'s' * (to_decide > 1)} à décider" if to_decide else ""
        waiting.append((decide, family_path(account.ref, "reinscriptions")))
        waiting += [(matter.words(file), matter.path(account.ref)) for matter in parts(FamilyMatter)]
    return [(words, path) for words, path in waiting if words]


def _read(request: DeskRequest) -> FamilyFile:
    try:
        reader, sites = request.staff.member.known_as, request.staff.site_codes
        file = family_file(request.services, request.family, reader, request.now, sites)
        request.note_opened(request.family.site, request.family.identifier)
    except OfficeRefusal as refusal:
        if refusal.code in NOT_THERE:
            raise NotThere from None
        raise
    return file


def _access(overview: AccountOverview) -> dict[str, str]:
    """Describe the password and the mailed ones: their source and state, never themselves."""
    account, until = overview.account, overview.waits_until
    facts = {
        "Mot de passe": accounts.password_text(account),
        "Envoyés, pas utilisés": accounts.unused_passwords(account, overview.now),
        "Sans mot de passe": " ; ".join(accounts.method_texts(account)),
        "Dernière connexion": accounts.moment(account.last_login),
        "Attente après des essais": f"jusqu'à {retry_at(until, overview.now)}" if until else "",
    }
    return {title: fact for title, fact in facts.items() if fact}


FAMILY: Final = ActPage(
    "family",
    "find",
    _facts,
    back=lambda request: family_path(request.family),
    inputs=("courriel", "adresse", "raison", "texte", "echeance", "collegue", "rappel", *TYPED),
    sentences=DONE | turns.DONE,
    fields={"extension_day": "echeance", "turn_day": "rappel"},
    not_there=NOT_THERE,
)
routes.page(FAMILY_PAGE, "reader", FAMILY, filters=TIMELINE | {"ouvrir": ANY, "annuler": ANY})


@routes.act(f"{FAMILY_PAGE}/deblocage", "secretary", FAMILY, form="deblocage", has_reason=True)
def unlock_family(request: DeskRequest, _: None) -> str:
    """Forget the failed tries, and with them the wait."""
    return "attente-levee" if unlock(request.services, _case(request), request.now) else "pas-d-attente"


@routes.act(f"{FAMILY_PAGE}/mot-de-passe", "secretary", FAMILY, form="mot-de-passe", has_reason=True)
def resend_password(request: DeskRequest, _: None) -> str:
    """Mail a password to the addresses that work, or to the chosen one."""
    to = request.field("adresse") or None
    result = resend(request.services, _case(request), to, request.now)
    return "mot-de-passe-en-partie" if result.left_out and to is None else "mot-de-passe"


@routes.act(
    f"{FAMILY_PAGE}/adresses",
    "secretary",
    FAMILY,
    form=lambda request: "retrait" if request.field("action") == "retirer" else "adresses",
    has_reason=True,
    is_proven_again=True,
)
def change_addresses(request: DeskRequest, _: None) -> str:
    """Add, replace or remove an address."""
    result = change_email(request.services, _checked_case(request), _address_change(request), request.now)
    if result.after is result.before:
        return "adresses-deja"
    if result.has_ended_methods:
        return "adresses-acces"
    if result.password_ended:
        return "adresses-mot-de-passe"
    code = "adresses" if result.emails else "adresses-sans-avis"
    return f"{code}&annuler={seal_correction(request.services, undo_of_addresses(result, request.now))}"


def _address_change(request: DeskRequest) -> AddressChange:
    """Read the form. Raises `FieldsRefused`, and `OfficeRefusal` for a likely typing mistake without a tick."""
    version, is_sure = request.field("vu"), request.field("accord") == YES
    address = request.field("adresse")
    if request.choice("action", "", "retirer"):
        check_filled(request, {"adresse": "desk_address_missing"})
        return AddressChange(old=address, may_empty=is_sure, version=version)
    check_filled(request, {"courriel": "desk_email_missing"})
    new = request.field("courriel")
    likely = likely_meant(email_from(new))
    if likely and not is_sure:
        raise OfficeRefusal("email_likely", email=new, meant=likely)
    return AddressChange(new, old=address or None, version=version)


def _correct(form: CorrectionForm, request: DeskRequest, values: NewValues) -> str:
    """Correct a datum by its form."""
    return form.correct(request, _checked_case(request), values)


routes.act(f"{FAMILY_PAGE}/correction/annuler", "secretary", FAMILY)(lambda request, _: undo_by_seal(request))
for _form in FORMS:
    routes.act(
        *(f"{FAMILY_PAGE}/{_form.path}", _form.right, FAMILY),
        form=_form.opened,
        reader=_form.new_values,
        has_reason=True,
        is_proven_again=True,
    )(partial(_correct, _form))


@routes.act(f"{FAMILY_PAGE}/delai", "secretary", FAMILY, form="delai", has_reason=True)
def give_more_time(request: DeskRequest, _: None) -> str:
    """Let the family re-enrol until a later day."""
    until = day_from(request.field("echeance"))
    if until is None:
        raise FieldsRefused({"echeance": ("day_unreadable",)})
    author = request.staff.author(request.field("raison"))
    extension = Extension(until, author.why, author.who, request.now)
    account, is_new = extend(request.services, request.family, extension, request.field("vu"))
    return ("delai" if account.emails else "delai-sans-avis") if is_new else "delai-deja"


def _followed(request: DeskRequest, _: None) -> turns.FollowedFile:
    """Find the family of the address. Raises `OfficeRefusal`."""
    account = find_account(request.services, request.family.identifier, request.family.site)
    return turns.FollowedFile(account.ref, (account.ref.site,))


turns.serve_follow_up(routes, FAMILY_PAGE, FAMILY, _followed)


@routes.act(f"{FAMILY_PAGE}/etat", "secretary", FAMILY, form="etat", has_reason=True, is_proven_again=True)
def switch_account(request: DeskRequest, _: None) -> str:
    """Close an account, or open it again."""
    is_closing = request.choice("action", "desactiver", "reactiver") == "desactiver"
    is_new = switch(request.services, _case(request), request.now, is_disabled=is_closing)
    act, nothing = ("desactive", "deja-desactive") if is_closing else ("reactive", "deja-actif")
    return act if is_new else nothing


@routes.act(f"{FAMILY_PAGE}/cles", "secretary", FAMILY, form="cles", has_reason=True, is_proven_again=True)
def remove_passkeys_and_links(request: DeskRequest, _: None) -> str:
    """Remove all passkeys and FranceConnect links of a login."""
    return "sans-cles" if remove_methods(request.services, _case(request), request.now) else "deja-sans-cles"


@routes.act(f"{FAMILY_PAGE}/mails", "secretary", FAMILY, form="mails", has_reason=True)
def resume_mails(request: DeskRequest, _: None) -> str:
    """Send mails to an address again. After a complaint of its owner, only if the family asks for them itself."""
    case = _case(request)
    address = find_address(request.services, case, request.field("adresse") or None)
    if address.is_complaint and request.field("accord") != YES:
        raise OfficeRefusal("unsuppress_complaint", email=address.email)
    return "mails" if lift(request.services, case.author, address, request.now).has_changed else "mails-deja"


@routes.act(f"{FAMILY_PAGE}/acces", "secretary", FAMILY, form="acces", has_reason=True)
def invite_guardian(request: DeskRequest, _: None) -> str:
    """Give a guardian a login of their own, or mail the invitation again."""
    name = request.field("responsable") or None
    return "invitation-encore" if invite(request.services, _case(request), name, request.now).had_one else "invitation"


@routes.act(
    f"{FAMILY_PAGE}/coordonnees", "secretary", FAMILY, form="coordonnees", has_reason=True, is_proven_again=True
)
def separate_guardians(request: DeskRequest, _: None) -> str:
    """Separate the guardians' coordinates, or share them again."""
    is_on = request.choice("action", "separer", "reunir") == "separer"
    is_new = separate(request.services, _case(request), request.now, is_on=is_on)
    act, nothing = ("separees", "deja-separees") if is_on else ("communes", "deja-communes")
    return act if is_new else nothing


def _case(request: DeskRequest) -> HelpdeskCase:
    """Name the family, and the proven author with their reason."""
    ref = request.family
    return HelpdeskCase(ref.identifier, ref.site, request.staff.author(request.field("raison")))


def _checked_case(request: DeskRequest) -> HelpdeskCase:
    """Name them for an act whose reason is how the identity was verified, and remember it for this visit."""
    key = file_key(request.family.site, request.family.identifier)
    check = IdentityCheck(key, request.field("raison"), request.now)
    request.services.staff.sessions.note_check(request.staff.session, check)
    return _case(request)
