"""The smoke test, against the real application on a real socket: it passes, and detects faults."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any

import pytest
from waitress.server import TcpWSGIServer, create_server
from waitress.wasyncore import close_all

from app import app
from operations.deploy.smoke import Result, SmokeTest
from operations.deploy.stack import StackAddress
from tests.support.aws import TestAws
from tests.support.world import PUBLIC_URL, World
from tools.local.aws import Resources
from tools.local.cdn import Bucket, LocalCdn

SITE = "evry-xenakis"


@pytest.fixture(scope="module")
def ending() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def serve(ending: ExitStack, front: LocalCdn) -> StackAddress:
    listener = socket.create_server(("127.0.0.1", 0))
    open_here: dict[int, socket.socket] = {}
    server = create_server(front, sockets=[listener], threads=2, map=open_here)
    waking: Any = server.trigger if isinstance(server, TcpWSGIServer) else None
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    ending.callback(server.task_dispatcher.shutdown)
    ending.callback(thread.join)
    # The server's own thread closes the listener: if closed here, the thread would still select on it.
    ending.callback(waking.pull_trigger, partial(close_all, open_here))
    return StackAddress(PUBLIC_URL, ("127.0.0.1", listener.getsockname()[1]))


@pytest.fixture(scope="module")
def address(ending: ExitStack, front: LocalCdn) -> StackAddress:
    return serve(ending, front)


@pytest.fixture(scope="module")
def around(ending: ExitStack, aws: TestAws, front: LocalCdn, resources: Resources) -> str:
    """Serve the same application to a client without the CDN's secret."""
    assert front
    bucket = Bucket(aws.client("s3"), resources.pages_bucket)
    host, port = serve(ending, LocalCdn(app, bucket, PUBLIC_URL, "a guess", lambda _: None)).at or ("", 0)
    return f"http://{host}:{port}"


def wrongs(results: Iterator[Result]) -> list[str]:
    return [result.wrong for result in results]


def test_a_deployment_that_works_passes(world: World, address: StackAddress, around: str) -> None:
    assert wrongs(SmokeTest(address, around, SITE, pause=0).results()) == [""] * 6
    assert wrongs(SmokeTest(address, around, SITE, pause=0, has_applicants=False).results()) == [""] * 5
    assert {event["event"] for event in world.events()} == {"login_refused", "not_through_cdn"}


def test_it_may_be_run_again_and_again(world: World, address: StackAddress, around: str) -> None:
    for _ in range(8):
        assert wrongs(SmokeTest(address, around, SITE, pause=0).results()) == [""] * 6
    assert {event["event"] for event in world.events()} <= {"login_refused", "not_through_cdn", "unavailable"}


def test_an_open_api_is_seen(world: World, address: StackAddress) -> None:
    assert world
    host, port = address.at or ("", 0)

    results = list(SmokeTest(address, f"http://{host}:{port}", SITE, pause=0).results())

    assert [result.wrong for result in results[:5]] == [""] * 5
    assert results[5].wrong.startswith("answered 303")
    assert results[5].line().startswith("  FAILED the API refuses requests that bypass the CDN (403)")


def test_functions_that_know_another_public_address_are_seen(world: World, address: StackAddress, around: str) -> None:
    assert world
    mistaken = StackAddress("http://elsewhere.example.org", address.at)

    assert wrongs(SmokeTest(mistaken, around, SITE, pause=0).results())[2].startswith(
        "403: the functions know another public address than http://elsewhere.example.org"
    )


def test_a_name_that_is_not_the_public_one_yet_can_be_tried(world: World, address: StackAddress, around: str) -> None:
    assert world
    by_another_name = StackAddress("http://d111.cloudfront.net", address.at)

    assert wrongs(SmokeTest(by_another_name, around, SITE, PUBLIC_URL, pause=0).results()) == [""] * 6


def test_a_deployment_that_nobody_reaches_is_told_in_words() -> None:
    nowhere = StackAddress("http://127.0.0.1:9")

    assert all(
        "refused" in wrong or "names no style" in wrong or "none of the function's" in wrong
        for wrong in wrongs(SmokeTest(nowhere, nowhere.url, SITE, pause=0).results())
    )
