"""GET and POST /extranet/compte/famille: what is on file as text, corrected part by part, and confirmed."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from chalice.app import Response

from chalicelib import texts
from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.coordinates import PARTS, Part, is_confirmed, last_correction, part_of, speakers, trail
from chalicelib.domain.account.sessions import NEWS
from chalicelib.domain.family.postal import Address
from chalicelib.domain.family.telephones import telephone_from, wrong_with
from chalicelib.domain.refusals import CoordinatesMoved, FieldsRefused, FormRefusal, NotThere
from chalicelib.flows.family import Given, Inside, confirm, correct, mark_of_all, mark_of_part
from chalicelib.flows.reenrolment import Said
from chalicelib.flows.visit import Visitor
from chalicelib.routes import answers, typed
from chalicelib.routes.answers import NOTHING, Told
from chalicelib.routes.edge import FAMILY_PAGE, Door, Visit
from chalicelib.routes.reenrolment import step_told

routes = Door(__name__)

_FORMS: Final[Mapping[str, Part]] = {"telephones": "telephones", "adresse": "address", "payeur": "payer"}
_CONFIRMATION: Final = "confirmation"


@routes.get(FAMILY_PAGE)
def show_file(visit: Visit) -> Response:
    """Show what is on file."""
    visitor = visit.enter()
    return _page(visit, visitor, NOTHING, information=_news(visitor.account, visit))


@routes.post(FAMILY_PAGE)
def take_form(visit: Visit) -> Response:
    """Correct one part, or take note that all is exact; or show the form again."""
    visitor = visit.enter()
    form = visit.typed("quoi")
    said = Said(by=visit.typed("par"), shown=visit.typed("vu"))
    inside = Inside(visitor, visit.client, visit.now)
    try:
        visit.check_lengths()
        if form == _CONFIRMATION:
            confirm(visit.services, inside, said)
        else:
            correct(visit.services, inside, _given(visit, visitor, form), said)
    except FormRefusal as refusal:
        account = refusal.account if isinstance(refusal, CoordinatesMoved) else visitor.account
        return _page(visit, replace(visitor, account=account), step_told(refusal, visit), form=form, refusal=refusal)
    return answers.redirect(visit.services, FAMILY_PAGE)


def _given(visit: Visit, visitor: Visitor, form: str) -> Given:
    """Read a part as typed. Raises `FieldsRefused`, `NotThere`."""
    if form not in _FORMS:
        raise NotThere
    part = _FORMS[form]
    read: dict[Part, Callable[[], tuple[str, ...]]] = {
        "telephones": lambda: _telephones(visit, visitor.account),
        "address": lambda: _address(visit).lines,
        "payer": lambda: _payer(visit),
    }
    if refused := _refused(visit, visitor.account, part):
        raise FieldsRefused(refused)
    return Given(part, read[part]())


def _refused(visit: Visit, account: Account, part: Part) -> Mapping[str, tuple[str, ...]]:
    if part == "address":
        return _address(visit).broken
    if part == "payer":
        return {} if _payer(visit) else {"payeur": ("payer_missing",)}
    known = enumerate(part_of(account.household, part), 1)
    told = {f"telephone-{number}": (visit.typed(f"telephone-{number}"), before) for number, before in known}
    changed = {name: words for name, (words, before) in told.items() if not before or telephone_from(words) != before}
    wrong = {name: wrong_with(words) for name, words in changed.items()}
    return {name: (code,) for name, code in wrong.items() if code}


def _telephones(visit: Visit, account: Account) -> tuple[str, ...]:
    numbers = range(1, len(account.household.guardians) + 1)
    return tuple(telephone_from(visit.typed(f"telephone-{number}")) for number in numbers)


def _address(visit: Visit) -> Address:
    return Address.typed(
        visit.typed("voie").splitlines(),
        *(visit.typed(name) for name in ("code_postal", "ville", "pays")),
    )


def _payer(visit: Visit) -> tuple[str, ...]:
    payer = visit.typed("payeur")
    return (payer,) if payer else ()


def _news(account: Account, visit: Visit) -> str | None:
    """Say what this family has just done, for a moment: the same page is shown before and after."""
    last = last_correction(account)
    corrected = last.at if last and last.hand.side == "family" else None
    confirmed = account.confirmed.at if account.confirmed else None
    latest = max((each for each in (corrected, confirmed) if each), default=None)
    if latest is None or visit.now - latest >= NEWS:
        return None
    return texts.say("family_confirmed" if latest == confirmed else "family_saved")


def _page(  # noqa: PLR0913, PLR0917 - what a page shows of a form that comes back
    visit: Visit,
    visitor: Visitor,
    what: Told,
    form: str = "",
    refusal: FormRefusal | None = None,
    information: str | None = None,
) -> Response:
    account = visitor.account
    marks = {name: mark_of_part(account, part) for name, part in _FORMS.items()}
    marks[_CONFIRMATION] = mark_of_all(account)
    if refusal is not None:
        marks[form] = typed.mark(refusal, visit)
    return answers.account_page(
        visit.services,
        visitor,
        "family",
        tab="family",
        told=_beside(what, form),
        marks=marks,
        form_sent=form,
        names=speakers(account),
        may_correct=visit.services.settings.network.family.may_correct,
        given=_shown(visit, account, form),
        is_confirmed=is_confirmed(account),
        unproven=account.unproven if account.unproven and account.unproven.is_open(visit.now) else None,
        failing=_failing(visit, account),
        changes=trail(account),
        information=information,
    )


def _beside(what: Told, form: str) -> Told:
    """Tell who did not say who it is in the form that was sent: each has its own « Vous êtes »."""
    names = {name: f"par-{form}" if name == "par" else name for name in what.errors}
    return replace(what, errors={names[name]: sentences for name, sentences in what.errors.items()})


def _shown(visit: Visit, account: Account, form: str) -> dict[Part, Any]:
    """Give what the forms show: what is on file, but what was typed in the one that comes back."""
    shown: dict[Part, Any] = {part: part_of(account.household, part) for part in PARTS}
    shown["address"] = Address.apart(account.household.address)
    match _FORMS.get(form):
        case "telephones":
            guardians = range(1, len(account.household.guardians) + 1)
            shown["telephones"] = tuple(visit.typed(f"telephone-{number}") for number in guardians)
        case "address":
            typed_in = (visit.typed(name) for name in ("code_postal", "ville", "pays"))
            shown["address"] = Address(tuple(visit.typed("voie").splitlines()), *typed_in)
        case "payer":
            shown["payer"] = (visit.typed("payeur"),)
    return shown


def _failing(visit: Visit, account: Account) -> frozenset[str]:
    reachable = account.reachable(visit.services.record.pseudonyms)
    return frozenset(account.emails) - frozenset(reachable)
