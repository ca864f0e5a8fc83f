"""The paused garbage collector: off inside, and on again after a failure too."""

import gc

import pytest

from chalicelib.infra.garbage import without_collections


def test_the_collector_is_off_until_the_outermost_block_ends_even_by_a_failure() -> None:
    with pytest.raises(ZeroDivisionError):
        _fail()
    assert gc.isenabled()


@without_collections()
def _fail() -> None:
    with without_collections():
        assert not gc.isenabled()
    assert not gc.isenabled()
    raise ZeroDivisionError
