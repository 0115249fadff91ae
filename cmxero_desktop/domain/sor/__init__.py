"""The SOR watch: which invoices are under an Apxium schedule, what happened outside it, and what is said when."""
