"""The database fixtures give a real, empty database of the right kind."""

import pytest
from sqlalchemy import create_engine, inspect, make_url, text


@pytest.mark.postgres
@pytest.mark.parametrize("name", ["first", "second"])
def test_a_postgres_database_is_empty_each_time(postgres_url: str, name: str) -> None:
    _make_a_table(postgres_url, "postgresql+psycopg", "PostgreSQL", name)


@pytest.mark.mariadb
@pytest.mark.parametrize("name", ["first", "second"])
def test_a_mariadb_database_is_empty_each_time(mariadb_url: str, name: str) -> None:
    _make_a_table(mariadb_url, "mysql+pymysql", "MariaDB", name)


def _make_a_table(url: str, driver: str, product: str, name: str) -> None:
    assert make_url(url).drivername == driver
    assert make_url(url).host == "127.0.0.1"
    engine = create_engine(url)
    assert inspect(engine).get_table_names() == []
    with engine.begin() as connection:
        version = connection.scalar(text("SELECT version()"))
        assert version is not None
        assert product in version
        connection.execute(text("CREATE TABLE ledger (name VARCHAR(20))"))
        connection.execute(text("INSERT INTO ledger VALUES (:name)"), {"name": f"{name} ≈ é"})
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT name FROM ledger")) == f"{name} ≈ é"
    engine.dispose()
