"""`clef status`: the operator, the deployment, and its work in progress by a few cheap reads."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.staff.desk_jobs import DeskJob
from chalicelib.office.jobs.jobs import start
from chalicelib.wings.admission.office.draws import prepare_draw
from tests.support.campaigns import SEASON, announce, begin
from tests.support.clef import OPERATOR, Clef
from tests.support.desk_work import MANAGER
from tests.support.draws import PLAN, SEED_ON, SITE, close_admission
from tests.support.world import World


@pytest.mark.wing("admission")
def test_it_names_the_operator_the_deployment_and_what_is_in_progress(clef: Clef, world: World) -> None:
    announce(world)
    close_admission(world)
    begin(world)
    prepare_draw(world.services, SITE, PLAN, MANAGER, world.now)
    job = start(world.services, DeskJob.ask("families", MANAGER, world.now))
    world.aws.calls.clear()

    result = clef("status")

    assert (result.code, result.err) == (0, "")
    assert f"Vous : {OPERATOR}, compte AWS 123456789012\n" in result.out
    assert f"Déploiement : local, {world.services.settings.network.public_url}, région eu-west-3\n" in result.out
    lines = {" ".join(line.split()) for line in result.out.splitlines()}
    assert "Evry - Xénakis 10/09/2026 - 30/09/2026, à venir 17/08/2026 - 31/08/2026, finie" in lines
    assert any(
        line.startswith(f"Campagne {SEASON} ") and line.endswith("commencée : 0 parti, 0 revenu, 0 incertain")
        for line in lines
    )
    assert any(line.startswith("Étude du fichier des familles ") and "Odile Fauvette" in line for line in lines)
    assert any(line.startswith("Tirage, Evry - Xénakis ") and "5 septembre 2026" in line for line in lines)
    assert len(world.aws.calls) <= 9
    assert "Scan" not in world.aws.calls

    answer = clef("status --json").json

    assert answer["who"] == {"identity": OPERATOR, "account": "123456789012"}
    assert answer["where"]["stage"] == "local"
    assert answer["periods"]["new_requests"][SITE]["state"] == "after"
    assert [(each["name"], each["state"]) for each in answer["campaigns"]] == [(SEASON, "running")]
    assert [(each["id"], each["kind"], each["state"]) for each in answer["jobs"]] == [(job.id, "families", "waiting")]
    assert [(each["site"], each["seed_on"], each["run_at"]) for each in answer["draws"]] == [(SITE, str(SEED_ON), None)]
    assert answer["last_import"] is None


def test_where_nothing_is_in_progress_it_says_so(clef: Clef) -> None:
    assert "Rien n'est en cours.\n" in clef("status").out


@pytest.mark.wing("teaching")
def test_from_april_on_it_says_that_the_next_school_year_is_not_configured(clef: Clef, world: World) -> None:
    assert "L'année scolaire" not in clef("status").out
    world.now = datetime(2027, 4, 1, 8, tzinfo=UTC)

    assert "Attention : L'année scolaire 2027-2028 n'est pas réglée" in clef("status").out
    assert clef("status --json").json["school_year_not_configured"] == "2027"
