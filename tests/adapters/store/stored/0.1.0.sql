BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE alerts (
	position INTEGER NOT NULL, 
	alert_key TEXT NOT NULL, 
	record TEXT NOT NULL, 
	PRIMARY KEY (position), 
	UNIQUE (alert_key)
);
INSERT INTO "alerts" VALUES(1,'renumbered CM-100','{"key":"renumbered CM-100","kind":"renumbered","rule":"R1","explanation":"Renumbered.","next_step":"Look.","raised_at":"2026-11-22T12:00:00Z","invoice_number":"","amount":null,"xero_payment_id":null,"case_payment_id":null,"on":null}');
CREATE TABLE audit_entries (
	sequence BIGINT NOT NULL, 
	event TEXT NOT NULL, 
	program_version TEXT NOT NULL, 
	rules_version TEXT NOT NULL, 
	previous_hash VARCHAR(64) NOT NULL, 
	entry_hash VARCHAR(64) NOT NULL, 
	PRIMARY KEY (sequence)
);
INSERT INTO "audit_entries" VALUES(1,'{"at":"2026-11-22T12:00:00Z","by":"Kim","what":"applied","invoice_number":"CM-100","proposal_id":null,"xero_payment_id":null,"case_payment_id":{"value":7},"before":{"paid_on":"2026-11-01","amount":{"amount":"400.00","currency":"AUD"},"reference":"EFT 7","notes":"","payment_type":"EFT"},"after":{"paid_on":"2026-11-01","amount":{"amount":"450.00","currency":"AUD"},"reference":"EFT 7","notes":"","payment_type":"EFT"},"reason":"one","rule":"R14","evidence":{"amount":"differs","date":"equal"},"batch_id":""}','0.1.0','1','0000000000000000000000000000000000000000000000000000000000000000','8a6b799d232c545a771d68236e3c43a3e3fc9c5775f3b794ef7e4a046402e28a');
INSERT INTO "audit_entries" VALUES(2,'{"at":"2026-11-22T12:00:00Z","by":"Kim","what":"applied","invoice_number":"CM-100","proposal_id":null,"xero_payment_id":null,"case_payment_id":{"value":7},"before":{"paid_on":"2026-11-01","amount":{"amount":"400.00","currency":"AUD"},"reference":"EFT 7","notes":"","payment_type":"EFT"},"after":{"paid_on":"2026-11-01","amount":{"amount":"450.00","currency":"AUD"},"reference":"EFT 7","notes":"","payment_type":"EFT"},"reason":"two","rule":"R14","evidence":{"amount":"differs","date":"equal"},"batch_id":""}','0.1.0','1','8a6b799d232c545a771d68236e3c43a3e3fc9c5775f3b794ef7e4a046402e28a','f59f2c6637825039a4b1f57e1202c824ebcb606fd306a6d95142b57f70658c1a');
CREATE TABLE audit_head (
	head_id INTEGER NOT NULL, 
	entries BIGINT NOT NULL, 
	entry_hash VARCHAR(64) NOT NULL, 
	PRIMARY KEY (head_id)
);
INSERT INTO "audit_head" VALUES(1,2,'f59f2c6637825039a4b1f57e1202c824ebcb606fd306a6d95142b57f70658c1a');
CREATE TABLE chosen_links (
	xero_payment_id TEXT NOT NULL, 
	case_payment_key TEXT NOT NULL, 
	PRIMARY KEY (xero_payment_id, case_payment_key)
);
INSERT INTO "chosen_links" VALUES('Payment-1','{"value":7}');
CREATE TABLE intents (
	position INTEGER NOT NULL, 
	intent_id TEXT NOT NULL, 
	state TEXT NOT NULL, 
	record TEXT NOT NULL, 
	PRIMARY KEY (position), 
	UNIQUE (intent_id)
);
INSERT INTO "intents" VALUES(1,'intent-1','open','{"intent_id":"intent-1","purpose":"apply","fingerprint":"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff","invoice_number":"CM-100","case_invoice_id":{"value":100},"kind":"insert","payment_id":null,"before":null,"after":{"paid_on":"2026-11-01","amount":{"amount":"400.00","currency":"AUD"},"reference":"EFT 7","notes":"","payment_type":"EFT"},"xero_payment_id":"Payment-1","known_ids":[{"value":7},{"value":"7"}],"by":"Kim","reason":"","batch_id":"batch-1","opened_at":"2026-11-22T12:00:00Z","state":"open","result_id":null}');
CREATE TABLE invoices (
	invoice_id TEXT NOT NULL, 
	number TEXT NOT NULL, 
	status TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	total_minor BIGINT NOT NULL, 
	paid_minor BIGINT NOT NULL, 
	credited_minor BIGINT NOT NULL, 
	updated_at VARCHAR(27) NOT NULL, 
	details TEXT NOT NULL, 
	PRIMARY KEY (invoice_id)
);
INSERT INTO "invoices" VALUES('invoice-1','CM-100','AUTHORISED','AUD',100000,40000,1000,'2026-11-22T12:00:00.000000Z','{"invoice_type":"ACCREC","contact_name":"Acme","reference":"","settlements":[{"kind":"credit note","number":"CN-1","amount":{"amount":"10.00","currency":"AUD"},"settled_on":"2026-11-01"}]}');
CREATE TABLE known_copies (
	case_payment_key TEXT NOT NULL, 
	PRIMARY KEY (case_payment_key)
);
INSERT INTO "known_copies" VALUES('{"value":7}');
INSERT INTO "known_copies" VALUES('{"value":"7"}');
CREATE TABLE payments (
	payment_key TEXT NOT NULL, 
	payment_id TEXT NOT NULL, 
	invoice_id TEXT NOT NULL, 
	paid_on DATE NOT NULL, 
	amount_minor BIGINT NOT NULL, 
	currency TEXT NOT NULL, 
	status TEXT NOT NULL, 
	updated_at VARCHAR(27) NOT NULL, 
	is_bank_reconciled BOOLEAN NOT NULL, 
	details TEXT NOT NULL, 
	PRIMARY KEY (payment_key)
);
INSERT INTO "payments" VALUES('payment-1','Payment-1','invoice-1','2026-11-01',40000,'AUD','AUTHORISED','2026-11-22T12:00:00.000000Z',0,'{"invoice_number":"CM-100","reference":"EFT 7","payment_type":"ACCRECPAYMENT","invoice_type":"ACCREC","contact_name":"Acme","account_name":"Trust – cheque","batch_payment_id":"batch-1"}');
CREATE TABLE poll_state (
	state_id INTEGER NOT NULL, 
	record TEXT NOT NULL, 
	PRIMARY KEY (state_id)
);
INSERT INTO "poll_state" VALUES(1,'{"organisation_id":"org","organisation_name":"","currency":"","time_zone":"","payments_cursor":"2026-11-22T12:00:00Z","invoices_cursor":null,"first_polled_at":null,"last_polled_at":null,"last_full_at":null,"as_of":null,"today":"2026-11-01","policy":null,"case_manager_label":""}');
CREATE TABLE proposals (
	fingerprint TEXT NOT NULL, 
	proposal_id TEXT NOT NULL, 
	state TEXT NOT NULL, 
	record TEXT NOT NULL, 
	PRIMARY KEY (fingerprint)
);
INSERT INTO "proposals" VALUES('ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff','p-ffffffffffff','proposed','{"proposal":{"kind":"add","fingerprint":"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff","invoice_number":"CM-100","xero_invoice_id":"invoice-1","case_invoice_id":{"value":100},"rule":"R12","explanation":"Xero has 400.00.","xero":{"payment_id":"Payment-1","invoice_id":"invoice-1","invoice_number":"CM-100","paid_on":"2026-11-01","amount":{"amount":"400.00","currency":"AUD"},"updated_at":"2026-11-22T12:00:00Z","status":"AUTHORISED","reference":"EFT 7","payment_type":"ACCRECPAYMENT","invoice_type":"ACCREC","contact_name":"Acme","account_name":"Trust – cheque","batch_payment_id":"batch-1","is_bank_reconciled":false},"case":null,"replaced":null,"before":null,"after":{"paid_on":"2026-11-01","amount":{"amount":"400.00","currency":"AUD"},"reference":"EFT 7","notes":"Xero payment Payment-1","payment_type":"EFT"},"flags":[],"near":[],"evidence":[],"balance_before":{"amount":"1000.00","currency":"AUD"},"balance_after":{"amount":"600.00","currency":"AUD"}},"state":"proposed","first_seen_at":"2026-11-22T12:00:00Z","changed_at":"2026-11-22T12:00:00Z","decision":null,"release":null,"batch_id":"","result_id":null,"outcome":"","note":""}');
CREATE TABLE results (
	invoice_number TEXT NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	record TEXT NOT NULL, 
	PRIMARY KEY (invoice_number)
);
INSERT INTO "results" VALUES('CM-100','4c81049a5accaa93a9ccb70a7c6a1cd0b742e919b827879e30a3edb183cda800','{"snapshot":{"number":"CM-100","as_of":"2026-11-22T12:00:00Z","xero_invoice_id":"invoice-1","xero_invoice":{"invoice_id":"invoice-1","number":"CM-100","status":"AUTHORISED","total":{"amount":"1000.00","currency":"AUD"},"amount_paid":{"amount":"400.00","currency":"AUD"},"amount_credited":{"amount":"10.00","currency":"AUD"},"updated_at":"2026-11-22T12:00:00Z","invoice_type":"ACCREC","contact_name":"Acme","reference":"","settlements":[{"kind":"credit note","number":"CN-1","amount":{"amount":"10.00","currency":"AUD"},"settled_on":"2026-11-01"}]},"case_invoice":null,"xero_payments":[{"payment_id":"Payment-1","invoice_id":"invoice-1","invoice_number":"CM-100","paid_on":"2026-11-01","amount":{"amount":"400.00","currency":"AUD"},"updated_at":"2026-11-22T12:00:00Z","status":"AUTHORISED","reference":"EFT 7","payment_type":"ACCRECPAYMENT","invoice_type":"ACCREC","contact_name":"Acme","account_name":"Trust – cheque","batch_payment_id":"batch-1","is_bank_reconciled":false}],"case_payments":[],"named_elsewhere":{},"unknown_ids":["a","b","c"],"unreadable":[],"decisions":{"links":[],"declined":[]}},"correlation":{"placements":[{"bucket":"matched","invoice_number":"CM-100","rule":"R7","explanation":"Equal.","xero":{"payment_id":"Payment-1","invoice_id":"invoice-1","invoice_number":"CM-100","paid_on":"2026-11-01","amount":{"amount":"400.00","currency":"AUD"},"updated_at":"2026-11-22T12:00:00Z","status":"AUTHORISED","reference":"EFT 7","payment_type":"ACCRECPAYMENT","invoice_type":"ACCREC","contact_name":"Acme","account_name":"Trust – cheque","batch_payment_id":"batch-1","is_bank_reconciled":false},"case":null,"unreadable":null,"reason":null,"matched_how":null,"next_step":"","ready_on":null,"near_case":[],"near_xero":[],"evidence":[],"fingerprint":null}],"proposals":[],"out_of_scope":2}}');
CREATE TABLE runs (
	position INTEGER NOT NULL, 
	run_id TEXT NOT NULL, 
	record TEXT NOT NULL, 
	PRIMARY KEY (position), 
	UNIQUE (run_id)
);
INSERT INTO "runs" VALUES(1,'run-1','{"run_id":"run-1","started_at":"2026-11-22T12:00:00Z","finished_at":"2026-11-22T13:00:00Z","is_full":true,"outcome":"done","fetched":3,"requests":2,"counts":{"matched":1,"unmatched":0,"skipped":0,"proposed":0,"alerts":0},"reason":""}');
CREATE TABLE tracked_invoices (
	xero_invoice_id TEXT NOT NULL, 
	number TEXT NOT NULL, 
	first_seen_at VARCHAR(27) NOT NULL, 
	PRIMARY KEY (xero_invoice_id)
);
INSERT INTO "tracked_invoices" VALUES('invoice-1','CM-100','2026-11-22T12:00:00.000000Z');
CREATE TABLE unknown_ids (
	payment_key TEXT NOT NULL, 
	PRIMARY KEY (payment_key)
);
INSERT INTO "unknown_ids" VALUES('payment-3');
CREATE TABLE unreadable_rows (
	row_key TEXT NOT NULL, 
	record TEXT NOT NULL, 
	PRIMARY KEY (row_key)
);
INSERT INTO "unreadable_rows" VALUES('payment payment-2','{"side":"xero","place":"Payments, page 1, row 3","problem":"Amount is null.","xero_payment_id":"Payment-2","xero_invoice_id":null,"case_payment_id":null,"invoice_number":"","amount":null,"paid_on":null}');
CREATE INDEX ix_payments_invoice_id ON payments (invoice_id);
CREATE INDEX ix_proposals_proposal_id ON proposals (proposal_id);
CREATE INDEX ix_proposals_state ON proposals (state);
CREATE INDEX ix_intents_state ON intents (state);
CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries
            BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries
            BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
COMMIT;
