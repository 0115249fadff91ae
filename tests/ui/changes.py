"""Written changes for the window and the command line: an addition, a link, and the addition taken back."""

from datetime import UTC, date, datetime

from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import PaymentValues, ProposalKind
from cmxero_desktop.services.records.changes import WrittenChange


def aud(amount: str) -> Money:
    return Money.of(amount, "AUD")


def value(amount: str, on: date) -> PaymentValues:
    return PaymentValues(paid_on=on, amount=aud(amount), reference="REM 7", notes="", payment_type="EFT")


def written(
    sequence: int, kind: ProposalKind, by: str, before: str, after: str, on: date, *, is_undo: bool = False
) -> WrittenChange:
    return WrittenChange(
        at=datetime(on.year, on.month, on.day, 2, tzinfo=UTC),
        on=on,
        by=by,
        approved_by="Ann",
        kind=kind,
        is_undo=is_undo,
        invoice_number=f"CM-{100 + sequence}",
        case_payment_id=CasePaymentId(sequence),
        before=value(before, date(2026, 10, 30)) if before else None,
        after=value(after, date(2026, 10, 30)) if after else None,
        effect=aud(after or "0") - aud(before or "0"),
        reason="a mistake" if is_undo else "",
        batch_id="batch-123456",
        sequence=sequence,
    )


OCTOBER, NOVEMBER = date(2026, 10, 31), date(2026, 11, 24)
CHANGES = (
    written(1, ProposalKind.ADD, "Ann", "", "400.00", OCTOBER),
    written(2, ProposalKind.LINK, "Bea", "77.00", "77.00", NOVEMBER),
    written(3, ProposalKind.ADD, "Bea", "400.00", "", NOVEMBER, is_undo=True),
)
