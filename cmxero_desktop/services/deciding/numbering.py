"""Show which invoice of Case Manager one of Xero's may be, and keep which one a person says it is (R1).

Nothing is written to Case Manager by it; what was said holds until Xero shows another number.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from cmxero_desktop.domain.correlation.balance import balance_of
from cmxero_desktop.domain.decisions import Action
from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.memory import NumberSaid
from cmxero_desktop.domain.near_numbers import NearNumbers
from cmxero_desktop.domain.numbering import number_before
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import XeroInvoice
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.wording_skipped import has_near
from cmxero_desktop.services.correlation.alert_events import renumbering_key
from cmxero_desktop.services.correlation.claiming import CaseSides, case_sides, copies_held
from cmxero_desktop.services.correlation.correlating import correlate_whole
from cmxero_desktop.services.correlation.moment import Moment, current_moment
from cmxero_desktop.services.correlation.situations import demand, situation_of
from cmxero_desktop.services.correlation.snapshots import NO_NUMBER_WORDS, Known, XeroSide, read_known
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.numbers import NumberChoice, NumberChoices, NumberWhy
from cmxero_desktop.services.records.readings import CaseReading
from cmxero_desktop.services.records.results import TrackedInvoice


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The invoice that is asked about, between both sides as they are."""

    known: Known
    side: XeroSide
    invoice: TrackedInvoice
    fact: XeroInvoice
    reading: CaseReading
    found: CaseSides
    policy: Policy

    @property
    def goes_with(self) -> str:
        """Case Manager's number that the invoice is compared with, if there is one."""
        case = self.found.sides[self.side.number]
        return case.invoice.number if case is not None else ""


def number_choices(outside: Outside, invoice: str) -> NumberChoices:
    """Return what an invoice of Xero's may be in Case Manager; it is named as the lists have it, or as Xero shows it.

    Raises NotAllowedError where there is no such invoice, or it is void.
    """
    moment = current_moment(outside)
    with outside.store.read() as unit:
        known = read_known(unit, moment.policy.invoice_prefix, moment.today)
    asked = _asked(outside, known, invoice, moment)
    word = asked.known.said.get(asked.fact.invoice_id)
    return NumberChoices(
        invoice_number=asked.side.number,
        shown=asked.fact.number,
        before=number_before(asked.invoice.number, word),
        contact=asked.fact.contact_name,
        total=asked.fact.total,
        due=asked.fact.due,
        payments=sum(p.is_live for p in asked.side.payments if p.invoice_id == asked.fact.invoice_id),
        goes_with=asked.goes_with,
        is_in_doubt=asked.side.is_renumbered,
        rivals=asked.found.rivals.get(asked.side.number, ()),
        choices=tuple(_choices(asked)),
    )


def say_number(outside: Outside, invoice: str, number: str, *, by: str, reason: str) -> str:
    """Keep that an invoice of Xero's is the one with this number in Case Manager; return what was kept as a sentence.

    It ends the alert, and the firm is judged again. Raises NotAllowedError where Case Manager has no such invoice, and
    where it is the one of another living invoice of Xero's.
    """
    moment = current_moment(outside)
    number = number.strip().removeprefix(moment.policy.invoice_prefix)
    with outside.store.read() as unit:
        demand(Action.RENUMBER, by, situation_of(unit, outside.settings_file.load(), outside.clock()), reason=reason)
        known = read_known(unit, moment.policy.invoice_prefix, moment.today)
    asked = _asked(outside, known, invoice, moment, number)
    if refusal := _refusal(asked, number):
        raise NotAllowedError(refusal, "Choose another number, or say first which invoice the other one is.")
    with outside.store.begin() as unit:
        # Somebody at another desk may have said so of another invoice since.
        still = read_known(unit, moment.policy.invoice_prefix, moment.today)
        if still.said != known.said:
            message = "Somebody said the same of another invoice meanwhile."
            raise NotAllowedError(message, "Look again, then say it once more.")
        _keep(
            unit,
            outside,
            asked,
            NumberSaid(
                xero_invoice_id=asked.fact.invoice_id,
                shown=asked.fact.number,
                number=number,
                by=by,
                reason=reason,
                at=outside.clock(),
            ),
        )
        unit.commit()
    correlate_whole(outside, moment)
    return f"{_shown(asked.fact)} in Xero is invoice {number} of Case Manager."


def _keep(unit: UnitOfWork, outside: Outside, asked: _Asked, said: NumberSaid) -> None:
    unit.memory.say_number(said)
    unit.alerts.clear([renumbering_key(said.xero_invoice_id, said.shown)])
    now = outside.clock()
    unit.audit.append(
        [
            AuditEvent(
                at=now,
                by=said.by,
                what=AuditWhat.NUMBER_SAID,
                invoice_number=asked.side.number,
                reason=said.reason,
                rule=Rule.R1,
                evidence={
                    "xero": _shown(asked.fact),
                    "case manager": said.number,
                    "compared with before": asked.goes_with or "none",
                },
            )
        ]
    )


def _asked(outside: Outside, known: Known, invoice: str, moment: Moment, number: str = "") -> _Asked:
    policy = moment.policy
    side = known.sides.get(invoice) or _shown_as(known, invoice)
    fact = side.living if side is not None else None
    if side is None or fact is None:
        message = f"Xero has no living CM invoice {invoice}."
        raise NotAllowedError(message, "Name it as the lists do, or check Xero again.")
    tracked = next(i for i in side.invoices if i.xero_invoice_id == fact.invoice_id)
    numbers = known.case_numbers(policy.invoice_prefix) | ({number} if number else set())
    reading = outside.case_manager.read(numbers, policy.currency)
    own = known.numbers_of(side, tracked, policy.invoice_prefix)
    if near := frozenset(_near(reading, own)) - numbers:
        reading = outside.case_manager.read(numbers | near, policy.currency)
    return _Asked(
        known=known,
        side=side,
        invoice=tracked,
        fact=fact,
        reading=reading,
        found=case_sides(known, reading.sides, policy),
        policy=policy,
    )


def _near(reading: CaseReading, numbers: Iterable[str]) -> Iterable[str]:
    """Return Case Manager's numbers that are hardly another than these, of which it has no invoice."""
    return NearNumbers(reading.numbers).of_each(n for n in numbers if n not in reading.sides)


def _shown_as(known: Known, number: str) -> XeroSide | None:
    """Return the living invoice that bears a number in Xero now."""
    return next(
        (side for side in known.sides.values() if side.living is not None and side.living.number == number), None
    )


def _choices(asked: _Asked) -> Iterator[NumberChoice]:
    prefix = asked.policy.invoice_prefix
    sides = asked.reading.sides
    held = copies_held(asked.known, asked.side, asked.invoice, sides.values(), asked.policy)
    word = asked.known.said.get(asked.fact.invoice_id)
    why: dict[str, list[NumberWhy]] = {}
    for number in sorted(held, key=lambda n: (-held[n], n)):
        why.setdefault(number, []).append(NumberWhy.COPIES)
    for number, reason in (
        (asked.fact.number.removeprefix(prefix) if asked.fact.number.startswith(prefix) else "", NumberWhy.PRESENT),
        (word.number if word is not None else "", NumberWhy.SAID),
        (asked.invoice.number.removeprefix(prefix), NumberWhy.FIRST),
    ):
        if number:
            why.setdefault(number, []).append(reason)
    for number in tuple(_near(asked.reading, why)):
        why.setdefault(number, []).append(NumberWhy.NEAR)
    for number, reasons in why.items():
        yield _choice(asked, number, tuple(reasons), held.get(number, 0))


def _choice(asked: _Asked, number: str, why: tuple[NumberWhy, ...], copies: int) -> NumberChoice:
    case = asked.reading.sides.get(number)
    choice = NumberChoice(number=number, why=why, copies=copies, refusal=_refusal(asked, number))
    if case is None:
        return choice
    return replace(
        choice,
        payments=len(case.payments),
        total=case.invoice.total,
        balance=balance_of(case.invoice, case.payments),
        bill_to=case.invoice.bill_to,
    )


def _refusal(asked: _Asked, number: str) -> str:
    """Say why an invoice of Case Manager cannot be this one's: it is not there, or another living invoice's."""
    if number not in asked.reading.sides:
        near = (has_near(there) for there in _near(asked.reading, [number]))
        return " ".join([f"Case Manager has no invoice {number}.", *near])
    for name, case in asked.found.sides.items():
        other = asked.known.sides[name]
        fact = other.living
        is_its_own = case is not None and case.invoice.number == number and fact is not None
        if is_its_own and fact is not None and other is not asked.side and not other.is_renumbered:
            who = f" of {fact.contact_name}" if fact.contact_name else ""
            return f"Invoice {number} of Case Manager is that of Xero's {_shown(fact)}{who}."
    return ""


def _shown(fact: XeroInvoice) -> str:
    return fact.number or NO_NUMBER_WORDS
