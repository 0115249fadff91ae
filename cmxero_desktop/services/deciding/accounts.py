"""Keep what a person says once of all payments to one of Xero's accounts: in the settings, and in History (R3)."""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from cmxero_desktop.domain.accounts import AccountAnswer, names_of, title_of
from cmxero_desktop.domain.decisions import Action, may
from cmxero_desktop.domain.errors import CaseManagerError, NotAllowedError
from cmxero_desktop.domain.people import Person
from cmxero_desktop.domain.records import Account
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.wording_accounts import account_said
from cmxero_desktop.services.correlation.correlating import correlate_again
from cmxero_desktop.services.correlation.moment import current_moment
from cmxero_desktop.services.correlation.situations import ensure, situation_of
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.settings import PolicySettings

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSaying:
    """What somebody says of an account, called by its code, its name or Xero's id."""

    account: str
    answer: AccountAnswer
    by: str
    payment_type: str = ""


def say_account(outside: Outside, said: AccountSaying) -> str:
    """Write the answer into the settings, judge the firm by it at once, and return it as a sentence.

    It may be said of any account of Xero's chart, asked or not, and takes the place of what was said before. Raises
    NotAllowedError for an account that Xero does not have, or that cannot be named in the settings, and where the
    payment type is left out; SettingsError.
    """
    with outside.store.begin() as unit:
        # Not before: the unit may have waited for somebody who changed the mode, and all of it is saved again.
        settings = outside.settings_file.load()
        ensure(may(Action.EXPLAIN, (), Person(said.by), situation_of(unit, settings, outside.clock())))
        account = _account(unit, said.account)
        if said.answer is AccountAnswer.TRUST and not said.payment_type.strip():
            message = "No payment type is named."
            raise NotAllowedError(message, 'Name one that Case Manager has, such as "EFT" or "Credit Card".')
        sentence = account_said(title_of(account.code, account.name), said.answer, said.payment_type.strip())
        mine = account.account_id.casefold()
        asked = (alert for alert in unit.alerts.standing() if alert.account is not None)
        unit.alerts.clear(a.key for a in asked if a.account is not None and a.account.account_id.casefold() == mine)
        event = AuditEvent(at=outside.clock(), by=said.by, what=AuditWhat.ACCOUNT_SAID, reason=sentence, rule=Rule.R3)
        unit.audit.append([event])
        numbers = _paid_to(unit, mine)
        # Before the commit: History must never tell of an answer that the settings could not take.
        outside.settings_file.save(replace(settings, policy=_answered(settings.policy, account, said)))
        unit.commit()
    _judge_again(outside, numbers)
    return sentence


def _account(unit: UnitOfWork, named: str) -> Account:
    """Return the account that is called so. Raises NotAllowedError where none is, or none that has a name."""
    wanted = named.strip().casefold()
    found = [account for account in unit.facts.accounts().values() if wanted in names_of(account)]
    if not found:
        message = f"Xero has no account {named.strip() or '(no name)'}."
        raise NotAllowedError(message, "Give its code or its name as Xero's chart of accounts has it, or check Xero.")
    # A code is what Xero itself keeps apart; names may be given twice.
    best = min(found, key=lambda account: wanted not in {account.account_id.casefold(), account.code.casefold()})
    if not (best.code or best.name):
        message = f"Account {best.account_id} has neither a code nor a name."
        raise NotAllowedError(message, "Give it a code in Xero, then compare everything.")
    return best


def _answered(policy: PolicySettings, account: Account, said: AccountSaying) -> PolicySettings:
    """Return the settings with this answer, and without what they said of the account before."""
    own = {account.code.casefold(), account.name.casefold()} - {""}
    name = account.code or account.name
    types = {named: kind for named, kind in policy.payment_types.items() if named.casefold() not in own}
    if said.answer is AccountAnswer.TRUST:
        types = _in_place(policy.payment_types, own, name, said.payment_type.strip())
    return replace(
        policy,
        payment_types=MappingProxyType(types),
        never_copy=_listed(policy.never_copy, own, name if said.answer is AccountAnswer.NEVER_COPY else ""),
        keep_flagging=_listed(policy.keep_flagging, own, name if said.answer is AccountAnswer.KEEP_FLAGGING else ""),
    )


def _in_place(types: Mapping[str, str], own: Collection[str], name: str, kind: str) -> dict[str, str]:
    """Return the payment types with this one, under the name that stands there already."""
    there = next((named for named in types if named.casefold() in own), name)
    others = {named: type_ for named, type_ in types.items() if named == there or named.casefold() not in own}
    return {**others, there: kind}


def _listed(accounts: tuple[str, ...], own: Collection[str], name: str) -> tuple[str, ...]:
    there = next((named for named in accounts if named.casefold() in own), name)
    others = tuple(named for named in accounts if named.casefold() not in own or (name and named == there))
    return others if not name or there in others else (*others, name)


def _paid_to(unit: UnitOfWork, account_id: str) -> set[str]:
    """Return the invoices on which a listed payment went to the account."""
    return {
        result.snapshot.number
        for result in unit.results.shown()
        for row in result.correlation.placements
        if row.xero is not None and row.xero.account_id.casefold() == account_id
    }


def _judge_again(outside: Outside, numbers: Collection[str]) -> None:
    """Judge what the answer is about; where Case Manager cannot be read now, the next check does it."""
    if not numbers:
        return
    try:
        correlate_again(outside, current_moment(outside), numbers)
    except CaseManagerError as error:
        _log.info("The answer counts from the next check on: %s", error)
