"""Pools for tests: two places of piano, one of them free."""

from datetime import timedelta
from typing import Final

from chalicelib.wings.admission.domain.applications import CandidateRef
from chalicelib.wings.admission.domain.pools import Offer, Pool, PoolRef
from tests.support.applications import ALBA, NOW, NUMBER, SEASON

PIANO: Final = PoolRef("evry-xenakis", SEASON, "piano-debutant")
VIOLIN: Final = PoolRef("evry-magnard", SEASON, "violon-debutant")
FIRST: Final = CandidateRef(NUMBER, ALBA.key)
SECOND: Final = CandidateRef("P27-2222-2222", "c3c3c3c3")
THIRD: Final = CandidateRef("P27-3333-3333", "d4d4d4d4")
UNTIL: Final = NOW + timedelta(days=3)
POOL: Final = Pool(PIANO, "Piano", "Débutant", total=5, returning=3)
OFFERED: Final = POOL.offer(Offer(FIRST, UNTIL), NOW)
