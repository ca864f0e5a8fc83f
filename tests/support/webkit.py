"""A WebKitGTK window for WebKitWebDriver, run by Debian's Python. « --no-javascript »: pages run no script."""

import sys

import gi  # type: ignore[import-not-found]  # Debian's python3-gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # type: ignore[import-not-found]  # noqa: E402 - after the versions


def run() -> None:
    context = WebKit2.WebContext.new_ephemeral()
    context.set_automation_allowed(True)
    settings = WebKit2.Settings(enable_javascript_markup="--no-javascript" not in sys.argv)
    view = WebKit2.WebView(web_context=context, settings=settings, is_controlled_by_automation=True)

    def start(_: object, session: WebKit2.AutomationSession) -> None:
        information = WebKit2.ApplicationInfo()
        information.set_name("clef")
        information.set_version(1, 0, 0)
        session.set_application_info(information)
        session.connect("create-web-view", lambda *_: view)

    context.connect("automation-started", start)
    window = Gtk.Window()
    window.set_default_size(1280, 800)
    window.add(view)
    window.show_all()
    Gtk.main()


run()
