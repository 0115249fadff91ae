"""Hold what most stored records have in common, so that none of them has to repeat it.

The words never change: what is stored can be read with the very same ones only. Better ones are a second list.
"""

from typing import Final

RESULT_WORDS: Final = b"".join(
    (
        b',"depends_on":[],"fingerprint":""}{"name":"not on an SOR schedule","holds":true}{"name":"control to',
        b'tal agrees","holds":true}{"name":"invoice found","holds":true},{"payment_id":{"value":},{"payment_i',
        b'd":"","invoice_id":"","invoice_number":"CM-","paid_on":"-11-","amount":{"amount":","currency":"AUD"',
        b'},"updated_at":"-11-","status":"AUTHORISED","reference":"","payment_type":"ACCRECPAYMENT","invoice_',
        b'type":"ACCREC","contact_name":"","account_name":"Business cheque a/c","batch_payment_id":"","is_ban',
        b'k_reconciled":true,"contact_id":"","account_id":"","account_code":"","account_type":"BANK","first_u',
        b'pdated_at":null}{"snapshot":{"number":"CM-","as_of":"-11-","xero_invoice_id":"","xero_invoice":{"in',
        b'voice_id":"","number":"CM-","status":"PAID","total":{"amount":","currency":"AUD"}"case_payments":[{',
        b'"payment_id":{"value":},"proposals":[]"case_invoice":{"invoice_id":{"value":},"xero_payments":[{"pa',
        b'yment_id":"","invoice_id":"","invoice_number":"CM-","paid_on":"-11-","amount":{"amount":","currency',
        b'":"AUD"},"near_number":"","is_under_sor":null,"refunded":[],"correlation":{"placements":[,"updated_',
        b'at":"-11-","invoice_type":"ACCREC","contact_name":"","reference":"","settlements":[],"unknown_ids":',
        b'[],"unreadable":[]"case_name":"","invoice_date":"-11-","due_date":"-11-","are_adjustments_known":tr',
        b'ue},"bill_to":"",,"refunds":{"amount":","currency":"AUD"},"adjustments":{"amount":","currency":"AUD',
        b'"},"number":"","total":{"amount":","currency":"AUD"},"amount_due":{"amount":","currency":"AUD"},"am',
        b'ount_credited":{"amount":","currency":"AUD"},"amount_paid":{"amount":","currency":"AUD"},"hidden_pa',
        b'irs":[],"hidden_case":[],"out_of_scope":0,"hidden_xero":[],"renumbered_from":"","renumbered_to":"",',
        b'"rivals":[],"baseline":[],"apart":[],"explained":[],"memory":[],"refused":[],"decisions":{"declined',
        b'":[],"named_elsewhere":{},"payment_type":"EFT","reference":"","notes":"Xero payment ","is_journalle',
        b'd":false,"journal_number":"","is_multi_invoice":false,"group":"","payer":"","entered_by":""},"accep',
        b'ted":[],"updated_at":"-11-","status":"AUTHORISED","reference":"REM","payment_type":"ACCRECPAYMENT",',
        b'"invoice_type":"ACCREC","contact_name":"","account_name":"Business cheque a/c","batch_payment_id":"',
        b'","is_bank_reconciled":true,"contact_id":"","account_id":"","account_code":"","account_type":"BANK"',
        b',"first_updated_at":null},"unreadable":null,"reason":null,"matched_how":"Linked earlier","next_step',
        b'":"","ready_on":null,"near_case":[]"explanation":"Amount and date are equal, and the Notes name thi',
        b's Xero payment.",{"bucket":"matched","invoice_number":"CM-","rule":"R7",,"fingerprint":null}"case":',
        b'{"payment_id":{"value":},"evidence":[]"xero":{"payment_id":"","invoice_id":"","invoice_number":"CM-',
        b'","paid_on":"-11-","amount":{"amount":","currency":"AUD"},"near_xero":[],"payment_type":"EFT","refe',
        b'rence":"REM","notes":"Xero payment ","is_journalled":false,"journal_number":"","is_multi_invoice":f',
        b'alse,"group":"","payer":"","entered_by":""},"invoice_id":{"value":},"paid_on":"-11-","amount":{"amo',
        b'unt":","currency":"AUD"}{"xero_ids":[""],"resting":{"xero_id":"","case_id":{"value":},"ties":[],"ma',
        b'tched":0,"imported":0,"pair":null,"agrees":true}}{"xero_ids":[""],"resting":{"xero_id":"","case_id"',
        b':{"value":},"ties":[,],"matched":1,"imported":1,"pair":null,"agrees":true}}{"invoice_type":"ACCREC"',
        b',"contact_name":"","reference":"","settlements":[],"due_minor":}[["CM-","","","","Business cheque a',
        b'/c","","","","",""],null]',
    )
)
