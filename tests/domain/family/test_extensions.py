"""More time for one family: which period it lengthens."""

from datetime import date

from chalicelib.domain.account.accounts import Account, AccountRef
from chalicelib.domain.enrolment.periods import EnrolmentPeriod, Periods, period_of
from chalicelib.domain.family.extensions import Extension
from tests.support.enrolment import IN_JUNE, JUNE


def test_it_lengthens_the_period_of_its_season_and_no_other() -> None:
    next_year = EnrolmentPeriod(date(2028, 6, 1), date(2028, 6, 15))
    longer = EnrolmentPeriod(JUNE.opens_on, date(2027, 6, 30))
    account = Account(
        AccountRef("evry-xenakis", "xen1"),
        *("Famille Rossignol", (), "stamp"),
        extension=Extension(date(2027, 6, 18), "deuil", "Mme Houx", IN_JUNE),
    )

    closing_days = {period: period_of(account, Periods(period)) for period in (JUNE, longer, next_year)}

    assert closing_days == {
        JUNE: EnrolmentPeriod(JUNE.opens_on, date(2027, 6, 18)),
        longer: longer,
        next_year: next_year,
    }
