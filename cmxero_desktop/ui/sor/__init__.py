"""The SOR watch: invoices under Apxium schedules, and what happened outside them."""
