"""A teacher's message to the families of a course, if the network allows it: read again, rate-limited, sent once."""

from dataclasses import field
from datetime import date
from typing import Any

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.refusals import FieldsRefused, NotThere
from chalicelib.infra.dynamo.database import Lookup
from chalicelib.mail.outbox import Outbox
from chalicelib.services.family import Visit
from chalicelib.values import frozen
from chalicelib.wings.teaching.domain.messages import CourseMessage, CourseMessages, MessageRef, day_of_form
from chalicelib.wings.teaching.flows.teacher.entry import OwnCourse, TeacherContext
from chalicelib.wings.teaching.mail import CourseMessagePosted
from chalicelib.wings.teaching.services.teaching import TeachingServices as Services


@frozen
class MessageInput:
    """A submitted form: its key, the text, and whether the teacher has read it again."""

    key: str
    text: str = field(repr=False)
    is_read_again: bool


@frozen
class MessageRecipients:
    """The recipients of a message: families and their addresses. `unreached`: the families without an address."""

    families: int
    addresses: int
    unreachable: int


@frozen
class MessageView:
    """The page of messages to a course: those of today, and the recipients."""

    today: CourseMessages
    readers: MessageRecipients
    limit: int  # a day

    @property
    def is_open(self) -> bool:
        """Whether another message may be written today."""
        return len(self.today.messages) < self.limit


def view_message(services: Services, context: TeacherContext, course: OwnCourse) -> MessageView:
    """Read today's messages to a course and the recipients, in one round trip. Raises `NotThere`."""
    return _view(services, context, course, context.day)[0]


def write_message(visit: Visit[Services], context: TeacherContext, course: OwnCourse, form: MessageInput) -> None:
    """Write to the families of a course. Idempotent. Raises `NotThere` or a `FormRefusal`.

    The mails are posted before the write, and sent once it is confirmed.
    """
    shown_on = day_of_form(form.key)
    if shown_on is None:
        raise NotThere
    view, messages = _view(visit.services, context, course, shown_on)
    if messages.message(form.key):
        return
    _check(form)
    readers, mails = view.readers, Outbox(visit.services.post_box)
    message = CourseMessage(
        form.key, visit.now, context.staff.member.name, form.text, readers.families, readers.addresses
    )
    ref = MessageRef(course.site.code, course.key, context.day, form.key)
    job = CourseMessagePosted(request=visit.client.request, asked_at=visit.now, site=ref.site, message=ref.name)

    def decide(words: CourseMessages) -> CourseMessages:
        return words.with_message(message, view.limit, course.teacher, course.course)

    visit.services.teaching.messages.revise(view.today, decide, lambda _before, _after: mails.post(job))


def _view(
    services: Services, context: TeacherContext, course: OwnCourse, shown_on: date
) -> tuple[MessageView, CourseMessages]:
    """Read the messages of today, those of the day on which a form was shown, and the families."""
    settings, messages, site = context.staff.network.teaching, services.teaching.messages, course.site.code
    if not settings.words:
        raise NotThere
    days = dict.fromkeys((context.day, shown_on))
    families = tuple(dict.fromkeys(AccountRef(site, pupil.ref.identifier) for pupil in course.course.pupils))
    lookups: tuple[Lookup[Any], ...] = (
        *(messages.lookup(site, course.key, day) for day in days),
        *(services.accounts.lookup(family) for family in families),
    )
    results = services.database.read_together(*lookups)
    words = dict(zip(days, results, strict=False))
    accounts = [account for account in results[len(days) :] if account and not account.gone_at]
    counts = [len(account.emails) for account in accounts]
    readers = MessageRecipients(sum(map(bool, counts)), sum(counts), counts.count(0))
    return MessageView(words[context.day], readers, settings.words_a_day), words[shown_on]


def _check(form: MessageInput) -> None:
    """Refuse a form without words, or without its tick."""
    errors = {} if form.text else {"mot": ("words_missing",)}
    errors |= {} if form.is_read_again else {"accord": ("words_unread",)}
    if errors:
        raise FieldsRefused(errors)
