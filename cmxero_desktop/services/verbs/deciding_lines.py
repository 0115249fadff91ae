"""Which use case answers which command that decides or writes."""

from cmxero_desktop.services.connecting.epochs import confirm_store
from cmxero_desktop.services.deciding.accepting_totals import accept_totals
from cmxero_desktop.services.deciding.accounts import AccountSaying, say_account
from cmxero_desktop.services.deciding.changing_mode import change_mode
from cmxero_desktop.services.deciding.changing_settings import change_settings
from cmxero_desktop.services.deciding.correcting import corrected
from cmxero_desktop.services.deciding.deciding import Deciding
from cmxero_desktop.services.deciding.linking import link_payment, take_back_link
from cmxero_desktop.services.deciding.note_writing import NoteSaid, write_note
from cmxero_desktop.services.deciding.numbering import number_choices, say_number
from cmxero_desktop.services.deciding.saying import Saying, already_there, explain, same_money, unpair
from cmxero_desktop.services.deciding.saying_typed import say_typed
from cmxero_desktop.services.ports.computer import SettingForms
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.verbs.commands.cleaning_up import CleanUp, TakeBackCleanup
from cmxero_desktop.services.verbs.commands.command import Handler
from cmxero_desktop.services.verbs.commands.connecting import ConfirmStore
from cmxero_desktop.services.verbs.commands.deciding import AcceptTotals, Approve, ApproveAll, Hold, Reject, Reopen
from cmxero_desktop.services.verbs.commands.saying import (
    AlreadyThere,
    ChooseLink,
    Corrected,
    Explain,
    ReadNumberChoices,
    Renumber,
    SayAccount,
    SayTyped,
    TakeBackLink,
    Unpair,
    WriteNote,
)
from cmxero_desktop.services.verbs.commands.settings import ChangeMode, ChangeSettings
from cmxero_desktop.services.verbs.commands.writing import Apply, EnsureApply, Undo, WithdrawUndo
from cmxero_desktop.services.writing.applying import Applying
from cmxero_desktop.services.writing.asking_to_undo import withdraw_wish
from cmxero_desktop.services.writing.cleaning_up import CleanupAct, clean_up_at_once, take_back_cleanup
from cmxero_desktop.services.writing.undoing import Undoing
from cmxero_desktop.services.writing.watched import Watched


def deciding_handlers(outside: Outside, watched: Watched, forms: SettingForms) -> tuple[Handler, ...]:
    """Return the lines that decide or write."""
    deciding, applying = Deciding(outside), Applying(outside, watched=watched)
    undoing = Undoing(outside, watched=watched)

    def choose_link(c: ChooseLink) -> str:
        return link_payment(
            outside, proposal_id=c.proposal_id, case_payment_id=c.case_payment_id, by=c.by, xero_id=c.xero_payment_id
        )

    def explain_payment(c: Explain) -> str:
        said = Saying(by=c.by, reason=c.reason)
        if c.what is None:
            return same_money(outside, c.case_payment_id, c.same, said)
        return explain(outside, c.case_payment_id, c.what, said)

    def put_there(c: AlreadyThere) -> str:
        return already_there(outside, c.proposal_id, c.case_payment_id, Saying(by=c.by, reason=c.reason))

    def note_on_row(c: WriteNote) -> str:
        said = NoteSaid(row_id=c.row_id, by=c.by, text=c.text, owner=c.owner, follow_up=c.follow_up, seen=c.seen)
        return write_note(outside, said)

    def say_of_account(c: SayAccount) -> str:
        said = AccountSaying(account=c.account, answer=c.answer, by=c.by, payment_type=c.payment_type)
        return say_account(outside, said)

    return (
        Approve.handled_by(lambda c: deciding.approve(c.ids, by=c.by, release_reason=c.release_reason, seen=c.seen)),
        ApproveAll.handled_by(lambda c: deciding.approve_all(c.by, c.kind)),
        Hold.handled_by(lambda c: deciding.hold(c.ids, by=c.by, reason=c.reason, until=c.until)),
        Reject.handled_by(lambda c: deciding.reject(c.ids, by=c.by, reason=c.reason)),
        Reopen.handled_by(lambda c: deciding.reopen(c.ids, by=c.by, reason=c.reason)),
        ChooseLink.handled_by(choose_link),
        TakeBackLink.handled_by(lambda c: take_back_link(outside, proposal_id=c.proposal_id, by=c.by)),
        Explain.handled_by(explain_payment),
        AlreadyThere.handled_by(put_there),
        Corrected.handled_by(lambda c: corrected(outside, c.row_id, Saying(by=c.by, reason=c.reason))),
        Unpair.handled_by(lambda c: unpair(outside, c.row_id, Saying(by=c.by, reason=c.reason))),
        WriteNote.handled_by(note_on_row),
        SayAccount.handled_by(say_of_account),
        SayTyped.handled_by(lambda c: say_typed(outside, Saying(by=c.by, reason=c.reason))),
        ChangeSettings.handled_by(lambda c: change_settings(outside, forms, c.texts, c.by)),
        ChangeMode.handled_by(lambda c: change_mode(outside, c.mode, Saying(by=c.by, reason=c.reason))),
        AcceptTotals.handled_by(lambda c: accept_totals(outside, by=c.by, reason=c.reason, shown=c.shown)),
        CleanUp.handled_by(
            lambda c: clean_up_at_once(outside, CleanupAct(groups=c.groups, by=c.by, reason=c.reason, shown=c.shown))
        ),
        TakeBackCleanup.handled_by(lambda c: take_back_cleanup(outside, c.act, by=c.by, reason=c.reason)),
        ReadNumberChoices.handled_by(lambda c: number_choices(outside, c.invoice)),
        Renumber.handled_by(lambda c: say_number(outside, c.invoice, c.number, by=c.by, reason=c.reason)),
        ConfirmStore.handled_by(lambda c: confirm_store(outside, by=c.by, reason=c.reason)),
        EnsureApply.handled_by(lambda c: applying.ensure_open(c.by)),
        Apply.handled_by(lambda c: applying.apply(c.ids, c.by)),
        Undo.handled_by(lambda c: undoing.undo(c.ids, by=c.by, reason=c.reason)),
        WithdrawUndo.handled_by(lambda c: withdraw_wish(outside, c.ids, by=c.by, reason=c.reason)),
    )
