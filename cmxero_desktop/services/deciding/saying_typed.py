"""Keep that persons type what is copied as quickly as a program would copy it (R29)."""

from dataclasses import replace

from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.deciding.saying import Saying
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.records.alerts import QUICK_COPIES_KEY
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat

_TYPED = "A person types the payments in Case Manager."


def say_typed(outside: Outside, said: Saying) -> str:
    """End the warning for good and return what was kept; marks of another writer are told all the same."""
    with outside.store.begin() as unit:
        unit.polling.save_comparison(replace(unit.polling.state().comparison, are_copies_typed=True))
        unit.alerts.clear([QUICK_COPIES_KEY])
        event = AuditEvent(
            at=outside.clock(), by=said.by, what=AuditWhat.EXPLAINED, reason=said.reason or _TYPED, rule=Rule.R29
        )
        unit.audit.append([event])
        unit.commit()
    return f"{_TYPED} How quickly is no warning any more."
