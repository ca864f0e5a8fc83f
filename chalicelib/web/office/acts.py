"""Acts of the desk, described: one place reads a form, refuses, shows its input again, redirects and confirms."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.family.birth_dates import birth_date_from as day_from  # any day is typed as one's birth is
from chalicelib.domain.refusals import FieldsRefused, FormRefusal, NotThere
from chalicelib.domain.staff.members import Right
from chalicelib.flows.staff.entry import enter
from chalicelib.office.dossiers.undo import Undo
from chalicelib.office.refusals import OfficeRefusal
from chalicelib.presentation.office.refusals import sentence_of
from chalicelib.presentation.texts import hour, sentence
from chalicelib.values import frozen
from chalicelib.web.office.edge import STAFF, DeskRequest, FormBlueprint, desk_page, redirect
from chalicelib.web.office.filters import Filters
from chalicelib.web.responses import NO_FEEDBACK, FormFeedback, Response, feedback_on

YES: Final = "oui"  # the value of a ticked box
DONE: Final = "fait"  # in an address: the act that was just done


@frozen
class Outcome:
    """An act as its page shows it: its confirmation, or its refusal with the name of its form."""

    feedback: FormFeedback = NO_FEEDBACK
    form_name: str = ""
    code: str = ""  # the code of a refusal of the office


@frozen
class ActPage:
    """A page with forms: its template and tab, its subject, its facts, and its sentences.

    Its template also has `typed`, the input of a refused form, `opened`, its name, and `refused`, the refusal's code.
    """

    template: str
    tab: str
    facts: Callable[[Any, Any, Outcome], dict[str, Any]] = lambda *_: {}  # of a request, and of its subject
    find: Callable[[Any], Any] = lambda _: None  # the subject. Raises `NotThere`
    back: Callable[[Any], str] = lambda _: ""  # the address after an act
    inputs: tuple[str, ...] = ()
    sentences: Mapping[str, str] = field(default_factory=dict)  # by `?fait=`
    confirmation: Callable[[DeskRequest, Any], str | None] | None = None  # instead of `sentences`
    fields: Mapping[str, str] = field(default_factory=dict)  # by a refusal's code: the field that shows it
    not_there: frozenset[str] = frozenset()  # codes answered like a page that does not exist
    is_by_pupil: bool = False  # has a form for each pupil: its errors are named `FIELD-PUPIL`
    feedback: Callable[[DeskRequest, OfficeRefusal], FormFeedback] | None = None  # instead of `fields`

    def open(self, request: DeskRequest) -> Response:
        """Show the page, with the act just done."""
        subject = self.find(request)
        return self.show(request, subject, self.confirmed(request, subject))

    def confirmed(self, request: DeskRequest, subject: Any) -> Outcome:  # noqa: ANN401 - the page's own
        """Confirm the act that the address names, if any."""
        if self.confirmation:
            return Outcome(FormFeedback(information=self.confirmation(request, subject)))
        return Outcome(FormFeedback(information=self.sentences.get(request.query.get(DONE, ""))))

    def show(self, request: DeskRequest, subject: Any, outcome: Outcome) -> Response:  # noqa: ANN401 - the page's own
        """Render the page with the outcome of an act."""
        facts: dict[str, Any] = {
            "feedback": outcome.feedback,
            "typed": {name: request.field(name) for name in self.inputs},
            "opened": outcome.form_name or request.query.get("ouvrir", ""),
            "refused": outcome.code,
        }
        return desk_page(request, self.template, self.tab, **facts | self.facts(request, subject, outcome))

    def refused(self, request: DeskRequest, refusal: FormRefusal | OfficeRefusal, form: str = "") -> Outcome:
        """Describe the refusal of a form. Raises `NotThere` if its subject does not exist."""
        if isinstance(refusal, FormRefusal):
            feedback, code = feedback_on(refusal, request), ""
        elif refusal.code in self.not_there:
            raise NotThere from None
        else:
            feedback, code = (self.feedback or self._beside_field)(request, refusal), refusal.code
        if self.is_by_pupil:
            key = f"{request.field('eleve')}{form}"
            feedback = replace(feedback, errors={f"{name}-{key}": errors for name, errors in feedback.errors.items()})
        return Outcome(feedback, form_name=form, code=code)

    def _beside_field(self, request: DeskRequest, refusal: OfficeRefusal) -> FormFeedback:
        error, name = sentence_of(refusal, request.staff.network), self.fields.get(refusal.code)
        return FormFeedback(422, sentence("fields_refused"), {name: [error]}) if name else FormFeedback(422, error)


Perform = Callable[[Any, Any], str | Response]  # takes a `DeskRequest` or a blueprint's own


@frozen
class Act:
    """A form of a page, and the flow behind it.

    The flow returns an answer of its own, or the code of its confirmation, with other parameters of the page's address.
    """

    path: str
    right: Right
    page: ActPage
    perform: Perform  # with the page's subject, or what `reader` made of it. Raises `FormRefusal`, `OfficeRefusal`
    form: str | Callable[[DeskRequest], str] = ""  # its name on the page
    has_reason: bool = False  # in `raison`
    is_proven_again: bool = False  # by the password or a passkey
    reader: Callable[[DeskRequest, Any], Any] | None = None  # before the reason and the proof
    find: Callable[[DeskRequest], Any] | None = None  # of what it decides on, instead of the page's

    def take(self, request: DeskRequest) -> Response:
        """Do the act, and redirect to its confirmation. If refused, show the form again with its input."""
        subject = (self.find or self.page.find)(request)
        form = self.form if isinstance(self.form, str) else self.form(request)
        try:
            answer = self._do(request, subject)
        except (FormRefusal, OfficeRefusal) as refusal:
            outcome = self.page.refused(request, refusal, form)
            if self.is_proven_again:
                request = replace(request, inside=enter(request))  # it may just have been proven
            return self.page.show(request, self.page.find(request), outcome)  # it may have changed
        if isinstance(answer, Response):
            return answer
        path = self.page.back(request)
        address = f"{path}{'&' if '?' in path else '?'}{DONE}={answer}"
        return redirect(request.services, request.list_place.of(address) if request.list_place else address)

    def _do(self, request: DeskRequest, subject: Any) -> str | Response:  # noqa: ANN401 - the page's own
        request.check_lengths()
        subject = self.reader(request, subject) if self.reader else subject
        if self.has_reason:
            check_filled(request, {"raison": "desk_reason_missing"})
        if self.is_proven_again:
            request.prove_again(self.page.template)
        return self.perform(request, subject)


class ActBlueprint(FormBlueprint[...]):
    """A blueprint of the desk that serves described pages and acts."""

    def __init__(self, import_name: str) -> None:
        super().__init__(import_name, STAFF)
        self.acts: list[Act] = []

    def page(self, path: str, right: Right, page: ActPage, filters: Filters | None = None) -> None:
        """Serve a page at a path."""
        self.get(path, right=right, filters=filters)(page.open)

    def act(
        self,
        path: str,
        right: Right,
        page: ActPage,
        filters: Filters | None = None,
        **options: Any,  # noqa: ANN401 - of any type
    ) -> Callable[[Perform], Perform]:
        """Take the form of an act at a path. `options`: the other attributes of the `Act`."""

        def add(perform: Perform) -> Perform:
            self.add(Act(path, right, page, perform, **options), filters)
            return perform

        return add

    def add(self, act: Act, filters: Filters | None = None) -> None:
        """Take the form of an act."""
        self.acts.append(act)
        self.post(act.path, right=act.right, filters=filters)(act.take)


def parameter(request: DeskRequest, name: str) -> str:
    """Read a value of a form, or of the address of its page."""
    return request.field(name) if request.is_unsafe else request.query.get(name, "")


def sealed_undo(request: DeskRequest) -> str:
    """Read the sealed decision of an address or form. Empty for a member who may not decide."""
    return parameter(request, "annuler") if request.staff.may("secretary") else ""


def offer_undo(request: DeskRequest, undo: Undo[Any], path: str, key: str, query: str = "") -> dict[str, str]:
    """Offer to take a decision back until its time is over, and to change it. `path`: of its page."""
    return {
        "path": path,
        "key": key,
        "until": undo_until(request, undo.until),
        "season": "",
        "revise": f"{path}?{query}&eleve={key}#decision-{key}",
    }


def undo_until(request: DeskRequest, until: datetime) -> str:
    """Write until when an act may be taken back. Empty once it is over."""
    return f"{hour(until)} min {until.second:02d}" if request.now < until else ""


def check_filled(request: DeskRequest, codes: Mapping[str, str]) -> None:
    """Refuse empty fields, each by its code. Raises `FieldsRefused`."""
    if errors := {name: (code,) for name, code in codes.items() if not request.field(name)}:
        raise FieldsRefused(errors)


def typed_days(request: DeskRequest, names: Iterable[str]) -> tuple[dict[str, str], dict[str, bool]]:
    """Read the typed days as date fields take them, and whether each text is a day.

    A browser shows an invalid day as an empty date field. It is shown again in a text field.
    """
    texts = {name: request.field(name) for name in names}
    days = {name: day_from(text) for name, text in texts.items()}
    values = {name: day.isoformat() if (day := days[name]) else text for name, text in texts.items()}
    return values, {name: not text or days[name] is not None for name, text in texts.items()}
