"""Preflight: all requirements of a deployment, checked before any change, with one sentence for each missing one."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from botocore.exceptions import ClientError
from pydantic import ValidationError

from chalicelib.domain.account.spellings import FORGIVING_SITES
from chalicelib.settings.environment import NETWORK_FILE, Network, load_network
from chalicelib.wings.teaching.services.lessons import school_years
from operations.deploy.aws import DENIED, Aws, code_of, message_of
from operations.deploy.certificates import certificate_for, how_to_validate
from operations.deploy.checks import Fault
from operations.deploy.commands import command
from operations.deploy.concurrency import read_concurrency
from operations.deploy.keys import KeyStore
from operations.deploy.mail import check_mail_from
from operations.deploy.payments import contracts_of
from operations.deploy.release import Release
from operations.deploy.stack import deployed_outputs, find_stack
from operations.deploy.stages import Stage, stages_of_other_networks
from operations.deploy.typed_secrets import TYPED, providers_of
from operations.package import PROJECT, template_files
from operations.package.interpreter import PackageRefused, lambda_python

_FICTITIOUS = ("example.fr", "example.org", "example.com")  # RFC 2606 and similar: owned by no one
# A stack in these states accepts no update.
_STUCK = {
    "UPDATE_ROLLBACK_FAILED": "open it in the CloudFormation console and choose « Continue update rollback »",
    "ROLLBACK_FAILED": "delete it by `make destroy`, then deploy again",
    "DELETE_FAILED": "see why by `make status`, then `make destroy` again",
}


@dataclass(frozen=True)
class Finding:
    """A missing requirement, and how to meet it. A warning if a deployment can do without."""

    sentence: str
    is_warning: bool = False

    def line(self) -> str:
        """Format the finding."""
        return f"{'Warning' if self.is_warning else 'Missing'}: {self.sentence}"


Check = Callable[[Aws, Stage], Iterator[Finding]]


def preflight(
    aws: Aws, stage: Stage, day: date, release: Release | None = None, *, renews_keys: bool = False
) -> list[Finding]:
    """Run all checks. Raises botocore's error if there are no credentials.

    `release`: a stored one, in the place of this checkout. `renews_keys`: lost secrets are no finding.
    """
    checks = _CHECKS | _OF_CHECKOUT | {"The school year": lambda _aws, stage: check_school_year(stage, day)}
    if release:
        checks = _CHECKS | {"The providers": lambda aws, stage: check_providers(aws, stage, release.providers)}
    checks |= {} if renews_keys else {"The secrets": check_lost_secrets}
    return [finding for what, check in checks.items() for finding in _findings_of(what, check, aws, stage)]


def _findings_of(subject: str, check: Check, aws: Aws, stage: Stage) -> Iterator[Finding]:
    try:
        yield from check(aws, stage)
    except ClientError as error:
        if code_of(error) in DENIED:
            yield Finding(
                f"the credentials may not call {error.operation_name}: give them the rights of docs/deploy.md."
            )
        else:
            yield Finding(
                f"{subject} could not be checked ({error.operation_name}: {message_of(error)}).", is_warning=True
            )


def check_network(aws: Aws, stage: Stage, path: Path = NETWORK_FILE) -> Iterator[Finding]:
    """Compare network.toml with the stage: sender address and domain."""
    try:
        network = load_network(path=path)
    except (ValidationError, ValueError) as error:
        yield Finding(f"{stage.settings.network_name} is not complete: {' '.join(str(error).split())}")
        return
    yield from _sender(network, stage)
    yield from check_providers(aws, stage, providers_of(network))
    yield from (Finding(line, is_warning=True) for line in contracts_of(network) if isinstance(line, Fault))
    audit = network.accessibility
    if not audit.audited_on:
        yield Finding(
            f"[accessibility] of {stage.settings.network_name} has no audit of this network: every page says "
            f"« {audit.state} », as the law requires (docs/rgaa.md is the project's own assessment, and no audit).",
            is_warning=True,
        )
    if audit.audited_on and not audit.is_audited:
        yield Finding(
            f"the accessibility audit of {audit.audited_on} is over three years old: every page says « {audit.state} » "
            f"until {stage.settings.network_name} has a new one.",
            is_warning=True,
        )
    if len(network.sites) > FORGIVING_SITES:
        yield Finding(
            f"with more than {FORGIVING_SITES} sites a login at a wrong site is refused, not forgiven (docs/scale.md).",
            is_warning=True,
        )
    if network.sender_address.endswith(_FICTITIOUS) and stage.settings.keep_accounts:
        yield Finding(
            f"{stage.settings.network_name} still holds the fictitious network of the repository.", is_warning=True
        )


def check_school_year(stage: Stage, day: date, path: Path = NETWORK_FILE) -> Iterator[Finding]:
    """Check that network.toml has the next school year, from April on, for lessons."""
    try:
        network = load_network(path=path)
    except (ValidationError, ValueError):
        return  # `check_network` has a finding
    year = school_years(network).not_configured(day)
    if year and (network.wings is None or "teaching" in network.wings):
        yield Finding(
            f"[[teaching.years]] of {stage.settings.network_name} has no school year {year}-{int(year) + 1}: its "
            "lessons would count from September to June, in the holidays too.",
            is_warning=True,
        )


def check_template(folder: Path = PROJECT / ".chalice") -> Iterator[Finding]:
    """Check that Lambda's Python is here, and that the files of `.chalice` can be read."""
    try:
        lambda_python()
        template_files.check(folder)
    except PackageRefused as error:
        yield Finding(str(error))


def _sender(network: Network, stage: Stage) -> Iterator[Finding]:
    address, identity = network.sender_address.lower(), stage.settings.sender_identity.lower()
    domain = address.partition("@")[2]
    if identity not in {address, domain} and not domain.endswith(f".{identity}"):
        yield Finding(
            f"the sender {address} of {stage.settings.network_name} does not belong to {identity}, the "
            f"sender_identity of stages.toml: give one of its domains there, or another sender here."
        )


def check_mail(aws: Aws, stage: Stage) -> Iterator[Finding]:
    """Check that SES has verified the sender, and can send to any address."""
    ses, identity = aws.client("sesv2"), stage.settings.sender_identity
    how = f"see docs/deploy.md, step 3 (SES console, region {aws.region}, « Identities »)"
    try:
        sender = ses.get_email_identity(EmailIdentity=identity)
    except ClientError as error:
        if code_of(error) not in {"NotFoundException", "NotFound"}:
            raise
        yield Finding(f"SES does not know the sender {identity}: {how}.")
    else:
        if not sender.get("VerifiedForSendingStatus"):
            yield Finding(f"SES has not verified the sender {identity} yet: publish the DNS records it shows; {how}.")
        for sentence in check_mail_from(aws, stage, sender):
            yield Finding(sentence, is_warning=True)
    account = ses.get_account()
    if not account.get("SendingEnabled", True):
        yield Finding(f"SES sends nothing from this account in {aws.region}: read AWS's mail about it and answer.")
    if not account.get("ProductionAccessEnabled", True):
        yield Finding(
            "SES is in its sandbox: families get no mail, only verified addresses do; request production access "
            "(docs/deploy.md, step 3).",
            is_warning=True,
        )


def check_certificate(aws: Aws, stage: Stage) -> Iterator[Finding]:
    """Check for the domain's certificate in CloudFront's region."""
    domain = stage.settings.domain
    if domain and not certificate_for(aws, domain):
        yield Finding(f"no certificate for {domain} is issued in us-east-1: {how_to_validate(aws, domain)}")


def check_concurrency(aws: Aws, stage: Stage) -> Iterator[Finding]:
    """Compare the reservation with the model and the account's quota."""
    if not stage.settings.reserved_concurrency and not stage.settings.families:
        return
    outputs = deployed_outputs(find_stack(aws, stage.stack))
    functions = (outputs.api_function, *outputs.beside) if outputs else (None,)
    quota = read_concurrency(aws, stage, *functions)
    if quota.target and quota.target + quota.beside > quota.free:
        source = f" (of {quota.families:,} families)" if quota.families and quota.target == quota.by_model else ""
        yield Finding(
            f"stages.toml reserves {quota.target} concurrent executions{source} and {quota.beside} for the "
            f"stage's other functions, and Lambda leaves {max(quota.free, 0)} to reserve "
            f"of this account's {quota.limit}: ask for more (console « Service "
            f"Quotas », AWS Lambda, « Concurrent executions », {quota.quota_to_ask:,}; free), or set "
            "reserved_concurrency = 0 until then."
        )
    for sentence in quota.disagreements():
        yield Finding(sentence, is_warning=True)


def check_stack(aws: Aws, stage: Stage) -> Iterator[Finding]:
    """Check that the stack can take an update."""
    state = find_stack(aws, stage.stack)
    if state and state.is_moving:
        yield Finding(f"{state.name} is being changed ({state.status}): wait until `make status` says it rests.")
    if state and (advice := _STUCK.get(state.status)):
        yield Finding(f"{state.name} is stuck ({state.status}): {advice}.")


def check_shared_secrets(aws: Aws, stage: Stage) -> Iterator[Finding]:
    """Check that no secret is a copy of another network's."""
    store = KeyStore(aws.client("ssm"), stage.name)
    for name in stages_of_other_networks(stage):
        if places := store.shared_with(KeyStore(aws.client("ssm"), name)):
            yield Finding(
                f"{' and '.join(places)} are those of {name}, another network, whose links and cookies would open "
                "here: delete them (`aws ssm delete-parameter --name …`), and the deployment draws its own."
            )


def check_lost_secrets(aws: Aws, stage: Stage) -> Iterator[Finding]:
    """Check that the secrets that the stack was deployed with are still stored."""
    for name in KeyStore(aws.client("ssm"), stage.name, find_stack(aws, stage.stack)).losses:
        yield Finding(
            f"{name} is no longer in SSM Parameter Store, and {stage.stack} was deployed with it: put its copy back "
            f"(docs/deploy.md, « Keys »). Without a copy, {command('deploy', stage.name, aws, '--new-keys')} says what "
            "ends, and asks."
        )


def check_providers(aws: Aws, stage: Stage, tables: Collection[str]) -> Iterator[Finding]:
    """Check that the secret of each identity provider is stored. `tables`: theirs in network.toml."""
    store = KeyStore(aws.client("ssm"), stage.name)
    for secret in TYPED:
        if secret.table in tables and store.name(secret.key) not in store.written():
            yield Finding(
                f"{stage.settings.network_name} has [{secret.table}], and the secret of {secret.provider} is not "
                f"stored: {command('deploy', stage.name, aws, f'--{secret.key}')} asks for it (docs/deploy.md)."
            )


_CHECKS: dict[str, Check] = {
    "The sender": check_mail,
    "The certificate": check_certificate,
    "The concurrency quota": check_concurrency,
    "The stack": check_stack,
    "The copies of secrets": check_shared_secrets,
}
_OF_CHECKOUT: dict[str, Check] = {"The network": check_network, "The template": lambda _aws, _stage: check_template()}
