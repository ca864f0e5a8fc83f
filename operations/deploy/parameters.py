"""The template's parameters, from what is known: the stage, its secrets, and what a former deployment gave."""

from html.entities import codepoint2name
from typing import Final

from chalicelib.settings import load_network
from chalicelib.typography import in_text
from operations.deploy.addresses import address_of, emulated_api_path
from operations.deploy.aws import Aws
from operations.deploy.keys import Keys
from operations.deploy.stack import Outputs
from operations.deploy.stages import Stage

_LONGEST: Final = 3000  # what the template takes; a network of more sites leads to the page of contacts only


def parameters(aws: Aws, stage: Stage, keys: Keys, certificate: str | None, known: Outputs | None) -> dict[str, str]:
    """Compute every parameter but those whose default fits.

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
        "Telephones": telephones(),
        "AlarmEmail": settings.alarm_email,
        "MonthlyBudget": str(settings.monthly_budget),
        "ReservedConcurrency": str(settings.reserved_concurrency),
        "PublicUrl": address_of(aws, name).url if name else "",
        "DomainName": settings.domain,
        "CertificateArn": certificate or "",
    }
    return given | (_emulator_parameters(aws, known) if aws.is_emulated else {})


def telephones() -> str:
    """Write the sites' telephone numbers as the HTML of the CDN's and the gateway's own error pages, in ASCII."""
    sites = load_network().sites
    items = "".join(f"<li>{_in_ascii(in_text(f'{site.name} : {site.contact.telephone}'))}</li>" for site in sites)
    told = f"<p>{_in_ascii(in_text('Appelez votre conservatoire :'))}</p><ul>{items}</ul>"
    return told if len(told) <= _LONGEST else "<p><a href='/extranet/aide'>Appelez votre conservatoire</a></p>"


def _in_ascii(text: str) -> str:
    """Spell a text by named entities: none of the marks that mean something where it will stand (`"`, `$`, `#`)."""
    return "".join(
        character if character.isascii() and (character.isalnum() or character in " -.,:/()+") else _entity(character)
        for character in text
    )


def _entity(character: str) -> str:
    character = "\N{RIGHT SINGLE QUOTATION MARK}" if character == "'" else character
    name = codepoint2name.get(ord(character))
    return f"&{name};" if name else " "


def _emulator_parameters(aws: Aws, known: Outputs | None) -> dict[str, str]:
    host, port = aws.emulator
    return {
        "OriginDomain": "localhost" if host in {"127.0.0.1", "::1"} else host,
        "OriginPort": str(port),
        "OriginPath": emulated_api_path(known.rest_api_id if known else "not-known-yet"),
        "OriginProtocol": "http-only",
    }
