"""Passkeys: used at /extranet/bureau/cle for the code or password, a member's own at /extranet/bureau/mon-acces/cles.

A page that asks for one answers a POST, since it stores a challenge, which no GET may. Its script asks the browser,
and sends the answer in the field `cle` of an ordinary form.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Final

from chalicelib.domain import fields
from chalicelib.domain.account.login_methods import Passkey
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, NotThere
from chalicelib.flows.staff.login_code import enter_half_open
from chalicelib.flows.staff.passkeys import add_passkey, ask, check_room, enter_by_passkey, remove_passkey
from chalicelib.web.office.acts import ActBlueprint, ActPage
from chalicelib.web.office.edge import CODE_PAGE, DESK, DeskRequest, desk_page, door_page, redirect
from chalicelib.web.office.login import entered, half_open_member, show_code_again
from chalicelib.web.responses import Response

routes = ActBlueprint(__name__)
ENTRY: Final = f"{DESK}/cle"
OWN: Final = f"{DESK}/mon-acces/cles"
_PAGES: Final = re.compile(rf"{DESK}(?:/[A-Za-z0-9_-]+)+", re.ASCII)  # to which a form may go on from here
_OURS: Final = frozenset({"jeton", "mot_de_passe", "cle", "preuve", "confirme"})


@routes.post(ENTRY, right=None)
def ask_to_enter(request: DeskRequest) -> Response:
    """Ask for a passkey after the password."""
    request.check_form_proof()
    context = half_open_member(request)
    if not context.member.passkeys:
        return redirect(request.services, CODE_PAGE)
    options, proof = ask(request.services, context), context.token.form_proof
    return door_page(request, "passkey_entry", staff=context, asked=options, proof=proof)


@routes.post(f"{ENTRY}/reponse", right=None)
def enter(request: DeskRequest) -> Response:
    """Open the desk, or show the other login methods."""
    request.check_form_proof()
    context = enter_half_open(request)
    try:
        request.check_lengths()
        token = enter_by_passkey(request, context, request.field("cle"))
    except FormRefusal as refusal:
        return show_code_again(request, context, refusal)
    return entered(request, token, context.member.email)


@routes.post(f"{ENTRY}/preuve", right="staff")
def ask_to_prove(request: DeskRequest) -> Response:
    """Ask for a passkey instead of a form's password. The form then goes on from here with its input."""
    action = request.field("preuve")
    if not _PAGES.fullmatch(action) or not request.staff.member.passkeys:
        raise NotThere
    options = ask(request.services, request.staff)
    return desk_page(request, "passkey_proof", "", asked=options, action=action, typed=_typed(request))


def short_name(passkey: Passkey) -> str:
    """Shorten a passkey's id for a form: it may have a thousand bytes."""
    return hashlib.sha256(passkey.id.encode()).hexdigest()[:16]


def _name(request: DeskRequest) -> str:
    """Read the name of a new passkey. Raises `FieldsRefused`."""
    name = request.field("nom")
    if not name:
        raise FieldsRefused({"nom": ("staff_passkey_name_missing",)})
    return name


def _typed(request: DeskRequest) -> Mapping[str, str]:
    """Read all the fields of a form, except the proofs of its sender."""
    return {name: request.field(name) for name in request.form if name not in _OURS and fields.is_declared(name)}


PASSKEYS: Final = ActPage(
    "passkeys",
    "access",
    lambda request, _subject, _outcome: {
        "passkeys": [(short_name(passkey), passkey) for passkey in request.staff.member.passkeys]
    },
    back=lambda _: OWN,
    inputs=("nom",),
    sentences={
        "ajoutee": "Votre clé d'accès est ajoutée : à la prochaine connexion, elle remplacera le code.",
        "retiree": "Cette clé d'accès n'ouvre plus rien ici. Supprimez-la aussi de l'appareil qui la garde.",
    },
)
routes.page(OWN, "staff", PASSKEYS)


def _new_name(request: DeskRequest, _: None) -> str:
    """Read the name of a passkey that the member has room for."""
    name = _name(request)
    check_room(request.staff.member)
    return name


@routes.act(OWN, "staff", PASSKEYS, reader=_new_name, is_proven_again=True)
def ask_for_new(request: DeskRequest, name: str) -> Response:
    """Ask for a new passkey."""
    return desk_page(request, "passkey_new", "access", asked=ask(request.services, request.staff), named=name)


@routes.act(f"{OWN}/ajout", "staff", PASSKEYS)
def add(request: DeskRequest, _: None) -> str:
    """Store the new passkey."""
    passkey, name = request.field("cle"), _name(request)
    add_passkey(request, request.staff, passkey, name)
    return "ajoutee"


@routes.act(f"{OWN}/retrait", "staff", PASSKEYS)
def remove(request: DeskRequest, _: None) -> Response:
    """Delete a passkey, once the password is proven again. One deleted already needs no proof."""
    name = request.field("quoi")
    passkey = next((passkey for passkey in request.staff.member.passkeys if short_name(passkey) == name), None)
    if passkey is None:
        return redirect(request.services, OWN)
    request.prove_again(PASSKEYS.template)
    token = remove_passkey(request, request.staff, passkey.id)
    return redirect(
        request.services, f"{OWN}?fait=retiree", token.cookie, request.devices_cookie(request.staff.member.email)
    )
