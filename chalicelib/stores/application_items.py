"""The item of an application: every field, encoded and decoded."""

from datetime import date
from typing import Any

from chalicelib.domain.admission.applications import (
    Answers,
    Application,
    ApplicationRef,
    Candidate,
    Decision,
    Sent,
    Standing,
    Wish,
)
from chalicelib.domain.admission.retention import expires_at
from chalicelib.domain.enrolment.enrolments import ProvidedDocument, SavedBy
from chalicelib.infra.dynamo.values import Item, moment, moment_or_none


def key_of(ref: ApplicationRef) -> dict[str, str]:
    """Build the key of an application."""
    return {"site": ref.mailbox, "identifier": ref.season}


def item_of(application: Application) -> dict[str, Any]:
    """Encode an application. Only its key if it is not started."""
    if application.started_at is None:
        return dict(key_of(application.ref))
    sent = application.sent
    return key_of(application.ref) | {
        "email": application.email,
        "started_at": application.started_at,
        "saved_at": application.saved_at,
        "draft": _answers_item(application.draft) if application.draft else None,
        "sent": _sent_item(sent) if sent else None,
        "standings": {standing.key: _standing_item(standing) for standing in application.standings},
        "provided": [_provided_item(document) for document in application.provided],
        "expires": expires_at(application),
    }


def application_from(ref: ApplicationRef, item: Item | None) -> Application:
    """Decode an application. A new one without an item."""
    if item is None or "started_at" not in item:
        return Application(ref, item=item or {})
    return Application(
        ref=ref,
        email=item.get("email", ""),
        started_at=moment_or_none(item.get("started_at")),
        saved_at=moment_or_none(item.get("saved_at")),
        draft=_answers(item["draft"]) if "draft" in item else None,
        sent=_sent(item["sent"]) if "sent" in item else None,
        standings=tuple(_standing(key, standing) for key, standing in sorted(item.get("standings", {}).items())),
        provided=tuple(map(_provided, item.get("provided", ()))),
        item=item,
    )


def _answers_item(answers: Answers) -> dict[str, Any]:
    return {
        "guardian": answers.guardian or None,
        "telephone": answers.telephone or None,
        "address": list(answers.address) or None,
        "groups": list(answers.groups) or None,
        "candidates": [_candidate_item(candidate) for candidate in answers.candidates],
    }


def _answers(item: Item) -> Answers:
    return Answers(
        guardian=item.get("guardian", ""),
        telephone=item.get("telephone", ""),
        address=tuple(item.get("address", ())),
        groups=tuple(item.get("groups", ())),
        candidates=tuple(map(_candidate, item.get("candidates", ()))),
    )


def _candidate_item(candidate: Candidate) -> dict[str, Any]:
    return {
        "key": candidate.key,
        "first_name": candidate.first_name or None,
        "last_name": candidate.last_name or None,
        "born_on": candidate.born_on.isoformat() if candidate.born_on else None,
        "wishes": [_wish_item(wish) for wish in candidate.wishes],
    }


def _candidate(item: Item) -> Candidate:
    return Candidate(
        key=item["key"],
        first_name=item.get("first_name", ""),
        last_name=item.get("last_name", ""),
        born_on=date.fromisoformat(item["born_on"]) if "born_on" in item else None,
        wishes=tuple(map(_wish, item.get("wishes", ()))),
    )


def _wish_item(wish: Wish) -> dict[str, Any]:
    return {
        "discipline": wish.discipline,
        "site": wish.site,
        "level": wish.level or None,
        "days": list(wish.days) or None,
        "since": wish.since,
    }


def _wish(item: Item) -> Wish:
    return Wish(
        item["discipline"],
        item["site"],
        item.get("level", ""),
        tuple(item.get("days", ())),
        moment_or_none(item.get("since")),
    )


def _sent_item(sent: Sent) -> dict[str, Any]:
    return {
        "answers": _answers_item(sent.answers),
        "number": sent.number,
        "first_at": sent.first_at,
        "at": sent.at,
        "provided": [_provided_item(document) for document in sent.provided],
        "first_persons": {key: list(person) for key, person in sent.first_persons},
    }


def _sent(item: Item) -> Sent:
    provided = tuple(map(_provided, item.get("provided", ())))
    persons = tuple((key, (person[0], person[1])) for key, person in sorted(item.get("first_persons", {}).items()))
    times = moment(item["first_at"]), moment(item["at"])
    return Sent(_answers(item["answers"]), item["number"], *times, provided, persons)


def _standing_item(standing: Standing) -> dict[str, Any]:
    decision = standing.decision
    return {
        "withdrawn_at": standing.withdrawn_at,
        "decision": decision and _decision_item(decision),
        "account": list(standing.account) if standing.account else None,
        "slot": list(standing.slot) if standing.slot else None,
        "joined": standing.joined or None,
    }


def _standing(key: str, item: Item) -> Standing:
    site_and_identifier, slot = item.get("account"), item.get("slot")
    return Standing(
        key,
        moment_or_none(item.get("withdrawn_at")),
        _decision(item["decision"]) if "decision" in item else None,
        (site_and_identifier[0], site_and_identifier[1]) if site_and_identifier else None,
        (slot[0], slot[1], slot[2]) if slot else None,
        item.get("joined", False),
    )


def _decision_item(decision: Decision) -> dict[str, Any]:
    return {
        "verdict": decision.verdict,
        "by": decision.by,
        "at": decision.at,
        "words": decision.words or None,
        "until": decision.until.isoformat() if decision.until else None,
    }


def _decision(item: Item) -> Decision:
    until = date.fromisoformat(item["until"]) if "until" in item else None
    return Decision(item["verdict"], item["by"], moment(item["at"]), item.get("words", ""), until)


def _provided_item(document: ProvidedDocument) -> dict[str, Any]:
    return {
        "code": document.code,
        "owner": document.owner,
        "by": document.saved.by,
        "at": document.saved.at,
        "object_key": document.object_key or None,
    }


def _provided(item: Item) -> ProvidedDocument:
    saved = SavedBy(item.get("by", ""), moment(item["at"]))
    return ProvidedDocument(item["code"], item["owner"], saved, item.get("object_key", ""))
