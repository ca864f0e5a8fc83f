"""The template's parameters, from what is known: the stage, its secrets, and what a former deployment gave."""

from chalicelib.settings import load_network
from tools.deploy.addresses import address_of, emulated_api_path
from tools.deploy.aws import Aws
from tools.deploy.keys import Keys
from tools.deploy.stack import Outputs
from tools.deploy.stages import Stage


def parameters(aws: Aws, stage: Stage, keys: Keys, certificate: str | None, known: Outputs | None) -> dict[str, str]:
    """Give every parameter but those whose default fits.

    Two of them may hang on what only the stack can tell: the CDN's name, where there is no domain, and an emulated
    API's id. A first deployment is then followed by a second change, once both are known.
    """
    settings = stage.settings
    name = settings.domain or (known.distribution_domain if known else "")
    given = {
        "RecordKey": keys.record_key,
        "CdnSecret": keys.cdn_secret,
        "CdnSecretDigests": keys.digests,
        "SenderAddress": load_network().sender_address,
        "AlarmEmail": settings.alarm_email,
        "MonthlyBudget": str(settings.monthly_budget),
        "ReservedConcurrency": str(settings.reserved_concurrency),
        "PublicUrl": address_of(aws, name).url if name else "",
        "DomainName": settings.domain,
        "CertificateArn": certificate or "",
    }
    return given | (_emulated(aws, known) if aws.is_emulated else {})


def _emulated(aws: Aws, known: Outputs | None) -> dict[str, str]:
    host, port = aws.emulator
    return {
        "OriginDomain": "localhost" if host in {"127.0.0.1", "::1"} else host,
        "OriginPort": str(port),
        "OriginPath": emulated_api_path(known.rest_api_id if known else "not-known-yet"),
        "OriginProtocol": "http-only",
    }
