"""The list of managers: those who count as remaining."""

from chalicelib.domain.staff.managers import ManagerList

ODILE, COLOMBE = "fauvette@example.org", "bergeronnette@example.org"


def test_who_was_only_invited_does_not_count_as_one_who_is_left() -> None:
    managers = ManagerList().with_added(ODILE).with_entered(ODILE).with_added(COLOMBE)

    assert managers.is_last(ODILE)
    assert not managers.is_last(COLOMBE)
    assert not managers.with_entered(COLOMBE).is_last(ODILE)


def test_who_is_reset_stays_a_manager_and_counts_no_more() -> None:
    managers = ManagerList().with_added(ODILE).with_entered(ODILE)

    assert ODILE in managers.without_entry(ODILE)
    assert managers.without_entry(ODILE).entered == ()


def test_two_lists_that_are_alike_are_told_apart() -> None:
    managers = ManagerList().with_added(ODILE)

    again = managers.without(ODILE).with_added(ODILE)

    assert again.emails == managers.emails
    assert again.version != managers.version


def test_what_changes_nothing_is_the_same_list() -> None:
    managers = ManagerList().with_added(ODILE)

    assert managers.with_added(ODILE) is managers
    assert managers.without(COLOMBE) is managers
    assert managers.without_entry(ODILE) is managers
