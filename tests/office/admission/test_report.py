"""The report of a season of new requests: each candidate once at a site, each of its wishes there once."""

from chalicelib.office.admission.applications import RequestQuery
from chalicelib.office.admission.report import requests_reports
from tests.support.stored_applications import accept, open_requests, request_of
from tests.support.world import World


def test_what_another_site_accepted_counts_as_gone_here(world: World) -> None:
    open_requests(world)
    request_of(world)
    accept(world, "Alba", wish=1)

    reports = {report.site.code: report for report in requests_reports(world.services, RequestQuery(), world.now)}

    assert dict(reports["evry-magnard"].pupils) == {"accepted": 1}
    assert dict(reports["evry-xenakis"].pupils) == {"withdrawn": 1, "sent": 1}
    assert (len(reports["evry-xenakis"].requests), len(reports["bondoufle-gounod"].requests)) == (1, 0)
    assert {name: demand.places for name, demand in reports["evry-xenakis"].disciplines.items()} == {
        "piano": None,
        "eveil musical": None,
    }
