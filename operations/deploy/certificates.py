"""The domain's certificate: CloudFront takes it from us-east-1 only."""

from collections.abc import Iterator
from typing import Any

from operations.deploy.aws import CDN_REGION, Aws

_KEYS = ["RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1"]  # not told, ACM lists RSA_2048 only


def certificate_for(aws: Aws, domain: str) -> str | None:
    """Find the ARN of the issued certificate that covers a domain; of several, the one that lasts longest."""
    issued = [certificate for certificate in _covering(aws, domain) if certificate["Status"] == "ISSUED"]
    # ARNs settle what dates do not: the same answer each time, or each deployment would change the CDN.
    issued.sort(key=lambda certificate: (str(certificate.get("NotAfter", "")), certificate["CertificateArn"]))
    return str(issued[-1]["CertificateArn"]) if issued else None


def how_to_validate(aws: Aws, domain: str) -> str:
    """Explain what is left to do until a certificate is issued."""
    for certificate in _covering(aws, domain):
        if certificate["Status"] != "PENDING_VALIDATION":
            continue
        acm = aws.client("acm", CDN_REGION)
        described = acm.describe_certificate(CertificateArn=certificate["CertificateArn"])["Certificate"]
        for option in described.get("DomainValidationOptions", []):
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
