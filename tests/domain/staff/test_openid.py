"""A request to an identity provider. `tests/flows/staff/test_proconnect.py` has the hostile answers."""

import hashlib
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

from chalicelib.domain.staff.openid import Question

NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)


def test_no_two_questions_are_alike_and_each_shows_only_a_digest_of_its_verifier() -> None:
    question, other = Question.new(NOW), Question.new(NOW)

    assert len({question.state, question.nonce, question.verifier, other.state, other.nonce, other.verifier}) == 6
    digest = hashlib.sha256(question.verifier.encode()).digest()
    assert question.challenge == urlsafe_b64encode(digest).decode().rstrip("=")
    assert question.state not in repr(question)
