"""What each setting that a person may change in the window is called, and its sentence."""

from collections.abc import Mapping
from dataclasses import dataclass

CHECKING, LIMITS, MATCHING, ACCOUNTS, SOR = "Checking", "Limits", "Matching", "Accounts", "SOR watch"
NOTICES, UPDATES, REASONS, PEOPLE = "Notices", "Updates", "Reasons", "People"
MODE, XERO, DATABASES, MAIL = "Mode", "Xero", "Databases", "Mail"
HOLIDAY_REGIONS = (
    *("off", "ACT", "NSW", "NT", "QLD", "SA", "TAS", "VIC", "WA", "NZ", "NZ Auckland", "NZ Canterbury"),
    *("NZ Chatham Islands", "NZ Hawke's Bay", "NZ Marlborough", "NZ Nelson", "NZ Otago", "NZ South Canterbury"),
    *("NZ Southland", "NZ Taranaki", "NZ Wellington", "NZ West Coast"),
)
"""Whose public holidays can be chosen."""

CHRISTMAS = "24 Dec to 3 Jan"
"""The days on which most offices are closed, as a person writes them."""


@dataclass(frozen=True, slots=True)
class SettingWords:
    """One setting by its name in the file, such as `poll.interval_min`.

    With `choices` it is one of these; one that is `several_lines` has a thing on each.
    """

    name: str
    group: str
    title: str
    sentence: str
    choices: tuple[str, ...] = ()
    several_lines: bool = False


SETTINGS: tuple[SettingWords, ...] = (
    SettingWords("poll.interval_min", CHECKING, "Check every", "Minutes between two checks of Xero, 1 to 1440."),
    SettingWords(
        "poll.working_hours",
        CHECKING,
        "Only between",
        "Two times of this computer, such as 08:00-18:00; empty checks all day.",
    ),
    SettingWords("poll.working_days", CHECKING, "Only on", "Days such as Mon, Tue, Wed, Thu, Fri."),
    SettingWords(
        "poll.full_at", CHECKING, "Compare everything at", "The first check after this time reads everything; or off."
    ),
    SettingWords(
        "xero.tier",
        CHECKING,
        "Tier of your app",
        "What your app's page at Xero says: Starter allows 1,000 calls a day for an organisation, the others 5,000.",
        ("starter", "core", "plus", "advanced", "enterprise"),
    ),
    SettingWords(
        "xero.proxy",
        CHECKING,
        "Proxy",
        "The address of your office's proxy, such as http://proxy:8080, from the next start on; empty takes this "
        "computer's own.",
    ),
    SettingWords(
        "xero.client_id",
        CHECKING,
        "Client id of your app",
        "What its page at developer.xero.com says. From the next start on; somebody signs in anew then.",
    ),
    SettingWords(
        "xero.redirect_port",
        CHECKING,
        "Port of the redirect",
        "The number in the redirect of your app at Xero, http://localhost:8742/callback. From the next start on.",
    ),
    SettingWords(
        "policy.removal_limit_count",
        LIMITS,
        "Removals in one check",
        "If a check finds more removals than this, all of them wait until a person releases them."
        " Fewer in a later check lift nothing.",
    ),
    SettingWords(
        "policy.removal_limit_percent",
        LIMITS,
        "Removals in percent",
        "The same if they are more than this percentage of the payments in Case Manager that name a payment of Xero, 0 "
        "to 100. One removal alone is never held by it, nor any where the percentage is less than one payment.",
    ),
    SettingWords(
        "policy.removal_limit_amount",
        LIMITS,
        "Removals in amount",
        "The same if their amounts come to more than this in one check.",
    ),
    SettingWords(
        "policy.bulk_amount_limit", LIMITS, "Bulk up to", "A larger amount is approved alone, never with others."
    ),
    SettingWords(
        "policy.total_tolerance", LIMITS, "Rounding", "By how much the balances of an invoice may differ: cents of tax."
    ),
    SettingWords(
        "people.approvers",
        PEOPLE,
        "Who approves",
        "The names that stand beside decisions, one on each line: only these persons approve, apply and undo, and "
        "only they change this page, go over to approving, or accept totals. Others hold, reject and note. Empty lets "
        "everybody. On a shared store it counts at each desktop.",
        several_lines=True,
    ),
    SettingWords(
        "people.second_approver",
        PEOPLE,
        "Second approver",
        "Whether a change, and its undo, needs the yes of two persons. Where only one person approves here, it is "
        "marked as self-approved instead, in History and in the list of changes.",
        ("off", "large", "all"),
    ),
    SettingWords(
        "people.second_above",
        PEOPLE,
        "Above",
        "With Removals and large amounts: an amount larger than this needs the second person too.",
    ),
    SettingWords(
        "policy.invoice_prefix", MATCHING, "Invoices begin with", "Only invoices of Xero whose number begins so count."
    ),
    SettingWords(
        "policy.start_date",
        MATCHING,
        "Start date",
        "Payments dated before it are listed only once something happens to them, and count in all totals. "
        "Without one, all are listed.",
    ),
    SettingWords(
        "policy.forward_dating_days",
        MATCHING,
        "Forward dating",
        "How many days ahead Case Manager takes a payment: a number, as in Case Manager (its setting), or no limit.",
    ),
    SettingWords(
        "policy.near_days",
        MATCHING,
        "Near doubles within",
        "Days within which two payments may be the same money; an equal amount is flagged as a close double.",
    ),
    SettingWords(
        "policy.edit_days", MATCHING, "An edit within", "Days within which a deletion and a new payment are one edit."
    ),
    SettingWords(
        "policy.lodged_until",
        MATCHING,
        "Lodged until",
        "The last day of your last lodged tax period (BAS): changes dated up to it are flagged. Empty flags none.",
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
        "From Xero it counts down to a debit date; another practice software has none.",
        ("xero", "other"),
    ),
    SettingWords(
        "sor.breaks_quiet_hours",
        SOR,
        "In quiet hours too",
        "Whether warnings of the SOR watch come in quiet hours too, and where notifications are off for today. With No "
        "they wait until the office is open, but for what would be too late by then.",
        ("yes", "no"),
    ),
    SettingWords(
        "notices.quiet_from",
        NOTICES,
        "Quiet from",
        "From this time on, by this computer, nothing is said by notices, but by SOR watch as its own setting says; "
        "what comes is said afterwards. Or off.",
    ),
    SettingWords("notices.quiet_to", NOTICES, "Quiet to", "Until this time, the next morning's too."),
    SettingWords("notices.quiet_days", NOTICES, "Quiet on", "Days such as Sat, Sun, on which nothing is said; or off."),
    SettingWords(
        "notices.holidays",
        NOTICES,
        "Public holidays",
        "Those of this state, territory or province are quiet too; QLD has Brisbane's show day, NZ no anniversary.",
        HOLIDAY_REGIONS,
    ),
    SettingWords(
        "notices.closed",
        NOTICES,
        "Office closed",
        f"Quiet days of your own, such as 11 Aug 2027, {CHRISTMAS}; without a year they are so every year.",
    ),
    SettingWords(
        "notices.summary",
        NOTICES,
        "One summary",
        "Once a day, when quiet time is over, one notice says what came meanwhile; No gives a notice for each.",
        ("yes", "no"),
    ),
    SettingWords(
        "notices.show_names",
        NOTICES,
        "Names in notices",
        "Whether notices name clients, for whoever sees the screen; No gives counts and sums only.",
        ("yes", "no"),
    ),
    SettingWords(
        "reasons.reject",
        REASONS,
        "Reasons to reject",
        "What can be chosen when a row is rejected, one on each line; the most used stands first there, and any other "
        "words may be typed. Empty takes those of the program.",
        several_lines=True,
    ),
    SettingWords(
        "updates.address",
        UPDATES,
        "Ask for news at",
        "Once a day, whether there is a newer version: an address with https, or a folder. Empty asks nobody; "
        "nothing is downloaded or installed.",
    ),
    SettingWords(
        "updates.public_key",
        UPDATES,
        "Signed by",
        "The public key of whoever publishes the versions. Take it from them directly, never from where the news lies.",
    ),
)
ELSEWHERE: tuple[SettingWords, ...] = (
    SettingWords("mode", MODE, "Mode", "Settings, Mode, Change the mode…: what approving needs is tried first."),
    SettingWords("xero.sign_in", XERO, "Way to sign in", "In the file: by the browser, or a custom connection."),
    SettingWords("xero.tenant_id", XERO, "Organisation", "File, Connection to Xero…: chosen when somebody signs in."),
    SettingWords(
        "xero.identity_url", XERO, "Address of the sign-in", "In the file, for a sandbox on this computer only."
    ),
    SettingWords("xero.api_url", XERO, "Address of the data", "In the file, for a sandbox on this computer only."),
    SettingWords("case_manager.url", DATABASES, "Case Manager", "In the file: the database and its login."),
    SettingWords("case_manager.mapping", DATABASES, "Mapping", "In the file: which columns hold what."),
    SettingWords("store.url", DATABASES, "Our records", "In the file; empty keeps them in the folder."),
    SettingWords("mail.host", MAIL, "Mail server", "SOR watch, Mail…: a mail is sent as a trial."),
    SettingWords("mail.port", MAIL, "Port", "SOR watch, Mail…: as your mail server wants it."),
    SettingWords("mail.encryption", MAIL, "Encryption", "SOR watch, Mail…: as your mail server wants it."),
    SettingWords("mail.login", MAIL, "Login", "SOR watch, Mail…: its password is in the keyring, never in the file."),
    SettingWords("mail.sender", MAIL, "Sender", "SOR watch, Mail…: the address that mails come from."),
    SettingWords("mail.recipients", MAIL, "Recipients", "SOR watch, Mail…: whom the SOR watch writes to."),
)
"""The settings that are tried first, so that they are changed where that is done; the sentence says where."""

SENTENCES = {words.name: words.sentence for words in SETTINGS}
"""What each setting that is changed here means, by its name."""

CHANGEABLE = frozenset(words.name for words in SETTINGS)
"""The settings that are changed here."""

_YES_NO = {"yes": "Yes", "no": "No"}
_AMOUNTS = frozenset({"policy.removal_limit_amount", "policy.bulk_amount_limit", "people.second_above"})
_DAYS = frozenset({"poll.working_days", "notices.quiet_days"})
_WORDS: Mapping[str, Mapping[str, str]] = {
    "mode": {"observe": "Observe only", "approve": "Approve"},
    "xero.sign_in": {"browser": "In the browser", "custom_connection": "Custom connection"},
    "xero.tier": {tier: tier.capitalize() for tier in ("starter", "core", "plus", "advanced", "enterprise")},
    "policy.forward_dating_days": {"case_manager": "as in Case Manager", "off": "no limit"},
    "sor.firm_type": {"xero": "Xero", "other": "Another practice software"},
    "sor.breaks_quiet_hours": _YES_NO,
    "people.second_approver": {"off": "Off", "large": "Removals and large amounts", "all": "All that is written"},
    "notices.holidays": {"off": "None"},
    "notices.summary": _YES_NO,
    "notices.show_names": _YES_NO,
    "mail.port": {"0": "the usual one"},
    "mail.encryption": {"starttls": "STARTTLS", "tls": "TLS"},
}


def as_shown(name: str, text: str) -> str:
    """Return what a setting is, such as `case_manager`, in the words of a person."""
    if name in _DAYS and text != "off":
        return text.title()
    if name in _AMOUNTS and text:
        whole, point, cents = text.partition(".")
        return f"{int(whole):,}{point}{cents}" if whole.isdecimal() else text
    return _WORDS.get(name, {}).get(text, text)


def as_kept(name: str, shown: str) -> str:
    """Return the setting that a person means by its words; what is none of them stays as it was typed."""
    if name in _DAYS:
        return shown.lower()
    meant = {words.casefold(): text for text, words in _WORDS.get(name, {}).items()}
    return meant.get(shown.strip().casefold(), shown)
