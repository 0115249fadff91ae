"""Write one invoice in full, now or as it stood, and what Xero says of who did what, for scripts and for persons."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from cmxero_desktop.cli.rows import Row, Value, day, history_row, money, proposal_row
from cmxero_desktop.domain.memory import AcceptedSet, Explanation, RememberedPair
from cmxero_desktop.domain.records import CaseInvoice, CasePayment, Side, XeroInvoice, XeroPayment
from cmxero_desktop.domain.strangers import as_lines, one_line
from cmxero_desktop.domain.xero_history import HistoryLine, ToldHistory, history_sentence
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.history import RowPlace, Seen
from cmxero_desktop.services.viewing.desk_view import ReviewRow
from cmxero_desktop.services.viewing.showing import InvoiceHistory, words_of

_PAYMENTS = ("In", "Date paid", "Amount", "State", "Reference", "Stood", "Since", "Until", "Key")
_PROPOSALS = ("Change", "State", "Date paid", "Amount", "Decided by", "Since", "Until", "Id")
_PAIRS = ("Xero payment", "Case Manager payment", "How", "Since")
_HISTORY = ("When", "Who", "What", "Amount", "Reason")
_IN = {Side.XERO: "Xero", Side.CASE_MANAGER: "Case Manager"}


def history_document(history: InvoiceHistory) -> Row:
    """Write everything that is known of the invoice at that instant."""
    case = history.case
    return {
        "invoice_number": history.number,
        "as_of": history.as_of.isoformat(),
        "is_now": history.is_now,
        "kept_since": history.kept_since.isoformat(),
        "checked_at": _instant(history.checked_at),
        "xero": {
            "invoices": [_xero_invoice(seen) for seen in history.xero_invoices],
            "payments": [
                _xero_payment(seen, history.place_of_xero(seen.fact.payment_id)) for seen in history.xero_payments
            ],
        },
        "case_manager": {
            "invoice": None if case.invoice is None else _case_invoice(case.invoice),
            "payments": [_case_payment(seen, history.place_of_case(seen.fact.payment_id)) for seen in case.payments],
        },
        "proposals": [_proposal(seen) for seen in history.proposals],
        "remembered": [_pair(seen) for seen in history.remembered.pairs],
        "said": [
            *(_accepted(seen) for seen in history.remembered.accepted),
            *(_explained(seen) for seen in history.remembered.explained),
        ],
        "history": [history_row(entry) for entry in history.entries],
    }


def _seen(seen: Seen[object]) -> Row:
    return {"since": _instant(seen.since), "until": _instant(seen.until)}


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _place(place: RowPlace | None) -> Row | None:
    if place is None:
        return None
    return {
        "bucket": place.bucket.value,
        "rule": place.rule,
        "reason": place.reason.value if place.reason else None,
        "matched_how": place.matched_how.value if place.matched_how else None,
    }


def _xero_invoice(seen: Seen[XeroInvoice]) -> Row:
    invoice = seen.fact
    return {
        "xero_invoice_id": invoice.invoice_id,
        "number": invoice.number,
        "status": invoice.status,
        "total": money(invoice.total),
        "paid": money(invoice.amount_paid),
        "credited": money(invoice.amount_credited),
        "due": money(invoice.due),
        "contact": invoice.contact_name,
        **_seen(seen),
    }


def _xero_payment(seen: Seen[XeroPayment], place: RowPlace | None) -> Row:
    payment = seen.fact
    return {
        "xero_payment_id": payment.payment_id,
        "date": day(payment.paid_on),
        "amount": money(payment.amount),
        "status": payment.status.value,
        "reference": payment.reference,
        "account_code": payment.account_code,
        "account_name": payment.account_name,
        "batch_payment_id": payment.batch_payment_id or None,
        "is_bank_reconciled": payment.is_bank_reconciled,
        "place": _place(place),
        **_seen(seen),
    }


def _case_invoice(seen: Seen[CaseInvoice]) -> Row:
    invoice = seen.fact
    return {
        "case_invoice_id": invoice.invoice_id.value,
        "number": invoice.number,
        "total": money(invoice.total),
        "adjustments": money(invoice.adjustments),
        "refunds": money(invoice.refunds),
        "bill_to": invoice.bill_to,
        **_seen(seen),
    }


def _case_payment(seen: Seen[CasePayment], place: RowPlace | None) -> Row:
    payment = seen.fact
    return {
        "case_payment_id": payment.payment_id.value,
        "date": day(payment.paid_on),
        "amount": money(payment.amount),
        "payment_type": payment.payment_type,
        "reference": payment.reference,
        "notes": payment.notes,
        "is_journalled": payment.is_journalled,
        "journal_number": payment.journal_number,
        "entered_by": payment.entered_by,
        "is_multi_invoice": payment.is_multi_invoice,
        "place": _place(place),
        **_seen(seen),
    }


def _proposal(seen: Seen[StoredProposal]) -> Row:
    decision = seen.fact.decision
    return {
        **proposal_row(ReviewRow(stored=seen.fact, result=None)),
        "decided_by": decision.by if decision else None,
        "decided_at": _instant(decision.at) if decision else None,
        "reason": decision.reason if decision else None,
        **_seen(seen),
    }


def _pair(seen: Seen[RememberedPair]) -> Row:
    pair = seen.fact
    return {
        "xero_payment_id": pair.xero_id,
        "case_payment_id": pair.case_id.value,
        "how": pair.how.value,
        "amount": money(pair.amount),
        "date": day(pair.paid_on),
        **_seen(seen),
    }


def _accepted(seen: Seen[AcceptedSet]) -> Row:
    members: list[Value] = [
        {
            "xero_payment_id": member.xero_id,
            "case_payment_id": member.case_id.value if member.case_id else None,
            "amount": money(member.amount),
            "date": day(member.paid_on),
        }
        for member in seen.fact.members
    ]
    return {"what": "same", "members": members, "by": seen.fact.by, "reason": seen.fact.reason, **_seen(seen)}


def _explained(seen: Seen[Explanation]) -> Row:
    said = seen.fact
    member: Row = {
        "xero_payment_id": None,
        "case_payment_id": said.case_id.value,
        "amount": money(said.amount),
        "date": day(said.paid_on),
    }
    return {"what": said.what.value, "members": [member], "by": said.by, "reason": said.reason, **_seen(seen)}


def history_text(history: InvoiceHistory) -> str:
    """Write it as tables; times are those of the zone that the first line names."""
    zone = history.as_of.tzinfo

    def when(at: datetime | None) -> str:
        return "" if at is None else words_of(at.astimezone(zone))

    text = [history.sentence, *history.side_sentences]
    text += _table(
        "Payments",
        _PAYMENTS,
        (
            (
                _IN[line.side],
                line.paid_on.isoformat(),
                str(line.amount),
                line.state,
                line.reference,
                line.stood,
                when(line.since),
                when(line.until),
                line.key,
            )
            for line in history.payments
        ),
    )
    text += _table(
        "Proposals",
        _PROPOSALS,
        (
            (
                seen.fact.proposal.kind.value,
                seen.fact.state.value,
                seen.fact.proposal.paid_on.isoformat(),
                str(seen.fact.proposal.amount),
                seen.fact.decision.by if seen.fact.decision else "",
                when(seen.since),
                when(seen.until),
                seen.fact.proposal_id,
            )
            for seen in history.proposals
        ),
    )
    pairs = ((seen.fact, seen.since) for seen in history.remembered.pairs)
    text += _table(
        "Remembered pairs", _PAIRS, ((p.xero_id, str(p.case_id), p.how.value, when(since)) for p, since in pairs)
    )
    text += _table("What persons said", ("Of", "What", "Who", "Reason"), _said(history))
    rows = (
        (entry.event, entry.event.after or entry.event.before)  # what it is about
        for entry in history.entries
    )
    text += _table(
        "History",
        _HISTORY,
        ((when(e.at), e.by, e.what.value, str(shown.amount) if shown else "", e.reason) for e, shown in rows),
    )
    return as_lines(text)


def told_document(told: ToldHistory) -> Row:
    """Write what Xero said of who did what with a payment, the oldest first; `lines` is null where it has none."""
    return {
        "xero_payment_id": told.payment_id,
        "asked_at": told.asked_at.isoformat(),
        "lines": None if told.lines is None else [_deed(line) for line in told.deeds],
        "explanation": history_sentence(told, _local),
    }


def _deed(line: HistoryLine) -> Row:
    return {"at": line.at.isoformat(), "who": line.who or None, "what": line.what or None}


def told_text(told: ToldHistory) -> str:
    """Write it as a sentence, and when it was asked; times are this computer's."""
    return as_lines([history_sentence(told, _local), f"Asked {_local(told.asked_at)}."])


def _local(at: datetime) -> str:
    return words_of(at.astimezone())


def _said(history: InvoiceHistory) -> Iterable[Sequence[str]]:
    for accepted in (seen.fact for seen in history.remembered.accepted):
        members = ", ".join(str(member.xero_id or member.case_id) for member in accepted.members)
        yield members, "the same money", accepted.by, accepted.reason
    for said in (seen.fact for seen in history.remembered.explained):
        yield str(said.case_id), said.what.value, said.by, said.reason


def _table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [[one_line(cell) for cell in row] for row in rows]
    if not lines:
        return []
    lines.insert(0, list(heads))
    widths = [max(len(line[place]) for line in lines) for place in range(len(heads))]
    amount = heads.index("Amount") if "Amount" in heads else -1
    written = [
        "  ".join(
            cell.rjust(width) if place == amount else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    return ["", title, *written]
