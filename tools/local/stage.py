"""The whole service on this machine's AWS, for `make run` and the benchmarks."""

import hashlib
import os
import secrets
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Final

from app import app
from chalicelib import wiring
from chalicelib.domain.account.keys import KEY_BYTES, USES, variable
from chalicelib.domain.enrolment.periods import Periods, today
from chalicelib.domain.service_notice import ServiceNotice
from chalicelib.office.jobs.publication import notices
from chalicelib.presentation.public_pages import PERIOD_PAGES
from chalicelib.services.office import OfficeServices
from chalicelib.settings.environment import Settings, load_settings
from chalicelib.settings.wings import has
from operations.pages.build import build
from operations.version import commit, version
from tools.local.aws import LocalAws
from tools.local.cdn import Bucket, LocalCdn, LocalPages
from tools.local.clock import LocalClock
from tools.local.franceconnect import LocalFranceConnect, other_name
from tools.local.payfip import CONTRACT, LocalPayFip
from tools.local.school_year import with_lessons_around

FRANCECONNECT: Final = "/_local/franceconnect"
PAYFIP: Final = "/_local/payfip"
PATIENCE: Final = 60  # seconds for a call
_SENDER: Final = "ne-pas-repondre@extranet.example.fr"


def patient_services(settings: Settings) -> OfficeServices:
    """Build services that wait longer than on AWS: moto takes one call at a time, and a busy machine stalls."""
    return OfficeServices.over(wiring.build(settings, patience=PATIENCE))


class LocalStage:
    """Makes its tables, queues and pages, and sets this process's environment."""

    def __init__(self, aws: LocalAws, public_url: str, *, other_origins: str = "") -> None:
        self.public_url = public_url
        self._cdn_secret = secrets.token_urlsafe(32)
        self.resources = aws.create("clef", _SENDER)
        self.clock = LocalClock(aws.hasten)
        # At 127.0.0.1 another site than the service for browsers, as the real one is.
        issuer = other_name(public_url) + FRANCECONNECT
        self.franceconnect = LocalFranceConnect(issuer, public_url, self.clock)
        self.payfip = LocalPayFip(public_url + PAYFIP, self.clock)
        self.environment = {
            **self.resources.environment(),
            "CLEF_ENDPOINT_URL": aws.endpoint_url,
            "CLEF_PUBLIC_URL": public_url,
            "CLEF_OTHER_ORIGINS": other_origins,
            "CLEF_VERSION": f"{version()}, commit {commit()}",
            "CLEF_CONFIGURATION_SET": "clef-mail",
            "CLEF_RECORD_KEY": secrets.token_urlsafe(32),
            **{variable(use): f"1:{secrets.token_urlsafe(KEY_BYTES)}" for use in USES},
            **self.franceconnect.settings,
            "CLEF_CDN_SECRET_DIGESTS": hashlib.sha256(self._cdn_secret.encode()).hexdigest(),
        }
        os.environ |= self.environment
        services = patient_services(load_settings())
        network = with_lessons_around(services.settings.network, today(self.clock()))
        if network.payment:
            payment = replace(network.payment, contract=CONTRACT, contracts={}, address=self.payfip.address)
            network = replace(network, payment=payment)
        self.services = replace(services, clock=self.clock, settings=replace(services.settings, network=network))
        self._used = ExitStack()
        self._used.enter_context(wiring.using(self.services))
        self._bucket = Bucket(aws.client("s3"), self.resources.pages_bucket)
        self._bucket.publish(build(self.services.settings.network, Periods()))

    def go_back(self) -> None:
        """Show the machine's time again, with the periods as stored now."""
        self.clock.go_back()
        self.services.periods.forget()
        if has("admission"):
            self.services.admission.periods.forget()

    def announce(self, text: str) -> None:
        """Show the notice of an incident for four hours, or take it away. Raises `ValueError`."""
        now = self.clock().replace(microsecond=0)
        notice = ServiceNotice(text, now, now + timedelta(hours=4)) if text else None
        notices(self.services).write(notice)
        pages = build(self.services.settings.network, self.services.periods.read(), notice=notice)
        self._bucket.publish(page for page in pages if page.key in PERIOD_PAGES)

    def cdn(self, pages: LocalPages) -> LocalCdn:
        """Put the CDN's role in front. `pages` serves `/_local/`."""
        return LocalCdn(app, self._bucket, self.public_url, self._cdn_secret, pages)
