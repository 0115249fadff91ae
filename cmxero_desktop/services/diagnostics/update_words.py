"""Say what is known of newer versions, in the words that Health, the doctor and the command line share."""

from datetime import datetime, tzinfo

from cmxero_desktop.domain.releases import Release, is_newer
from cmxero_desktop.domain.strangers import one_line
from cmxero_desktop.domain.ways import way
from cmxero_desktop.domain.wording import day
from cmxero_desktop.services.diagnostics.conditions import Condition
from cmxero_desktop.services.records.releases import UpdatesSeen

_MEGABYTE = 1_000_000
_NEWS_NAMED = 3


def condition_of_updates(seen: UpdatesSeen, zone: tzinfo) -> Condition:
    """Say whether there is a newer version; the last question's failure is what a person may look at."""
    if not seen.is_on:
        if not seen.place:
            return Condition("Nobody is asked whether there is a newer version. To set it up: Settings, Updates.")
        said = f"Nobody is asked whether there is a newer version: {seen.place} is set, and no public key."
        return Condition(said, "Ask whoever publishes the versions for their key: Settings, Updates, Signed by.")
    when = f"Asked {_moment(seen.asked_at, zone)}" if seen.asked_at else "Not asked yet"
    told = _told(seen, seen.release, _NEWS_NAMED) if seen.release is not None else ()
    # The trouble last: what to do about it stands behind it, and what was believed before stays so.
    parts = (*told, f"{when}, at {seen.place}.", seen.trouble)
    return Condition(" ".join(filter(None, parts)), seen.remedy)


def lines_of_updates(seen: UpdatesSeen, zone: tzinfo) -> tuple[str, ...]:
    """Return everything that is known, line by line, as the command line shows it."""
    if seen.release is None or not seen.is_newer:
        return (condition_of_updates(seen, zone).seen,)
    release = seen.release
    return (
        *_told(seen, release, 0),
        *(f"- {one_line(line)}" for line in release.news),
        *(one_line(line) for line in release.notes),
        f"Setup: {one_line(release.setup.place)}",
        f"SHA-256: {release.setup.sha256}, {release.setup.size_bytes:,} bytes",
        "Nothing was downloaded. Compare both before you start it.",
    )


def _told(seen: UpdatesSeen, release: Release, news_named: int) -> tuple[str, ...]:
    version, on = release.version, day(release.published_at.date())
    if not seen.is_newer:
        # Only what was told by the last question, and is not behind this one, is known to be the newest.
        is_newest = not seen.trouble and not is_newer(seen.own_version, version)
        if is_newest:
            return (f"This is {seen.own_version}, and {version} of {on} is the newest.",)
        return (f"This is {seen.own_version}; the newest that was told of is {version} of {on}.",)
    renews = (
        "It renews the program's own records: where several desktops share them, have all of them updated together, as "
        "the older version is refused afterwards."
    )
    lines = (
        f"Version {version} of {on} is there; this is {seen.own_version}.",
        *((renews,) if seen.renews_store else ()),
    )
    if not news_named:
        return lines
    news = [one_line(line).rstrip(".") for line in release.news]
    more = f"; and {len(news) - news_named} more ({way('their own page', 'updates')})" if len(news) > news_named else ""
    size = f"{max(1, round(release.setup.size_bytes / _MEGABYTE)):,} MB"
    return (
        *lines,
        *((f"New: {'; '.join(news[:news_named])}{more}.",) if news else ()),
        f"Setup: {one_line(release.setup.place)}, {size}, SHA-256 {release.setup.sha256}.",
    )


def _moment(at: datetime, zone: tzinfo) -> str:
    local = at.astimezone(zone)
    return f"{day(local.date())} {local:%H:%M}"
