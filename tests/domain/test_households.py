"""The household: what it holds is shown by nobody who prints it."""

from datetime import date

from chalicelib.domain.households import Guardian, Household, Pupil

CLARINET = Household(
    guardians=(Guardian("Mme Rossignol", "rossignol@example.org"), Guardian("M. Rossignol")),
    address=("3 allée des Platanes", "91000 Evry"),
    pupils=(Pupil("Jeanne", date(2015, 3, 9), "clarinette", "1C2"),),
)


def test_printed_in_a_traceback_it_tells_no_address_and_no_birth_date() -> None:
    printed = repr(CLARINET)

    assert "clarinette" in printed
    assert not [secret for secret in ("rossignol@example.org", "Platanes", "2015") if secret in printed]


def test_two_files_that_say_the_same_give_the_same_household() -> None:
    again = Household(CLARINET.guardians, CLARINET.address, (Pupil("Jeanne", date(2015, 3, 9), "clarinette", "1C2"),))

    assert again == CLARINET
    assert hash(again) == hash(CLARINET)
    assert Household() != CLARINET
