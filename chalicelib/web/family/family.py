"""GET and POST /extranet/compte/famille: the file as text, corrected part by part, and confirmed."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from chalicelib.domain.account.accounts import Account
from chalicelib.domain.account.coordinates import PARTS, Part, is_confirmed, last_correction, part_of, speakers, trail
from chalicelib.domain.account.sessions import NEWS
from chalicelib.domain.family.postal import Address
from chalicelib.domain.family.telephones import error_in, telephone_from
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, NotThere
from chalicelib.flows.family import family as flow
from chalicelib.flows.family.reenrolment import StepSubmission
from chalicelib.presentation import texts
from chalicelib.web.family.edge import FAMILY, FAMILY_PAGE, FamilyRequest, FormBlueprint, Visitor, family_page
from chalicelib.web.family.reenrolment import step_feedback
from chalicelib.web.responses import FormFeedback, Response, redirect, version_after

routes = FormBlueprint(__name__, FAMILY)

_FORMS: Final[Mapping[str, Part]] = {"telephones": "telephones", "adresse": "address", "payeur": "payer"}
_CONFIRMATION: Final = "confirmation"


@routes.get(FAMILY_PAGE, FamilyRequest.enter)
def show_file(request: FamilyRequest, visitor: Visitor) -> Response:
    """Show the file."""
    return _page(request, visitor, FormFeedback(information=_recent_news(visitor, request)))


@routes.post(FAMILY_PAGE, FamilyRequest.enter)
def take_form(request: FamilyRequest, visitor: Visitor) -> Response:
    """Correct a part, or confirm the whole file. If refused, show the form again."""
    form = request.field("quoi")
    submission = StepSubmission(by=request.field("par"), version=request.field("vu"))
    try:
        request.check_lengths()
        if form == _CONFIRMATION:
            flow.confirm(request, visitor, submission)
        else:
            flow.correct(request, visitor, _part_update(request, visitor, form), submission)
    except FormRefusal as refusal:
        account = refusal.account if isinstance(refusal, flow.CoordinatesMoved) else visitor.account
        return _page(request, replace(visitor, account=account), step_feedback(refusal, request), form=form)
    return redirect(request.services, FAMILY_PAGE)


def _part_update(request: FamilyRequest, visitor: Visitor, form: str) -> flow.PartUpdate:
    """Read a part as typed. Raises `FieldsRefused`, `NotThere`."""
    if form not in _FORMS:
        raise NotThere
    part = _FORMS[form]
    readers: dict[Part, Callable[[], tuple[str, ...]]] = {
        "telephones": lambda: _telephones(request, visitor.account),
        "address": lambda: _address(request).lines,
        "payer": lambda: _payer(request),
    }
    if errors := _refusals(request, visitor.account, part):
        raise FieldsRefused(errors)
    return flow.PartUpdate(part, readers[part]())


def _refusals(request: FamilyRequest, account: Account, part: Part) -> Mapping[str, tuple[str, ...]]:
    if part == "address":
        return _address(request).errors
    if part == "payer":
        return {} if _payer(request) else {"payeur": ("payer_missing",)}
    on_file = enumerate(part_of(account.household, part), 1)
    fields = {f"telephone-{number}": (request.field(f"telephone-{number}"), before) for number, before in on_file}
    numbers = {name: words for name, (words, before) in fields.items() if not before or telephone_from(words) != before}
    wrong = {name: error_in(words) for name, words in numbers.items()}
    return {name: (code,) for name, code in wrong.items() if code}


def _telephones(request: FamilyRequest, account: Account) -> tuple[str, ...]:
    numbers = range(1, len(account.household.guardians) + 1)
    return tuple(telephone_from(request.field(f"telephone-{number}")) for number in numbers)


def _address(request: FamilyRequest) -> Address:
    return Address.from_form(
        request.field("voie").splitlines(), *(request.field(name) for name in ("code_postal", "ville", "pays"))
    )


def _payer(request: FamilyRequest) -> tuple[str, ...]:
    payer = request.field("payeur")
    return (payer,) if payer else ()


def _recent_news(visitor: Visitor, request: FamilyRequest) -> str | None:
    """Describe the family's last change for a moment, since the page looks alike before and after it."""
    account = visitor.account
    last = last_correction(account)
    change_at = last.at if last and last.actor.side == "family" else None
    check_at = account.confirmed.at if account.confirmed else None
    latest = max((moment for moment in (change_at, check_at) if moment), default=None)
    news = None if visitor.is_guardians else last_correction(account, "logins")
    if news and news.actor.side == "family" and request.now - news.at < NEWS and news.at >= (latest or news.at):
        return texts.sentence("login_given")
    if latest is None or request.now - latest >= NEWS:
        return None
    return texts.sentence("family_confirmed" if latest == check_at else "family_saved")


def _page(request: FamilyRequest, visitor: Visitor, feedback: FormFeedback, form: str = "") -> Response:
    account = visitor.account
    versions = {name: flow.version_of_part(account, part) for name, part in _FORMS.items()}
    versions[_CONFIRMATION] = flow.version_of_all(account)
    if feedback.refusal is not None:
        versions[form] = version_after(feedback.refusal, request)
    return family_page(
        request,
        visitor,
        "family",
        tab="family",
        feedback=_by_form(feedback, form),
        versions=versions,
        form_sent=form,
        names=speakers(account),
        may_correct=request.services.settings.network.family.may_correct,
        values=_form_values(request, account, form),
        is_confirmed=is_confirmed(account),
        pending_email=account.pending_email
        if account.pending_email and account.pending_email.is_open(request.now)
        else None,
        failing=_failing(request, account),
        changes=trail(account),
    )


def _by_form(feedback: FormFeedback, form: str) -> FormFeedback:
    """Put an error of « Vous êtes » beside the form that was sent: each form has its own."""
    names = {name: f"par-{form}" if name == "par" else name for name in feedback.errors}
    return replace(feedback, errors={names[name]: sentences for name, sentences in feedback.errors.items()})


def _form_values(request: FamilyRequest, account: Account, form: str) -> dict[Part, Any]:
    """Collect the values of the forms: from the file, or as typed for the form shown again."""
    values: dict[Part, Any] = {part: part_of(account.household, part) for part in PARTS}
    values["address"] = Address.from_lines(account.household.address)
    match _FORMS.get(form):
        case "telephones":
            guardians = range(1, len(account.household.guardians) + 1)
            values["telephones"] = tuple(request.field(f"telephone-{number}") for number in guardians)
        case "address":
            typed_in = (request.field(name) for name in ("code_postal", "ville", "pays"))
            values["address"] = Address(tuple(request.field("voie").splitlines()), *typed_in)
        case "payer":
            values["payer"] = (request.field("payeur"),)
    return values


def _failing(request: FamilyRequest, account: Account) -> frozenset[str]:
    reachable = account.reachable(request.services.record.pseudonyms)
    return frozenset(account.emails) - frozenset(reachable)
