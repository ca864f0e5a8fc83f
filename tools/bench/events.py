"""Events: a login as API Gateway (REST) hands it to Lambda, after the CDN."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

_PATH = "/extranet/compte/connexion"
# What begins the addresses that end in a part, and that part's name.
_NAMED_PARTS = {
    "/extranet/compte/facturation/": "facture",
    "/extranet/compte/reinscription/eleves/": "eleve",
    "/extranet/compte/reinscription/recus/": "numero",
}


def login(site: str, identifier: str, password: str, cdn_secret: str) -> dict[str, Any]:
    """Make the event of the form « Connexion », sent from our own page."""
    body = urlencode({"site": site, "identifiant": identifier, "mot_de_passe": password})
    return event("POST", _PATH, body, {"Content-Type": "application/x-www-form-urlencoded", "X-Clef-Cdn": cdn_secret})


def event(method: str, path: str, body: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """Make the event of a request from 192.0.2.7, a documentation address."""
    sent = {
        "Accept": "text/html,application/xhtml+xml",
        "Accept-Language": "fr-FR,fr;q=0.9",
        "CloudFront-Viewer-Address": "192.0.2.7:50000",
        "Host": "api.example.fr",
        "Sec-Fetch-Site": "same-origin",
        "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "X-Forwarded-For": "192.0.2.7, 198.51.100.1",
        **headers,
    }
    resource, parts = _resource(path)
    return {
        "resource": resource,
        "path": path,
        "httpMethod": method,
        "headers": sent,
        "multiValueHeaders": {name: [value] for name, value in sent.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": parts,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": resource,
            "httpMethod": method,
            "path": f"/prod{path}",
            "stage": "prod",
            "requestId": "00000000-1111-2222-3333-444444444444",
            "identity": {"sourceIp": "198.51.100.1"},
        },
        "body": body,
        "isBase64Encoded": False,
    }


def _resource(path: str) -> tuple[str, dict[str, str] | None]:
    """Give the route that a path falls under, as API Gateway does, and the parts that its names stand for."""
    for prefix, name in _NAMED_PARTS.items():
        if path.startswith(prefix):
            return f"{prefix}{{{name}}}", {name: path.removeprefix(prefix)}
    return path, None
