"""Functions beside the families' own, but the desk's. `tests/test_packaging.py` runs them alone."""

import re
from types import SimpleNamespace

import pytest

from app import app
from chalicelib.web.functions import sign_in
from chalicelib.wings.admission.web import functions as applicant
from operations.package.files import function_of
from tests.support.events import event
from tests.support.world import World

BLUEPRINTS = {"Applicant": applicant.BLUEPRINTS, "SignIn": sign_in.BLUEPRINTS}


@pytest.mark.wing("admission")
def test_its_paths_are_those_that_are_routed_to_it() -> None:
    for function, blueprints in BLUEPRINTS.items():
        paths = {path for path in app.routes if function_of(path) == function}

        assert paths == {path for blueprint in blueprints for _, path in blueprint.doors} != set()
        assert {blueprint.current_app for blueprint in blueprints} == {app}


def test_a_path_is_answered_by_its_own_route_which_the_record_has(world: World) -> None:
    for route in app.routes:
        path = re.sub(r"\{\w+\}", "a1", route)
        assert app(event(path, "PUT"), SimpleNamespace(aws_request_id="r1"))["statusCode"] == 405
        lines = [(line["event"], line["request"], line["path"]) for line in world.events()[-2:]]
        assert lines == [("routed", "r1", route), ("request_refused", "r1", route)]
    assert world.aws.calls == []


def test_a_path_without_a_route_has_no_page_by_any_method(world: World) -> None:
    """Also one that API Gateway may take for a path with a throttle, or may not."""
    slips = ("rien", "connexion/", "connexion/x", "/connexion", "./connexion", "%63onnexion", "Connexion")
    for path in ("", "/extranet/rien", *(f"/extranet/compte/{slip}" for slip in slips)):
        for method in ("GET", "HEAD", "POST", "PUT", "OPTIONS"):
            answer = app(event(path, method), None)
            assert (answer["statusCode"], "Page introuvable" in answer["body"]) == (404, True), path
    assert app(event("/extranet/compte/eleves/{eleve}", "GET"), None)["statusCode"] == 404
    assert (world.aws.calls, world.log.getvalue()) == ([], "")
