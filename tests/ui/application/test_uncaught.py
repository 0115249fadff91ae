"""What fails in the window where nobody catches it is shown in a band, not only logged."""

from cmxero_desktop.ui.application.application import WindowHandle
from tests.ui.conftest import Stage


def test_what_nobody_caught_is_shown_in_a_band_without_its_words(stage: Stage) -> None:
    handle = WindowHandle(stage.window)
    handle.tell_uncaught(ZeroDivisionError("of the amount 450.00"))
    stage.settle()
    (band,) = [band.text for band in stage.window.bands.bands if "Something went wrong" in band.text]
    assert "(ZeroDivisionError); the log says more" in band
    assert "450.00" not in band
