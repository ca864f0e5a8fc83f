"""What `clef campaign send` and `clef remind` do alike: show whom a campaign will write to, then send it."""

from dataclasses import dataclass
from datetime import timedelta

import typer

from agency.campaign import words
from agency.campaign.mail_run import Ending, Sending
from agency.console import show
from agency.console.ending import Code
from agency.console.prompts import agree
from chalicelib.mail.mailer import Quota
from chalicelib.office.campaign.campaign import Plan, Request, begin, plan
from chalicelib.office.campaign.trial import mail_trial, sample
from chalicelib.office.refused import Refused
from chalicelib.services import Services


@dataclass(frozen=True)
class Options:
    """What is asked besides the campaign itself."""

    apply: bool
    as_json: bool
    test_to: str | None
    canary_wait: int  # minutes
    go_on: bool
    yes: bool


def run(services: Services, asked: Request, options: Options) -> None:
    """Show whom a campaign will write to; with `apply`, send it and show how it went."""
    planned = _plan(services, asked)
    if options.test_to:
        mail_trial(services, planned, options.test_to, services.clock())
        show.note(words.trial_sent(options.test_to))
    if not options.apply:
        _preview(services, planned, as_json=options.as_json)
        return
    if asked.again:
        agree(words.write_again(planned), yes=options.yes)
    quota = services.mailer.quota()
    if not quota.is_sending:
        raise Refused("ses_paused")
    campaign = begin(services, planned, go_on=options.go_on)
    ending = "stopped" if campaign.state == "stopped" else _send(services, planned, quota, options)
    _tell(services, planned, ending, as_json=options.as_json)


def _plan(services: Services, asked: Request) -> Plan:
    with show.progress("Lecture des comptes") as advance:
        return plan(services, asked, services.clock(), advance)


def _preview(services: Services, planned: Plan, *, as_json: bool) -> None:
    letter = sample(services, planned, services.clock()) if planned.mails else None
    if as_json:
        show.as_json(words.plan_json(planned) | {"sample": letter and {"subject": letter.subject, "text": letter.text}})
        return
    show.table(words.title(planned.asked), words.headings(planned), words.rows(services.settings.network, planned))
    if letter:
        show.say(words.sample(letter))
    show.say(words.nothing_left(planned))


def _send(services: Services, planned: Plan, quota: Quota, options: Options) -> Ending:
    with show.progress("Mails demandés", len(planned.mails)) as advance:
        sending = Sending(services, planned, quota, timedelta(minutes=options.canary_wait), advance)
        try:
            return sending.run()
        except KeyboardInterrupt:
            show.note(words.so_far(sending.campaign()))
            raise


def _tell(services: Services, planned: Plan, ending: Ending, *, as_json: bool) -> None:
    campaign = services.campaigns.find(planned.asked.campaign.name) or planned.asked.campaign
    left = _plan(services, Request(campaign, planned.asked.sites))
    if as_json:
        show.as_json(words.plan_json(left) | words.outcome_json(campaign, ending))
    else:
        show.table(words.title(left.asked), words.headings(left), words.rows(services.settings.network, left))
        for sentence in words.outcome(campaign, left, ending):
            show.say(sentence)
    code = _code(left, ending)
    if code:
        raise typer.Exit(code)


def _code(left: Plan, ending: Ending) -> Code:
    if ending in {"stopped", "silent"}:
        return Code.STOPPED
    turns = left.total.turns
    return Code.TO_LOOK_AT if turns["due"] or turns["uncertain"] else Code.DONE
