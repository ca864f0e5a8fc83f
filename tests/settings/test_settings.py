"""Settings: a mistake in `network.toml` or in the environment stops the start with an error that names it."""

import hashlib
import tomllib
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest
from pydantic import ValidationError

from chalicelib.domain.account.keys import KeyMissing
from chalicelib.settings.environment import NETWORK_FILE, SettingsRefused, load_network, load_settings
from chalicelib.settings.network import FranceConnect

RECORD_KEY = "a record key that is long enough to be one"
TABLES = (*("ACCOUNTS", "SESSIONS", "ATTEMPTS", "OFFICE", "ENROLMENTS", "STAFF", "MAILBOXES"),)
REQUIRED = {
    **{f"CLEF_{table}_TABLE": f"clef-{table.lower()}" for table in TABLES},
    "CLEF_DOCUMENTS_BUCKET": "clef-documents",
    "CLEF_MAIL_QUEUE_URL": "https://sqs.example.org/clef-mail",
    "CLEF_SLOW_MAIL_QUEUE_URL": "https://sqs.example.org/clef-slow-mail",
    "CLEF_RECORD_KEY": RECORD_KEY,
    "CLEF_CDN_SECRET_DIGESTS": hashlib.sha256(b"one").hexdigest(),
}
ENVIRONMENT = {**REQUIRED, "PATH": "/usr/bin"}


@pytest.fixture
def network_file(tmp_path: Path) -> Path:
    return tmp_path / "network.toml"


def write_edited(path: Path, old: str, new: str) -> Path:
    """Write the network's file with a mistake in it."""
    right = NETWORK_FILE.read_text(encoding="utf-8")
    assert old in right
    path.write_text(right.replace(old, new, 1), encoding="utf-8")
    return path


def test_the_network_that_is_shipped_is_right() -> None:
    network = load_network()

    assert network.name == "Réseau des conservatoires 91"
    assert [site.name for site in network.sites] == [
        "Bondoufle - Gounod",
        "Evry - Magnard",
        "Evry - Xénakis",
        "Ris Orangis - Messiaen",
        "Villabé - Yves Henry",
    ]
    assert (network.passwords.shortest, network.passwords.longest, network.passwords.mode) == (8, 20, "keep")


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        pytest.param('name = "Réseau des', 'nom = "Réseau des', "name", id="a key that is missing"),
        pytest.param('period = "', 'perriod = "', "perriod", id="a key that is unknown"),
        pytest.param('wings = ["', 'wings = ["choir", "', "wings", id="no wing", marks=pytest.mark.wing),
        pytest.param("wings = [", "wings = 4 # [", "wings", id="no list of wings", marks=pytest.mark.wing),
        pytest.param('contract = "999999"', 'contract = "99"', "payment.contract", id="no contract of payments"),
        pytest.param("[passwords]", "[passwords]\nlongst = 30", "passwords.longst", id="an unknown key in a table"),
        pytest.param("[publisher]", "[editor]", "publisher", id="a table that is missing"),
        pytest.param("shortest = 8", "shortest = 7", "passwords.shortest", id="passwords under 8 characters"),
        pytest.param("longest = 20", "longest = 65", "passwords.longest", id="passwords over 64 characters"),
        pytest.param("longest = 20", 'longest = "vingt"', "passwords.longest", id="no number"),
        pytest.param("shortest = 8", "shortest = 21", "passwords.shortest", id="the shortest over the longest"),
        pytest.param("shortest = 8", "shortest = 17", "passwords.shortest", id="a mailed password would be too short"),
        pytest.param("longest = 20", "longest = 15", "passwords.longest", id="a mailed password would be too long"),
        pytest.param('mode = "keep"', 'mode = "garder"', "passwords.mode", id="a mode that is unknown"),
        pytest.param("evry-magnard", "evry magnard", "sites.1.code", id="a blank in a site's code"),
        pytest.param("evry-magnard", "Evry-Magnard", "sites.1.code", id="capitals in a site's code"),
        pytest.param("evry-magnard", "evry.magnard", "sites.1.code", id="a dot, which parts a cookie"),
        pytest.param("evry-magnard", "@", "sites.1.code", id="the key of client addresses"),
        pytest.param('code = "evry-magnard"', 'code = ""', "sites.1.code", id="no code"),
        pytest.param("evry-magnard", "evry-xenakis", "two sites have the same code", id="a code twice"),
        pytest.param('"Evry - Magnard"', '"  "', "sites.1.name", id="a name of blanks"),
        pytest.param('telephone = "01 99 00 10 02", ', "", "sites.1.contact.telephone", id="no telephone"),
        pytest.param("https://extranet.example.fr", "extranet.example.fr", "public_url", id="no scheme"),
        pytest.param("https://extranet.example.fr", "https://extranet.example.fr/", "public_url", id="a path"),
        pytest.param("https://extranet.example.fr", "ftp://extranet.example.fr", "public_url", id="another scheme"),
        pytest.param("<ne-pas-repondre@extranet.example.fr>", "", "sender", id="a sender without an address"),
        pytest.param("rules_url", "# rules_url", "enrolment.rules_url", id="rules that nobody can read"),
        pytest.param(
            'opinions_from = "11-01"', 'opinions_from = "02-30"', "02-30: no month has this day", id="30 February"
        ),
        pytest.param("declared_on = 2026-11-30", "declared_on = 4.5", "accessibility.declared_on", id="no day"),
    ],
)
def test_a_mistake_in_the_network_is_named(network_file: Path, old: str, new: str, mistake: str) -> None:
    path = write_edited(network_file, old, new)

    with pytest.raises(ValidationError) as error:
        load_network(path=path)

    assert mistake in [*str(error.value).splitlines(), *_messages(error.value)]


def _messages(error: ValidationError) -> list[str]:
    return [fault["msg"].removeprefix("Value error, ") for fault in error.errors()]


def test_a_network_needs_a_site(network_file: Path) -> None:
    right = NETWORK_FILE.read_text(encoding="utf-8")
    network_file.write_text(right.partition("[[sites]]")[0], encoding="utf-8")

    with pytest.raises(ValidationError, match="sites"):
        load_network(path=network_file)


def test_a_key_too_many_is_called_that_and_no_value_is_told(network_file: Path) -> None:
    path = write_edited(network_file, 'name = "Réseau des', 'nom = "Réseau des')

    with pytest.raises(ValidationError) as error:
        load_network(path=path)

    assert {fault["loc"]: fault["msg"] for fault in error.value.errors()} == {
        ("name",): "Field required",
        ("nom",): "Extra inputs are not permitted",
    }
    assert "input" not in str(error.value).replace("Extra inputs", "")


def test_what_a_value_must_look_like_is_told_as_it_is(network_file: Path) -> None:
    path = write_edited(network_file, "evry-magnard", "evry magnard")

    with pytest.raises(ValidationError, match=r"'\^\[a-z0-9-\]\{1,40\}\$'"):
        load_network(path=path)


def test_what_the_stage_says_goes_before_what_the_file_has_wrong(network_file: Path) -> None:
    path = write_edited(network_file, 'public_url = "https://extranet.example.fr"', 'public_url = "extranet"')

    assert load_network({"public_url": "https://essai.example.fr"}, path).public_url == "https://essai.example.fr"


def test_a_slip_in_the_files_own_language_is_told_with_its_line(network_file: Path) -> None:
    path = write_edited(network_file, "shortest = 8", "shortest 8")

    with pytest.raises(tomllib.TOMLDecodeError, match="line"):
        load_network(path=path)


def test_what_is_not_said_of_passwords_is_the_guides(network_file: Path) -> None:
    before, _, rest = NETWORK_FILE.read_text(encoding="utf-8").partition("[passwords]")
    network_file.write_text(before + "[enrolment]" + rest.partition("[enrolment]")[2], encoding="utf-8")

    rule = load_network(path=network_file).passwords.rule

    assert (rule.shortest, rule.longest, rule.refuse_common, rule.refuse_own_names) == (8, 20, True, True)


def test_the_rule_is_the_networks(network_file: Path) -> None:
    path = write_edited(network_file, "refuse_common = true", "refuse_common = false")

    assert load_network(path=path).passwords.rule.refuse_common is False


def test_a_site_is_found_by_its_code_and_no_other_is() -> None:
    network = load_network()

    site = network.site("evry-magnard")

    assert site
    assert site.name == "Evry - Magnard"
    assert [network.site(code) for code in ("", "EVRY-MAGNARD", "Evry - Magnard", "nowhere")] == [None] * 4


@pytest.mark.parametrize(
    ("public_url", "is_https"), [("https://extranet.example.fr", True), ("http://127.0.0.1:8000", False)]
)
def test_the_public_address_decides_links_and_tls(public_url: str, *, is_https: bool) -> None:
    network = load_network({"public_url": public_url})

    assert network.url("/extranet/usager") == f"{public_url}/extranet/usager"
    assert network.is_https is is_https


def test_the_senders_address_stands_without_its_name() -> None:
    assert load_network().sender_address == "ne-pas-repondre@extranet.example.fr"


# The environment.


def test_the_environment_of_a_stage_is_read() -> None:
    settings = load_settings(ENVIRONMENT)

    assert settings.accounts_table == "clef-accounts"
    assert settings.cdn_secret_digests == (hashlib.sha256(b"one").hexdigest(),)
    assert settings.endpoint_url is None
    assert settings.network == load_network()


def test_a_stage_may_have_its_own_address_sender_origins_and_franceconnect() -> None:
    stage = {
        "CLEF_PUBLIC_URL": "https://essai.example.fr",
        "CLEF_FRANCECONNECT": "https://integration.example.fr/api/v2 clef-essai",
        "CLEF_SENDER": "Essai <essai@example.fr>",
        "CLEF_OTHER_ORIGINS": "https://ancien.example.fr  https://www.example.fr",
    }

    network = load_settings(ENVIRONMENT | stage).network

    assert network.franceconnect == FranceConnect("https://integration.example.fr/api/v2", "clef-essai")
    assert network.public_url == "https://essai.example.fr"
    assert network.sender_address == "essai@example.fr"
    assert network.origins == {"https://essai.example.fr", "https://ancien.example.fr", "https://www.example.fr"}


def test_two_secrets_of_the_cdn_count_while_one_is_rotated() -> None:
    settings = load_settings(ENVIRONMENT | {"CLEF_CDN_SECRET_DIGESTS": f"{'1' * 64} {'2' * 64}"})

    assert settings.cdn_secret_digests == ("1" * 64, "2" * 64)


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("missing", [True, False], ids=["missing", "empty"])
def test_what_the_environment_lacks_is_named(name: str, *, missing: bool) -> None:
    environment = {key: value for key, value in ENVIRONMENT.items() if key != name}
    variables = environment if missing else environment | {name: ""}

    with pytest.raises(SettingsRefused) as refusal:
        load_settings(variables)

    why = "is missing" if missing else "is empty"
    assert str(refusal.value) == f"{name} {why}"


@pytest.mark.parametrize(
    ("name", "value", "mistake"),
    [
        pytest.param("CLEF_RECORD_KEY", "too short", "has fewer than 32 characters", id="a key anybody guesses"),
        pytest.param("CLEF_RECORD_KEY", " " * 40, "is empty", id="a key of blanks"),
        pytest.param("CLEF_KEY_DEVICES", "1:short", "does not read as versions", id="keys of a use"),
        pytest.param("CLEF_CDN_SECRET_DIGESTS", "0" * 63, "does not match", id="no digest"),
        pytest.param("CLEF_CDN_SECRET_DIGESTS", f"{'0' * 64} one", "does not match", id="one of two"),
        pytest.param("CLEF_ENDPOINT_URL", "", "is empty", id="an endpoint that is none"),
        pytest.param("CLEF_PUBLIC_URL", "extranet.example.fr", "does not match", id="no address"),
        pytest.param("CLEF_PUBLIC_URL", "https://e.example.fr/x", "does not match", id="a path"),
        pytest.param("CLEF_SENDER", "", "is empty", id="no sender"),
        pytest.param("CLEF_SENDER", "Clef", "does not match", id="a sender without an address"),
        pytest.param("CLEF_SENDER", "Clef\nBcc: <x@example.org>", "has a line break", id="a header more"),
    ],
)
def test_a_mistake_in_the_environment_is_named(name: str, value: str, mistake: str) -> None:
    with pytest.raises(SettingsRefused) as refusal:
        load_settings(ENVIRONMENT | {name: value})

    assert str(refusal.value).startswith(f"{name} {mistake}")


def test_a_wing_s_table_is_read_if_it_is_there_and_named_where_it_is_not() -> None:
    assert load_settings(ENVIRONMENT | {"CLEF_BILLING_TABLE": "clef-billing"}).table("Billing") == "clef-billing"
    for variables in ({}, {"CLEF_BILLING_TABLE": ""}):
        with pytest.raises(SettingsRefused, match="CLEF_BILLING_TABLE is missing"):
            load_settings(ENVIRONMENT | variables).table("Billing")


def test_all_that_the_environment_lacks_is_told_at_once() -> None:
    with pytest.raises(SettingsRefused) as refusal:
        load_settings({})

    assert len(str(refusal.value).splitlines()) == len(REQUIRED)


@pytest.mark.parametrize(
    "variables",
    [
        pytest.param({"CLEF_RECORD_KEY": "key of one word"}, id="the key is too short"),
        pytest.param({"CLEF_RECORD_KEY": RECORD_KEY}, id="all the rest is missing"),
    ],
)
def test_the_key_of_the_record_is_not_told_with_a_mistake(variables: dict[str, str]) -> None:
    with pytest.raises(SettingsRefused) as refusal:
        load_settings(variables)

    assert variables["CLEF_RECORD_KEY"][:8] not in str(refusal.value)


def test_the_key_of_the_record_is_not_shown_where_settings_are_printed() -> None:
    assert RECORD_KEY not in repr(load_settings(ENVIRONMENT))


def test_the_keys_of_a_use_are_read_and_not_shown() -> None:
    settings = load_settings(ENVIRONMENT | {"CLEF_KEY_DEVICES": f"1:{'A' * 43}"})

    assert settings.key_ring("devices").newest.secret == bytes(32)
    assert "KeyRing" not in repr(settings)
    with pytest.raises(KeyMissing, match="CLEF_KEY_STAFF_TOTP"):
        settings.key_ring("staff-totp")


def test_settings_do_not_change_while_the_service_runs() -> None:
    settings = load_settings(ENVIRONMENT)

    with pytest.raises(FrozenInstanceError):
        settings.accounts_table = "another"  # type: ignore[misc]


def test_settings_know_nothing_but_what_they_say() -> None:
    with pytest.raises(TypeError, match="accounts_tabel"):
        replace(load_settings(ENVIRONMENT), accounts_tabel="clef-accounts")  # type: ignore[call-arg]


@pytest.mark.parametrize("end", ["\\n", "\\r", "\\u0000"])
def test_a_setting_holds_no_line_break_that_could_make_a_header(network_file: Path, end: str) -> None:
    path = write_edited(network_file, 'name = "Evry - Magnard"', f'name = "Evry{end}Bcc: x@example.org"')

    with pytest.raises(ValidationError, match="control character"):
        load_network(path=path)
