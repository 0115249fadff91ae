"""An address says where, who and how it is kept from others; what would not be safe is refused."""

import pytest
from sqlalchemy import make_url

from cmxero_desktop.adapters.sql.sql_server.address import ServerAddress, ServerEncryption, server_address
from cmxero_desktop.domain.errors import CaseManagerError

FINGERPRINT = "ab" * 32


def understood(url: str) -> ServerAddress:
    return server_address(make_url(url))


def test_an_address_names_server_instance_database_and_login() -> None:
    address = understood("mssql://ann:s3cret@SRV02\\case/CaseManager")
    assert (address.host, address.instance, address.port) == ("SRV02", "CASE", None)
    assert (address.database, address.login, address.password) == ("CaseManager", "ann", "s3cret")
    assert address.encryption is ServerEncryption.YES
    assert not address.is_windows_sign_in


@pytest.mark.parametrize("url", ["mssql://ann@SRV02%5CCASE/cm", "mssql://ann@SRV02%5cCase/cm"])
def test_the_backslash_of_an_instance_may_be_quoted(url: str) -> None:
    assert (understood(url).host, understood(url).instance) == ("SRV02", "CASE")


@pytest.mark.parametrize("host", [".", "(local)", ""])
def test_this_computer_is_called_as_microsoft_calls_it(host: str) -> None:
    assert understood(f"mssql://ann@{host}/cm").host == "localhost"


@pytest.mark.parametrize(
    ("url", "is_windows"),
    [("mssql://SRV02/cm", True), ("mssql://FIRM%5Cann@SRV02/cm", True), ("mssql://ann@SRV02/cm", False)],
)
def test_without_a_login_or_with_a_domain_it_is_windows_that_signs_in(url: str, *, is_windows: bool) -> None:
    assert understood(url).is_windows_sign_in is is_windows


def test_options_are_read_whatever_their_capitals_are() -> None:
    shown = ":".join([FINGERPRINT[:2].upper()] * 32)
    address = understood(f"mssql://ann@srv/cm?Encrypt=Strict&certificate={shown}&certificate_host=sql.firm.example")
    assert address.encryption is ServerEncryption.STRICT
    assert address.certificate == FINGERPRINT
    assert address.certificate_host == "sql.firm.example"


def test_nothing_need_be_encrypted_on_this_computer() -> None:
    assert understood("mssql://ann@localhost/cm?encrypt=no").encryption is ServerEncryption.NO


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("mssql://ann@SRV02/cm?encrypt=no", "would send the password and every payment in the clear"),
        ("mssql://ann@SRV02/cm?encrypt=perhaps", "neither yes, strict nor no"),
        ("mssql://ann@SRV02/cm?driver=ODBC", "an option that the program does not know: driver"),
        ("mssql://ann@SRV02/cm?certificate=12", "no SHA-256 fingerprint"),
        ("mssql://ann@SRV02\\CASE:1444/cm", "both an instance and a port"),
    ],
)
def test_what_makes_no_sense_or_is_not_safe_is_refused(url: str, what: str) -> None:
    with pytest.raises(CaseManagerError, match=what) as caught:
        understood(url)
    assert caught.value.remedy
