"""Whether there is a newer version is asked without a window, too."""

from dataclasses import replace

from cmxero_desktop.domain.errors import ReleaseError
from cmxero_desktop.services.records.releases import UpdatesSeen
from cmxero_desktop.services.verbs.commands.computer import AskForUpdates
from tests.cli.conftest import Office
from tests.domain.test_releases import NOW, RELEASE


def test_off_says_so(office: Office) -> None:
    assert office.run("updates") == 0
    assert office.out.startswith("Nobody is asked")
    document = office.json("updates")
    assert (document["is_on"], document["asked"], document["release"]) == (False, None, None)


def test_a_newer_version_is_told_line_by_line_and_as_a_document(office: Office) -> None:
    nasty = replace(RELEASE, news=("\x1b[2JGone.\nVersion 9 is there",))
    office.desk.updates = UpdatesSeen(
        is_on=True, own_version="1.3.0", place="https://example.com", release=nasty, is_newer=True, asked_at=NOW
    )
    assert office.run("updates") == 0
    assert office.out.splitlines()[:2] == [
        "Version 1.4.0 of 2 Dec 2026 is there; this is 1.3.0.",
        "- \\u001b[2JGone. / Version 9 is there",
    ]
    document = office.json("updates")
    assert document["release"]["version"] == "1.4.0"
    assert document["release"]["store_revision"] == "0020"
    assert document["is_newer"] is True


def test_a_failure_says_what_where_and_what_to_do(office: Office) -> None:
    def away(_: AskForUpdates) -> UpdatesSeen:
        raise ReleaseError("https://example.com does not answer.", "Check updates.address.")

    office.desk.answer(AskForUpdates.handled_by(away))
    assert office.run("updates") == 1
    assert "does not answer. Check updates.address." in office.err
