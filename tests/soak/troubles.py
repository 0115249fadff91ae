"""Everything that can go wrong between Xero and the program, one sort after the other in a random order."""

import random
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from cmxero_desktop.sandbox.xero.faults import Damage, Fault, FaultKind
from tests.soak.changes import Changes, is_cm
from tests.soak.desk import SoakDesk

_PATHS = ("/Payments", "/Invoices", "/api.xro/2.0/", "/api.xro/2.0/", "/connect/token")
_STATUSES = (400, 401, 403, 404, 500, 502, 503, 504)
_PROBLEMS = ("minute", "day", "appminute", "concurrent", "unheard-of")
_WAITS_S = (None, 0, 7, 61, 3_600, 86_399, 10**9)
# Less than a day: further from Xero's than that, no answer is taken.
_WRONG_HOURS = (0, 0, 0, -22, -11, -3, -1, 1, 3, 11, 22)


class Troubles:
    """Lets things go wrong in the next check. `damaged` is the payment whose row is broken in it."""

    def __init__(self, desk: SoakDesk, changes: Changes, dice: random.Random) -> None:
        self.seen: set[str] = set()
        self.is_power_cut_due = False
        self.damaged: tuple[Damage, str] | None = None
        self._is_server_gone = False
        self._desk = desk
        self._changes = changes
        self._dice = dice
        self._bag: list[str] = []
        self._others: dict[str, Callable[[], None]] = {
            "access token ended": desk.xero.identity.tokens.end_access,
            "sign-in ended": desk.xero.identity.tokens.end_all,
            "refresh lost once": partial(self._lose_refresh, 1),
            "refresh lost twice": partial(self._lose_refresh, 2),
            "offline": self._go_offline,
            "Case Manager away": self._take_case_manager_away,
            "power cut": self._plan_power_cut,
            "wrong clock": self._set_clock_wrong,
            "wrong clock again": self._set_clock_wrong,
        }

    @property
    def kinds(self) -> set[str]:
        """Every sort of trouble there is."""
        return {*FaultKind, *self._others}

    def plan(self) -> None:
        """Let one more thing go wrong; each sort comes before any comes again."""
        if not self._bag:
            self._bag = sorted(self.kinds)
            self._dice.shuffle(self._bag)
        name = self._bag.pop()
        self.seen.add(name)
        if name in self._others:
            self._others[name]()
        elif name == FaultKind.ROW:
            self._break_row()
        elif name == FaultKind.HOLD:
            self._desk.set_patience(is_short=True)
            self._desk.xero.faults.add(Fault(kind=FaultKind.HOLD, path="/api.xro/"))
        else:
            self._desk.xero.faults.add(self._fault(FaultKind(name)))

    def end(self) -> None:
        """Let everything be well again, except a clock that is wrong."""
        self._desk.xero.faults.clear()
        self._desk.set_patience(is_short=False)
        self._desk.case_manager.is_away = False
        self.is_power_cut_due = False
        self.damaged = None
        if self._is_server_gone:
            self._is_server_gone = False
            self._desk.xero.start()

    def _fault(self, kind: FaultKind) -> Fault:
        return Fault(
            kind=kind,
            path=self._dice.choice(_PATHS),
            times=self._dice.choice((1, 1, 2)),
            skip=self._dice.choice((0, 0, 1, 2)),
            status=self._dice.choice(_STATUSES),
            problem=self._dice.choice(_PROBLEMS),
            retry_after_s=self._dice.choice(_WAITS_S),
            delay_s=0.002,
        )

    def _break_row(self) -> None:
        ledger = self._changes.ledger
        cm = [i for i in ledger.invoices.values() if is_cm(i)]
        payments = [p.payment_id for i in cm for p in ledger.all_payments(i.invoice_id)]
        damage = self._dice.choice(list(Damage))
        self.damaged = damage, self._dice.choice(payments)
        self._desk.xero.faults.add(
            Fault(kind=FaultKind.ROW, path="/Payments", times=None, damage=damage, row_id=self.damaged[1])
        )

    def _lose_refresh(self, times: int) -> None:
        self._desk.xero.identity.tokens.end_access()
        kind = self._dice.choice((FaultKind.HALF, FaultKind.RESET))
        self._desk.xero.faults.add(Fault(kind=kind, path="/connect/token", times=times))

    def _go_offline(self) -> None:
        if not self._is_server_gone:
            self._is_server_gone = True
            self._desk.xero.stop()

    def _take_case_manager_away(self) -> None:
        self._desk.case_manager.is_away = True

    def _plan_power_cut(self) -> None:
        self.is_power_cut_due = True

    def _set_clock_wrong(self) -> None:
        self._desk.skew = timedelta(hours=self._dice.choice(_WRONG_HOURS), seconds=self._dice.randrange(-90, 90))
