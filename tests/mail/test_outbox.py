"""Post jobs once before the write, in any race. Mail once the write is confirmed, or record the reason."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from chalicelib.flows.family.login import Credentials, log_in
from chalicelib.flows.family.reenrolment import enter
from chalicelib.flows.family.summary import SummarySubmission, send, summary_version
from chalicelib.mail.account_jobs import PasswordChanged
from chalicelib.mail.jobs import QueuedJob
from chalicelib.office.enrolment.decide import EnrolmentDecisionInput
from tests.support.email_change import send_form, settle
from tests.support.enrolled_families import decide, key_of, open_for_rossignol
from tests.support.enrolment import EVE_KEY, LEO, LEO_KEY, ZELIE_KEY, answer_all, enrolment, open_season
from tests.support.households import open_session
from tests.support.world import EMAIL, ROSSIGNOL, World

MAILED: Final = "Mh4kWqzR7tXc9bPd"


class BusyPostBox:
    """A post box that lets another writer change the data after its first jobs. It records the posted jobs."""

    def __init__(self, world: World, interrupt: Callable[[], object]) -> None:
        self._inner = world.services.post_box
        self._interrupts = [interrupt]
        self.jobs: list[QueuedJob] = []
        world.services = replace(world.services, post_box=self)  # type: ignore[arg-type]  # all that flows need of one

    def post(self, *jobs: QueuedJob, delay: timedelta = timedelta()) -> None:
        """Post jobs, then run the other writer once."""
        self._inner.post(*jobs, delay=delay)
        self.jobs += jobs
        if jobs and self._interrupts:
            self._interrupts.pop()()


def mail_another_password(world: World) -> None:
    """Mail another password, as the consumer does: no decision here depends on it, yet every write compares it."""
    account = world.account()
    world.services.accounts.change(account, account.with_mailed_password("Ab3dEfgH5jKm", "another", world.now))


def first_use(world: World) -> Callable[[], object]:
    world.database.write_together(
        world.services.accounts.put(world.settle(password=None).with_mailed_password(MAILED, "request-0", world.now))
    )
    return lambda: log_in(world.visit(), Credentials(ROSSIGNOL, MAILED))


def removal(world: World) -> Callable[[], object]:
    me = settle(world)
    return lambda: send_form(world, me, "retirer-2", "")


def test_a_password_used_first_is_posted_once_though_the_login_is_overtaken(world: World) -> None:
    run = first_use(world)
    box = BusyPostBox(world, lambda: mail_another_password(world))

    run()

    assert len(box.jobs) == 1
    world.deliver_patiently()
    assert [mail.to for mail in world.mails()] == [EMAIL]
    assert [event["event"] for event in world.events() if event["event"].startswith("notice_")] == ["notice_mailed"]


def test_addresses_that_change_are_posted_once_though_the_write_is_overtaken(world: World) -> None:
    run = removal(world)
    box = BusyPostBox(world, lambda: mail_another_password(world))

    run()

    assert len(box.jobs) == len(set(box.jobs)) == 2
    world.deliver_patiently()
    assert len(world.mails()) == 2


def test_where_those_on_file_are_others_by_then_only_they_are_posted_too(world: World) -> None:
    run = first_use(world)

    def add_address() -> None:
        account = world.account()
        world.services.accounts.change(account, replace(account, emails=(EMAIL, "come@example.org")))

    box = BusyPostBox(world, add_address)
    run()

    mailboxes = [world.services.record.pseudonyms.of_mailbox(email) for email in (EMAIL, "come@example.org")]
    assert [job.mailbox for job in box.jobs if isinstance(job, PasswordChanged)] == mailboxes


def test_what_is_sent_is_posted_once_though_the_write_is_overtaken(world: World) -> None:
    account = open_season(world)
    answer_all(world)
    context = enter(world.visit(open_session(world, account)))
    form = SummarySubmission((ZELIE_KEY, LEO_KEY, EVE_KEY), "1", summary_version(context))

    def save_again() -> None:
        before = enrolment(world)
        later = tuple(
            replace(file, saved=replace(file.saved, by="M. Rossignol")) for file in before.pupils if file.saved
        )
        world.services.enrolments.change(before, replace(before, pupils=later))

    box = BusyPostBox(world, save_again)
    result = send(world.visit(), context, form)

    assert len(box.jobs) == len(set(box.jobs)) == 2
    assert enrolment(world).receipts == (result.receipt,)


def test_what_is_decided_is_posted_once_though_the_write_is_overtaken(world: World) -> None:
    open_for_rossignol(world)
    ref = world.services.enrolments

    def save_draft() -> None:
        before = enrolment(world)
        file = before.pupil(key_of(LEO))
        assert file
        assert file.saved
        ref.change(before, before.with_pupil(replace(file, saved=replace(file.saved, by="Un autre")), world.now))

    box = BusyPostBox(world, save_draft)
    decide(world.services, EnrolmentDecisionInput("accepted", "Mme Houx"), world.now, "Zélie")

    assert len(box.jobs) == len(set(box.jobs)) == 2
