"""Save pictures of the demo's pages without a display."""

from pathlib import Path

from cmxero_desktop.services.verbs.desk import Desk

_PICTURE_SIZE = (1440, 900)


def save_pages(desk: Desk, folder: Path) -> list[Path]:
    """Save a picture of every page of the window; needs no display."""
    from cmxero_desktop.ui.application.application import application, open_window
    from cmxero_desktop.ui.desk.content import load_content
    from cmxero_desktop.ui.window.pictures import save_pictures

    app = application()
    opened = open_window(desk, on_worker=lambda job: job(), approver="demo", is_demo=True, content=load_content(desk))
    try:
        opened.window.resize(*_PICTURE_SIZE)
        return save_pictures(opened.window, folder)
    finally:
        opened.close()
        app.processEvents()
