"""Invent firms of any size as receipts, drive the rules over them, and print by kind of mistake what was doubled."""

import argparse
import time
from collections.abc import Sequence

from cmxero_desktop.domain.proposals import Flag
from tests.truth.campaign import FIGURES, Tally, run
from tests.truth.firms import STYLES, Style

_INVOICES_OF_A_FIRM = 5_000


def main() -> None:
    """Run as many firms of each style as the number of invoices asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--invoices", type=int, default=100_000)
    parser.add_argument("--style", choices=[style.name for style in STYLES])
    parser.add_argument("--seed", type=int, default=1, help="the seed of the first firm; the next ones count up")
    parser.add_argument("--without", action="append", default=[], help="a flag that is taken out, as if it had no rule")
    parser.add_argument("--no-cleanup", action="store_true", help="leave out the clean-up of old leftovers")
    parser.add_argument("--each-without", action="store_true", help="take out one flag after the other, and compare")
    parser.add_argument("--show", type=int, default=0, help="print so many faults of each sort, with both ledgers")
    asked = parser.parse_args()
    styles = [style for style in STYLES if asked.style in {None, style.name}]
    each = asked.invoices // len(styles)
    if asked.each_without:
        compare_each_without(styles, each, asked.seed)
        return
    for style in styles:
        tally, seed, started = Tally(), asked.seed, time.perf_counter()
        while tally.invoices < each:
            run(
                style,
                seed,
                min(_INVOICES_OF_A_FIRM, each),
                without=asked.without,
                tally=tally,
                with_cleanup=not asked.no_cleanup,
            )
            seed += 1
        took = time.perf_counter() - started
        print(f"\n{style.name}: {tally.invoices} invoices, seeds {asked.seed} to {seed - 1}, {took:.0f} s")
        print(tally.table())
        for name, faults in tally.faults.items():
            for _, at_seed, fault in faults[: asked.show]:
                print(f"\n{name}, {fault.story}, seed {at_seed}: {fault.words}")


def compare_each_without(styles: Sequence[Style], invoices: int, seed: int) -> None:
    """Print for each flag how much more goes wrong in bulk where nobody raises it."""
    print(f"{'without':26}" + "".join(f"{figure:>11}" for figure in FIGURES) + f"{'clean in bulk':>15}")
    for flag in ("", *sorted(Flag)):
        tally = Tally()
        for style in styles:
            run(style, seed, invoices, without=[flag], tally=tally)
        figures = "".join(f"{getattr(tally, figure).total():>11}" for figure in FIGURES)
        print(f"{flag or '(nothing)':26}{figures}{tally.bulk_share:>15.1%}", flush=True)


if __name__ == "__main__":
    main()
