"""What each setting that a person may change in the window is called, and its sentence."""

from dataclasses import dataclass

CHECKING, LIMITS, MATCHING, ACCOUNTS, SOR = "Checking", "Limits", "Matching", "Accounts", "SOR watch"
NOTICES = "Notices"


@dataclass(frozen=True, slots=True)
class SettingWords:
    """One setting by its name in the file, such as `poll.interval_min`. With `choices` it is one of these."""

    name: str
    group: str
    title: str
    sentence: str
    choices: tuple[str, ...] = ()


SETTINGS: tuple[SettingWords, ...] = (
    SettingWords("poll.interval_min", CHECKING, "Check every", "Minutes between two checks of Xero, 1 to 1440."),
    SettingWords(
        "poll.working_hours", CHECKING, "Only between", "Two times such as 08:00-18:00; empty checks all day and night."
    ),
    SettingWords("poll.working_days", CHECKING, "Only on", "Days such as mon, tue, wed, thu, fri."),
    SettingWords(
        "poll.full_at", CHECKING, "Compare everything at", "The first check after this time reads everything; or off."
    ),
    SettingWords(
        "policy.removal_limit_count",
        LIMITS,
        "Removals in one check",
        "More than these are held until one releases them.",
    ),
    SettingWords(
        "policy.removal_limit_percent", LIMITS, "Removals in percent", "The same as a share of all copies, 0 to 100."
    ),
    SettingWords(
        "policy.removal_limit_amount", LIMITS, "Removals in amount", "The same as a sum of money in one check."
    ),
    SettingWords(
        "policy.bulk_amount_limit", LIMITS, "Bulk up to", "A larger amount is approved by itself, never with others."
    ),
    SettingWords(
        "policy.total_tolerance", LIMITS, "Rounding", "By how much the balances of an invoice may differ: cents of tax."
    ),
    SettingWords(
        "policy.invoice_prefix", MATCHING, "Invoices begin with", "Only invoices of Xero whose number begins so count."
    ),
    SettingWords(
        "policy.start_date",
        MATCHING,
        "Start date",
        "Payments dated before it are not listed until something happens to them; totals count them. Empty lists all.",
    ),
    SettingWords(
        "policy.forward_dating_days",
        MATCHING,
        "Forward dating",
        "How many days ahead Case Manager takes a payment; or case_manager, whose own setting is read, or off.",
    ),
    SettingWords("policy.near_days", MATCHING, "Near by", "Days within which two payments may be one and the same."),
    SettingWords(
        "policy.edit_days", MATCHING, "An edit within", "Days within which a deletion and a new payment are one edit."
    ),
    SettingWords(
        "policy.lodged_until",
        MATCHING,
        "Lodged until",
        "The last day of your last lodged tax period; empty knows none.",
    ),
    SettingWords(
        "payment_types",
        ACCOUNTS,
        "Payment types by account",
        "The code of a Xero account and the payment type in Case Manager, such as 090 = EFT, 095 = Credit Card.",
    ),
    SettingWords(
        "policy.never_copy",
        ACCOUNTS,
        "Never copied",
        "Accounts whose payments stay out, such as trust money: 091, 210.",
    ),
    SettingWords(
        "policy.keep_flagging", ACCOUNTS, "Looked at one by one", "Accounts each of whose payments is to be looked at."
    ),
    SettingWords(
        "policy.sor_account",
        SOR,
        "Clearing account",
        "Part of the name, or the code, of where instalments are written.",
    ),
    SettingWords(
        "policy.sor_unallocated", SOR, "Not allocated", "The same of the account for what Apxium could not allocate."
    ),
    SettingWords(
        "sor.firm_type",
        SOR,
        "Apxium reads",
        "xero counts down to a debit date; other is another practice software, which has none.",
        ("xero", "other"),
    ),
    SettingWords(
        "sor.breaks_quiet_hours",
        SOR,
        "In quiet hours too",
        "Whether what the SOR watch has to say is said in quiet hours too.",
        ("yes", "no"),
    ),
    SettingWords(
        "notices.quiet_from",
        NOTICES,
        "Quiet from",
        "From this time on nothing is said by notices; what comes is said afterwards. Or off.",
    ),
    SettingWords("notices.quiet_to", NOTICES, "Quiet to", "Until this time, the next morning's too."),
    SettingWords("notices.quiet_days", NOTICES, "Quiet on", "Days such as sat, sun, on which nothing is said; or off."),
)
CHANGEABLE = frozenset(words.name for words in SETTINGS)
"""The settings that are changed here; mode, connection, database and mail have sheets that try them first."""
