"""POST below a family's page: lift a wait, send a password, change addresses, close or open logins."""

from collections.abc import Callable
from typing import Final

from chalice.app import Response

from chalicelib.domain.account.identifiers import email_from
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, NotThere
from chalicelib.domain.roster.row_emails import likely_meant
from chalicelib.office.helpdesk.access import HelpdeskCase, resend, switch, unlock
from chalicelib.office.helpdesk.email import AddressChange, change_email
from chalicelib.office.helpdesk.logins import invite, separate
from chalicelib.office.helpdesk.suppression import find_address, lift
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.office.refusals import sentence_of
from chalicelib.web.feedback import feedback_on
from chalicelib.web.office.edge import DeskBlueprint, StaffRequest, family_path, redirect
from chalicelib.web.office.family import FAMILY_PAGE, NOT_THERE, family_page
from chalicelib.web.responses import FormFeedback

routes = DeskBlueprint(__name__)

Act = Callable[[HelpdeskCase], str]  # does it, and returns the code of its result
_YES: Final = "oui"


@routes.post(f"{FAMILY_PAGE}/deblocage", right="secretary")
def unlock_family(request: StaffRequest) -> Response:
    """Forget the failed tries, and with them the wait."""

    def act(case: HelpdeskCase) -> str:
        return "attente-levee" if unlock(request.services, case, request.now).changed else "pas-d-attente"

    return _act(request, "deblocage", act)


@routes.post(f"{FAMILY_PAGE}/mot-de-passe", right="secretary")
def resend_password(request: StaffRequest) -> Response:
    """Mail a password to the addresses that work, or to the chosen one."""

    def act(case: HelpdeskCase) -> str:
        to = request.field("adresse") or None
        sent = resend(request.services, case, to, request.now)
        return "mot-de-passe-en-partie" if sent.left_out and to is None else "mot-de-passe"

    return _act(request, "mot-de-passe", act)


@routes.post(f"{FAMILY_PAGE}/adresses", right="secretary")
def change_addresses(request: StaffRequest) -> Response:
    """Add, replace or remove an address, with the password again."""

    def act(case: HelpdeskCase) -> str:
        result = change_email(request.services, case, _address_change(request), request.now)
        if result.after is result.before:
            return "adresses-deja"
        if result.password_ended:
            return "adresses-mot-de-passe"
        return "adresses" if result.notified else "adresses-sans-avis"

    is_removal = request.field("action") == "retirer"
    return _act(request, "retrait" if is_removal else "adresses", act, is_proven_again=True)


def _address_change(request: StaffRequest) -> AddressChange:
    """Read the form. Raises `FieldsRefused`, and `OfficeRefusal` for a likely typing mistake without a tick."""
    seen, is_sure = request.field("vu"), request.field("accord") == _YES
    address = request.field("adresse")
    if request.field("action") == "retirer":
        return AddressChange(
            removed=address or _missing("adresse", "desk_address_missing"), may_empty=is_sure, seen=seen
        )
    new = request.field("courriel") or _missing("courriel", "desk_email_missing")
    meant = likely_meant(email_from(new))
    if meant and not is_sure:
        raise OfficeRefusal("email_likely", email=new, meant=meant)
    return AddressChange(new, removed=address or None, seen=seen)


@routes.post(f"{FAMILY_PAGE}/etat", right="secretary")
def switch_account(request: StaffRequest) -> Response:
    """Close an account, or open it again, with the password again."""
    is_closing = request.field("action") == "desactiver"

    def act(case: HelpdeskCase) -> str:
        changed = switch(request.services, case, request.now, disabled=is_closing).changed
        done, nothing = ("desactive", "deja-desactive") if is_closing else ("reactive", "deja-actif")
        return done if changed else nothing

    return _act(request, "etat", act, is_proven_again=True)


@routes.post(f"{FAMILY_PAGE}/mails", right="secretary")
def resume_mails(request: StaffRequest) -> Response:
    """Send mails to an address again. After a complaint of its owner, only if the family asks for them itself."""

    def act(case: HelpdeskCase) -> str:
        address = find_address(request.services, case, request.field("adresse") or None)
        if address.is_complaint and request.field("accord") != _YES:
            raise OfficeRefusal("unsuppress_complaint", email=address.email)
        return "mails" if lift(request.services, case.author, address, request.now).has_changed else "mails-deja"

    return _act(request, "mails", act)


@routes.post(f"{FAMILY_PAGE}/acces", right="secretary")
def invite_guardian(request: StaffRequest) -> Response:
    """Give a guardian a login of its own, or mail its invitation again."""

    def act(case: HelpdeskCase) -> str:
        name = request.field("responsable") or None
        return "invitation-encore" if invite(request.services, case, name, request.now).had_one else "invitation"

    return _act(request, "acces", act)


@routes.post(f"{FAMILY_PAGE}/coordonnees", right="secretary")
def separate_guardians(request: StaffRequest) -> Response:
    """Separate the guardians' coordinates, or share them again, with the password again."""
    is_on = request.field("action") == "separer"

    def act(case: HelpdeskCase) -> str:
        changed = separate(request.services, case, request.now, is_on=is_on).changed
        done, nothing = ("separees", "deja-separees") if is_on else ("communes", "deja-communes")
        return done if changed else nothing

    return _act(request, "coordonnees", act, is_proven_again=True)


def _act(request: StaffRequest, form: str, act: Act, *, is_proven_again: bool = False) -> Response:
    """Do an act as the proven member, and redirect to its result. If refused, show the form again with its input."""
    try:
        request.check_lengths()
        why = request.field("raison") or _missing("raison", "desk_reason_missing")
        if is_proven_again:
            request.prove_again()
        done = act(HelpdeskCase(request.family.identifier, request.family.site, request.staff.author(why)))
    except FormRefusal as refusal:
        return family_page(request, feedback_on(refusal, request), opened=form)
    except OfficeRefusal as refusal:
        if refusal.code in NOT_THERE:
            raise NotThere from None
        return family_page(
            request, FormFeedback(422, sentence_of(refusal, request.staff.network)), opened=form, refused=refusal.code
        )
    return redirect(request.services, f"{family_path(request.family)}?fait={done}")


def _missing(field: str, code: str) -> str:
    raise FieldsRefused({field: (code,)})
