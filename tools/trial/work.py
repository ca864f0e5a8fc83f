"""The work that a package is tried with: every kind of request and job, and AWS in every bad mood."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from chalicelib import wiring
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.account.identifiers import identifier_from
from chalicelib.domain.campaign.campaigns import Campaign
from chalicelib.domain.enrolment.enrolments import Decision
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods
from chalicelib.domain.enrolment.seasons import EnrolmentRef, season_of
from chalicelib.domain.family.households import Course, Household, Pupil
from chalicelib.mail.jobs import CampaignNotice
from chalicelib.office.enrolment.mails import post_decision
from chalicelib.services import Services
from chalicelib.settings import load_settings
from tools.local.aws import CREDENTIALS, LocalAws, Resources
from tools.local.bills import store_bills
from tools.local.families import FAMILIES, Family, store_families
from tools.trial.asking import (
    BILLS,
    CDN_SECRET,
    FAMILY,
    LOGIN,
    NEW_PASSWORD,
    answers,
    cookie_of,
    getting,
    login_of,
    posting,
)
from tools.trial.bad_aws import BadAws, Mood, Tls
from tools.trial.exercise import Seen, Worker
from tools.trial.visiting import receive_everybody

WEB: Final = "app.app"
POST: Final = "chalicelib.jobs.post.post"
BOUNCES: Final = "chalicelib.jobs.bounces.bounces"
HANDLERS: Final = frozenset({WEB, POST, BOUNCES})

_OTHER = next(family for family in FAMILIES if family.name == "Famille Pommerel")
_REF = AccountRef(FAMILY.site, identifier_from(FAMILY.identifier))
_CAMPAIGN = "exercise"
_REMINDER = "exercise-reminder"
_CLOSED_PORT = "127.0.0.1:9"


def do_everything(task: Path, aws: LocalAws, resources: Resources) -> Seen:
    """Have an unpacked package do it all, each part in a cold start of its own, and tell what it loaded."""
    seen = Seen()
    environment = _environment(aws.endpoint_url, resources)
    services = wiring.build(load_settings(environment))
    store_families(services)
    store_bills(services)
    notice, reminder = _begin_campaign(services), _begin_reminder(services)
    pupil = _enrol_a_pupil(services)
    _add_an_address(services)
    with Worker(task, WEB, environment, seen) as web:
        receive_everybody(web, pupil, _invoices(services)[0])
    _miss_documents(task, environment, seen, services)
    _decide(services, pupil)
    with Worker(task, POST, environment, seen) as post:
        for body in _queued(aws, resources):
            post.invoke(_job(body))
        post.invoke(_job(notice.model_dump_json()))
        post.invoke(_job(reminder.model_dump_json()))
        _fails(post, "not a job", "ValidationError")
    with Worker(task, BOUNCES, environment, seen) as bounces:
        followed = {"campaign": [notice.campaign], "mailbox": [notice.mailbox]}
        for message in (_news("Delivery", followed), _news("Bounce", followed), _news("Complaint", {}), "not from SES"):
            bounces.invoke(_notice(message))
    _check_campaign(services)
    _meet_bad_moods(task, environment, seen)
    _meet_tls(task, environment, seen)
    return seen


def _environment(endpoint_url: str, resources: Resources) -> dict[str, str]:
    """Give what Lambda and the template set."""
    return {
        **CREDENTIALS,
        **resources.environment(),
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "AWS_SESSION_TOKEN": "local",
        "AWS_REGION": CREDENTIALS["AWS_DEFAULT_REGION"],
        "AWS_EXECUTION_ENV": "AWS_Lambda_python",
        "AWS_LAMBDA_FUNCTION_NAME": "exercise",
        "_X_AMZN_TRACE_ID": "Root=1-00000000-000000000000000000000000;Sampled=0",
        "CLEF_ENDPOINT_URL": endpoint_url,
        "CLEF_PUBLIC_URL": "http://127.0.0.1:8000",
        "CLEF_CONFIGURATION_SET": "exercise-mail",
        "CLEF_RECORD_KEY": "the key of the exercise's pseudonyms",
        "CLEF_CDN_SECRET_DIGESTS": hashlib.sha256(CDN_SECRET.encode()).hexdigest(),
    }


def _enrol_a_pupil(services: Services) -> str:
    """Give the family a pupil that dances, and its key."""
    household = Household(pupils=(Pupil("Zélie", None, (Course("Danse classique"),)),))
    services.accounts.revise(_REF, lambda account: replace(account, household=household))
    (key,) = household.pupils_by_key
    return key


def _add_an_address(services: Services) -> None:
    """Give the family a further address, to take away."""
    services.accounts.revise(_REF, lambda account: replace(account, emails=(*account.emails, "deux@example.org")))


def _decide(services: Services, pupil: str) -> None:
    """Decide of the pupil as the office would of one that stays, so that the mail of it is due."""
    now = services.clock()
    ref = EnrolmentRef(_REF, season_of(services.periods.read().of_all, now))
    account, found = services.accounts.find(ref.account), services.enrolments.find(ref)
    file = found.pupil(pupil)
    if account is None or file is None or file.sent is None:
        raise RuntimeError("the pupil was due among those that are sent")
    decision = Decision("accepted", "the exercise", now, "Bienvenue.")
    after = found.with_pupil(replace(file, sent=replace(file.sent, decision=decision)), now)
    post_decision(services, account, after, pupil, "exercise")
    services.enrolments.change(found, after)


def _invoices(services: Services) -> list[str]:
    """Give the codes of the family's invoices."""
    return [each.code for each in services.billing.find(_REF).invoices]


def _miss_documents(task: Path, environment: Mapping[str, str], seen: Seen, services: Services) -> None:
    """Look for a PDF that is gone, then for any in a bucket that is."""
    services.documents.delete_under("invoices/")
    (code, *_), gone = _invoices(services), {"CLEF_DOCUMENTS_BUCKET": "not-there"}
    for there, status in ((environment, 404), ({**environment, **gone}, 503)):
        with Worker(task, WEB, there, seen) as web:
            logged_in = answers(web, 303, posting(LOGIN, login_of(NEW_PASSWORD)))
            answers(web, status, getting(f"{BILLS}/{code}", cookie_of(logged_in)))


def _meet_bad_moods(task: Path, environment: Mapping[str, str], seen: Seen) -> None:
    """Log in, ask and deliver while AWS refuses, fails, lies, hangs up or says nothing."""
    lost = {"request": "1", "asked_at": "2100-01-01T00:00:00Z", "identifier": "xen1", "mailbox": "x"}
    job = json.dumps({"kind": "lost_password", **lost})
    with BadAws() as aws:
        there = {**environment, "CLEF_ENDPOINT_URL": aws.endpoint_url}
        with Worker(task, WEB, there, seen) as web:
            for aws.mood in Mood:
                _gives_up(web)
        aws.mood = Mood.DENIED
        with Worker(task, POST, there, seen) as post:
            _fails(post, job, "Unavailable")
    with Worker(task, WEB, {**environment, "CLEF_ENDPOINT_URL": f"http://{_CLOSED_PORT}"}, seen) as web:
        _gives_up(web)


def _meet_tls(task: Path, environment: Mapping[str, str], seen: Seen) -> None:
    """Call AWS's real names, which a closed proxy keeps on this machine; then a TLS of ours, unknown and known."""
    real = {name: value for name, value in environment.items() if name != "CLEF_ENDPOINT_URL"}
    with Worker(task, WEB, {**real, "HTTPS_PROXY": f"http://{_CLOSED_PORT}"}, seen) as web:
        _gives_up(web)
    with Tls() as tls, BadAws(tls.server()) as aws:
        aws.mood = Mood.DENIED
        there = {**environment, "CLEF_ENDPOINT_URL": aws.endpoint_url}
        for trust in ({}, {"AWS_CA_BUNDLE": str(tls.certificate)}):
            heard = aws.calls
            with Worker(task, WEB, {**there, **trust}, seen) as web:
                _gives_up(web)
            if (aws.calls > heard) is not bool(trust):
                raise RuntimeError("TLS is to be trusted when the certificate is known, and then only")


def _gives_up(web: Worker) -> None:
    """Log in and be told to come back."""
    answer = web.invoke(posting(LOGIN, login_of("Soupir0Perdu")))
    if answer["statusCode"] != HTTPStatus.SERVICE_UNAVAILABLE:
        raise RuntimeError(f"a page of failure was due, not {answer['statusCode']}")


def _fails(post: Worker, body: str, due: str) -> None:
    if (error := post.fail(_job(body))) != due:
        raise RuntimeError(f"{due} was due: {error}")


def _job(body: str) -> dict[str, Any]:
    return {"Records": [{"body": body, "receiptHandle": "1"}]}


def _notice(message: str) -> dict[str, Any]:
    return {"Records": [{"Sns": {"Message": message, "Subject": "", "MessageAttributes": {}, "MessageId": "1"}}]}


def _news(kind: str, more_tags: Mapping[str, list[str]]) -> str:
    tags = {"site": [FAMILY.site], "identifier": [FAMILY.identifier.lower().encode().hex()], **more_tags}
    recipients = [{"emailAddress": email} for email in FAMILY.emails]
    told = {
        "bounce": {"bounceType": "Permanent", "bouncedRecipients": recipients},
        "complaint": {"complainedRecipients": recipients},
        "delivery": {"recipients": list(FAMILY.emails)},
    }
    return json.dumps({"eventType": kind, "mail": {"tags": tags}, **told})


def _begin_campaign(services: Services) -> CampaignNotice:
    """Begin a campaign, and give the job that tells it to the family."""
    now = services.clock()
    period = EnrolmentPeriod(now.date(), now.date() + timedelta(days=30))
    services.periods.write(services.periods.read(), Periods(period))
    services.campaigns.begin(Campaign(_CAMPAIGN, now, "the exercise"))
    return _tell(services, _CAMPAIGN, FAMILY)


def _begin_reminder(services: Services) -> CampaignNotice:
    """Begin a reminder to those who have logged in and have yet to enrol, and give the job that tells one of them."""
    now = services.clock()
    ref = AccountRef(_OTHER.site, identifier_from(_OTHER.identifier))
    services.accounts.revise(ref, lambda account: account.with_login(now))
    services.campaigns.begin(Campaign(_REMINDER, now, "the exercise", step="logged_in", about=_CAMPAIGN, since=now))
    return _tell(services, _REMINDER, _OTHER)


def _tell(services: Services, campaign: str, family: Family) -> CampaignNotice:
    return CampaignNotice(
        request="exercise",
        asked_at=services.clock(),
        campaign=campaign,
        mailbox=services.record.pseudonyms.of_mailbox(family.emails[0]),
        accounts=((family.site, identifier_from(family.identifier)),),
    )


def _check_campaign(services: Services) -> None:
    reminder = services.campaigns.find(_REMINDER)
    if reminder is None or reminder.sent != 1:
        raise RuntimeError(f"one reminder was due: {reminder}")
    campaign = services.campaigns.find(_CAMPAIGN)
    if campaign is None or (campaign.sent, campaign.delivered, campaign.bounced) != (1, 1, 1):
        raise RuntimeError(f"one mail was due, that arrived and came back: {campaign}")


def _queued(aws: LocalAws, resources: Resources) -> Iterator[str]:
    """Take the jobs: a password changed, one lost, a code, an address changed (told twice); a receipt, a decision."""
    sqs = aws.client("sqs")
    for queue, due in zip(resources.queues, (5, 2), strict=True):
        for _ in range(due):
            answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=1, WaitTimeSeconds=5)
            (message,) = answer["Messages"]
            yield message["Body"]
