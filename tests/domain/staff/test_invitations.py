"""The link of an invitation: it cannot be forged, and only we can read its member."""

from chalicelib.domain.staff.invitations import invitation_link, invitation_path, read_link
from chalicelib.domain.staff.members import new_link_secret
from tests.support.keys import key_ring

KEYS = key_ring("staff-links", 1)
EMAIL = "troglodyte@example.org"


def test_a_link_is_read_as_it_was_made_and_fits_into_an_address() -> None:
    secret = new_link_secret()

    link = invitation_link(KEYS, EMAIL, secret)

    assert read_link(KEYS, link) == (EMAIL, secret)
    assert len(invitation_link(KEYS, "m" * 242 + "@example.org", secret)) <= 512
    assert invitation_path(link) == f"/extranet/bureau/invitation/{link}"
    assert EMAIL not in link


def test_what_is_no_link_of_ours_is_none() -> None:
    link = invitation_link(KEYS, EMAIL, "secret")

    for other in ("", "a", "a" * 64, link[:-1], link[:-4], f"B{link[1:]}", link + "AAAA"):
        assert read_link(KEYS, other) is None
    assert read_link(key_ring("staff-links", 2), link) is None
