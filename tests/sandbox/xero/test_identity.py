"""Sign-in with PKCE, rotation with its grace, revocation, and who may read what."""

import base64
import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import urllib3

from cmxero_desktop.sandbox.ledger.entries import Organisation
from cmxero_desktop.sandbox.ledger.ledger import Ledger
from cmxero_desktop.sandbox.xero.connections import PRACTICE
from cmxero_desktop.sandbox.xero.identity import Consent
from tests.sandbox.sandbox_client import SandboxClient, SmallBooks

VERIFIER = "a-verifier-of-at-least-forty-three-characters.~_"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
REDIRECT = "http://localhost:8742/callback"
READING = "offline_access accounting.payments.read accounting.invoices.read accounting.settings.read"


def authorise(client: SandboxClient, **changes: str) -> urllib3.BaseHTTPResponse:
    query = {
        "response_type": "code",
        "client_id": client.xero.client_id,
        "redirect_uri": REDIRECT,
        "scope": READING,
        "state": "s&1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **changes,
    }
    return client.pool.request("GET", "/identity/connect/authorize", fields=query, redirect=False)


def code_of(client: SandboxClient, **changes: str) -> str:
    answer = authorise(client, **changes)
    assert answer.status == 302, answer.data
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]


def token(client: SandboxClient, **form: str) -> tuple[int, dict[str, Any]]:
    answer = client.pool.request(
        "POST",
        "/connect/token",
        fields={"client_id": client.xero.client_id, **form},
        encode_multipart=False,
    )
    document: dict[str, Any] = answer.json()
    return answer.status, document


def exchange(client: SandboxClient, code: str, **changes: str) -> tuple[int, dict[str, Any]]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
        **changes,
    }
    return token(client, **form)


def refresh(client: SandboxClient, refresh_token: str) -> tuple[int, dict[str, Any]]:
    return token(client, grant_type="refresh_token", refresh_token=refresh_token)


def first_tokens(client: SandboxClient) -> dict[str, Any]:
    status, tokens = exchange(client, code_of(client))
    assert status == 200
    return tokens


def reads(client: SandboxClient, access_token: str, path: str = "/Payments") -> int:
    return client.get(path, headers={"Authorization": f"Bearer {access_token}"}).status


def test_consent_leads_back_with_code_and_state(client: SandboxClient) -> None:
    answer = authorise(client)
    back = urlsplit(answer.headers["Location"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == REDIRECT
    assert parse_qs(back.query)["state"] == ["s&1"]


def test_the_code_becomes_tokens_that_read(client: SandboxClient) -> None:
    tokens = first_tokens(client)
    assert (tokens["expires_in"], tokens["token_type"]) == (1800, "Bearer")
    assert reads(client, tokens["access_token"]) == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "SOMEONE"},
        {"redirect_uri": "http://127.0.0.1:8742/callback"},
        {"redirect_uri": "http://localhost:8742/callback/"},
        {"redirect_uri": "https://example.org/callback"},
        {"redirect_uri": "http://localhost:port/callback"},
        {"response_type": "token"},
        {"scope": "offline_access accounting.transactions.read"},
        {"scope": ""},
        {"code_challenge": "short"},
        {"code_challenge_method": "plain"},
    ],
)
def test_a_wrong_question_gets_a_page_and_no_way_back(client: SandboxClient, changes: dict[str, str]) -> None:
    answer = authorise(client, **changes)
    assert answer.status == 400
    assert answer.headers["Content-Type"].startswith("text/html")


def test_registered_addresses_are_matched_byte_for_byte(client: SandboxClient) -> None:
    client.xero.identity.redirect_uris = frozenset({REDIRECT})
    assert authorise(client).status == 302
    assert authorise(client, redirect_uri="http://localhost:8743/callback").status == 400


def test_a_person_may_say_no(client: SandboxClient) -> None:
    client.xero.identity.consent = Consent.DENY
    back = parse_qs(urlsplit(authorise(client).headers["Location"]).query)
    assert back == {"error": ["access_denied"], "state": ["s&1"]}
    client.xero.identity.consent = Consent.ERROR_PAGE
    assert authorise(client).status == 500


def test_a_code_is_good_once(client: SandboxClient) -> None:
    code = code_of(client)
    assert exchange(client, code)[0] == 200
    assert exchange(client, code) == (400, {"error": "invalid_grant"})


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": VERIFIER + "x"},
        {"code_verifier": "short"},
        {"redirect_uri": "http://localhost:8743/callback"},
        {"code": "none"},
    ],
)
def test_a_code_needs_its_verifier_and_its_address(client: SandboxClient, changes: dict[str, str]) -> None:
    form = {"code": code_of(client), **changes}
    assert exchange(client, **form) == (400, {"error": "invalid_grant"})


def test_a_code_is_over_after_five_minutes(client: SandboxClient, books: SmallBooks) -> None:
    code = code_of(client)
    books.ledger.clock.advance(timedelta(minutes=5, seconds=1))
    assert exchange(client, code)[0] == 400


def test_without_offline_access_there_is_no_refresh_token(client: SandboxClient) -> None:
    code = code_of(client, scope="openid accounting.payments.read")
    tokens = exchange(client, code)[1]
    assert "refresh_token" not in tokens
    assert tokens["id_token"].count(".") == 2


def test_access_ends_after_thirty_minutes(client: SandboxClient, books: SmallBooks) -> None:
    tokens = first_tokens(client)
    books.ledger.clock.advance(timedelta(minutes=29, seconds=59))
    assert reads(client, tokens["access_token"]) == 200
    books.ledger.clock.advance(timedelta(seconds=1))
    assert reads(client, tokens["access_token"]) == 401


def test_a_refresh_token_rotates_and_the_old_one_has_thirty_minutes(client: SandboxClient, books: SmallBooks) -> None:
    old = first_tokens(client)["refresh_token"]
    status, new = refresh(client, old)
    assert status == 200
    assert new["refresh_token"] != old
    assert reads(client, new["access_token"]) == 200
    books.ledger.clock.advance(timedelta(minutes=30))
    assert refresh(client, old)[0] == 200
    books.ledger.clock.advance(timedelta(seconds=1))
    assert refresh(client, old) == (400, {"error": "invalid_grant"})
    assert refresh(client, new["refresh_token"])[0] == 200


def test_a_refresh_token_is_over_after_sixty_days(client: SandboxClient, books: SmallBooks) -> None:
    tokens = first_tokens(client)
    books.ledger.clock.advance(timedelta(days=60))
    assert refresh(client, tokens["refresh_token"])[0] == 400


def test_wrong_clients_and_grants(client: SandboxClient) -> None:
    tokens = first_tokens(client)
    wrong = {"client_id": "SOMEONE", "grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    assert token(client, **wrong) == (400, {"error": "invalid_client"})
    assert token(client, grant_type="password") == (400, {"error": "unsupported_grant_type"})
    assert refresh(client, "none") == (400, {"error": "invalid_grant"})


def test_revoking_ends_tokens_and_connections(client: SandboxClient) -> None:
    tokens = first_tokens(client)
    form = {"client_id": client.xero.client_id, "token": tokens["refresh_token"]}
    answer = client.pool.request("POST", "/connect/revocation", fields=form, encode_multipart=False)
    assert answer.status == 200
    assert refresh(client, tokens["refresh_token"])[0] == 400
    assert reads(client, tokens["access_token"]) == 401
    assert reads(client, str(client.xero.identity.tokens.issue_access(frozenset(), "e")["access_token"])) == 403


def test_a_custom_connection_needs_no_tenant(client: SandboxClient) -> None:
    identity = client.xero.identity
    client.xero.connections.disconnect_all()
    pair = f"{identity.custom_client_id}:{identity.custom_client_secret}".encode()
    answer = client.pool.request(
        "POST",
        "/connect/token",
        fields={"grant_type": "client_credentials", "scope": "accounting.payments.read"},
        headers={"Authorization": "Basic " + base64.b64encode(pair).decode()},
        encode_multipart=False,
    )
    tokens = answer.json()
    assert "refresh_token" not in tokens
    own = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert client.pool.request("GET", "/api.xro/2.0/Payments", headers=own).status == 200
    wrong = {"client_id": identity.custom_client_id, "client_secret": "wrong"}
    assert token(client, grant_type="client_credentials", **wrong) == (400, {"error": "invalid_client"})


def test_each_area_needs_its_scope(client: SandboxClient) -> None:
    tokens = exchange(client, code_of(client, scope="accounting.payments.read"))[1]
    assert reads(client, tokens["access_token"], "/Overpayments") == 200
    assert reads(client, tokens["access_token"], "/Invoices") == 401
    assert reads(client, tokens["access_token"], "/Organisation") == 401


def test_without_a_token_or_a_connected_organisation(client: SandboxClient) -> None:
    assert reads(client, "none") == 401
    assert client.get("/Payments", headers={"xero-tenant-id": "none"}).status == 403
    client.xero.connections.disconnect(client.xero.tenant_id)
    assert client.get("/Payments").status == 403


def test_connections_of_a_consent(client: SandboxClient, books: SmallBooks) -> None:
    practice = Organisation("22222222-2222-4333-8444-555555555555", "Practice")
    client.xero.connections.offer(Ledger(books.ledger.clock, practice), PRACTICE)
    tokens = first_tokens(client)
    own = {"Authorization": f"Bearer {tokens['access_token']}"}
    rows = client.pool.request("GET", "/connections", headers=own).json()
    assert [row["tenantType"] for row in rows] == ["ORGANISATION", "PRACTICE"]
    assert rows[0]["tenantId"] == client.xero.tenant_id != rows[0]["id"]
    assert rows[0]["createdDateUtc"].endswith("04.4560000")
    event = {"authEventId": rows[0]["authEventId"]}
    assert len(client.pool.request("GET", "/connections", fields=event, headers=own).json()) == 2
    assert client.pool.request("GET", "/connections", fields={"authEventId": "x"}, headers=own).json() == []


def test_one_connection_can_be_deleted(client: SandboxClient) -> None:
    own = {"Authorization": f"Bearer {client.token}"}
    (row,) = client.pool.request("GET", "/connections", headers=own).json()
    assert client.pool.request("DELETE", f"/connections/{row['tenantId']}", headers=own).status == 404
    assert client.pool.request("DELETE", f"/connections/{row['id']}", headers=own).status == 204
    assert client.pool.request("GET", "/connections", headers=own).json() == []
    assert client.pool.request("PUT", "/connections", headers=own).status == 405
    assert client.pool.request("GET", "/connections").status == 401
