"""The report of a season of applications: each candidate once at a site, each of their wishes there once."""

from chalicelib.wings.admission.office.applications import ApplicationQuery
from chalicelib.wings.admission.office.report import admission_reports
from tests.support.stored_applications import accept, application_of, open_admission
from tests.support.world import World


def test_what_another_site_accepted_counts_as_gone_here(world: World) -> None:
    open_admission(world)
    application_of(world)
    accept(world, "Alba", wish=1)

    reports = {report.site.code: report for report in admission_reports(world.services, ApplicationQuery(), world.now)}

    assert dict(reports["evry-magnard"].pupils) == {"accepted": 1}
    assert dict(reports["evry-xenakis"].pupils) == {"withdrawn": 1, "sent": 1}
    assert (len(reports["evry-xenakis"].applications), len(reports["bondoufle-gounod"].applications)) == (1, 0)
    assert {name: demand.places for name, demand in reports["evry-xenakis"].disciplines.items()} == {
        "piano": None,
        "eveil musical": None,
    }
