"""The template for CloudFormation, with the addresses of the code and every parameter."""

import json
from collections.abc import Mapping
from html.entities import codepoint2name
from typing import Final

from chalicelib.presentation.typography import in_text
from chalicelib.settings.environment import load_network
from operations.deploy.aws import Aws
from operations.deploy.commands import Stopped
from operations.deploy.keys import Keys
from operations.deploy.stack import Outputs, address_of, emulated_api_path
from operations.deploy.stages import Stage
from operations.package.files import compact
from operations.package.parts import NETWORK

_MASKED: Final = "****"  # a secret, as CloudFormation shows it
_LONGEST: Final = 3000  # a network with too many sites links to the contacts page instead


def with_code(template: str, addresses: Mapping[str, str]) -> str:
    """Point every function at its uploaded zip, and the layer at its own. `addresses`: `s3://…`, by the zip's name."""
    content = json.loads(template)
    packages = [
        resource["Properties"]
        for resource in content["Resources"].values()
        if str(resource.get("Properties", {}).get("CodeUri", "")).removeprefix("./") in addresses
    ]
    if not packages:
        raise Stopped("The template has no function that takes its code from the package.")
    for properties in packages:
        properties["CodeUri"] = addresses[properties["CodeUri"].removeprefix("./")]
    if NETWORK in addresses and "Network" in content["Resources"]:
        bucket, _, key = addresses[NETWORK].removeprefix("s3://").partition("/")
        content["Resources"]["Network"]["Properties"]["Content"] = {"S3Bucket": bucket, "S3Key": key}
    return compact(content)


def fitting(template: str, settings: Mapping[str, str]) -> dict[str, str]:
    """Keep the parameters that a template takes. Raises `Stopped` if one is missing, or a secret that AWS masks."""
    definitions = json.loads(template)["Parameters"]
    values = {name: settings[name] for name in definitions if name in settings}
    names = [name for name, about in definitions.items() if values.get(name, about.get("Default")) in {None, _MASKED}]
    if names:
        raise Stopped(f"This checkout does not know the template's {', '.join(names)}: take a newer one.")
    return values


def parameters(aws: Aws, stage: Stage, certificate: str | None, outputs: Outputs | None) -> dict[str, str]:
    """Compute every parameter of a stage's settings and addresses.

    Two of them may depend on the deployed stack: the CDN's name, where there is no domain, and an emulated API's id. A
    first deployment is then followed by a second change, once both are known.
    """
    settings = stage.settings
    name = settings.domain or (outputs.distribution_domain if outputs else "")
    values = {
        "AlarmEmail": settings.alarm_email,
        "MonthlyBudget": str(settings.monthly_budget),
        "VaultLock": settings.vault,
        "ReservedConcurrency": str(settings.reserved_concurrency),
        "ApplicantConcurrency": str(settings.applicant_concurrency),
        "SignInConcurrency": str(settings.sign_in_concurrency),
        "PublicUrl": address_of(aws, name).url if name else "",
        "DomainName": settings.domain,
        "CertificateArn": certificate or "",
    }
    return values | (_emulator_parameters(aws, outputs) if aws.is_emulated else {})


def secret_parameters(keys: Keys) -> dict[str, str]:
    """List the parameters that are secrets of the stage, or made from them."""
    return {
        "RecordKey": keys.record_key,
        "CdnSecret": keys.cdn_secret,
        "CdnSecretDigests": keys.digests,
        **keys.operator_secrets,
        **keys.parameters(),
    }


def telephones() -> str:
    """Write the sites' telephone numbers as HTML for the CDN's and the gateway's own error pages, in ASCII."""
    sites = load_network().sites
    items = "".join(f"<li>{_in_ascii(in_text(f'{site.name} : {site.contact.telephone}'))}</li>" for site in sites)
    html = f"<p>{_in_ascii(in_text('Appelez votre conservatoire :'))}</p><ul>{items}</ul>"
    return html if len(html) <= _LONGEST else "<p><a href='/extranet/aide'>Appelez votre conservatoire</a></p>"


def _in_ascii(text: str) -> str:
    """Escape a text with named entities, including the characters special in its context (`"`, `$`, `#`)."""
    return "".join(
        character if character.isascii() and (character.isalnum() or character in " -.,:/()+") else _entity(character)
        for character in text
    )


def _entity(character: str) -> str:
    character = "\N{RIGHT SINGLE QUOTATION MARK}" if character == "'" else character
    name = codepoint2name.get(ord(character))
    return f"&{name};" if name else " "


def _emulator_parameters(aws: Aws, outputs: Outputs | None) -> dict[str, str]:
    host, port = aws.emulator
    return {
        "OriginDomain": "localhost" if host in {"127.0.0.1", "::1"} else host,
        "OriginPort": str(port),
        "OriginPath": emulated_api_path(outputs.rest_api_id if outputs else "not-known-yet"),
        "OriginProtocol": "http-only",
    }
