"""The kind of browser of a header, for the owner of a session."""

import pytest

from chalicelib.domain.account.browsers import browser_of

MOZILLA = "Mozilla/5.0"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (f"{MOZILLA} (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36", "Chrome, Android"),
        (f"{MOZILLA} (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "Safari, iPhone"),
        (f"{MOZILLA} (iPhone; CPU iPhone OS 17_5 like Mac OS X) CriOS/126.0 Safari/604.1", "Chrome, iPhone"),
        (f"{MOZILLA} (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Windows"),
        (f"{MOZILLA} (Windows NT 10.0) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge, Windows"),
        (f"{MOZILLA} (Linux; Android 13) SamsungBrowser/25.0 Chrome/121.0 Safari/537.36", "Samsung Internet, Android"),
        (f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) Version/17.5 Safari/605.1.15", "Safari, Mac"),
        ("curl/8.5", ""),
        ("", ""),
        ("<script>alert(1)</script> Linux", "Linux"),
    ],
)
def test_a_browser_and_its_system_are_named_and_nothing_else_of_the_header(header: str, name: str) -> None:
    assert browser_of(header) == name
