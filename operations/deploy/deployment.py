"""One deployment from start to end: preflight, package, upload, change set, pages, smoke test, next steps."""

import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.enrolment.periods import today
from chalicelib.infra.dynamo.database import Database
from chalicelib.stores.desk_jobs import DeskJobs
from chalicelib.stores.staff import Members
from operations.deploy.alarms import Alarms, Subscription
from operations.deploy.aws import Aws, message_of
from operations.deploy.cdn_log import deliver_log
from operations.deploy.certificates import certificate_for
from operations.deploy.changes import ChangeSet, StackTarget, Update, losses, stack_policy
from operations.deploy.commands import OK, UNHEARD, Ask, NotReady, Stopped, Tell, command
from operations.deploy.key_changes import KeyAct, KeyChange
from operations.deploy.keys import Keys, KeyStore
from operations.deploy.leftovers import BUCKET, NO_CHOICE, Choice, Leftover, Leftovers, plan_import
from operations.deploy.mail import set_mail_from
from operations.deploy.preflight import preflight
from operations.deploy.release import FormerVersion, History, Release, Source, StoredRelease
from operations.deploy.reseal import seal_again
from operations.deploy.smoke import SmokeTest
from operations.deploy.stack import (
    Outputs,
    StackAddress,
    StackState,
    address_of,
    api_url,
    deployed_outputs,
    find_stack,
    policy_of,
    protect,
    public_address,
    table_names,
)
from operations.deploy.stages import Stage
from operations.deploy.store import DeploymentBucket
from operations.deploy.template import fitting, parameters, secret_parameters
from operations.deploy.wings import switches
from operations.pages.bucket import StoredObject
from operations.pages.build import for_stage
from operations.pages.publish import PagesBucket, invalidate


@dataclass(frozen=True)
class Deployment:
    """A stage to deploy. `tell` and `ask` are callbacks."""

    aws: Aws
    stage: Stage
    tell: Tell
    ask: Ask
    source: Source
    says_yes: bool = False
    rotates: bool = False
    keys: KeyAct = ""
    leftovers: Choice = NO_CHOICE
    keeps_settings: bool = False  # the stack's parameters stay, but for secrets, even if stages.toml differs
    goes_back: bool = False  # by itself, if a step after the first change fails
    before: str | None = None  # the record to go back to next time, if not the current one

    def run(self) -> int:
        """Deploy, test and report. Returns the exit code. Raises `NotReady` or `Stopped`."""
        release, keys = self._get_ready()
        former = FormerVersion.of(self.aws, self.stage, release) if self.goes_back else None
        try:
            outputs = self._change(release, keys)
            self._publish(outputs, release)
            has_dns = self._try(outputs, release)
        except (Stopped, BotoCoreError, ClientError) as error:
            outputs_before = self._deployed_outputs()
            if former is None or outputs_before is None or self._history.current() == former.record:
                raise
            raise self._go_back(former, release, outputs_before, error) from error
        return self.finish(outputs, has_dns=has_dns)

    def prepare(self) -> Outputs:
        """Do everything but the smoke test, and return the stack's outputs."""
        release, keys = self._get_ready()
        outputs = self._change(release, keys)
        self._publish(outputs, release)
        return outputs

    def _get_ready(self) -> tuple[Release, KeyAct]:
        """Do everything before the stack's change. Returns its release and the act on its keys."""
        self._look()
        leftovers, store = self._settle_leftovers(), DeploymentBucket(self.aws)
        self.tell(f"2. {self.source.heading}")
        if store.make():
            self.tell(f"  made the private bucket {store.name}")
        release = self.source.bring(store, self.stage, self.tell)
        if leftovers:
            self._take_back(leftovers, release)
        return release, "" if leftovers and self.keys == "renew" else self.keys

    def _look(self) -> None:
        self.tell(f"1. Looking at what {self.stage.name} needs")
        release = self.source.release if isinstance(self.source, StoredRelease) else None
        day = today(datetime.now(UTC))
        findings = preflight(self.aws, self.stage, day, release, renews_keys=self.keys == "renew")
        for finding in findings:
            self.tell(f"  {finding.line()}")
        if not all(finding.is_warning for finding in findings):
            raise NotReady("Nothing was changed. Get what is missing, then run the same command again.")

    def _settle_leftovers(self) -> list[Leftover]:
        """Clear a stack that never came up. Return the leftovers of the stage's name that the operator takes back."""
        if self._deployed_outputs():
            return []
        Update(self.aws, self.stage.stack, self.tell).clear()
        has_keys = self.keys == "renew" or KeyStore(self.aws.client("ssm"), self.stage.name).is_whole
        leftovers = Leftovers(self.aws, self.stage, self.tell, self.ask, self.says_yes)
        return leftovers.settle(self.leftovers, has_keys=has_keys)

    def _take_back(self, leftovers: list[Leftover], release: Release) -> None:
        """Import leftovers into a new stack, which holds them alone until the ordinary change."""
        self.tell(f"  taking back {len(leftovers)} tables and buckets")
        store = DeploymentBucket(self.aws)
        plan = plan_import(self.aws, release.deployable(store, [leftover.logical for leftover in leftovers]), leftovers)
        for leftover in leftovers:
            if leftover.type == BUCKET:  # CloudFormation makes no policy where there is one
                self.aws.client("s3").delete_bucket_policy(Bucket=leftover.name)
        target = StackTarget(store.put_template(plan.template, self.stage.name), {}, plan.resources)
        Update(self.aws, self.stage.stack, self.tell).take_back(target)

    def _change(self, release: Release, act: KeyAct) -> Outputs:
        former = self._history.current()
        how = f" from {former.release.title} to" if former else " to"
        how = ", which stays at" if former and former.release == release else how
        self.tell(f"3. Changing the stack {self.stage.stack}{how} {release.title}")
        if release.commit.endswith("+"):
            self.tell("  Warning: it has files that no commit has")
        state = find_stack(self.aws, self.stage.stack)
        tables = table_names(self.aws, state)
        template = release.deployable(DeploymentBucket(self.aws), tables)
        left_out = former.release.left_out if former and tables else release.left_out
        for line in switches(self.aws, tables, left_out, release.left_out):
            self.tell(line)
        store = KeyStore(self.aws.client("ssm"), self.stage.name, state)
        change = KeyChange(store, act, self.tell, self._seal_again)
        change.agree(self._agrees)
        keys = change.plan(store.rotate() if self.rotates else store.keys())
        values = self._parameters(template, keys, state, release)
        if former_outputs := deployed_outputs(state):  # the new version's first page may name new assets
            PagesBucket(self.aws, former_outputs.pages_bucket).put_assets(self._objects(former_outputs, release))
        after = self.apply(template, values, change.begin)
        self._history.note(release, datetime.now(UTC), is_first=not (state and state.exists), before=self.before)
        keys = change.finish()
        if keys.former_digest:
            self.tell("  the CDN sends its new secret everywhere: from now on the former one is refused")
            keys = store.retire()
        # A second change is needed for an address that only the stack knows, or to drop the former secret.
        again = self._parameters(template, keys, after, release)
        return (after if again == values else self.apply(template, again)).outputs

    def _go_back(self, former: FormerVersion, release: Release, outputs: Outputs, error: Exception) -> Stopped:
        """Bring back the version before: template, packages, parameters, then pages. Returns the end of the command."""
        self.tell(f"{message_of(error)}\n6. Going back to {former.record.release.title}")
        store, state = DeploymentBucket(self.aws), find_stack(self.aws, self.stage.stack)
        tables = table_names(self.aws, state)
        former = replace(former, template=former.record.release.deployable(store, tables))
        resources = former.lacks(release.deployable(store, tables))
        try:
            keys = KeyStore(self.aws.client("ssm"), self.stage.name, state).keys()
            values = fitting(former.template, former.inputs | secret_parameters(keys))
            self._hold(self.stage.stack, former.template)  # no longer what only the new version has
            outputs = self.apply(former.template, values).outputs
            self._history.note(former.record.release, datetime.now(UTC), is_first=False, before=former.record.before)
        except (Stopped, BotoCoreError, ClientError) as failure:
            return Stopped(
                f"{self.stage.name} could not go back by itself: {message_of(failure)}\nFamilies may meet the version "
                f"that failed: {command('rollback', self.stage.name, self.aws)}, and docs/runbook.md, « Going back »."
            )
        names_kept = sorted(name for name, resource in resources.items() if resource.get("DeletionPolicy") == "Retain")
        sentence = f" In the account, beside the stack, stay: {', '.join(names_kept)}." if names_kept else ""
        try:
            self._publish(outputs, former.record.release)
            self._try(outputs, former.record.release)
        except (Stopped, BotoCoreError, ClientError) as failure:
            self.tell(message_of(failure))
            return Stopped(
                f"{self.stage.name} runs {former.record.title} again, which does not answer as it should either: "
                f"docs/runbook.md, « Smoke test ».{sentence}"
            )
        return Stopped(f"{self.stage.name} runs {former.record.title} again, and answers as before.{sentence}")

    @property
    def _history(self) -> History:
        return History(DeploymentBucket(self.aws), self.stage.name)

    def _deployed_outputs(self) -> Outputs | None:
        return deployed_outputs(find_stack(self.aws, self.stage.stack))

    def _parameters(self, template: str, keys: Keys, state: StackState | None, release: Release) -> dict[str, str]:
        values = (state.parameters if state else {}) | secret_parameters(keys)
        if not self.keeps_settings:
            domain = self.stage.settings.domain
            certificate = certificate_for(self.aws, domain) if domain else None
            values |= parameters(self.aws, self.stage, certificate, deployed_outputs(state))
            values |= release.parameters | {"Version": release.title}
        return fitting(template, values)

    def apply(self, template: str, parameters: dict[str, str], begin: Callable[[], None] | None = None) -> StackState:
        """Bring the stack to a template and its parameters. `begin`: called once the first change is confirmed."""
        url = DeploymentBucket(self.aws).put_template(template, self.stage.name)
        update = Update(self.aws, self.stage.stack, self.tell)
        state = update.bring_to(StackTarget(url, parameters), lambda change_set: self._confirm(change_set, begin))
        self._protect(state)
        self._hold(state.id, template)
        return state

    def _hold(self, stack: str, template: str) -> None:
        """Have CloudFormation refuse any change that loses families' data. A new stack cannot have a policy before."""
        self.aws.client("cloudformation").set_stack_policy(StackName=stack, StackPolicyBody=stack_policy(template))

    def _protect(self, state: StackState) -> None:
        """Protect a stack that keeps accounts from deletion. Only `make destroy` removes the protection."""
        if self.stage.settings.keep_accounts and not state.is_protected:
            protect(self.aws, state, is_on=True)
            self.tell("  the stack is protected: nothing deletes it but `make destroy`")

    def _confirm(self, change_set: ChangeSet, begin: Callable[[], None] | None) -> bool:
        """Show the changes, ask, and begin. Raises `NotReady` if the stack's policy denies one of them."""
        self.tell(f"  {len(change_set.changes)} changes:")
        for change in change_set.changes:
            self.tell(change.line())
        if lost_resources := losses(change_set.changes, policy_of(self.aws, change_set.stack_id)):
            raise NotReady("\n".join(["Refused; the stack stays as it is:", *lost_resources, self._how_to_lose()]))
        if begin is None:
            return True
        agrees = self._agrees("Do it? [y/N] ")
        if agrees:
            begin()
        return agrees

    def _agrees(self, question: str) -> bool:
        return self.says_yes or self.ask(question).lower() in {"y", "yes"}

    def _seal_again(self, keys: Keys) -> None:
        outputs = self._deployed_outputs()
        if outputs and outputs.staff_table:
            seal_again(Members(Database(self.aws.client("dynamodb")), outputs.staff_table), keys, self.tell)

    def _how_to_lose(self) -> str:
        if isinstance(self.source, StoredRelease):
            return (
                "That version does not have them, and no command goes back behind them: mend the present version and "
                "deploy it (docs/runbook.md, « Going back »)."
            )
        return (
            "Find the line of .chalice/resources.yaml that causes it, and revert it. If it is meant: docs/runbook.md, "
            "« A table that has to go »."
        )

    def _publish(self, outputs: Outputs, release: Release) -> None:
        self.tell("4. Publishing the pages")
        objects, bucket = self._objects(outputs, release), PagesBucket(self.aws, outputs.pages_bucket)
        assets, pages = bucket.put_assets(objects), bucket.put_pages(objects)
        jobs = DeskJobs(Database(self.aws.client("dynamodb")), outputs.staff_table)
        pages += bucket.render(self.aws, outputs.desk_jobs_function, jobs, datetime.now(UTC))
        paths = invalidate(self.aws, outputs.distribution_id, pages)
        self.tell(f"  {len(assets)} assets and {len(pages)} pages of {len(objects)} changed")
        for path in paths:
            self.tell(f"  {path}")
        try:
            deliver_log(self.aws, self.stage, outputs)
        except (BotoCoreError, ClientError) as error:  # families need their pages more
            self.tell(f"  Warning: the CDN's log is not delivered: {message_of(error)}")

    def _objects(self, outputs: Outputs, release: Release) -> list[StoredObject]:
        url, pages = public_address(self.aws, self.stage, outputs).url, release.read_pages(DeploymentBucket(self.aws))
        return for_stage(pages, url, datetime.now(UTC).date())

    def _try(self, outputs: Outputs, release: Release) -> bool:
        """Test the first requests of a family. Return whether the public name resolves."""
        public = public_address(self.aws, self.stage, outputs)
        cdn = address_of(self.aws, outputs.distribution_domain)  # it needs no DNS record
        has_dns = public == cdn or leads_here(public)
        address = public if has_dns else cdn
        self.tell(f"5. Trying {address.url}")
        results = []
        # The stage is reached by another name, but the login's origin is still the public address.
        test = SmokeTest(address, api_url(self.aws, outputs), release.site, public.url, self.aws.pause)
        for result in replace(test, has_applicants=bool(outputs.applicant_function)).results():
            self.tell(result.line())
            results.append(result)
        if any(result.wrong for result in results):
            raise Stopped("The stack is deployed, and does not answer as it should: docs/runbook.md, « Smoke test ».")
        if (record := self._history.current()) and not record.is_tested:
            self._history.write(record.model_copy(update={"is_tested": True}))
        return has_dns

    def finish(self, outputs: Outputs, *, has_dns: bool) -> int:
        """Show the result and the next steps. Returns an exit code, `UNHEARD` while the alarms are not confirmed."""
        public = public_address(self.aws, self.stage, outputs)
        record = self._history.current()
        title = record.release.title if record else "?"
        self.tell(f"\n{self.stage.name} serves {title} at {public.url}/extranet\n\nWhat to do next")
        for step in next_steps(self.aws, self.stage, outputs, has_dns=has_dns):
            self.tell(f"  - {step}")
        set_mail_from(self.aws, self.stage, self.tell, self._agrees)
        alarms = Alarms.of(self.aws, self.stage).settle(self.tell, mails_again=False)
        return OK if alarms is Subscription.CONFIRMED else UNHEARD


def leads_here(public: StackAddress) -> bool:
    """Ask whether the public name has a DNS record."""
    with suppress(OSError):
        return bool(public.at or socket.getaddrinfo(urlsplit(public.url).hostname, 443))
    return False


def next_steps(aws: Aws, stage: Stage, outputs: Outputs, *, has_dns: bool) -> Iterator[str]:
    """List the next steps for the operator."""
    if not has_dns:
        yield (
            f"Publish the DNS record {stage.settings.domain} CNAME {outputs.distribution_domain} (Route 53: an alias), "
            "then run the same command again: it tries the public address."
        )
    if not aws.client("sesv2").get_account().get("ProductionAccessEnabled", True):
        yield "Ask SES for production access: until then families get no mail (docs/deploy.md, step 3)."
    yield f"See how it does: {command('status', stage.name, aws)}. What an alarm means: docs/runbook.md."
