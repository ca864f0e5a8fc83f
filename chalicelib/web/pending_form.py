"""Keeps the input of a form whose session ended: hidden in the login form until its family is back."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Final

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.sessions import Token
from chalicelib.services.family import Services
from chalicelib.settings.wings import tabs
from chalicelib.values import frozen
from chalicelib.web.requests import PART, parts_of, proof, pseudonym
from chalicelib.web.responses import Cookie, FormFeedback, Response, page, set_cookies

# The only pages whose forms are kept: a kept form is posted nowhere else.
_ACCOUNT: Final = "/extranet/compte"
_PAGES: Final = (
    f"(?a){_ACCOUNT}/(?:{tabs(f'{_ACCOUNT}/')}famille|eleves/{PART}|"
    f"reinscription/(?:foyer|pieces|recapitulatif|rien-ne-change|eleves/{PART}))"
)
_SECRET: Final = frozenset({"jeton", "mot_de_passe", "actuel", "nouveau", "confirmation"})
_PATH: Final = "repris"
_WHOSE: Final = "repris_compte"
_PREFIX: Final = "repris-"


@frozen
class PendingForm:
    """A form sent without its session: the path of its page, the pseudonym of its account, and its fields."""

    path: str
    whose: str
    fields: Mapping[str, str] = field(repr=False)

    @property
    def hidden_fields(self) -> dict[str, str]:
        """The fields that carry it through the login form."""
        values = {f"{_PREFIX}{name}": value for name, value in self.fields.items()}
        return {_PATH: self.path, _WHOSE: self.whose, **values}

    def is_of(self, services: Services, account: AccountRef) -> bool:
        """Check whether an account is the one that typed it."""
        return self.whose == pseudonym(services, account)


def pending_form(path: str, form: Mapping[str, str]) -> PendingForm | None:
    """Keep a form posted to a page. None for a page that keeps none, or if its account is unknown."""
    whose, _ = parts_of(form.get("jeton", ""))
    return _resumable(path, whose, form)


def carried_form(form: Mapping[str, str]) -> PendingForm | None:
    """Find the form that a login form carries."""
    fields = {name.removeprefix(_PREFIX): value for name, value in form.items() if name.startswith(_PREFIX)}
    return _resumable(form.get(_PATH, ""), form.get(_WHOSE, ""), fields)


def _resumable(path: str, whose: str, fields: Mapping[str, str]) -> PendingForm | None:
    if not whose or not re.fullmatch(_PAGES, path):
        return None
    return PendingForm(path, whose, {name: value for name, value in fields.items() if name not in _SECRET})


def login_page(services: Services, pending: PendingForm, fields: Mapping[str, str], feedback: FormFeedback) -> Response:
    """Ask to log in again, keeping the pending form."""
    return page(services, "family/pending_form/login", feedback=feedback, pending=pending, typed=fields)


def back_page(
    services: Services, pending: PendingForm, account: AccountRef, token: Token, cookies: Iterable[Cookie]
) -> Response:
    """Welcome the family back, and offer to send the pending form."""
    feedback = FormFeedback(headers=set_cookies(services, *cookies))
    return page(
        services,
        "family/pending_form/back",
        feedback=feedback,
        pending=pending,
        proof=proof(services, account, token),
        must_change=False,
    )


def change_first_page(services: Services, pending: PendingForm, token: Token) -> Response:
    """Ask to choose a password first, keeping the pending form."""
    proof = f"{pending.whose}.{token.form_proof}"
    return page(
        services, "family/pending_form/back", feedback=FormFeedback(403), pending=pending, proof=proof, must_change=True
    )
