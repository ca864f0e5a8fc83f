"""A request to an identity provider. `tests/infra/test_identity_provider.py` has the hostile answers."""

import hashlib
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

from chalicelib.domain.identity.openid import AuthRequest

NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)


def test_no_two_questions_are_alike_and_each_shows_only_a_digest_of_its_verifier() -> None:
    auth_request, again = AuthRequest.new(NOW), AuthRequest.new(NOW)

    assert (
        len({auth_request.state, auth_request.nonce, auth_request.verifier, again.state, again.nonce, again.verifier})
        == 6
    )
    digest = hashlib.sha256(auth_request.verifier.encode()).digest()
    assert auth_request.challenge == urlsafe_b64encode(digest).decode().rstrip("=")
    assert auth_request.state not in repr(auth_request)
