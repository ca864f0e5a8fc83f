"""`[look]`: the colours of every role, their contrast, and the files of a network."""

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.presentation.rendering import SHEETS, asset_bytes
from chalicelib.settings.colours import colour_of, contrast, oklch
from chalicelib.settings.environment import NETWORK_FILE, load_network
from chalicelib.settings.look import Look
from chalicelib.settings.look_files import PAIRS, LookRefused, clean, read_look

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">{}</svg>'
EXAMPLES = Path(__file__).parents[2] / "docs/exemple/looks"
LOOKS = {
    "usual": Look(),
    "blue on cold paper": Look(ink="#1b2030", ground="#f5f7fb", accent="#1d3f8f"),
    "burgundy on white": Look(ink="#000000", ground="#ffffff", accent="#8a1538"),
    "grey": Look(ink="#111111", ground="#fafafa", accent="#333333"),
}


def test_a_network_without_a_look_has_the_usual_one() -> None:
    network = load_network()

    assert (network.look, network.banner) == (Look(), network.name)
    assert (network.look.light["accent"], network.look.dark["accent"]) == ("#1c5144", "#8fd3bb")
    assert (network.look.light["deep"], network.look.dark["deep"]) == ("#173f36", "#173f36")


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_the_three_colours_are_kept_and_all_roles_can_be_read(look: Look, tmp_path: Path) -> None:
    assert read_look(look, tmp_path) == look
    assert [look.light[role] for role in ("ink", "ground", "accent")] == [look.ink, look.ground, look.accent]
    assert look.light.keys() == look.dark.keys()


# What stands on a ground that a state, or a rule of few words, gives alone.
ON_A_GROUND = {
    "hover": {"on"},
    "tint": {"accent", "ink", "soft"},
    "warm": {"accent", "alert", "ink", "soft"},
    "frame": {"accent", "ink"},
    "sheet": {"accent", "ink", "soft"},
    "ground": {"accent", "ink", "soft"},
}


@pytest.mark.parametrize("sheet", SHEETS)
def test_what_a_sheet_writes_on_a_ground_in_any_state_is_compared(sheet: str) -> None:
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", asset_bytes(sheet).decode().partition("}@media")[2])
    compared = {(text, under) for text, under, _ in PAIRS}
    pairs, rings = set[tuple[str, str]](), set[str]()
    for selector, styles in rules:
        texts = set(re.findall(r"(?<![-\w])color:var\(--(\w+)", styles))
        for under in re.findall(r"background:var\(--(\w+)", styles):
            pairs |= {(text, under) for text in texts or ON_A_GROUND.get(under, set())}
        if ":focus" in selector or "--focus:" in styles:
            rings |= set(re.findall(r"(?:outline[^;]*?|--focus:)var\(--(\w+)", styles))
        assert not re.search(r"opacity|placeholder|disabled", selector + re.sub("opacity:.5$", "", styles)), selector

    assert ("on", "hover") in pairs
    assert pairs - compared == set()
    assert rings - {text for text, under, _ in PAIRS if under in {"sheet", "deep"}} == set()


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("colour", ["#000000", "#ffffff", "#1c5144", "#ff0000", "#00ff00", "#0000ff", "#e0bd7c"])
def test_a_colour_comes_back_from_oklch(colour: str) -> None:
    assert colour_of(oklch(colour)) == colour


@pytest.mark.parametrize(
    ("look", "setting", "nearest"),
    [
        pytest.param(Look(accent="#7fb2ff"), "accent", "#3766ad", id="links too light"),
        pytest.param(Look(ink="#999999"), "ink", "#676767", id="text too light"),
        pytest.param(Look(ground="#808080"), "ground", "#dcdcdc", id="a ground too dark"),
        pytest.param(Look(ink="#777777", ground="#101010"), "ground", "", id="two at fault"),
    ],
)
def test_a_colour_that_cannot_be_read_is_refused_with_the_nearest(
    look: Look, setting: str, nearest: str, tmp_path: Path
) -> None:
    with pytest.raises(LookRefused, match=f"nearest that holds is {nearest}" if nearest else "a lighter ground") as why:
        read_look(look, tmp_path)

    assert why.value.setting == setting
    if nearest:
        assert read_look(replace(look, **{setting: nearest}), tmp_path)  # type: ignore[arg-type]  # any setting


def test_a_logo_keeps_its_shapes_and_loses_what_an_editor_noted() -> None:
    inner = (
        '<!-- by hand --><metadata><a/></metadata><i:view xmlns:i="urn:editor" i:zoom="2"/><title>Une\n clef</title>'
        '<defs><linearGradient id="g"><stop offset="1" style="stop-color:#fff; font-size:3px"/></linearGradient></defs>'
        '<g class="x"><path d="M0 0" fill="url(#g)" data-name="a"/></g>'
    )

    assert clean(SVG.format(inner).encode()) == SVG.format(
        '<title>Une clef</title><defs><linearGradient id="g"><stop offset="1" stop-color="#fff" /></linearGradient>'
        '</defs><g><path d="M0 0" fill="url(#g)" /></g>'
    )


@pytest.mark.parametrize(
    ("svg", "why"),
    [
        (SVG.format("<script>alert(1)</script>"), "« script »"),
        (SVG.format("<foreignObject/>"), "« foreignObject »"),
        (SVG.format('<image href="https://example.org/a.png"/>'), "« image », which is not allowed: make paths"),
        (SVG.format("<style>@import url(//example.org)</style>"), "« style », which is not allowed: make paths"),
        (SVG.format("<animate/>"), "« animate »"),
        (SVG.format("<a/>"), "« a »"),
        (SVG.format('<path onclick="a()"/>'), "« onclick », which would run a script"),
        (SVG.format('<path xmlns:x="http://www.w3.org/1999/xlink" x:href="#a"/>'), "href"),
        (SVG.format('<path fill="URL(//example.org#a)"/>'), "« fill » has a value that is not allowed"),
        (SVG.format('<path style="fill: url( //example.org )"/>'), "« fill » has a value that is not allowed"),
        (f"<!DOCTYPE svg [<!ENTITY a 'b'>]>{SVG}", "document type or entities"),
        (SVG.format("<path"), "no SVG that can be read"),
        ('<svg xmlns="http://www.w3.org/2000/svg" width="9"/>', "viewBox"),
        ("<svg viewBox='0 0 1 1'/>", "viewBox"),
        (SVG.format(f'<path d="{"M0 0" * 8_000}"/>'), "30,000 are allowed"),
    ],
)
def test_a_logo_that_could_run_or_load_anything_is_refused(svg: str, why: str) -> None:
    with pytest.raises(LookRefused, match=why):
        clean(svg.encode())


@pytest.mark.parametrize(
    ("lines", "mistake"),
    [
        ('logo = "logo.png"', "there is no file logo.png"),
        ('accent = "green"', "String should match pattern"),
        ('accent = "#7fb2ff"', "nearest that holds is #3766ad"),
        ('[look.pictures]\n"evry-magnard" = "a.gif"', "a picture is a file .jpg, .png, .webp"),
        ('[look.pictures]\n"evry-magnard" = "a.webp"', "there is no file a.webp"),
        ('[look.pictures]\n"evry-magnard" = "large.webp"', "over 200,000 bytes"),
        ('[look.pictures]\n"nowhere" = "small.webp"', "unknown sites: nowhere"),
    ],
)
def test_a_mistake_of_the_look_is_named(tmp_path: Path, lines: str, mistake: str) -> None:
    (tmp_path / "large.webp").write_bytes(bytes(200_001))

    with pytest.raises(ValueError, match=mistake):
        load_network(path=write_look(tmp_path, lines))


def test_the_logo_is_read_with_the_network(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text(SVG.format('<path d="M0 0"/>'), "utf-8")
    (tmp_path / "a.webp").write_bytes(b"RIFF")
    path = write_look(tmp_path, 'logo = "logo.svg"\nname = "Musique"\n[look.pictures]\n"evry-magnard" = "a.webp"')

    network = load_network(path=path)

    assert (network.look.logo, network.banner) == (SVG.format('<path d="M0 0" />'), "Musique")
    assert network.look.pictures == {"evry-magnard": "a.webp"}


@pytest.mark.parametrize("folder", sorted(EXAMPLES.glob("*/")), ids=lambda folder: folder.name)
def test_an_example_is_a_complete_look(folder: Path) -> None:
    tables = tomllib.loads((folder / "look.toml").read_text("utf-8"))

    look = read_look(Look(**tables["look"]), folder)

    assert {"logo", "name", "ink", "ground", "accent"} == tables["look"].keys()
    assert (look.logo or "").startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">')


def write_look(folder: Path, lines: str) -> Path:
    """Write the network's file with a look."""
    path = folder / "network.toml"
    path.write_text(
        NETWORK_FILE.read_text("utf-8").replace("[publisher]", f"[look]\n{lines}\n\n[publisher]", 1), "utf-8"
    )
    return path
