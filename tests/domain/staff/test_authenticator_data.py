"""Authenticator data: read to its last byte, as another library writes it; what is bent of it is in `test_webauthn`."""

import pytest
from fido2.webauthn import AttestedCredentialData
from fido2.webauthn import AuthenticatorData as Written

from chalicelib.domain.staff.authenticator_data import AuthenticatorData
from tests.support.authenticator import FLAG, HERE, Authenticator

HASH = bytes(range(32))


def test_what_another_library_writes_is_read() -> None:
    authenticator = Authenticator()
    made = AttestedCredentialData.create(bytes(16), authenticator.id, authenticator.public)

    read = AuthenticatorData.parse(Written.create(HASH, HERE | FLAG.AT, 2**32 - 1, made))

    assert (read.party_hash, read.is_present, read.is_verified, read.sign_count) == (HASH, True, True, 2**32 - 1)
    assert read.key is not None
    assert (read.key.id, read.key.public_key) == (
        authenticator.id,
        authenticator.public[-2] + authenticator.public[-3],
    )


@pytest.mark.parametrize(
    ("flags", "present", "verified"),
    [(FLAG.UP, True, False), (FLAG.UV, False, True), (FLAG.BE | FLAG.BS, False, False), (0x22, False, False)],
)
def test_each_flag_says_one_thing(flags: int, present: bool, verified: bool) -> None:
    read = AuthenticatorData.parse(HASH + bytes([flags]) + bytes(4))

    assert (read.is_present, read.is_verified, read.key) == (present, verified, None)
