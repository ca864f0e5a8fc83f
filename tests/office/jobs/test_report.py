"""The report of an import: counts of all, lines of the first, and the same again once it is read."""

from chalicelib.domain.account.accounts import AccountRef
from chalicelib.office.jobs.report import Report


def noted(count: int) -> Report:
    report = Report()
    for number in range(count):
        report.note("new", "evry-xenakis", [(number, "Famille")])
        report.note("error", "", [(number, "Ligne")])
    return report


def test_all_is_counted_and_the_beginning_is_shown() -> None:
    report = noted(400)

    assert (report.kinds["new"], report.sites["evry-xenakis", "new"]) == (400, 400)
    assert (len(report.lines["new"]), len(report.lines["error"])) == (50, 300)


def test_it_goes_on_where_it_was_read() -> None:
    report = noted(2)
    report.facts = {"rows": 2}
    report.gone = (AccountRef("evry-xenakis", "xen1"),)
    report.moved = {AccountRef("evry-xenakis", "xen2")}

    again = Report.from_json(report.to_json())

    assert again.to_json() == report.to_json()
    again.note("new", "evry-xenakis", [(2, "Famille")])
    assert (again.kinds["new"], again.gone, again.moved) == (3, report.gone, report.moved)
