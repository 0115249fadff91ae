"""Apply approved proposals: read both sides again, write invoice by invoice, give every row an outcome (R21, R30)."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import chain

from cmxero_desktop.domain.decisions import Action, Allowed, Situation, may
from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.people import Person
from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.domain.refusals import Refused, Why, refused
from cmxero_desktop.domain.seconding import without_every_yes
from cmxero_desktop.services.correlation.correlating import correlate_afterwards
from cmxero_desktop.services.correlation.moment import current_moment
from cmxero_desktop.services.correlation.situations import demand, error_of, may_write, office_of, situation_of
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.reports import ApplyReport, RowOutcome
from cmxero_desktop.services.writing.invoice_writer import why_stopped
from cmxero_desktop.services.writing.joining import together
from cmxero_desktop.services.writing.outcomes import Outcomes
from cmxero_desktop.services.writing.planning_ahead import AT_ONCE, in_batches
from cmxero_desktop.services.writing.reading_again import LATE, XeroAgain
from cmxero_desktop.services.writing.rechecking import Beginning, begin, is_changed
from cmxero_desktop.services.writing.settling import INTERRUPTED, settle_open_intents
from cmxero_desktop.services.writing.transactions import Transactions
from cmxero_desktop.services.writing.watched import UNWATCHED, Watched

_STAYS = "It stays approved."
_STOPPED = "Somebody stopped the writing before its turn."
# Xero may make us wait while it is read again, so the reading is old when it ends.
_READINGS_AT_MOST = 3


class Applying:
    """The use case "Apply to Case Manager"."""

    def __init__(self, outside: Outside, *, at_once: int = AT_ONCE, watched: Watched = UNWATCHED) -> None:
        """Keep the ports; `at_once` is how many rows are planned together."""
        self._outside = outside
        self._at_once = at_once
        self._watched = watched

    def apply(self, ids: Sequence[str] | None, by: str) -> ApplyReport:
        """Apply approved proposals (None: all of them) and return every row's outcome.

        Raises NotAllowedError in observe mode and on data that is too old, and XeroUnavailableError, SignInError or
        CaseManagerError where either side cannot be read at the beginning: then nothing was written and the approvals
        stand. Where one cannot be read any more in the middle, what was written is reported, and the rest stays
        approved.
        """
        try:
            return self._apply(ids, by)
        finally:
            self._watched.tell("")

    def _apply(self, ids: Sequence[str] | None, by: str) -> ApplyReport:
        self._watched.tell("Reading both sides again")
        self.ensure_open(by)
        outcomes = Outcomes(self._outside.new_id())
        settle_open_intents(self._outside, why=INTERRUPTED)
        approved = self._approved(ids, by, outcomes)
        if not approved:
            return outcomes.report()
        moment = current_moment(self._outside)
        xero = XeroAgain(self._outside, moment)
        xero.read(approved)
        numbers = {stored.proposal.invoice_number for stored in approved}
        beginning = begin(self._outside, moment, numbers)
        transactions = Transactions(self._outside, by, outcomes)
        beginning = self._write_all(approved, transactions, xero, beginning, outcomes)
        transactions.end()
        correlate_afterwards(self._outside, beginning.moment, numbers)
        return outcomes.report()

    def _write_all(
        self,
        approved: Sequence[StoredProposal],
        transactions: Transactions,
        xero: XeroAgain,
        beginning: Beginning,
        outcomes: Outcomes,
    ) -> Beginning:
        """Write batch by batch, each transaction by itself; return both sides as they were read last.

        Where it cannot go on, what is left stays approved.
        """
        numbers = {stored.proposal.invoice_number for stored in approved}
        left = together(approved)
        for batch in list(in_batches(left, self._at_once)):
            for place, group in enumerate(batch):
                try:
                    beginning = self._still_open(xero, beginning, left, numbers, transactions)
                    if not place:
                        transactions.plan(batch, beginning, xero.doubts.keys())
                except Exception as error:  # noqa: BLE001 - some may be written: that is reported, whatever happened
                    why = why_stopped(error)
                    outcomes.held_back += [RowOutcome(s.proposal_id, f"{why} {_STAYS}") for s in chain(*left)]
                    return beginning
                written = len(approved) - sum(map(len, left))
                self._watched.tell(f"Writing {written + 1} of {len(approved)}, {group[0].proposal.invoice_number}")
                left = left[1:]
                transactions.write(group, beginning, xero.doubts, xero.demand_fresh)
            transactions.note()
        return beginning

    def _still_open(
        self,
        xero: XeroAgain,
        beginning: Beginning,
        groups: Sequence[Sequence[StoredProposal]],
        numbers: Collection[str],
        transactions: Transactions,
    ) -> Beginning:
        """Return both sides as they are now, where it is due read and judged again for the `groups` that are left.

        Raises DeskError where somebody stopped it, where the mode is Observe by now, where either side cannot be read
        any more, or where reading takes longer than a reading may be old.
        """
        if self._watched.is_stopped():
            raise NotAllowedError(_STOPPED)
        with self._outside.store.read() as unit:
            settings = self._outside.settings_file.load()
            is_open = may_write(settings, unit.alerts.standing())
            office = office_of(unit.polling.state(), settings)
        if not is_open:
            raise error_of(refused(Why.OBSERVE))
        # Whoever has the firm ask for two persons from now on means what is not written yet, too.
        beginning = replace(beginning, office=office)
        for _ in range(_READINGS_AT_MOST):
            if not xero.is_due:
                return beginning
            transactions.note()
            if xero.refresh(list(chain.from_iterable(groups))) or is_changed(self._outside, beginning):
                beginning = begin(self._outside, current_moment(self._outside), numbers)
        if xero.is_late:
            raise NotAllowedError(LATE)
        return beginning

    def ensure_open(self, by: str) -> None:
        """Raise NotAllowedError where nothing at all may be applied now: whoever approves to apply asks first."""
        with self._outside.store.read() as unit:
            demand(Action.APPLY, by, situation_of(unit, self._outside.settings_file.load(), self._outside.clock()))

    def _approved(self, ids: Sequence[str] | None, by: str, outcomes: Outcomes) -> tuple[StoredProposal, ...]:
        """Return the approved proposals; say of every other id that was asked for why it is not applied."""
        with self._outside.store.read() as unit:
            if ids is None:
                ids = [stored.proposal_id for stored in unit.proposals.in_states({ProposalState.APPROVED})]
            found = unit.proposals.by_id(ids)
            now = situation_of(unit, self._outside.settings_file.load(), self._outside.clock())
        asked = tuple(dict.fromkeys(ids))
        answers = {row_id: _may_apply(found[row_id], by, now) for row_id in asked if row_id in found}
        alone = without_every_yes((found[row_id] for row_id, why in answers.items() if _is_approved(why)), now.office)
        approved = []
        for row_id in asked:
            answer = answers.get(row_id)
            if answer is None:
                outcomes.failed.append(RowOutcome(row_id, f"No proposal has the id {row_id}."))
            elif isinstance(answer, Refused):
                outcomes.refuse(row_id, answer)
            elif row_id in alone:
                outcomes.refuse(row_id, refused(Why.PART_HAS_ONE_YES))
            else:
                approved.append(found[row_id])
        return tuple(approved)


def _may_apply(stored: StoredProposal, by: str, now: Situation) -> Allowed | Refused:
    return may(Action.APPLY, [stored], Person(by), now).rows[0]


def _is_approved(answer: Allowed | Refused) -> bool:
    """Say whether somebody approved the row, if not as many persons as it needs."""
    return isinstance(answer, Allowed) or answer.why is Why.ONE_YES
