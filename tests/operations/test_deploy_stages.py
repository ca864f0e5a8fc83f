"""`stages.toml`: one sentence for each mistake, all at once."""

from pathlib import Path

import pytest

from chalicelib.settings.source import NETWORK_FILE
from operations.deploy.stages import StageRefused, check_stages, load_stage, names_of
from operations.version import STAGES_FILE

WHOLE = {
    "region": '"eu-west-3"',
    "domain": '"extranet.example.fr"',
    "sender_identity": '"extranet.example.fr"',
    "alarm_email": '"astreinte@extranet.example.fr"',
    "monthly_budget": "10",
    "reserved_concurrency": "50",
    "architecture": '"arm64"',
    "keep_accounts": "true",
}


def written(tmp_path: Path, name: str = "prod", **changes: str | None) -> Path:
    lines = [f"{key} = {value}" for key, value in (WHOLE | changes).items() if value is not None]
    file = tmp_path / "stages.toml"
    file.write_text("\n".join([f"[{name}]", *lines]), encoding="utf-8")
    return file


def without(tmp_path: Path, field: str) -> Path:
    file = written(tmp_path)
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith(field)]
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def refusals(path: Path, name: str = "prod") -> list[str]:
    with pytest.raises(StageRefused) as refusal:
        load_stage(name, path)
    return refusal.value.sentences


def test_a_whole_stage_is_read(tmp_path: Path) -> None:
    stage = load_stage("prod", written(tmp_path))

    assert (stage.stack, stage.settings.domain, stage.settings.reserved_concurrency) == (
        "clef-prod",
        "extranet.example.fr",
        50,
    )


@pytest.mark.parametrize(("region", "watched_from"), [("eu-west-3", "eu-central-1"), ("eu-central-1", "eu-west-1")])
def test_a_stage_is_watched_from_another_region(tmp_path: Path, region: str, watched_from: str) -> None:
    stage = load_stage("prod", written(tmp_path, region=f'"{region}"'))
    (sentence,) = refusals(written(tmp_path, region=f'"{region}"', canary_region=f'"{region}"'))

    assert stage.settings.watched_from == watched_from
    assert "canary_region must be another region" in sentence


def test_the_repository_says_what_prod_still_lacks() -> None:
    sentences = refusals(STAGES_FILE)

    assert [sentence.split()[2] for sentence in sentences] == ["sender_identity", "alarm_email"]
    assert all("is missing; give " in sentence for sentence in sentences)


def test_the_emulators_stage_is_complete() -> None:
    assert load_stage("local").settings.keep_accounts is False


@pytest.mark.parametrize("field", sorted(WHOLE.keys() - {"architecture", "keep_accounts"}))
def test_a_line_that_is_missing_is_named(tmp_path: Path, field: str) -> None:
    assert refusals(without(tmp_path, field))[0].startswith(f"stages.toml, [prod]: {field} is missing; give ")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("region", '"Paris"'),
        ("architecture", '"arm"'),
        ("domain", '"https://extranet.example.fr"'),
        ("domain", '"Extranet.example.fr"'),
        ("sender_identity", '"nobody"'),
        ("alarm_email", '"astreinte"'),
        ("monthly_budget", '"10"'),
        ("monthly_budget", "-1"),
        ("reserved_concurrency", "-1"),
        ("keep_accounts", '"yes"'),
        ("vault", '"open"'),
    ],
)
def test_a_value_that_does_not_fit_is_named(tmp_path: Path, field: str, value: str) -> None:
    [sentence] = refusals(written(tmp_path, **{field: value}))

    assert sentence.startswith(f"stages.toml, [prod]: {field} does not fit; give ")


def test_a_stage_that_does_not_say_runs_where_argon2_is_fastest(tmp_path: Path) -> None:
    assert load_stage("prod", without(tmp_path, "architecture")).settings.architecture == "x86_64"


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    assert len(refusals(written(tmp_path, region=None, alarm_email='""', domain='"x"'))) == 3


def test_a_word_too_many_is_named(tmp_path: Path) -> None:
    [sentence] = refusals(written(tmp_path, budget="3"))

    assert sentence == "stages.toml, [prod]: nothing is called budget; take the line out."


def test_prod_always_keeps_its_accounts(tmp_path: Path) -> None:
    assert refusals(written(tmp_path, keep_accounts="false")) == [
        "stages.toml, [prod]: keep_accounts must be true for prod."
    ]
    assert refusals(written(tmp_path, vault='"none"')) == ["stages.toml, [prod]: vault must not be none for prod."]
    assert load_stage("trial", written(tmp_path, "trial", keep_accounts="false")).settings.keep_accounts is False


def test_a_stage_names_the_file_of_its_network(tmp_path: Path) -> None:
    file = "tests/data/network.toml"
    [sentence] = refusals(written(tmp_path, network='"networks/nowhere.toml"'))

    stage = load_stage("prod", written(tmp_path, network=f'"{file}"'))
    assert (stage.settings.network_file, stage.settings.network_name) == (STAGES_FILE.parent / file, file)
    assert load_stage("prod", written(tmp_path)).settings.network_file == NETWORK_FILE
    assert sentence.startswith("stages.toml, [prod]: network does not fit; give a file of this checkout")


def test_one_name_stands_for_the_stages_of_all_networks_in_the_file_s_order(tmp_path: Path) -> None:
    file = tmp_path / "stages.toml"
    file.write_text("".join(f"[{name}]\n" for name in ("val-prod", "staging", "prod", "nonprod")), "utf-8")

    assert names_of("all-prod", file) == ["val-prod", "prod"]
    assert names_of("prod", file) == ["prod"]
    with pytest.raises(StageRefused, match=r"no table \[trial\], nor one that ends in -trial"):
        names_of("all-trial", file)
    assert refusals(written(tmp_path, "val-prod", keep_accounts="false"), "val-prod") == [
        "stages.toml, [val-prod]: keep_accounts must be true for val-prod."
    ]


def test_all_stages_and_their_networks_are_read_before_the_first_begins(tmp_path: Path) -> None:
    # The first stage is whole, the second has a network that is no network, the third has no region.
    whole = written(tmp_path, "a-prod").read_text("utf-8")
    network = written(tmp_path, "b-prod", network='"tests/data/linters.toml"').read_text("utf-8")
    file = without(tmp_path, "region")
    file.write_text("\n".join([whole, network, file.read_text("utf-8")]), "utf-8")

    with pytest.raises(StageRefused) as refusal:
        check_stages(["a-prod", "b-prod", "prod"], file)

    of_network, of_stage = refusal.value.sentences
    assert of_network.startswith("tests/data/linters.toml of [b-prod] is not complete: ")
    assert of_stage.startswith("stages.toml, [prod]: region is missing")
    check_stages(["a-prod"], file)


def test_a_stage_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    assert refusals(written(tmp_path), "trial") == ["stages.toml has no table [trial]: add it (there: prod)."]


@pytest.mark.parametrize("name", ["Prod", "a_b", "1st", "x" * 21])
def test_a_name_that_cannot_name_a_stack_is_refused(tmp_path: Path, name: str) -> None:
    [sentence] = refusals(written(tmp_path, name), name)

    assert sentence.startswith(f"« {name} » cannot name a stage")


def test_a_file_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "stages.toml"
    path.write_text("[prod", encoding="utf-8")

    assert refusals(path)[0].startswith("stages.toml is not TOML: ")
    assert refusals(tmp_path / "none.toml")[0].startswith("none.toml cannot be read")


@pytest.mark.parametrize("mail_from", ["extranet.example.fr", "rebond.example.org", "Rebond.extranet.example.fr"])
def test_a_mail_from_domain_is_below_the_sender_s(tmp_path: Path, mail_from: str) -> None:
    (sentence,) = refusals(written(tmp_path, mail_from=f'"{mail_from}"'))

    assert "mail_from does not fit; give a name below the domain of sender_identity" in sentence
    assert load_stage("prod", written(tmp_path, mail_from='"rebond.extranet.example.fr"'))
