"""Names the kind of browser of a session, for its owner: « Firefox, Android », from a header that proves nothing."""

from typing import Final

# The first mark that a header has counts, as most browsers also carry the marks of Chrome and Safari.
_BROWSERS: Final = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS: Final = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "CrOS": "ChromeOS",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "Linux": "Linux",
}


def browser_of(user_agent: str) -> str:
    """Name the browser and the system of a `User-Agent` header. Empty if neither is known."""
    names = (next((name for mark, name in marks.items() if mark in user_agent), "") for marks in (_BROWSERS, _SYSTEMS))
    return ", ".join(filter(None, names))
