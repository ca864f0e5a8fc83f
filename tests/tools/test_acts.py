"""An act's own files are neither the platform's nor a plain page's. `make figures ARGS=--acts` walks the acts."""

from tools.acts import PLATFORM, own_files
from tools.figures import ROOT


def test_own_files_are_neither_the_platform_s_nor_a_plain_page_s() -> None:
    files = {
        *("app.py", "chalicelib/infra/dynamo/store.py", "chalicelib/wings/billing/presentation/office.py"),
        *("chalicelib/web/office/edge.py", "chalicelib/domain/account/sessions.py", "chalicelib/domain/fields.py"),
        *(
            "chalicelib/flows/family/login.py",
            "chalicelib/wings/admission/settings.py",
            "chalicelib/web/office/lists_of.py",
        ),
    }

    result = own_files(files, {"chalicelib/domain/account/sessions.py"})

    assert result == {
        "chalicelib/flows/family/login.py",
        "chalicelib/wings/admission/settings.py",
        "chalicelib/web/office/lists_of.py",
    }


def test_all_of_the_platform_exists() -> None:
    assert [place for place in PLATFORM if not ((ROOT / place).is_dir() or (ROOT / f"{place}.py").exists())] == []
