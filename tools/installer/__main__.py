"""Say what is to be made: `python -m tools.installer`, or of it `bundle`, `setup` and `journey` alone."""

import argparse
import sys
from datetime import UTC, datetime

from tools.installer.bundle import NAME, Bundle, make_bundle, total_bytes, weights
from tools.installer.carried import require_allowed
from tools.installer.installed import go_through
from tools.installer.setup import Signing, chosen_signing, make_setup, setup_path
from tools.installer.trial_certificate import make_trial_certificate
from tools.windows.environment import make_environment
from tools.windows.place import ROOT, Place, usual_place
from tools.windows.report import keep, table
from tools.windows.wine import visit

_STEPS = ("bundle", "setup", "journey")
_LIMIT_BYTES = 120_000_000
_SHOWN_BYTES = 500_000


class TooHeavyError(Exception):
    """The bundle outgrew what was promised."""


def main(arguments: list[str] | None = None) -> int:
    """Do one thing after the other; the first that fails ends it."""
    steps = chosen_steps(arguments)
    place = usual_place()
    say(f"everything lies in {place.folder}")
    make_environment(place)
    for step in steps:
        {"bundle": bundle, "setup": setup, "journey": journey}[step](place)
    return 0


def chosen_steps(arguments: list[str] | None) -> tuple[str, ...]:
    """Return what is to be made; SystemExit says what is no step."""
    return tuple(_parser().parse_args(arguments).steps or _STEPS)


def bundle(place: Place) -> None:
    """Lay the folder, weigh it, and hold what it carries against the list of licences."""
    with visit(place, ROOT, "build") as stay:
        made = make_bundle(place, stay)
    total = total_bytes(made)
    looked_at = require_allowed(made)
    say(f"the bundle: {total / 1e6:.1f} MB; the licences of {looked_at} packages and libraries are allowed")
    if total > _LIMIT_BYTES:
        raise TooHeavyError(f"the bundle has {total:,} bytes, and {_LIMIT_BYTES:,} were promised: {weights(made)}")
    heavy = [(name, size) for name, size in weights(made) if size >= _SHOWN_BYTES]
    rows = [(name, f"{size / 1e6:.1f}") for name, size in heavy]
    rest = total - sum(size for _, size in heavy)
    keep(
        "weights",
        table(("part", "MB"), [*rows, ("all others", f"{rest / 1e6:.1f}"), ("**all**", f"{total / 1e6:.1f}")]),
    )


def setup(place: Place) -> None:
    """Make the setup program; without a certificate of whoever releases it, it is signed by one made for the test."""
    signing = chosen_signing(place)
    made = make_setup(place, _made(place), signing or _test_signing(place))
    signed = "signed" if signing else "signed by a certificate that was made for the test alone"
    say(f"the setup program: {made}, {made.stat().st_size / 1e6:.1f} MB, {signed}")


def journey(place: Place) -> None:
    """Install it on a computer that nobody used before, use it, upgrade it, remove it."""
    picture = place.work / "installed.png"
    made = setup_path(place)
    with visit(place, ROOT, "installed", anew=True) as stay:
        told = go_through(stay, place.inside(made), picture, say)
    when = f"{datetime.now(UTC):%d %B %Y}, Wine 10; the setup program has {made.stat().st_size / 1e6:.1f} MB:"
    keep("installed", [when, "", *(f"- {each}" for each in told)])


def say(sentence: str) -> None:
    """Say how far it is."""
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def _made(place: Place) -> Bundle:
    return Bundle(place.work / "bundle" / NAME)


def _test_signing(place: Place) -> Signing:
    return make_trial_certificate(place)


def _step(word: str) -> str:
    if word not in _STEPS:
        raise argparse.ArgumentTypeError(f"{word} is none of {', '.join(_STEPS)}")
    return word


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.installer", description=__doc__)
    # Python 3.11 holds no word at all against `choices` too, so each word is judged by itself.
    parser.add_argument("steps", nargs="*", type=_step, help="all of them, if none is named")
    return parser


if __name__ == "__main__":
    sys.exit(main())
