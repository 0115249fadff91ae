"""On each screen that people have, at each scale that they set, the whole window is on it when it opens."""

import pytest

from tests.ui.screens import Size, run_on_screen

# What a system puts around a window.
FRAME = (16, 48)
# What its panel takes of a screen, in pixels.
PANEL = 40


@pytest.mark.parametrize(
    ("size", "percent"),
    [
        ((1366, 768), 100),
        ((1366, 768), 125),
        ((1366, 768), 150),
        ((1440, 900), 150),
        ((1600, 900), 175),
        ((1920, 1080), 200),
        ((1440, 900), 175),
        ((1440, 900), 200),
        ((1366, 768), 200),
    ],
)
def test_the_window_opens_whole(size: Size, percent: int) -> None:
    done = run_on_screen(size, percent, ["-m", "tests.ui.measure_window"])
    assert done.returncode == 0
    width, height, room_width, room_height = map(int, done.stdout.split())
    assert (room_width, room_height) == pytest.approx((size[0] * 100 / percent, size[1] * 100 / percent), abs=1)
    assert width + FRAME[0] <= room_width
    assert height + FRAME[1] <= room_height


def test_on_the_smallest_screen_every_page_and_sheet_lies_whole_with_its_buttons_and_no_word_is_cut() -> None:
    done = run_on_screen((1366, 768 - PANEL), 200, ["-m", "tests.ui.find_cut_texts", "brief"])
    assert (done.returncode, done.stdout) == (0, "")
