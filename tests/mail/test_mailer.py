"""The mailer: it sends a letter as a mail that every mail program reads, from the network's only address."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import (
    BotoCoreError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
    SSLError,
)

from chalicelib import wiring
from chalicelib.domain.account.accounts import AccountRef
from chalicelib.domain.refusals import Unavailable
from chalicelib.mail.letters import Letter
from chalicelib.mail.mailer import Mailer, Quota, TooFast, Unanswered, Undeliverable
from chalicelib.settings.environment import Settings
from tests.support.world import ROSSIGNOL, World
from tools.local.post import mails

MORNING = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
LETTER = Letter(
    to="rossignol@example.org",
    subject="Votre mot de passe pour l'extranet - Evry - Xénakis",
    text="Bonjour Famille Été-Rossignol 🐦,\n\n" + "é" * 300 + "\n.\nFrom Evry\n",
    html="<!doctype html>\n<html lang='fr'><body><p>Été : « œ »</p></body></html>\n",
    at=MORNING,
)


def sent(world: World, letter: Letter = LETTER) -> EmailMessage:
    """Send a letter, and read it as its recipient's program does."""
    world.services.mailer.send(letter, ROSSIGNOL)
    message = message_from_bytes(raw(world), policy=default)
    assert isinstance(message, EmailMessage)
    return message


def raw(world: World) -> bytes:
    return world.aws.sent_messages()[-1].raw_data.encode("ascii")  # no server on the way has to know accents


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body
    content: str = body.get_content()
    return content.replace("\r\n", "\n")


def test_a_mail_has_a_text_then_a_page_as_written_in_lines_that_servers_take(world: World) -> None:
    message = sent(world)

    assert message.get_content_type() == "multipart/alternative"
    assert [each.get_content_type() for each in message.iter_parts()] == ["text/plain", "text/html"]
    assert [each.get_content_charset() for each in message.iter_parts()] == ["utf-8", "utf-8"]
    assert (part(message, "plain"), part(message, "html")) == (LETTER.text, LETTER.html)
    lines = raw(world).split(b"\r\n")
    assert max(map(len, lines)) <= 998  # RFC 5322, section 2.1.1
    assert not any(b"\n" in line or b"\r" in line for line in lines)


def test_headers_say_from_whom_to_whom_when_in_which_language_and_that_no_reply_is_read(world: World) -> None:
    message, raw_message = sent(world), world.aws.sent_messages()[-1]

    assert (raw_message.source, set(raw_message.destinations)) == ("ne-pas-repondre@extranet.example.fr", {LETTER.to})
    assert message["Subject"] == LETTER.subject
    assert message["Content-Language"] == "fr", "for a screen reader"
    assert message["From"] == "Extranet des conservatoires <ne-pas-repondre@extranet.example.fr>"
    assert message["To"] == "rossignol@example.org"
    assert parsedate_to_datetime(message["Date"]) == MORNING
    assert message["Auto-Submitted"] == "auto-generated"
    assert set(message.keys()) - {"Content-Language"} == {
        *("From", "To", "Subject", "Date", "Auto-Submitted", "MIME-Version", "Content-Type")
    }


@pytest.mark.parametrize("configuration_set", ["clef-mail", None])
def test_ses_is_told_the_account_for_bounces(world: World, settings: Settings, configuration_set: str | None) -> None:
    client = world.aws.make_client("sesv2")
    requests: list[dict[str, Any]] = []
    client.meta.events.register("provide-client-params.sesv2.SendEmail", lambda params, **_: requests.append(params))
    answer = (AWSResponse("", 200, HTTPHeaders(), None), {"MessageId": "mail-1"})
    client.meta.events.register("before-call.sesv2.SendEmail", lambda **_: answer)
    mailer = Mailer(lambda: client, settings.network.sender, settings.network.sender_address, configuration_set)

    mailer.send(LETTER, ROSSIGNOL)

    tags = {tag["Name"]: tag["Value"] for tag in requests[0].get("EmailTags", [])}
    assert requests[0].get("ConfigurationSetName") == configuration_set
    assert tags == ({"site": "evry-xenakis", "identifier": "78656e31"} if configuration_set else {})


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"subject": "Votre mot de passe\r\nBcc: merle@example.org"}, id="a line in the subject"),
        pytest.param({"subject": "Votre mot de passe\nBcc: merle@example.org"}, id="a bare line feed"),
        pytest.param({"subject": "Votre mot de passe\rBcc: merle@example.org"}, id="a bare carriage return"),
        pytest.param({"to": "rossignol@example.org\r\nBcc: merle@example.org"}, id="a line in the address"),
    ],
)
def test_no_line_smuggled_into_a_header_ever_leaves(world: World, change: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"linefeed|carriage|newline"):
        world.services.mailer.send(replace(LETTER, **change), ROSSIGNOL)  # type: ignore[arg-type]  # texts both

    assert world.aws.sent_messages() == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_mail_that_ses_does_not_take_is_unavailable(world: World, when: Any) -> None:
    with world.aws.failing("SendEmail", when), pytest.raises(Unanswered) as error:
        world.services.mailer.send(LETTER, ROSSIGNOL)

    assert "rossignol" not in str(error.value)
    assert len(world.aws.sent_messages()) == (when == "after")


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        ("BadRequestException", Undeliverable),
        ("TooManyRequestsException", TooFast),
        ("MailFromDomainNotVerifiedException", Unavailable),
        ("SendingPausedException", Unavailable),
    ],
)
def test_what_ses_will_never_take_is_told_from_what_may_leave_later(
    world: World, settings: Settings, code: str, refusal: type[Exception]
) -> None:
    client = world.aws.make_client("sesv2")
    answer = (AWSResponse("", 400, HTTPHeaders(), None), {"Error": {"Code": code, "Message": "rossignol@example.org"}})
    client.meta.events.register("before-call.sesv2.SendEmail", lambda **_: answer)
    mailer = Mailer(lambda: client, settings.network.sender, settings.network.sender_address)

    with pytest.raises(refusal) as error:
        mailer.send(LETTER, ROSSIGNOL)

    assert type(error.value) is refusal
    assert "rossignol" not in str(error.value)


def test_a_mail_that_comes_too_fast_for_ses_leaves_a_moment_later(world: World, settings: Settings) -> None:
    client = world.aws.make_client("sesv2")
    too_fast = (AWSResponse("", 429, HTTPHeaders(), None), {"Error": {"Code": "TooManyRequestsException"}})
    answers = [too_fast, too_fast]
    client.meta.events.register("before-call.sesv2.SendEmail", lambda **_: answers.pop() if answers else None)
    mailer = Mailer(lambda: client, settings.network.sender, settings.network.sender_address, pauses=(0, 0))

    mailer.send(LETTER, ROSSIGNOL)

    assert [mail.to for mail in mails(world.aws)] == [LETTER.to]


@pytest.mark.parametrize("answer", [b"<html>", b"[]", b"{}", b'{"MessageId": ""}'])
def test_ses_that_does_not_say_that_it_took_the_mail_is_unavailable(world: World, answer: bytes) -> None:
    with world.aws.failing("SendEmail", "before", answer=answer), pytest.raises(Unavailable):
        world.services.mailer.send(LETTER, ROSSIGNOL)


def test_ses_that_cannot_be_reached_is_unavailable(settings: Settings) -> None:
    nobody_listens = replace(settings, endpoint_url="http://127.0.0.1:9")

    with pytest.raises(Unavailable):
        wiring.build(nobody_listens, calls=1).mailer.send(LETTER, ROSSIGNOL)


AT = {"endpoint_url": "https://email.example.org"}


@pytest.mark.parametrize(
    ("error", "refusal"),
    [
        (EndpointConnectionError(**AT), Unavailable),
        (ConnectTimeoutError(**AT), Unavailable),
        (NoCredentialsError(), Unavailable),
        (ReadTimeoutError(**AT), Unanswered),
        (ConnectionClosedError(**AT), Unanswered),
        (SSLError(**AT, error=OSError("the line broke")), Unanswered),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, Exception) else "",
)
def test_a_mail_that_never_left_is_told_from_one_that_may_have(
    world: World, settings: Settings, error: BotoCoreError, refusal: type[Exception]
) -> None:
    client = world.aws.make_client("sesv2")

    def fail(**_: Any) -> None:
        raise error

    client.meta.events.register("before-send.sesv2.SendEmail", fail)
    mailer = Mailer(lambda: client, settings.network.sender, settings.network.sender_address)

    with pytest.raises(refusal) as fault:
        mailer.send(LETTER, ROSSIGNOL)

    assert type(fault.value) is refusal


def test_what_ses_said_of_an_address_is_in_no_traceback(world: World) -> None:
    with world.aws.failing("SendEmail", "before", error=(400, "MessageRejected")), pytest.raises(Unavailable) as error:
        world.services.mailer.send(LETTER, ROSSIGNOL)

    assert error.value.__cause__ is None
    assert error.value.__suppress_context__


def test_ses_brings_back_more_than_the_account_where_there_is_more(world: World) -> None:
    world.services.mailer.send(LETTER, ROSSIGNOL, {"campaign": "reinscription-2026"})
    world.services.mailer.send(LETTER, AccountRef("evry-xenakis", "🐦" * 64), {"campaign": "reinscription-2026"})

    with_tags, nameless = world.aws.ses.mails
    assert with_tags.tags == {"site": "evry-xenakis", "identifier": "78656e31", "campaign": "reinscription-2026"}
    assert nameless.tags == {}


def answering(world: World, settings: Settings, limit: float, seconds: float, *, is_sending: bool = True) -> Mailer:
    client = world.aws.make_client("sesv2")
    account_state = {
        "SendQuota": {"Max24HourSend": limit, "MaxSendRate": 14.0, "SentLast24Hours": seconds},
        "SendingEnabled": is_sending,
    }
    answer = (AWSResponse("", 200, HTTPHeaders(), None), account_state)
    client.meta.events.register("before-call.sesv2.GetAccount", lambda **_: answer)
    return Mailer(lambda: client, settings.network.sender, settings.network.sender_address)


@pytest.mark.parametrize(("cap", "uses", "rest"), [(50000.0, 120.0, 49880), (200.0, 201.0, 0), (-1.0, 7.0, None)])
def test_ses_tells_what_it_allows(world: World, settings: Settings, cap: float, uses: float, rest: int | None) -> None:
    assert answering(world, settings, cap, uses).quota() == Quota(14.0, rest, is_sending=True)


def test_ses_tells_when_it_is_paused(world: World, settings: Settings) -> None:
    assert not answering(world, settings, 200, 0, is_sending=False).quota().is_sending


def test_a_quota_that_cannot_be_had_is_unavailable(world: World) -> None:
    with world.aws.failing("GET", "before"), pytest.raises(Unavailable):
        world.services.mailer.quota()


@pytest.mark.parametrize("site", ["Evry - Xénakis", "Ris Orangis - Messiaen", "Villabé - Yves Henry"])
def test_a_subject_arrives_as_written_wherever_it_is_folded(world: World, site: str) -> None:
    for length in range(1, 60, 2):
        subject = f"L’accès {'à' * length} votre compte a changé - {site}"
        assert sent(world, replace(LETTER, subject=subject))["Subject"] == subject
        (header,) = re.findall(rb"(?s)\r\nSubject: (.*?)\r\nDate:", raw(world))
        words = header.split(b"\r\n ")
        assert max(map(len, words)) <= 75, "RFC 2047, section 2"
        assert all(word.startswith(b"=?utf-8?") for word in words)
