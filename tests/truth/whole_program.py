"""Drive the whole program: our reader, store, checks, approvals and writes, between a sandbox Xero and SQLite."""

from collections.abc import Callable, Collection, Sequence
from contextlib import nullcontext, suppress
from datetime import datetime
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from cmxero_desktop.adapters.casemanager.database import CaseManagerDatabase
from cmxero_desktop.adapters.casemanager.mapping_file import load_mapping
from cmxero_desktop.adapters.memory_secrets import MemorySecrets
from cmxero_desktop.adapters.store.store import SqlStore
from cmxero_desktop.adapters.xero.identity import TokenSet
from cmxero_desktop.adapters.xero.reader import XeroApiReader
from cmxero_desktop.adapters.xero.sign_in import SCOPES
from cmxero_desktop.adapters.xero.tokens import XeroTokens
from cmxero_desktop.adapters.xero.urls import xero_urls
from cmxero_desktop.domain.bulk import BULK_ORDER
from cmxero_desktop.domain.cleanup import Group
from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.notes import read_mark
from cmxero_desktop.domain.proposals import Flag, Proposal, ProposalKind, ProposalState
from cmxero_desktop.domain.records import CasePayment
from cmxero_desktop.sandbox.ledger.clock import Clock
from cmxero_desktop.sandbox.ledger.ledger import Ledger
from cmxero_desktop.sandbox.ledger.organisations import BRIGHTSIDE
from cmxero_desktop.sandbox.xero.xero import SandboxXero
from cmxero_desktop.services.checking.polling import Polling, PollingDesk
from cmxero_desktop.services.deciding.deciding import Deciding
from cmxero_desktop.services.deciding.numbering import say_number
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.runs import PollAsk, PollOutcome
from cmxero_desktop.services.records.settings import Mode, PolicySettings, Settings, XeroSettings
from cmxero_desktop.services.writing.applying import Applying
from cmxero_desktop.services.writing.cleaning_up import CleanupAct, clean_up_at_once, find_cleanup
from tests.services.desk import FakeSettingsFile
from tests.support.stores import lay_out_store
from tests.truth.books import Books
from tests.truth.driving import Seen, Write
from tests.truth.mirror import CaseMirror, XeroMirror
from tests.truth.story import CHECKS

_BY = "Ann"
# What somebody does in Case Manager after an approval and before it is written.
Meanwhile = Callable[[Sequence[Proposal]], None]


class WholeProgram:
    """One firm's Xero and Case Manager, the program between them, and the person who uses it."""

    def __init__(self, books: Books, policy: PolicySettings, folder: Path, meanwhile: Meanwhile | None = None) -> None:
        self._books, self._meanwhile = books, meanwhile
        self._clock = Clock(frozen_at=CHECKS[0])
        self._xero = SandboxXero(Ledger(self._clock, BRIGHTSIDE))
        # A clock that stands still would never let the minute pass.
        self._xero.limits.is_on = False
        self._xero.start()
        case_file = folder / "case.db"
        CaseMirror.create(case_file)
        self._case_manager = CaseManagerDatabase(f"sqlite:///{case_file.as_posix()}", load_mapping("reference"))
        self._xero_mirror = XeroMirror(books, self._xero.ledger)
        self._case_mirror = CaseMirror(books, case_file, self._case_manager)
        self._store = SqlStore(lay_out_store(folder / "store.db"))
        self._settings = FakeSettingsFile(
            Settings(mode=Mode.APPROVE, xero=XeroSettings(tenant_id=self._xero.tenant_id), policy=policy)
        )
        self._names = count(1)
        self._wire(folder)

    def close(self) -> None:
        """End everything."""
        self._xero.stop()
        self._case_manager.close()
        self._store.close()

    # The protocol

    def check(self, now: datetime) -> Seen:
        """Let the program read both sides as the books are by now."""
        self._clock.freeze(now)
        self._xero_mirror.bring()
        self._case_mirror.bring(now)
        answer = self._xero.identity.sign_in(SCOPES)
        self._tokens.keep(TokenSet(str(answer["access_token"]), str(answer["refresh_token"]), 1800))
        run = self._polling.poll(PollAsk())
        assert run.outcome is PollOutcome.DONE, run.reason
        return self.look()

    def look(self) -> Seen:
        """Return what the program shows."""
        with self._store.read() as unit:
            results = unit.results.latest()
            stored = unit.proposals.in_states({ProposalState.PROPOSED})
        return Seen(
            snapshots=tuple(result.snapshot for result in results),
            correlations=tuple(result.correlation for result in results),
            proposals=tuple(row.proposal for row in stored),
            today=self._clock.now().date(),
        )

    def approve_bulk(self, kinds: Collection[str]) -> tuple[Write, ...]:
        """Approve what bulk allows of these kinds, one after the other, and write it."""
        reports = [self._deciding.approve_all(_BY, kind) for kind in BULK_ORDER if kind in kinds]
        if self._meanwhile is not None:
            with self._store.read() as unit:
                approved = unit.proposals.by_id([row.row_id for report in reports for row in report.done])
            self._meanwhile([stored.proposal for stored in approved.values()])
            self._case_mirror.bring(self._clock.now())
        return self._apply()

    def approve(self, proposals: Sequence[Proposal]) -> tuple[Write, ...]:
        """Approve each by its id, a move with its other half, with a reason where a removal waits for its release."""
        waiting = self.look().proposals
        for proposal in proposals:
            if not proposal.blocking_flags - {Flag.OVER_LIMIT}:
                halves = [p.proposal_id for p in waiting if p.move_id and p.move_id == proposal.move_id]
                act = halves or [proposal.proposal_id]
                self._deciding.approve(act, by=_BY, release_reason="looked at")
        return self._apply()

    def clean_up(self) -> tuple[Write, ...]:
        """Say in one act what may be said of all old leftovers at once (R19a)."""
        groups = frozenset(Group)
        shown = frozenset(one.row_id for one in find_cleanup(self._outside).members_of(groups))
        asked = CleanupAct(groups=groups, by=_BY, reason="from before", shown=shown)
        report = clean_up_at_once(self._outside, asked)
        assert not report.left_out, report.left_out
        accepts = (one.accept for group in report.done for one in group.members)
        return tuple(Write(proposal=p, key=None, before=(), after=()) for p in accepts if p is not None)

    def say_number(self, invoice: XeroInvoiceId, number: str) -> None:
        """Say which invoice it is; one that another living invoice has is refused, as a person would see."""
        with suppress(NotAllowedError):
            shown = self._books.xero_invoices[invoice].number
            say_number(self._outside, shown, number, by=_BY, reason="")

    # Inside

    def _wire(self, folder: Path) -> None:
        urls = xero_urls(self._xero.identity_url, self._xero.api_url)
        self._tokens = XeroTokens(
            self._xero.client_id,
            urls,
            MemorySecrets(),
            folder / "token.lock",
            clock=lambda: self._clock.now().timestamp(),
            now=self._clock.now,
        )
        reader = XeroApiReader(self._tokens, urls, self._xero.tenant_id, clock=self._clock.now)
        outside = self._outside = Outside(
            xero=reader,
            case_manager=self._case_manager,
            store=self._store,
            settings_file=self._settings,
            clock=self._clock.now,
            steady_s=lambda: self._clock.now().timestamp(),
            new_id=self._new_id,
        )
        self.outside = outside
        self._polling = Polling(
            outside,
            desk=PollingDesk(holder="truth", label="TRUTH", zone=ZoneInfo("Australia/Sydney")),
            turn=nullcontext,
            tell=lambda _: None,
        )
        self._deciding = Deciding(outside)
        self._applying = Applying(outside)

    def _new_id(self) -> str:
        return f"run-{next(self._names)}"

    def _apply(self) -> tuple[Write, ...]:
        report = self._applying.apply(None, _BY)
        assert not report.failed, report.failed
        with self._store.read() as unit:
            applied = unit.proposals.by_id([row.row_id for row in report.applied])
        return self._taken_over({str(key): stored for key, stored in applied.items()})

    def _taken_over(self, applied: dict[str, StoredProposal]) -> tuple[Write, ...]:
        """Take the rows over into the books, and say of each whose money it was and is."""
        before = dict(self._books.case_money)
        added = self._take_rows()
        writes = []
        for stored in applied.values():
            proposal = stored.proposal
            if proposal.kind is ProposalKind.ACCEPT:
                writes.append(Write(proposal=proposal, key=None, before=(), after=()))
                continue
            key = proposal.case.payment_id if proposal.case else added[str(proposal.xero_payment_id)]
            is_there = key in self._books.rows
            writes.append(
                Write(
                    proposal=proposal,
                    key=key if is_there else None,
                    before=before.get(key, ()) if proposal.case else (),
                    after=self._books.case_money[key] if is_there else (),
                )
            )
        return tuple(writes)

    def _take_rows(self) -> dict[str, CasePaymentId]:
        """Make the books' rows what the database has; return the keys of new rows by the payment that they name."""
        books = self._books
        added: dict[str, CasePaymentId] = {}
        standing = {row.payment_id: row for rows in self._case_mirror.fetch().values() for row in rows}
        for key in [key for key in books.rows if key not in standing]:
            books.remove(key)
        for key, row in standing.items():
            if books.rows.get(key) != row:
                if key not in books.rows:
                    books.take_key(key)
                    added[self._named(row)] = key
                books.put(row, self._money(key, row))
        books.touched_case.clear()
        return added

    def _money(self, key: CasePaymentId, row: CasePayment) -> tuple[tuple[int, int], ...]:
        """Return whose money a row is that the program wrote: a link only names what was there."""
        books = self._books
        present = books.rows.get(key)
        is_link = present is not None and (present.amount, present.paid_on) == (row.amount, row.paid_on)
        return books.case_money[key] if is_link else books.xero_money[self._named(row)]

    def _named(self, row: CasePayment) -> XeroPaymentId:
        named = read_mark(row.notes, "").payment_id
        assert named is not None
        return named
