"""What Locust runs, in its own environment: each of its users is one family, plays its journey once, and goes."""

import json
import os
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import gevent
from locust import HttpUser, task
from locust.exception import StopUser

from tools.load.journey import Answer, Ask, Family, Lost, journey

_PLAN = json.loads(Path(os.environ["CLEF_LOAD_PLAN"]).read_text(encoding="utf-8"))
_FAMILIES = [Family(**each) for each in _PLAN["families"]]
_COMING = len(_FAMILIES)
_GONE: list[int] = []
_PACE = float(_PLAN["pace"])


class Visitor(HttpUser):  # type: ignore[misc] # Locust lives in an environment of its own
    """One family: the next of the plan."""

    @task  # type: ignore[untyped-decorator]
    def re_enrol(self) -> None:
        """Play the journey to its end; what no family should get counts as a failure."""
        if urlsplit(self.host or "").hostname != "127.0.0.1":
            raise SystemExit("the load goes to loopback only")
        if not _FAMILIES:
            raise StopUser
        family = _FAMILIES.pop(0)
        chance = Random(family.identifier)  # noqa: S311 - the same each time is what is wanted
        gevent.sleep(chance.uniform(0, float(_PLAN["arrivals"])))
        played = journey(family, chance)
        ask = next(played)
        try:
            while True:
                gevent.sleep(ask.think * _PACE)
                ask = played.send(self._send(ask))
        except StopIteration:
            pass
        except Lost as lost:
            self.environment.events.request.fire(
                request_type="", name=str(lost), response_time=0, response_length=0, exception=lost, context={}
            )
        self._leave()
        raise StopUser

    def _leave(self) -> None:
        """Let the last one out close the door."""
        _GONE.append(1)
        if len(_GONE) == _COMING and self.environment.runner:
            gevent.spawn_later(1, self.environment.runner.quit)

    def _send(self, ask: Ask) -> Answer:
        with self.client.request(
            "GET" if ask.form is None else "POST",
            ask.path,
            data=ask.form,
            headers={"Sec-Fetch-Site": "same-origin"},
            allow_redirects=False,
            name=ask.name,
            catch_response=True,
        ) as answer:
            if answer.status_code not in {200, 303}:
                answer.failure(f"status {answer.status_code}")
            else:
                answer.success()
            return Answer(answer.status_code, answer.headers.get("Location", ""), answer.text or "")
