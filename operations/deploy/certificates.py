"""The certificate of a stage's domain, in CloudFront's region."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from operations.deploy.aws import CDN_REGION, Aws
from operations.deploy.checks import Deployed, Fault

_KEYS = ["RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1"]  # by default, ACM lists RSA_2048 only
_RENEWED: Final = timedelta(days=30)  # before the expiry. AWS begins sixty days before


def certificate_for(aws: Aws, domain: str) -> str | None:
    """Find the ARN of the issued certificate that covers a domain. Of several, the one that expires last."""
    certificate = _newest(aws, domain)
    return str(certificate["CertificateArn"]) if certificate else None


def certificate_status(deployment: Deployed) -> Iterator[str]:
    """Show the expiry of the domain's certificate. It is a fault once AWS should have renewed it."""
    domain = deployment.stage.settings.domain
    if not domain:
        return
    certificate = _newest(deployment.aws, domain)
    until: datetime | None = certificate.get("NotAfter") if certificate else None
    if until is None:
        yield Fault(f"Certificate: none for {domain} is issued in us-east-1: {how_to_validate(deployment.aws, domain)}")
    elif until - deployment.now < _RENEWED:
        yield Fault(
            f"Certificate: {domain} until {until:%Y-%m-%d}, and AWS has not renewed it: is its CNAME record still "
            "published (docs/deploy.md, step 4)?"
        )
    else:
        yield f"Certificate: {domain} until {until:%Y-%m-%d}"


def _newest(aws: Aws, domain: str) -> dict[str, Any] | None:
    certificates = [certificate for certificate in _covering(aws, domain) if certificate["Status"] == "ISSUED"]
    # The ARN breaks ties between dates: without a stable answer each deployment would change the CDN.
    certificates.sort(key=lambda certificate: (str(certificate.get("NotAfter", "")), certificate["CertificateArn"]))
    return certificates[-1] if certificates else None


def how_to_validate(aws: Aws, domain: str) -> str:
    """Explain the steps until a certificate is issued."""
    for certificate in _covering(aws, domain):
        if certificate["Status"] != "PENDING_VALIDATION":
            continue
        acm = aws.client("acm", CDN_REGION)
        certificate_details = acm.describe_certificate(CertificateArn=certificate["CertificateArn"])["Certificate"]
        for option in certificate_details.get("DomainValidationOptions", []):
            if record := option.get("ResourceRecord"):
                return f"publish the DNS record {record['Name']} {record['Type']} {record['Value']} and wait for AWS."
        return "it waits for its validation: open it in the ACM console, region us-east-1."
    return "request one in the ACM console, region us-east-1, validated by DNS (docs/deploy.md, step 4)."


def _covering(aws: Aws, domain: str) -> Iterator[dict[str, Any]]:
    pages = aws.client("acm", CDN_REGION).get_paginator("list_certificates")
    wildcard = "*." + domain.partition(".")[2]
    for page in pages.paginate(Includes={"keyTypes": _KEYS}):
        for certificate in page["CertificateSummaryList"]:
            names = {certificate["DomainName"], *certificate.get("SubjectAlternativeNameSummaries", [])}
            if names & {domain, wildcard}:
                yield {"Status": "", **certificate}
