"""Decide for one invoice where each payment stands and what would make Case Manager mirror Xero (R1 to R33).

Total, deterministic and pure: any snapshot gives an answer, input order never matters, and today is an argument.
"""

from datetime import date

from cmxero_desktop.domain.correlation.judging import judge
from cmxero_desktop.domain.placements import Correlation
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import InvoiceSnapshot


def correlate(snapshot: InvoiceSnapshot, policy: Policy, today: date) -> Correlation:
    """Judge one invoice by itself, as if the firm had no other.

    `today` is the organisation's local date. What depends on other invoices is seen by `judge` alone, and so is what
    agrees in sum: our store cannot keep yet what a person says of it (R19b).
    """
    return judge([snapshot], policy, today, offers_accept=False).correlations[snapshot.number]
