"""`/_local/`: the running service, families to try, and the mailbox, as HTML and as JSON."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from werkzeug.wrappers import Request, Response

from chalicelib.settings.environment import Network
from tools.local.families import FAMILIES, SampleFamily
from tools.local.post import Mail
from tools.local.staff import STAFF, Staff

_PAGES = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True)


@dataclass(frozen=True)
class LocalPages:
    """Serves `/_local/` beside the product, which cannot reach it."""

    network: Network
    mails: Callable[[int], list[Mail]]  # without so many of the oldest
    stage: Mapping[str, object]
    run_hour: Callable[[timedelta], None]

    def __call__(self, request: Request) -> Response | None:
        """Answer, or return None for another path."""
        match request.path.rstrip("/"):
            case "/_local":
                return self._page("index.html", families=FAMILIES, staff=STAFF)
            case "/_local/courrier":
                return self._page("courrier.html", mails=list(reversed(self.mails(0))))
            case "/_local/heure" if request.method == "POST":  # `?dans=73`: as if so many hours later
                self.run_hour(timedelta(hours=request.args.get("dans", 0, int)))
                return Response(status=204)
            case path:
                return self._for_programs(path, request.args.get("sauf", 0, int))

    def _for_programs(self, path: str, but_first: int) -> Response | None:
        match path:
            case "/_local/familles.json":
                return _json([_family(family) for family in FAMILIES])
            case "/_local/bureau.json":
                return _json([describe_staff(staff) for staff in STAFF])
            case "/_local/courrier.json":
                return _json([asdict(mail) for mail in self.mails(but_first)])
            case "/_local/stage.json":
                return _json(self.stage)
            case _:
                return None

    def _page(self, name: str, **facts: object) -> Response:
        return Response(_PAGES.get_template(name).render(facts, network=self.network), mimetype="text/html")


def _family(family: SampleFamily) -> dict[str, object]:
    return {
        "site": family.site,
        "identifiant": family.identifier,
        "emails": list(family.emails),
        "mot_de_passe": family.password,
        "nom": family.name,
        "note": family.note,
    }


def describe_staff(staff: Staff) -> dict[str, object]:
    """Write a member of staff as JSON for `/_local/bureau.json`."""
    return {
        "role": staff.role,
        "sites": list(staff.sites),
        "courriel": staff.email,
        "mot_de_passe": staff.password,
        "totp": staff.totp,
        "nom": staff.name,
        "note": staff.note,
    }


def _json(content: object) -> Response:
    return Response(json.dumps(content, ensure_ascii=False, indent=1), mimetype="application/json")
