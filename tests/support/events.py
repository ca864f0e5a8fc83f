"""Lambda events: API Gateway's, and EventBridge's of a schedule."""

from typing import Any

from tests.support.world import CDN_SECRET, PASSWORD, ROSSIGNOL

LOGIN = "/extranet/compte/connexion"
LOST = "/extranet/compte/mot-de-passe-perdu"
FORM = "application/x-www-form-urlencoded"


def event(path: str = LOGIN, method: str = "POST", **more: Any) -> dict[str, Any]:
    """Make an event as API Gateway sends it."""
    body = f"site={ROSSIGNOL.site}&identifiant={ROSSIGNOL.identifier}&mot_de_passe={PASSWORD}"
    return {
        "path": path,
        "requestContext": {"httpMethod": method, "resourcePath": path, "path": f"/prod{path}", "requestId": "r"},
        "headers": {
            "content-type": FORM,
            "x-clef-cdn": CDN_SECRET,
            "cloudfront-viewer-address": "192.0.2.7:443",
            **more.pop("headers", {}),
        },
        "pathParameters": None,
        "stageVariables": None,
        "multiValueQueryStringParameters": None,
        "body": body,
        "isBase64Encoded": False,
    } | more


def scheduled(request: str = "event-1", *rules: str) -> dict[str, Any]:
    """Make an event as EventBridge sends it for a rule."""
    return {
        "version": "0",
        "id": request,
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": "2026-09-01T05:00:00Z",
        "region": "eu-west-3",
        "resources": rules,
        "detail": {},
    }
