"""Each test here runs on both kinds of dossier."""

from typing import Any

import pytest

from tests.support.dossiers import ApplicationDossier, Dossier, EnrolmentDossier
from tests.support.world import World


@pytest.fixture(params=[EnrolmentDossier, ApplicationDossier], ids=["enrolment", "application"])
def dossier(request: pytest.FixtureRequest, world: World) -> Dossier:
    """Store a dossier of a kind."""
    kind: Any = request.param
    kept_dossier: Dossier = kind(world)
    return kept_dossier
