"""« Ce n'est pas moi » in a browser: the link of the mail, its button, and the page after it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.accessibility import offences
from tests.support.browser import NEW, change, log_in, press
from tests.support.service import Running

pytestmark = pytest.mark.browser


def test_on_an_old_telephone_the_mail_leads_to_the_button_and_to_what_is_done(small: Page, running: Running) -> None:
    family = next(each for each in running.json("familles") if each["emails"] == ["olivier@example.fr"])
    log_in(small, family, family["mot_de_passe"])
    small.goto("/extranet/compte/mot-de-passe")
    change(small, family["mot_de_passe"], NEW, NEW)
    mail = running.mail_to(family["emails"][0], "Votre mot de passe a été modifié")
    match = re.search(r"^http\S+/ce-n-est-pas-moi/\S+$", mail["text"], re.MULTILINE)
    assert match

    small.goto(match.group())
    found_wrong = offences(small)
    small.set_viewport_size({"width": 360, "height": 640})
    box = small.get_by_role("button", name="Ce n’est pas moi : protéger le compte").bounding_box()
    assert box
    assert box["y"] + box["height"] <= 640, "on the first screen"
    small.set_viewport_size({"width": 320, "height": 568})
    press(small, "Ce n’est pas moi : protéger le compte")
    expect(small.get_by_role("heading", level=1)).to_have_text("C’est fait")
    found_wrong += offences(small)
    small.go_back()
    expect(small.get_by_role("heading", level=1)).to_have_text("C’est fait")
    small.goto("/extranet/compte")
    expect(small).to_have_url(re.compile("/extranet/usager$"))
    small.goto(f"{match.group()[:-4]}AAAA")

    assert found_wrong + offences(small) == []
