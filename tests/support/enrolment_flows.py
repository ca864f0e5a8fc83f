"""A family inside its re-enrolment: the context of a request, its summary sent, and the mails delivered."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.account.sessions import Token
from chalicelib.domain.dossiers.documents import SavedBy
from chalicelib.domain.enrolment.enrolments import Enrolment, EnrolmentDecision, Verdict
from chalicelib.domain.enrolment.submissions import sendable
from chalicelib.domain.enrolment.submissions import submit as submit_answers
from chalicelib.flows.family.reenrolment import EnrolmentContext, enter
from chalicelib.flows.family.summary import SubmissionResult, SummarySubmission, send, summary_version
from tests.support.enrolment import EVE_KEY, LEO_KEY, SAVED, ZELIE_KEY, enrolment
from tests.support.world import World

EVERYBODY = (ZELIE_KEY, LEO_KEY, EVE_KEY)
OF_COME = SavedBy("M. Côme Rossignol", SAVED.at)


def come(world: World, token: Token) -> EnrolmentContext:
    """Open a page of the re-enrolment."""
    return enter(world.visit(token))


def submit(
    world: World, me: EnrolmentContext, keys: tuple[str, ...] = EVERYBODY, by: str = "1", version: str | None = None
) -> SubmissionResult:
    """Send the summary. `version`: the version of an earlier page."""
    sending = SummarySubmission(keys, by, summary_version(me) if version is None else version)
    return send(world.visit(), me, sending)


def mailed(world: World) -> list[str]:
    """Deliver the mails of five minutes, and list their recipients."""
    world.deliver_patiently()
    return sorted(mail.to for mail in world.mails())


def keep(world: World, enrolment_after: Enrolment) -> None:
    """Store a changed re-enrolment."""
    world.services.enrolments.change(enrolment(world), enrolment_after)


def decide(world: World, key: str, verdict: Verdict, words: str = "") -> Enrolment:
    """Decide on a sent pupil as the office."""
    after = enrolment(world).with_decision(key, EnrolmentDecision(verdict, "Mme Houx", world.now, words))
    keep(world, after)
    return after


def submit_and_decide(world: World, key: str, verdict: Verdict | None) -> Enrolment:
    """Send the answers of a pupil, and decide on them."""
    before = enrolment(world)
    keep(world, submit_answers(before, sendable(before, [key]), "R27-AAAA-BBBB", SAVED))
    return decide(world, key, verdict, "Quel jour ?") if verdict else enrolment(world)


def send_before(world: World, times: int) -> None:
    """Send a family's answers some times, a minute ago."""
    reenrolment, author = enrolment(world), SavedBy(OF_COME.by, world.now - timedelta(minutes=1))
    for number in range(times):
        reenrolment = submit_answers(replace(reenrolment, started_at=world.now), (), f"R27-AAAA-{number:04}", author)
    keep(world, reenrolment)
