"""An address and its password go apart and together again, and what is no address is never repeated."""

import pytest

from cmxero_desktop.adapters.sql.addresses import (
    address_seen,
    has_password,
    needs_password,
    parsed,
    server_label,
    split_password,
    with_password,
)
from cmxero_desktop.domain.errors import CaseManagerError

ADDRESS = "postgresql+psycopg://ann@srv02/cm"
NO_ADDRESS = "ann:hunter2@srv02"


def test_a_password_is_split_off_and_put_back() -> None:
    full = with_password(ADDRESS, "p@ss/w:rd")
    assert split_password(full) == (ADDRESS, "p@ss/w:rd")
    assert split_password(ADDRESS) == (ADDRESS, None)
    assert [has_password(full), has_password(ADDRESS)] == [True, False]
    assert [needs_password(full), needs_password(ADDRESS), needs_password("sqlite:///a.db")] == [False, True, False]


def test_what_is_no_address_may_hold_a_password_and_is_not_repeated() -> None:
    assert has_password(NO_ADDRESS)
    assert not needs_password(NO_ADDRESS)
    with pytest.raises(CaseManagerError) as caught:
        split_password(NO_ADDRESS)
    assert "hunter2" not in f"{caught.value} {caught.value.__cause__!r}"


@pytest.mark.parametrize(
    ("url", "label"),
    [(ADDRESS, "cm on srv02"), ("mariadb://ann@localhost/", "the default database on this computer")],
)
def test_a_person_knows_a_database_by_its_name_and_its_computer(url: str, label: str) -> None:
    assert server_label(parsed(url)) == label


def test_of_an_address_only_who_and_where_is_shown() -> None:
    seen = address_seen("postgresql://ann:hunter2@srv02/cm")
    assert (seen.login, seen.label, seen.has_password) == ("ann", "cm on srv02", True)
    assert "hunter2" not in repr(seen)
    assert not address_seen(ADDRESS).has_password
    with pytest.raises(CaseManagerError):
        address_seen(NO_ADDRESS)


@pytest.mark.parametrize(
    ("url", "bare"),
    [
        ("postgresql://ann@srv02/cm?password=hunter2", "postgresql://ann@srv02/cm"),
        (
            "postgresql://srv02/cm?user=ann&password=hunter2&sslmode=require",
            "postgresql://ann@srv02/cm?sslmode=require",
        ),
        ("mysql+pymysql://ann@srv02/cm?passwd=hunter2&charset=utf8", "mysql+pymysql://ann@srv02/cm?charset=utf8"),
        ("postgresql://ann:other@srv02/cm?password=hunter2", "postgresql://ann@srv02/cm"),
        ("postgresql://ann@srv02/cm?password=first&password=hunter2", "postgresql://ann@srv02/cm"),
    ],
)
def test_a_password_behind_the_question_mark_is_one_too(url: str, bare: str) -> None:
    assert has_password(url)
    assert address_seen(url).has_password
    assert address_seen(url).login == "ann"
    assert split_password(url) == (bare, "hunter2")
    assert needs_password(bare)
    assert parsed(with_password(bare, "hunter2")).password == "hunter2"


@pytest.mark.parametrize(
    "query",
    ["sslpassword=hunter2", "ssl_key_password=hunter2", "odbc_connect=DRIVER%3Dx%3BUID%3Da%3BPwd%20%3D%20hunter2"],
)
def test_an_address_with_another_secret_is_refused_and_not_repeated(query: str) -> None:
    url = f"postgresql://ann@srv02/cm?{query}"
    assert has_password(url)
    with pytest.raises(CaseManagerError, match="holds a secret of its own") as caught:
        split_password(url)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("query", ["passfile=/home/ann/.pgpass", "application_name=tokens", "sslmode=require"])
def test_what_only_names_a_file_or_a_program_is_no_secret(query: str) -> None:
    url = f"postgresql://ann@srv02/cm?{query}"
    assert not has_password(url)
    assert split_password(url)[1] is None
