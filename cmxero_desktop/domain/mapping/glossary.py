"""What the words in the names of tables and columns mean, in the languages and habits of those who named them."""

from collections import defaultdict
from collections.abc import Mapping
from enum import Enum, auto


class Word(Enum):
    """What a word of a name speaks of."""

    ACTIVE = auto()
    ADDRESS = auto()
    ADJUSTMENT = auto()
    AMOUNT = auto()
    ARCHIVE = auto()
    BALANCE = auto()
    BANK = auto()
    CASE = auto()
    CLIENT = auto()
    CODE = auto()
    COMPANY = auto()
    COPY = auto()
    CREDIT = auto()
    CURRENCY = auto()
    DATE = auto()
    DAYS = auto()
    DELETED = auto()
    DISCOUNT = auto()
    DUE = auto()
    ENTERED = auto()
    FEE = auto()
    FLAG = auto()
    FORWARD = auto()
    GROSS = auto()
    GROUP = auto()
    INVOICE = auto()
    JOURNAL = auto()
    KEY = auto()
    KIND = auto()
    LINE = auto()
    LOCKED = auto()
    METHOD = auto()
    MODIFIED = auto()
    NAME = auto()
    NET = auto()
    NOTES = auto()
    NUMBER = auto()
    ORDER = auto()
    PAID = auto()
    PAYER = auto()
    PAYMENT = auto()
    PERIOD = auto()
    QUANTITY = auto()
    RATE = auto()
    REFERENCE = auto()
    REFUND = auto()
    SETTING = auto()
    STAGING = auto()
    STATUS = auto()
    SUPPLIER = auto()
    TAX = auto()
    TEST = auto()
    TO = auto()
    TOTAL = auto()
    TRANSACTION = auto()
    TRUST = auto()
    USER = auto()
    VALUE = auto()


_MEANINGS: Mapping[tuple[Word, ...], str] = {
    (Word.INVOICE,): "invoice invoices inv invc bill bills billing rechnung rechnungen rech rechng rg facture factures "
    "fact factuur facturen factura facturas faktura fattura ausgangsrechnung ausgangsrechnungen",
    (Word.PAYMENT,): "payment payments pay pays pmt pmts pymt paymt receipt receipts rcpt rcpts rct zahlung zahlungen "
    "zahl zlg zahlg eingang eingaenge paiement paiements reglement betaling betalingen pago pagos cobro remittance "
    "deposit deposits zahlungseingang zahlungseingaenge ueberweisung ueberweisungen",
    (Word.TRANSACTION,): "transaction transactions trans tran txn txns trx tx buchung buchungen buch posting postings "
    "movement movements bewegung bewegungen",
    (Word.TRANSACTION, Word.ENTERED): "entry entries",
    (Word.TRANSACTION, Word.REFERENCE): "beleg belege voucher vouchers document doc",
    (Word.NUMBER,): "number numbers no num nbr nr nummer nro numero",
    (Word.KEY,): "id ids key pk fk guid uuid uid oid schluessel recno",
    (Word.CODE,): "code cd kode kuerzel",
    (Word.DATE,): "date dates dt dat datum on day tag fecha jour dtm valuta",
    (Word.ENTERED,): "entered created added inserted creation erfasst angelegt erstellt eingegeben",
    (Word.MODIFIED,): "modified changed updated geaendert upd chg last stamp timestamp rowversion modify edited "
    "synced sync",
    (Word.AMOUNT,): "amount amounts amt amnt betrag betraege montant bedrag importe monto money sum summe cur",
    (Word.TOTAL,): "total totals tot gesamt grand endbetrag gesamtbetrag",
    (Word.GROSS,): "gross brutto incl inc ttc bruto",
    (Word.NET,): "net netto excl ex ht neto sub subtotal",
    (Word.TAX,): "tax gst vat mwst ust steuer umsatzsteuer tva btw iva hst pst",
    (Word.BALANCE,): "balance bal saldo outstanding owing open offen offener rest remaining unpaid restbetrag solde "
    "offenerbetrag",
    (Word.DUE,): "due faellig faelligkeit echeance zahlbar",
    (Word.PAID,): "paid bezahlt received recvd erhalten paye settled",
    (Word.ADJUSTMENT,): "adjustment adjustments adj adjs adjust korrektur korrekturen anpassung anpassungen writeoff "
    "writeoffs",
    (Word.DISCOUNT,): "discount discounts skonto rabatt disc nachlass",
    (Word.CREDIT,): "credit credits cn gutschrift gutschriften avoir credited",
    (Word.REFUND,): "refund refunds refunded rfnd rueckzahlung rueckzahlungen erstattung erstattungen remboursement",
    (Word.DELETED,): "deleted delete del geloescht loesch removed trashed void voided cancelled canceled cancel storno "
    "storniert annulliert reversed reversal inactive hidden supprime dead draft proforma quote",
    (Word.ACTIVE,): "active aktiv actif gueltig valid enabled live",
    (Word.STATUS,): "status state stat zustand etat stage",
    (Word.KIND,): "type typ kind art category cat class klasse sorte",
    (Word.METHOD,): "method mode tender zahlweise paymode means",
    (Word.METHOD, Word.PAYMENT): "zahlart zahlungsart zahlungsarten paytype",
    (Word.NOTES,): "note notes memo comment comments remark remarks bemerkung bemerkungen notiz notizen text "
    "description desc descr beschreibung narration narrative details particulars kommentar bem info",
    (Word.REFERENCE,): "reference ref refs referenz verwendungszweck zweck cheque check chq",
    (Word.JOURNAL,): "journal journals journalled journaled jnl jrnl jrn je gl fibu hauptbuch ledger",
    (Word.LOCKED,): "locked lock posted post gebucht verbucht gesperrt closed finalised finalized exported exportiert "
    "uebertragen transferred fixed",
    (Word.GROUP,): "group groups grp gruppe batch batches stapel sammel bulk multi split",
    (Word.PAYER,): "payer payor zahler einzahler remitter drawer",
    (Word.CLIENT,): "client clients customer customers cust debtor debtors kunde kunden kd debitor debitoren contact "
    "patient participant",
    (Word.TO,): "to an empfaenger addressee recipient billto",
    (Word.CASE,): "case cases matter matters file akte akten fall faelle mandat claim project job dossier zaak",
    (Word.COMPANY,): "company companies comp co firm firma tenant entity org organisation organization buchungskreis "
    "bukrs division gesellschaft office branch filiale standort",
    (Word.COMPANY, Word.CLIENT): "mandant mandanten",
    (Word.LINE,): "line lines item items detail dtl det pos position positionen zeile zeilen alloc allocation "
    "allocations distribution",
    (Word.SUPPLIER,): "supplier suppliers vendor vendors creditor creditors kreditor kreditoren lieferant lieferanten "
    "purchase purchases expense expenses payable payables einkauf ausgang ausgaenge disbursement disbursements payroll "
    "auslage auslagen",
    (Word.SUPPLIER, Word.INVOICE): "eingangsrechnung eingangsrechnungen",
    (Word.SUPPLIER, Word.PAYMENT): "zahlungsausgang zahlungsausgaenge payout payouts",
    (Word.TRUST,): "trust escrow treuhand fremdgeld retainer",
    (Word.ARCHIVE,): "archive archives archiv archived arc hist history historie old alt legacy prior",
    (Word.COPY,): "backup bak bkp bck copy kopie sicherung save saved snapshot dup duplicate",
    (Word.STAGING,): "staging stg tmp temp import imp imports load buffer work wrk queue inbox",
    (Word.TEST,): "test tests demo sample dummy beispiel",
    (Word.SETTING,): "setting settings config configuration option options opts parameter parameters param params "
    "preference preferences einstellung einstellungen system",
    (Word.NAME,): "name names nm bezeichnung bez title nom label",
    (Word.VALUE,): "value values val wert valeur",
    (Word.CURRENCY,): "currency curr ccy waehrung devise",
    (Word.RATE,): "rate kurs fx exchange percent pct prozent satz",
    (Word.QUANTITY,): "qty quantity menge anzahl count cnt hours hrs stunden units",
    (Word.USER,): "user users usr by operator bediener benutzer login author sachbearbeiter staff employee",
    (Word.PERIOD,): "period periode month monat year jahr fy quarter",
    (Word.FORWARD,): "forward future advance ahead voraus vordatierung dating",
    (Word.DAYS,): "days tage",
    (Word.BANK,): "bank account acct acc konto kto bsb iban",
    (Word.FLAG,): "flag flg is has kz kennzeichen bln bool ind indicator yn",
    (Word.ADDRESS,): "address addr street city suburb postcode phone email mail fax telefon strasse plz ort",
    (Word.FEE,): "fee fees charge charges surcharge gebuehr gebuehren kosten cost",
    (Word.ORDER,): "seq sort order reihenfolge sequence version",
}


def _by_word() -> Mapping[str, frozenset[Word]]:
    found: dict[str, set[Word]] = defaultdict(set)
    for meant, words in _MEANINGS.items():
        for word in words.split():
            found[word] |= set(meant)
    return {word: frozenset(meant) for word, meant in found.items()}


def _words_in(text: str) -> frozenset[str]:
    return frozenset(text.split())


GLOSSARY: Mapping[str, frozenset[Word]] = _by_word()
"""What each known word means; umlauts are written out."""

NO_MEANING = frozenset({"tbl", "vw", "qry", "usr", "dbo", "str", "txt", "int", "lng", "dbl", "dec", "tab", "vc", "nvc"})
"""What only says how a thing is stored, as Hungarian prefixes do."""

METHODS = _words_in(
    "eft cash cheque check chq card visa mastercard amex bpay bank transfer direct deposit debit dd credit eftpos "
    "paypal ueberweisung ueberw bar scheck karte lastschrift virement carte especes stripe online"
)
"""Words of the ways in which money is paid."""

TRANSFERS = _words_in("eft transfer ueberweisung ueberw virement")
"""Those of them that are a transfer from bank to bank."""

PAYMENT_VALUES = _words_in(
    "payment payments pay pmt pmnt rcpt receipt rct rec zahlung zahl zlg za ze eingang paid p r z"
)
INVOICE_VALUES = _words_in("invoice inv bill rechnung rech re rg i")
ADJUSTMENT_VALUES = _words_in("adjustment adj adjust writeoff wo korrektur kor credit cn cr gutschrift gu gs")
REFUND_VALUES = _words_in("refund ref rfd rfnd rf rueckzahlung erstattung ez er")
GONE_VALUES = _words_in(
    "deleted delete del d void voided v cancelled canceled cancel x storno storniert reversed inactive draft rejected "
    "bounced dishonoured failed"
)
"""What a status says of a row that does not count."""

TRUE_VALUES = _words_in("true t yes y ja j 1 -1 x on wahr")
"""How a text says yes."""
