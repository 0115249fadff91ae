"""Save pictures of the invented firm's window: `python -m tests.ui.take_pictures FOLDER [dark] [1366x768]`."""

import sys
from dataclasses import replace
from pathlib import Path

from cmxero_desktop.domain.debtor_lists import compare_debtors
from cmxero_desktop.ui.application.application import application, open_window
from cmxero_desktop.ui.desk.content import load_content
from cmxero_desktop.ui.theme.colours import use_look
from cmxero_desktop.ui.window.pictures import LAPTOP, save_pictures
from tests.ui.fake_desk import FakeDesk
from tests.ui.sor_boards import sor_board
from tests.ui.transitions import transition
from tests.ui.views import NOW, POLICY, firm, firm_view, results_of


def main(folder: Path, size: tuple[int, int], *, is_dark: bool) -> None:
    app = application()
    use_look(app, is_dark=is_dark)
    desk = FakeDesk(replace(firm_view(), sor=sor_board()))
    desk.debtors = compare_debtors([(r.snapshot, r.correlation) for r in results_of(firm())], (), POLICY)
    desk.transition = transition()
    opened = open_window(
        desk,
        on_worker=lambda job: job(),
        approver="J. Wu",
        is_demo=True,
        demo_actions=[("Payment deleted in Xero", lambda: None)],
        now=lambda: NOW,
        content=load_content(desk),
    )
    for path in save_pictures(opened.window, folder, size):
        sys.stdout.write(f"{path}\n")
    opened.close()


if __name__ == "__main__":
    sizes = [tuple(map(int, word.split("x"))) for word in sys.argv[2:] if word != "dark"]
    width, height = sizes[0] if sizes else LAPTOP
    main(Path(sys.argv[1]), (width, height), is_dark="dark" in sys.argv)
