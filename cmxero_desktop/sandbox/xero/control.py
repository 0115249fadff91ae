"""The control path: how another process changes books, clock and faults, by POST /sandbox/VERB."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta

from cmxero_desktop.sandbox.ledger.clock import Clock
from cmxero_desktop.sandbox.ledger.entries import CreditKind, Invoice
from cmxero_desktop.sandbox.ledger.ledger import Ledger
from cmxero_desktop.sandbox.ledger.state import LedgerRefusalError
from cmxero_desktop.sandbox.xero.faults import Damage, Fault, FaultKind, Faults
from cmxero_desktop.sandbox.xero.identity import Consent, Identity
from cmxero_desktop.sandbox.xero.limits import Limits
from cmxero_desktop.sandbox.xero.messages import Answer, Json, JsonValue, Request
from cmxero_desktop.sandbox.xero.recorder import Recorder

CONTROL_ROOT = "/sandbox/"
_LIMIT_NAMES = ("per_minute", "per_day", "app_per_minute", "at_once")


@dataclass(frozen=True, slots=True, kw_only=True)
class Controlled:
    """What the control path reaches. `happenings` are the firm's named events."""

    ledger: Ledger
    clock: Clock
    faults: Faults
    limits: Limits
    identity: Identity
    requests: Recorder
    happenings: dict[str, Callable[[], Json]]


class Control:
    """Carry out one verb; a refusal is a 409 that says why, an unknown verb or a bad value a 400."""

    def __init__(self, controlled: Controlled) -> None:
        self._it = controlled
        self._verbs: dict[str, Callable[[Json], Json]] = {
            "pay": self._pay,
            "delete-payment": self._delete_payment,
            "edit-payment": self._edit_payment,
            "reconcile": self._reconcile,
            "credit": self._credit,
            "void": self._void,
            "renumber": self._renumber,
            "fault": self._fault,
            "clear-faults": self._clear_faults,
            "release": self._release,
            "clock": self._clock,
            "limits": self._limits,
            "sign-in": self._sign_in,
            "happen": self._happen,
            "invoice": self._invoice,
            "requests": self._requests,
        }

    def answer(self, request: Request) -> Answer:
        """Answer one POST; GET works for the verbs that need no body."""
        verb = self._verbs.get(request.path.removeprefix(CONTROL_ROOT).strip("/"))
        if verb is None:
            return Answer(status=400, document={"error": "unknown verb", "verbs": sorted(self._verbs)})
        try:
            body = json.loads(request.body or b"{}")
            if not isinstance(body, dict):
                return Answer(status=400, document={"error": "the body must be one JSON object"})
            return Answer(document=verb({**request.query, **body}))
        except LedgerRefusalError as refused:
            return Answer(status=409, document={"error": str(refused)})
        except (KeyError, TypeError, ValueError, ArithmeticError) as error:
            return Answer(status=400, document={"error": f"{type(error).__name__}: {error}"})

    def _pay(self, body: Json) -> Json:
        invoice = self._named(body)
        paid_on = date.fromisoformat(_text(body, "paid_on"))
        reference = _text(body, "reference") if "reference" in body else None
        account = self._account(_text(body, "account")) if "account" in body else None
        payment_id = self._it.ledger.add_payment(
            invoice.invoice_id, _text(body, "amount"), paid_on, account, reference=reference
        )
        return {"payment_id": payment_id}

    def _delete_payment(self, body: Json) -> Json:
        self._it.ledger.delete_payment(_text(body, "payment_id"))
        return {}

    def _edit_payment(self, body: Json) -> Json:
        payment_id = self._it.ledger.edit_payment(
            _text(body, "payment_id"),
            amount=_text(body, "amount") if "amount" in body else None,
            paid_on=date.fromisoformat(_text(body, "paid_on")) if "paid_on" in body else None,
            reference=_text(body, "reference") if "reference" in body else None,
        )
        return {"payment_id": payment_id}

    def _reconcile(self, body: Json) -> Json:
        self._it.ledger.reconcile(_text(body, "payment_id"))
        return {}

    def _credit(self, body: Json) -> Json:
        invoice, amount = self._named(body), _text(body, "amount")
        kind = CreditKind(_text(body, "kind") if "kind" in body else CreditKind.CREDIT_NOTE)
        day = self._it.clock.now().date()
        with self._it.ledger.lock:
            credit_id = self._it.ledger.add_credit(kind, invoice.contact, amount, day, number="CN-9001")
            allocation_id = self._it.ledger.apply_credit(credit_id, invoice.invoice_id, amount, day)
        return {"credit_id": credit_id, "allocation_id": allocation_id}

    def _void(self, body: Json) -> Json:
        self._it.ledger.void_invoice(self._named(body).invoice_id)
        return {}

    def _renumber(self, body: Json) -> Json:
        self._it.ledger.renumber_invoice(self._named(body).invoice_id, _text(body, "to"))
        return {}

    def _fault(self, body: Json) -> Json:
        known = {each.name for each in fields(Fault)}
        unknown = sorted(set(body) - known)
        if unknown:
            message = f"a fault has no {', '.join(unknown)}"
            raise ValueError(message)
        kind = FaultKind(_text(body, "kind"))
        damage = Damage(_text(body, "damage")) if "damage" in body else Damage.UNKNOWN_STATUS
        others = {name: value for name, value in body.items() if name not in {"kind", "damage"}}
        self._it.faults.add(Fault(kind=kind, damage=damage, **others))  # type: ignore[arg-type] # values of JSON
        return {}

    def _clear_faults(self, _body: Json) -> Json:
        self._it.faults.clear()
        return {}

    def _release(self, _body: Json) -> Json:
        self._it.faults.release()
        return {}

    def _clock(self, body: Json) -> Json:
        if "freeze_at" in body:
            self._it.clock.freeze(datetime.fromisoformat(_text(body, "freeze_at")))
        if "advance_s" in body:
            self._it.clock.advance(timedelta(seconds=_number(body, "advance_s")))
        if body.get("run"):
            self._it.clock.run()
        return {"now": self._it.clock.now().isoformat()}

    def _limits(self, body: Json) -> Json:
        if "is_on" in body:
            self._it.limits.is_on = bool(body["is_on"])
        if body.get("forget"):
            self._it.limits.forget()
        for name in _LIMIT_NAMES:
            if name in body:
                setattr(self._it.limits, name, _number(body, name))
        return {}

    def _sign_in(self, body: Json) -> Json:
        """Set what the person does on the authorise page, or end what was granted."""
        if "consent" in body:
            self._it.identity.consent = Consent(_text(body, "consent"))
        if body.get("end_access"):
            self._it.identity.tokens.end_access()
        if body.get("end_all"):
            self._it.identity.tokens.end_all()
        if body.get("disconnect"):
            self._it.identity.connections.disconnect_all()
        return {}

    def _happen(self, body: Json) -> Json:
        name = _text(body, "name")
        if name not in self._it.happenings:
            message = f"{name} is none of: {', '.join(sorted(self._it.happenings))}"
            raise ValueError(message)
        return self._it.happenings[name]()

    def _invoice(self, body: Json) -> Json:
        ledger = self._it.ledger
        with ledger.lock:
            invoice = self._named(body)
            payments: list[JsonValue] = [
                {
                    "payment_id": each.payment_id,
                    "status": each.status,
                    "amount_cents": each.amount_cents,
                    "paid_on": each.paid_on.isoformat(),
                    "reference": each.reference,
                }
                for each in ledger.all_payments(invoice.invoice_id)
            ]
        return {
            "invoice_id": invoice.invoice_id,
            "status": invoice.status,
            "total_cents": invoice.total_cents,
            "due_cents": invoice.due_cents,
            "payments": payments,
        }

    def _requests(self, body: Json) -> Json:
        found = self._it.requests.to(str(body.get("path", "")))
        if body.get("clear"):
            self._it.requests.clear()
        return {"requests": [asdict(each) for each in found]}

    def _named(self, body: Json) -> Invoice:
        return self._it.ledger.invoice_numbered(_text(body, "invoice_number"))

    def _account(self, name: str) -> str:
        accounts: Mapping[str, str] = {each.name: key for key, each in self._it.ledger.accounts.items()}
        return accounts[name]


def _text(body: Json, name: str) -> str:
    value = body[name]
    if not isinstance(value, str):
        message = f"{name} must be a string"
        raise TypeError(message)
    return value


def _number(body: Json, name: str) -> int:
    value = body[name]
    if isinstance(value, bool) or not isinstance(value, int):
        message = f"{name} must be a whole number"
        raise TypeError(message)
    return value
