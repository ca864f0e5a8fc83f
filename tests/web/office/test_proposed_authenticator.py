"""The key of an application, as a page proposes it."""

from urllib.parse import parse_qs, unquote, urlsplit

from chalicelib.flows.staff.second_factor import ProposedKey
from chalicelib.web.office.proposed_authenticator import proposed_application
from tests.support.staff import KEY, SECRETARY


def test_a_key_is_typed_in_groups_opened_by_a_link_and_pictured() -> None:
    drawn = ProposedKey(SECRETARY, KEY, "sealed")

    proposed = proposed_application("Réseau des conservatoires 91", drawn)

    assert proposed.key.replace(" ", "") == KEY
    assert {len(group) for group in proposed.key.split()} == {4}
    link = urlsplit(proposed.link)
    assert (link.scheme, link.netloc) == ("otpauth", "totp")
    assert unquote(link.path) == f"/Réseau des conservatoires 91:{SECRETARY}"
    assert parse_qs(link.query)["secret"] == [KEY]
    assert proposed.picture.path
    assert KEY not in repr(proposed)
