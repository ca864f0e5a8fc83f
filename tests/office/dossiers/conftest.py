"""Each test here runs on both kinds of dossier."""

from typing import Any, Final

import pytest

from tests.support.dossiers import ApplicationDossier, Dossier, EnrolmentDossier
from tests.support.world import World

KINDS: Final = (
    pytest.param(EnrolmentDossier, id="enrolment"),
    pytest.param(ApplicationDossier, id="application", marks=pytest.mark.wing("admission")),
)


@pytest.fixture(params=KINDS)
def dossier(request: pytest.FixtureRequest, world: World) -> Dossier:
    """Store a dossier of a kind."""
    kind: Any = request.param
    kept_dossier: Dossier = kind(world)
    return kept_dossier
