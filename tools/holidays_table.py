"""Write resources/public_holidays.tsv: the public holidays of each state and territory, by the package `holidays`.

`nox -s holidays` runs it in an environment of its own: the program itself carries the table, a few kilobytes, and not
the package, which loads two hundred countries to answer for one.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

TABLE = Path(__file__).parents[1] / "resources" / "public_holidays.tsv"
YEARS = range(2026, 2042)
_STATES = ("ACT", "NSW", "NT", "QLD", "SA", "TAS", "VIC", "WA")
# The anniversary days of New Zealand, each by the region that the package has it under.
_PROVINCES = {
    "NZ Auckland": "AUK",
    "NZ Canterbury": "CAN",
    "NZ Chatham Islands": "CIT",
    "NZ Hawke's Bay": "HKB",
    "NZ Marlborough": "MBH",
    "NZ Nelson": "NSN",
    "NZ Otago": "OTA",
    "NZ South Canterbury": "South Canterbury",
    "NZ Southland": "STL",
    "NZ Taranaki": "TKI",
    "NZ Wellington": "WGN",
    "NZ West Coast": "WTC",
}
_HEAD = """# Public holidays: day, name, and where. Made by `nox -s holidays` from the package holidays {version} (MIT).
# Each province of New Zealand has those of NZ too. What moves from year to year is as that package knows or reckons it.
"""
# As Australia and New Zealand write it, and as people say it.
_WORDS = {"Labor Day": "Labour Day", "(observed)": "(in lieu)", "(estimated)": ""}

Found = tuple[date, str, str]
"""A day, its name, and the state, territory or province that has it."""


def in_lines(found: Iterable[Found]) -> str:
    """Return the table's lines: one for each day and name, with everywhere that has it."""
    where: dict[tuple[date, str], set[str]] = defaultdict(set)
    for day, name, region in found:
        where[day, plain(name)].add(region)
    rows = sorted((day, name, ", ".join(sorted(regions))) for (day, name), regions in where.items())
    return "".join(f"{day.isoformat()}\t{name}\t{regions}\n" for day, name, regions in rows)


def plain(name: str) -> str:
    """Return a holiday's name in the words of the two countries."""
    for theirs, ours in _WORDS.items():
        name = name.replace(theirs, ours)
    return name.strip()


def every_holiday() -> Iterator[Found]:
    """Ask the package for all years and places."""
    from holidays import country_holidays  # noqa: PLC0415 - only this one's own environment has it

    for state in _STATES:
        for day, name in country_holidays("AU", subdiv=state, years=YEARS).items():
            yield day, name, state
    everywhere = country_holidays("NZ", years=YEARS)
    for day, name in everywhere.items():
        yield day, name, "NZ"
    for region, code in _PROVINCES.items():
        for day, name in country_holidays("NZ", subdiv=code, years=YEARS).items():
            if everywhere.get(day) != name:
                yield day, name, region


def main() -> None:
    """Write the table."""
    from holidays import __version__  # noqa: PLC0415 - only this one's own environment has it

    found = [each for each in every_holiday() if each[0].year in YEARS]
    TABLE.write_text(_HEAD.format(version=__version__) + in_lines(found), encoding="utf-8", newline="\n")
    sys.stdout.write(f"{TABLE.name}: {len(found)} holidays, {YEARS[0]} to {YEARS[-1]}\n")


if __name__ == "__main__":
    main()
