"""The same on PostgreSQL, where the server may finish a commit after the process that asked for it is dead."""

import random
import secrets
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, text

from tests.kill.drive import kill_at_interesting_steps, kill_at_random, kill_at_steps, whole_life
from tests.kill.planted import plant
from tests.kill.scenes import Scene, open_scene
from tests.kill.steps import STORE
from tests.kill.survivor import BETWEEN_COMMIT_AND_RECORD, BETWEEN_INTENT_AND_COMMIT, Survival, survive
from tests.support.servers import Server, create_database, drop_database

pytestmark = [pytest.mark.kill, pytest.mark.postgres]

# The server runs this while it commits: whoever holds the lock can keep a commit under way.
SLOW_COMMIT = """
CREATE FUNCTION wait_for_the_test() RETURNS trigger LANGUAGE plpgsql SET lock_timeout = '60s'
AS 'BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NULL; END';
CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT OR UPDATE OR DELETE ON payments
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_for_the_test();
"""
WAITING = """
SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE NOT granted AND datname = current_database()
"""
_LOOK_EVERY_S = 0.02
# As on SQLite: the short run.
EVERY = 4


@pytest.fixture
def scene(postgres_url: str) -> Iterator[Scene]:
    with open_scene(postgres_url) as scene:
        yield scene


def test_killed_at_interesting_steps_of_an_apply(scene: Scene) -> None:
    tally = kill_at_interesting_steps(scene, "apply", share=0, shares=EVERY)
    assert tally.problems == []
    assert tally.kills >= 10
    assert tally.fell[BETWEEN_INTENT_AND_COMMIT] >= 1
    assert tally.fell[BETWEEN_COMMIT_AND_RECORD] >= 1


def test_killed_around_commits_of_an_undo_and_at_random_moments(scene: Scene) -> None:
    life = whole_life(scene, "undo")
    commits = [number for number, step in enumerate(life, start=1) if step.startswith("case") and "COMMIT" in step]
    tally = kill_at_steps(scene, "undo", commits[:9])
    tally += kill_at_random(scene, "apply", 4, random.Random(20_261_124))
    assert tally.problems == []
    assert tally.kills == 13


def test_killed_with_the_store_on_a_server_too(postgres_url: str) -> None:
    with _store_beside(postgres_url) as store_url, open_scene(postgres_url, store_url) as scene:
        tally = kill_at_random(scene, "apply", 4, random.Random(20_261_125))
    assert tally.problems == []
    assert tally.kills == 4


@pytest.mark.parametrize("bug", [None, "settled without lock"])
def test_a_commit_under_way_after_the_death_is_waited_for(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, bug: str | None
) -> None:
    with scene.case_engine.begin() as connection:
        connection.execute(text(SLOW_COMMIT))
    plant(bug, monkeypatch.setattr)
    sent = whole_life(scene, "apply").index("case sent COMMIT") + 1
    scene.set_back("fresh")
    # Within one transaction the server would show the same picture of who waits again and again.
    engine = scene.case_engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection, ThreadPoolExecutor(1) as other:
        connection.execute(text("SELECT pg_advisory_lock(4711)"))
        assert scene.kill("apply", kill_at=sent).is_killed
        surviving = other.submit(survive, scene, "apply")
        _let_go_when_both_wait(connection, surviving)
    if bug is None:
        assert surviving.result().problems == ()
        assert surviving.result().fell == BETWEEN_COMMIT_AND_RECORD
    else:
        assert surviving.result().problems


@contextmanager
def _store_beside(postgres_url: str) -> Iterator[str]:
    """Give a second database on the same server; its name tells the steps that it is the store."""
    server = Server(postgres_url)
    name = f"{STORE}_{secrets.token_hex(6)}"
    url = create_database(server, name)
    try:
        yield url
    finally:
        drop_database(server, name)


def _let_go_when_both_wait(connection: Connection, surviving: Future[Survival]) -> None:
    """Hold the commit up until the survivor waits for it."""
    while connection.execute(text(WAITING)).scalar_one() < 2 and not surviving.done():
        wait([surviving], timeout=_LOOK_EVERY_S)
    connection.execute(text("SELECT pg_advisory_unlock(4711)"))
