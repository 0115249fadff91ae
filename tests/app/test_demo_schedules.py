"""The demo's firm has SOR schedules in every state, with an alert and a list after an end among them."""

from datetime import timedelta

from cmxero_desktop.app.demo import open_demo
from cmxero_desktop.domain.sor.schedules import ScheduleState
from cmxero_desktop.services.records.runs import PollAsk
from cmxero_desktop.services.verbs.commands.checking import Poll
from cmxero_desktop.services.verbs.commands.viewing import ReadView


def test_there_is_a_schedule_in_every_state_and_each_event_is_found() -> None:
    with open_demo() as demo:
        desk = demo.opened.desk
        board = desk.run(ReadView()).sor
        states = {row.invoice_number: row.schedule.state for row in board.rows}
        assert set(states.values()) == set(ScheduleState) - {ScheduleState.CLOSED}
        assert [(a.invoice_number, str(a.at_risk)) for a in board.standing] == [("CM-22001", "1,200.00")]
        assert {ending.schedule.state for ending in board.endings} == {ScheduleState.CANCELLED, ScheduleState.DEFAULTED}
        happen = demo.firm.happenings
        for event in (
            happen.outside_payment,
            happen.outside_credit_note,
            happen.instalment_deleted,
            happen.sor.sor_overpayment_applied,
            happen.sor.sor_prepayment_applied,
            happen.sor.sor_reference_changed,
            happen.sor.sor_typed_in_case_manager,
            happen.sor.sor_adjusted_in_case_manager,
            happen.sor.sor_total_lowered,
            happen.sor.sor_disbursement_receipted,
            # Whatever happened first, it can be voided all the same.
            happen.sor.sor_invoice_renumbered,
            happen.sor.sor_invoice_voided,
        ):
            event()
        demo.firm.xero.clock.advance(timedelta(minutes=10))
        desk.run(Poll(PollAsk()))
        found = {alert.kind.value for alert in desk.run(ReadView()).sor.standing}
        assert found == {
            "sor_other_payment",
            "sor_credit_note",
            "sor_instalment_deleted",
            "sor_overpayment",
            "sor_prepayment",
            "sor_reference_changed",
            "sor_case_payment",
            "sor_case_adjustment",
            "sor_disbursement",
            "sor_voided",
            "sor_too_much",
        }
