"""The host that passkeys are bound to."""

import pytest

from chalicelib.flows.login_methods.ceremony import relying_party_of
from chalicelib.settings.environment import load_network

HTTPS, LOOPBACK, NAMED = "https://extranet.example.fr", "http://127.0.0.1:8000", "http://localhost:8000"


@pytest.mark.parametrize(
    ("public", "others", "party", "origin"),
    [
        (HTTPS, (), "extranet.example.fr", HTTPS),
        (HTTPS, ("https://d111111abcdef8.cloudfront.example.net",), "extranet.example.fr", HTTPS),
        (LOOPBACK, (NAMED,), "localhost", NAMED),
        (LOOPBACK, (), "127.0.0.1", LOOPBACK),
        ("http://[::1]:8000", (NAMED,), "localhost", NAMED),
    ],
)
def test_passkeys_belong_to_the_public_address(public: str, others: tuple[str, ...], party: str, origin: str) -> None:
    network = load_network({"public_url": public, "other_origins": others})

    assert (relying_party_of(network).id, relying_party_of(network).origins) == (party, frozenset({origin}))
