"""The stack deployed into the emulator, with the interface of a running service."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from tests.support.service import Running
from tools.local.families import FAMILIES, store_families
from tools.local.local_pages import describe_staff
from tools.local.outgoing_mail import store_what_awaits
from tools.local.staff import STAFF, store_staff
from tools.stack import emulator
from tools.stack.deployed import STAGE, Stack

NEW = "<p>Nouvelle version</p>"  # on every page of the fixture `tree`


@dataclass(frozen=True)
class Deployed(Running):
    """The deployed stack, with the interface of a running service."""

    stack: Stack
    is_deployed = True

    @property
    def flags(self) -> list[str]:
        """Chromium's flags to find the distribution on this machine, and trust it."""
        return [f"--host-resolver-rules={self.stack.resolver_rule}", "--ignore-certificate-errors"]

    def json(self, name: str) -> list[dict[str, Any]]:
        """Return the lists of `make run`'s `/_local/`: here the stored families, and the mails accepted by SES."""
        if name == "courrier":
            return [asdict(mail) for mail in self.stack.mails()]
        if name == "bureau":
            return [describe_staff(staff) for staff in STAFF]
        return [
            {
                "site": family.site,
                "identifiant": family.identifier,
                "emails": list(family.emails),
                "mot_de_passe": family.password,
                "nom": family.name,
            }
            for family in FAMILIES
        ]


@contextmanager
def deploy_stack() -> Iterator[Deployed]:
    """Deploy inside the block, and check that nothing remains after it."""
    with emulator.running() as ministack:
        stack = Stack(ministack)
        stack.verify_sender()
        stack.deploy()
        store_families(stack.services)
        store_staff(stack.services)
        store_what_awaits(stack.services)
        yield Deployed(stack.public.url, stack)
        process = stack.command("operations.deploy.destroy", answers=f"{STAGE}\n")
        assert process.returncode == 0, process.stdout + process.stderr
        assert stack.aws.client("dynamodb").list_tables()["TableNames"] == []
        assert stack.aws.client("lambda").list_functions()["Functions"] == []
