"""`make deploy STAGE=…`: create or update a stage."""

import sys

from operations.deploy.aws import Aws
from operations.deploy.commands import Ask, Tell, arguments, ask, ask_hidden, run, tell
from operations.deploy.deployment import Deployment
from operations.deploy.keys import KeyStore
from operations.deploy.leftovers import Choice
from operations.deploy.promote import running_deployment
from operations.deploy.release import Checkout, Source, StoredRelease
from operations.deploy.stack import find_stack
from operations.deploy.stages import Stage
from operations.deploy.store import DeploymentBucket
from operations.deploy.typed_secrets import TYPED, TypedSecret
from operations.package import package


def main() -> int:
    """Read the command's arguments and deploy."""
    parser = arguments("deploy", "Bring a stage up, or up to date.")
    parser.add_argument("--yes", action="store_true", help="do not ask before the change (make: ARGS=--yes)")
    parser.add_argument("--rotate-secret", action="store_true", help="give the CDN a new secret")
    keys = parser.add_mutually_exclusive_group()
    for flag, act, title in (
        ("--rotate-keys", "rotate", "make a new version of the keys; two former ones still open"),
        ("--retire-keys", "retire", "keep the newest version of the keys alone"),
        ("--new-keys", "renew", "make the secrets again that were lost"),
    ):
        keys.add_argument(flag, dest="keys", action="store_const", const=act, default="", help=title)
    parser.add_argument(
        "--take-back",
        nargs="*",
        metavar="NAME",
        help="take back the tables and documents that an earlier stage of the name left (NAME: of several)",
    )
    parser.add_argument("--delete-empty", action="store_true", help="delete those that are empty")
    for secret in TYPED:
        asks = f"ask for {secret.provider}'s secret, without showing it, and store it"
        parser.add_argument(f"--{secret.key}", dest="typed", action="append_const", const=secret, default=[], help=asks)
    parser.add_argument("--settings", action="store_true", help="bring the version that runs to stages.toml, no other")
    options = parser.parse_args()
    is_act = bool(options.rotate_secret or options.keys or options.typed)

    def deploy(aws: Aws, stage: Stage) -> int:
        source = source_of(aws, stage, is_act=is_act or options.settings)
        for secret in options.typed:
            keep_secret(secret, aws, stage, tell, ask_hidden)
        return Deployment(
            aws,
            stage,
            tell,
            ask,
            source,
            says_yes=options.yes,
            rotates=options.rotate_secret,
            keys=options.keys,
            keeps_settings=is_act and isinstance(source, StoredRelease) and not options.settings,
            leftovers=Choice(options.take_back is not None, options.delete_empty, options.take_back or ()),
        ).run()

    return run(options, deploy)


def source_of(aws: Aws, stage: Stage, *, is_act: bool) -> Source:
    """Choose the source: this checkout, or for an act on a deployed stage the release that it runs."""
    state = find_stack(aws, stage.stack)
    if is_act and state and state.exists:
        release = running_deployment(aws, stage).release
        return StoredRelease(release, DeploymentBucket(aws), f"Staying at the version of {stage.name}: {release.title}")
    return Checkout(package)


def keep_secret(secret: TypedSecret, aws: Aws, stage: Stage, tell: Tell, ask: Ask) -> None:
    """Ask for a provider's secret and store it, for the deployment that follows. Raises `NotReady` without one."""
    store = KeyStore(aws.client("ssm"), stage.name)
    store.keep(secret, ask(f"The secret that {secret.provider} gave (it is not shown): "))
    tell(f"{store.name(secret.key)} is stored. {secret.function} has it once this deployment ends.")


if __name__ == "__main__":
    sys.exit(main())
