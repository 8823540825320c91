-- Tables and guards of the first revision on sqlite. Written by scripts/freeze_schema.py: change tables and guards, then freeze again.
CREATE TABLE shebao_bank_line (
  book_id INTEGER NOT NULL,
  roster_id INTEGER NOT NULL,
  bank_seq INTEGER NOT NULL,
  payee INTEGER NOT NULL,
  number TEXT NOT NULL,
  name TEXT NOT NULL,
  account TEXT NOT NULL,
  holder TEXT NOT NULL,
  bank TEXT NOT NULL,
  fen INTEGER NOT NULL CHECK (fen > 0),
  PRIMARY KEY (book_id, roster_id, bank_seq),
  CONSTRAINT shebao_bank_line_payee UNIQUE (book_id, roster_id, payee)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_bank_result (
  book_id INTEGER NOT NULL,
  roster_id INTEGER NOT NULL,
  bank_seq INTEGER NOT NULL,
  ok INTEGER NOT NULL CHECK (ok IN (0,1)),
  reason TEXT NOT NULL,
  serial TEXT NOT NULL,
  booked_on TEXT NOT NULL,
  PRIMARY KEY (book_id, roster_id, bank_seq)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_duty_pair (
  a TEXT NOT NULL,
  b TEXT NOT NULL,
  PRIMARY KEY (a, b)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_handover (
  handover_no INTEGER NOT NULL,
  giver TEXT NOT NULL,
  receiver TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason <> ''),
  content TEXT NOT NULL,
  digest TEXT NOT NULL,
  made_at TEXT NOT NULL,
  PRIMARY KEY (handover_no),
  CONSTRAINT shebao_handover_two CHECK (giver <> receiver)
)
 STRICT
-- ;;
CREATE TABLE shebao_person_change (
  change_id INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('bank_account', 'bank_accounts', 'status', 'number', 'name', 'link', 'part', 'doubt')),
  person_id INTEGER NOT NULL,
  other_person INTEGER NOT NULL,
  file_id INTEGER NOT NULL,
  fund TEXT NOT NULL,
  region TEXT NOT NULL,
  value TEXT NOT NULL,
  holder TEXT NOT NULL,
  relation TEXT NOT NULL,
  bank TEXT NOT NULL,
  id_type TEXT NOT NULL,
  old_value TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  reason TEXT NOT NULL,
  evidence TEXT NOT NULL,
  evidence_sha256 TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  requested_duty TEXT NOT NULL,
  requested_at TEXT NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (change_id),
  CONSTRAINT shebao_person_change_why CHECK (reason <> '' AND evidence <> '')
)
 STRICT
-- ;;
CREATE TABLE shebao_redaction (
  redaction_no INTEGER NOT NULL,
  basis TEXT NOT NULL CHECK (basis <> ''),
  reason TEXT NOT NULL CHECK (reason <> ''),
  fields TEXT NOT NULL CHECK (fields <> '[]'),
  asked_by TEXT NOT NULL,
  duty TEXT NOT NULL,
  asked_at TEXT NOT NULL,
  PRIMARY KEY (redaction_no)
)
 STRICT
-- ;;
CREATE TABLE shebao_register_act (
  book_id INTEGER NOT NULL,
  register TEXT NOT NULL,
  row_no INTEGER NOT NULL,
  act_no INTEGER NOT NULL,
  batch INTEGER NOT NULL,
  act TEXT NOT NULL CHECK (act <> ''),
  state TEXT NOT NULL,
  on_day TEXT NOT NULL,
  payload TEXT NOT NULL,
  reason TEXT NOT NULL,
  apart TEXT NOT NULL,
  duty TEXT NOT NULL,
  actor TEXT NOT NULL,
  at TEXT NOT NULL,
  previous TEXT NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (book_id, register, row_no, act_no),
  CONSTRAINT shebao_register_act_begins CHECK ((act_no = 1) = (act = 'add')),
  CONSTRAINT shebao_register_act_reason CHECK (act <> 'correct' OR reason <> '')
)
 STRICT
-- ;;
CREATE INDEX shebao_register_act_batch ON shebao_register_act (batch)
-- ;;
CREATE TABLE shebao_register_step (
  register TEXT NOT NULL,
  act TEXT NOT NULL,
  "before" TEXT NOT NULL,
  "after" TEXT NOT NULL,
  duty TEXT NOT NULL,
  apart TEXT NOT NULL,
  PRIMARY KEY (register, act, "before", "after", duty, apart)
)
 STRICT
-- ;;
CREATE TABLE shebao_roster_freeze (
  freeze_no INTEGER NOT NULL,
  fund TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind <> ''),
  from_on TEXT NOT NULL CHECK (length(from_on) = 10),
  to_on TEXT NOT NULL CHECK (length(to_on) = 10),
  reason TEXT NOT NULL CHECK (reason <> ''),
  set_by TEXT NOT NULL CHECK (set_by <> ''),
  set_at TEXT NOT NULL CHECK (set_at <> ''),
  PRIMARY KEY (freeze_no),
  CONSTRAINT shebao_roster_freeze_days CHECK (from_on <= to_on)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_roster_line (
  book_id INTEGER NOT NULL,
  roster_id INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  payee INTEGER NOT NULL,
  number TEXT NOT NULL,
  number_ok INTEGER NOT NULL,
  id_raw TEXT NOT NULL,
  id_type TEXT NOT NULL,
  name TEXT NOT NULL,
  item TEXT NOT NULL,
  item_class TEXT NOT NULL,
  period INTEGER NOT NULL,
  gross_fen INTEGER NOT NULL,
  offset_fen INTEGER NOT NULL,
  offset_to TEXT NOT NULL,
  withheld_fen INTEGER NOT NULL,
  net_fen INTEGER NOT NULL CHECK (net_fen >= 0),
  account TEXT NOT NULL,
  holder TEXT NOT NULL,
  bank TEXT NOT NULL,
  region TEXT NOT NULL,
  note TEXT NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (book_id, roster_id, seq),
  CONSTRAINT shebao_roster_line_net CHECK (net_fen = gross_fen - offset_fen - withheld_fen)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_source_file (
  file_id INTEGER NOT NULL,
  contract TEXT NOT NULL,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  parquet_sha256 TEXT NOT NULL,
  source TEXT NOT NULL,
  as_of TEXT NOT NULL,
  stated INTEGER NOT NULL CHECK (stated IN (0,1)),
  kind TEXT NOT NULL CHECK (kind IN ('full','increment')),
  fund TEXT NOT NULL,
  period INTEGER,
  rows INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  control_fen INTEGER NOT NULL,
  coverage TEXT NOT NULL,
  taken_at TEXT NOT NULL,
  taken_by TEXT NOT NULL,
  PRIMARY KEY (file_id),
  UNIQUE (sha256)
)
 STRICT
-- ;;
CREATE TABLE shebao_sweep (
  sweep_no INTEGER NOT NULL,
  asked TEXT NOT NULL,
  period INTEGER NOT NULL,
  kept INTEGER NOT NULL CHECK (kept IN (0,1)),
  findings INTEGER NOT NULL CHECK (findings >= 0),
  csv_sha256 TEXT NOT NULL CHECK (csv_sha256 <> ''),
  population TEXT NOT NULL,
  swept_by TEXT NOT NULL,
  swept_at TEXT NOT NULL,
  PRIMARY KEY (sweep_no)
)
 STRICT
-- ;;
CREATE TABLE shebao_token (
  token_no INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('make_key','authorise_key','finance_seal','legal_seal')),
  label TEXT NOT NULL CHECK (label <> ''),
  note TEXT NOT NULL,
  registered_by TEXT NOT NULL,
  registered_at TEXT NOT NULL,
  PRIMARY KEY (token_no),
  CONSTRAINT shebao_token_once UNIQUE (kind, label)
)
 STRICT
-- ;;
CREATE TABLE shebao_user (
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  created_at TEXT NOT NULL,
  created_by TEXT NOT NULL,
  disabled_at TEXT NOT NULL,
  failures INTEGER NOT NULL,
  locked_until TEXT NOT NULL,
  PRIMARY KEY (user_id)
)
 STRICT
-- ;;
CREATE TABLE shebao_comeback (
  book_id INTEGER NOT NULL,
  roster_id INTEGER NOT NULL,
  bank_seq INTEGER NOT NULL,
  comeback_id INTEGER NOT NULL,
  day TEXT NOT NULL,
  fen INTEGER NOT NULL,
  reason TEXT NOT NULL,
  evidence TEXT NOT NULL,
  recorded_by TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  PRIMARY KEY (book_id, roster_id, bank_seq),
  FOREIGN KEY(book_id, roster_id, bank_seq) REFERENCES shebao_bank_result (book_id, roster_id, bank_seq),
  UNIQUE (comeback_id),
  UNIQUE (evidence)
)
 STRICT
-- ;;
CREATE TABLE shebao_duty_request (
  request_id INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('grant', 'deputy', 'emergency', 'exemption')),
  user_id TEXT NOT NULL,
  duty TEXT NOT NULL,
  other TEXT NOT NULL,
  for_user TEXT NOT NULL,
  control TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason <> ''),
  asked_by TEXT NOT NULL,
  asked_at TEXT NOT NULL,
  PRIMARY KEY (request_id),
  CONSTRAINT shebao_duty_request_term CHECK (valid_to > valid_from),
  CONSTRAINT shebao_duty_request_exemption CHECK ((kind = 'exemption') = (other <> '' AND control <> '')),
  CONSTRAINT shebao_duty_request_for CHECK ((kind IN ('deputy', 'exemption')) = (for_user <> '')),
  FOREIGN KEY(user_id) REFERENCES shebao_user (user_id)
)
 STRICT
-- ;;
CREATE TABLE shebao_finding (
  finding_id TEXT NOT NULL,
  rule TEXT NOT NULL,
  number TEXT NOT NULL,
  fund TEXT NOT NULL,
  region TEXT NOT NULL,
  other TEXT NOT NULL,
  first_sweep INTEGER NOT NULL,
  PRIMARY KEY (finding_id),
  FOREIGN KEY(first_sweep) REFERENCES shebao_sweep (sweep_no)
)
 STRICT
-- ;;
CREATE TABLE shebao_grant (
  user_id TEXT NOT NULL,
  duty TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  granted_by TEXT NOT NULL,
  granted_at TEXT NOT NULL,
  PRIMARY KEY (user_id, duty, valid_from),
  FOREIGN KEY(user_id) REFERENCES shebao_user (user_id)
)
 STRICT
-- ;;
CREATE TABLE shebao_handover_signature (
  handover_no INTEGER NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('receiver','supervisor')),
  digest TEXT NOT NULL,
  signed_by TEXT NOT NULL,
  signed_at TEXT NOT NULL,
  PRIMARY KEY (handover_no, role),
  FOREIGN KEY(handover_no) REFERENCES shebao_handover (handover_no)
)
 STRICT
-- ;;
CREATE TABLE shebao_hold (
  book_id INTEGER NOT NULL,
  roster_id INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  check_no INTEGER NOT NULL,
  finding_id TEXT NOT NULL,
  rule TEXT NOT NULL,
  reason TEXT NOT NULL,
  owner TEXT NOT NULL,
  due_on TEXT NOT NULL,
  held_at TEXT NOT NULL,
  PRIMARY KEY (book_id, roster_id, seq),
  FOREIGN KEY(book_id, roster_id, seq) REFERENCES shebao_roster_line (book_id, roster_id, seq)
)
 STRICT
-- ;;
CREATE TABLE shebao_password (
  user_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  hash TEXT NOT NULL,
  set_by TEXT NOT NULL,
  set_at TEXT NOT NULL,
  PRIMARY KEY (user_id, number),
  FOREIGN KEY(user_id) REFERENCES shebao_user (user_id)
)
 STRICT
-- ;;
CREATE TABLE shebao_person_decision (
  change_id INTEGER NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('accepted','refused')),
  decided_by TEXT NOT NULL,
  decided_at TEXT NOT NULL,
  reason TEXT NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (change_id),
  FOREIGN KEY(change_id) REFERENCES shebao_person_change (change_id)
)
 STRICT
-- ;;
CREATE TABLE shebao_recovery_set (
  user_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  hashes TEXT NOT NULL,
  made_at TEXT NOT NULL,
  PRIMARY KEY (user_id, number),
  FOREIGN KEY(user_id) REFERENCES shebao_user (user_id)
)
 STRICT
-- ;;
CREATE TABLE shebao_redaction_step (
  redaction_no INTEGER NOT NULL,
  step TEXT NOT NULL CHECK (step IN ('confirm','refuse')),
  note TEXT NOT NULL,
  user_id TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (redaction_no),
  FOREIGN KEY(redaction_no) REFERENCES shebao_redaction (redaction_no)
)
 STRICT
-- ;;
CREATE TABLE shebao_register_row (
  book_id INTEGER NOT NULL,
  register TEXT NOT NULL,
  row_no INTEGER NOT NULL,
  row_key TEXT NOT NULL,
  parent INTEGER NOT NULL,
  state TEXT NOT NULL,
  on_day TEXT NOT NULL,
  payload TEXT NOT NULL,
  act_no INTEGER NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (book_id, register, row_no),
  CONSTRAINT shebao_register_row_once UNIQUE (book_id, register, row_key),
  FOREIGN KEY(book_id, register, row_no, act_no) REFERENCES shebao_register_act (book_id, register, row_no, act_no)
)
 STRICT
-- ;;
CREATE INDEX shebao_register_row_parent ON shebao_register_row (book_id, register, parent)
-- ;;
CREATE TABLE shebao_relative (
  relative_id INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  relation TEXT NOT NULL CHECK (relation IN ('self', 'spouse', 'lineal', 'collateral', 'inlaw', 'interest')),
  number TEXT NOT NULL CHECK (number <> ''),
  name TEXT NOT NULL,
  note TEXT NOT NULL,
  declared_by TEXT NOT NULL,
  declared_at TEXT NOT NULL,
  PRIMARY KEY (relative_id),
  FOREIGN KEY(user_id) REFERENCES shebao_user (user_id)
)
 STRICT
-- ;;
CREATE INDEX shebao_relative_of ON shebao_relative (user_id, number)
-- ;;
CREATE TABLE shebao_roster_thaw (
  freeze_no INTEGER NOT NULL,
  reason TEXT NOT NULL CHECK (reason <> ''),
  ended_by TEXT NOT NULL CHECK (ended_by <> ''),
  ended_at TEXT NOT NULL CHECK (ended_at <> ''),
  PRIMARY KEY (freeze_no),
  FOREIGN KEY(freeze_no) REFERENCES shebao_roster_freeze (freeze_no)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_session (
  token_hash TEXT NOT NULL,
  user_id TEXT NOT NULL,
  opened_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  closed_at TEXT NOT NULL,
  PRIMARY KEY (token_hash),
  FOREIGN KEY(user_id) REFERENCES shebao_user (user_id)
)
 STRICT
-- ;;
CREATE TABLE shebao_source_coverage (
  file_id INTEGER NOT NULL,
  fund TEXT NOT NULL,
  region TEXT NOT NULL,
  period INTEGER NOT NULL,
  rows INTEGER NOT NULL CHECK (rows > 0),
  fen INTEGER NOT NULL,
  PRIMARY KEY (file_id, fund, region, period),
  FOREIGN KEY(file_id) REFERENCES shebao_source_file (file_id)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_source_use (
  file_id INTEGER NOT NULL,
  used_at TEXT NOT NULL,
  used_by TEXT NOT NULL,
  against TEXT NOT NULL,
  differences TEXT NOT NULL,
  PRIMARY KEY (file_id),
  FOREIGN KEY(file_id) REFERENCES shebao_source_file (file_id)
)
 STRICT
-- ;;
CREATE TABLE shebao_sweep_rule (
  sweep_no INTEGER NOT NULL,
  rule TEXT NOT NULL,
  how TEXT NOT NULL CHECK (how IN ('run', 'touched', 'stood')),
  law TEXT NOT NULL,
  seen TEXT NOT NULL,
  asked TEXT NOT NULL,
  findings INTEGER NOT NULL CHECK (findings >= 0),
  told TEXT NOT NULL,
  PRIMARY KEY (sweep_no, rule),
  FOREIGN KEY(sweep_no) REFERENCES shebao_sweep (sweep_no)
)
 STRICT
-- ;;
CREATE TABLE shebao_sweep_rule_text (
  rule TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  described TEXT NOT NULL CHECK (described <> ''),
  text TEXT NOT NULL CHECK (text <> ''),
  cases TEXT NOT NULL,
  first_sweep INTEGER NOT NULL,
  PRIMARY KEY (rule, sha256),
  FOREIGN KEY(first_sweep) REFERENCES shebao_sweep (sweep_no)
)
 STRICT
-- ;;
CREATE TABLE shebao_token_act (
  token_no INTEGER NOT NULL,
  act_no INTEGER NOT NULL,
  act TEXT NOT NULL CHECK (act IN ('issue','hand_over','lost','destroyed')),
  giver TEXT NOT NULL,
  receiver TEXT NOT NULL,
  reason TEXT NOT NULL,
  acted_by TEXT NOT NULL,
  acted_at TEXT NOT NULL,
  PRIMARY KEY (token_no, act_no),
  CONSTRAINT shebao_token_act_receiver CHECK ((act IN ('issue','hand_over')) = (receiver <> '')),
  CONSTRAINT shebao_token_act_reason CHECK (act IN ('issue','hand_over') OR reason <> ''),
  FOREIGN KEY(token_no) REFERENCES shebao_token (token_no)
)
 STRICT
-- ;;
CREATE TABLE shebao_totp (
  user_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  secret TEXT NOT NULL,
  enrolled_at TEXT NOT NULL,
  PRIMARY KEY (user_id, number),
  FOREIGN KEY(user_id) REFERENCES shebao_user (user_id)
)
 STRICT
-- ;;
CREATE TABLE shebao_account_change (
  book_id INTEGER NOT NULL,
  change_id INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('add','end')),
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  full_name TEXT NOT NULL,
  side TEXT NOT NULL,
  element TEXT NOT NULL,
  parent TEXT NOT NULL,
  origin TEXT NOT NULL,
  day TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason <> ''),
  state TEXT NOT NULL CHECK (state IN ('proposed','confirmed','rejected')),
  proposed_by TEXT NOT NULL,
  proposed_at TEXT NOT NULL,
  signed_by TEXT NOT NULL,
  signed_at TEXT NOT NULL,
  PRIMARY KEY (book_id, change_id),
  CONSTRAINT shebao_account_change_two_people CHECK (signed_by = '' OR signed_by <> proposed_by),
  FOREIGN KEY(book_id) REFERENCES shebao_book (book_id)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_approval (
  kind TEXT NOT NULL CHECK (kind IN ('plan','payment')),
  book_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  step INTEGER NOT NULL CHECK (step BETWEEN 1 AND 4),
  duty TEXT NOT NULL CHECK (duty = CASE step WHEN 1 THEN 'BOOKKEEP' WHEN 2 THEN 'CHECK' WHEN 3 THEN 'AUTHORISE' ELSE 'HEAD' END),
  digest TEXT NOT NULL CHECK (digest <> ''),
  note TEXT NOT NULL,
  signed_by TEXT NOT NULL,
  signed_at TEXT NOT NULL,
  PRIMARY KEY (kind, book_id, number, step),
  CONSTRAINT shebao_approval_plan CHECK (kind = 'payment' OR step = 3),
  FOREIGN KEY(book_id) REFERENCES shebao_book (book_id)
)
 STRICT
-- ;;
CREATE TABLE shebao_award (
  book_id INTEGER NOT NULL,
  award_no INTEGER NOT NULL,
  number TEXT NOT NULL CHECK (number <> ''),
  scheme TEXT NOT NULL CHECK (scheme <> ''),
  law TEXT NOT NULL,
  from_month INTEGER NOT NULL,
  given TEXT NOT NULL,
  fen INTEGER NOT NULL CHECK (fen >= 0),
  items INTEGER NOT NULL CHECK (items >= 0),
  digest TEXT NOT NULL,
  content TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('assessed','reviewed','rejected')),
  assessed_by TEXT NOT NULL,
  assessed_at TEXT NOT NULL,
  reviewed_by TEXT NOT NULL,
  reviewed_at TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (book_id, award_no),
  CONSTRAINT shebao_award_two_people CHECK (reviewed_by <> assessed_by),
  CONSTRAINT shebao_award_signed CHECK ((state = 'assessed') = (reviewed_by = '')),
  FOREIGN KEY(book_id) REFERENCES shebao_book (book_id)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE INDEX shebao_award_number ON shebao_award (book_id, number, award_no)
-- ;;
CREATE TABLE shebao_budget (
  book_id INTEGER NOT NULL,
  budget_no INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('budget','adjustment','plan','exception')),
  year INTEGER NOT NULL,
  month INTEGER NOT NULL CHECK (month BETWEEN 0 AND 12),
  lines TEXT NOT NULL,
  request_fen INTEGER NOT NULL CHECK (request_fen >= 0),
  reason TEXT NOT NULL,
  digest TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('drafted','reviewed','approved','rejected')),
  drafted_by TEXT NOT NULL,
  drafted_at TEXT NOT NULL,
  reviewed_by TEXT NOT NULL,
  reviewed_at TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at TEXT NOT NULL,
  document TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (book_id, budget_no),
  CONSTRAINT shebao_budget_month CHECK ((kind = 'plan') = (month > 0)),
  CONSTRAINT shebao_budget_request CHECK (kind = 'plan' OR request_fen = 0),
  CONSTRAINT shebao_budget_reason CHECK (kind NOT IN ('adjustment','exception') OR reason <> ''),
  FOREIGN KEY(book_id) REFERENCES shebao_book (book_id)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_clearing (
  clearing_no INTEGER NOT NULL,
  book_id INTEGER NOT NULL,
  roster_id INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  reason TEXT NOT NULL CHECK (reason <> ''),
  note TEXT NOT NULL,
  evidence TEXT NOT NULL CHECK (length(evidence) = 64),
  evidence_name TEXT NOT NULL CHECK (evidence_name <> ''),
  asked_by TEXT NOT NULL CHECK (asked_by <> ''),
  asked_at TEXT NOT NULL CHECK (asked_at <> ''),
  PRIMARY KEY (clearing_no),
  FOREIGN KEY(book_id, roster_id, seq) REFERENCES shebao_hold (book_id, roster_id, seq)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE INDEX shebao_clearing_line ON shebao_clearing (book_id, roster_id, seq)
-- ;;
CREATE TABLE shebao_duty_step (
  request_id INTEGER NOT NULL,
  step TEXT NOT NULL CHECK (step IN ('review', 'approve', 'grant', 'refuse', 'end')),
  user_id TEXT NOT NULL,
  duty TEXT NOT NULL,
  note TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (request_id, step),
  FOREIGN KEY(request_id) REFERENCES shebao_duty_request (request_id)
)
 STRICT
-- ;;
CREATE TABLE shebao_finding_history (
  finding_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  sweep_no INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('found', 'changed', 'withdrawn', 'returned')),
  cause TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('high','medium','low')),
  period_from TEXT NOT NULL,
  period_to TEXT NOT NULL,
  months INTEGER NOT NULL CHECK (months >= 0),
  amount_fen INTEGER NOT NULL,
  reason TEXT NOT NULL,
  facts TEXT NOT NULL,
  content TEXT NOT NULL,
  places TEXT NOT NULL,
  PRIMARY KEY (finding_id, version),
  FOREIGN KEY(finding_id) REFERENCES shebao_finding (finding_id),
  FOREIGN KEY(sweep_no) REFERENCES shebao_sweep (sweep_no)
)
 STRICT
-- ;;
CREATE INDEX shebao_finding_history_sweep ON shebao_finding_history (sweep_no)
-- ;;
CREATE TABLE shebao_hold_notice (
  book_id INTEGER NOT NULL,
  roster_id INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  digest TEXT NOT NULL CHECK (digest <> ''),
  delivered TEXT NOT NULL CHECK (delivered <> ''),
  sent_by TEXT NOT NULL CHECK (sent_by <> ''),
  sent_at TEXT NOT NULL CHECK (sent_at <> ''),
  PRIMARY KEY (book_id, roster_id, seq),
  FOREIGN KEY(book_id, roster_id, seq) REFERENCES shebao_hold (book_id, roster_id, seq)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_journal (
  book_id INTEGER NOT NULL,
  journal_id INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('cash','income','fiscal','payment')),
  bank_account TEXT NOT NULL,
  bank TEXT NOT NULL,
  opened_on TEXT NOT NULL,
  opening_fen INTEGER NOT NULL,
  opened_by TEXT NOT NULL,
  opened_at TEXT NOT NULL,
  PRIMARY KEY (book_id, journal_id),
  CONSTRAINT shebao_journal_account CHECK ((kind = 'cash') = (bank_account = '')),
  CONSTRAINT shebao_journal_once UNIQUE (book_id, kind, bank_account),
  FOREIGN KEY(book_id) REFERENCES shebao_book (book_id),
  UNIQUE (journal_id)
)
 STRICT
-- ;;
CREATE TABLE shebao_premium_claim (
  book_id INTEGER NOT NULL,
  claim_id INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('claim','back')),
  year INTEGER NOT NULL,
  region TEXT NOT NULL,
  as_of TEXT NOT NULL,
  files TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('building','prepared','reviewed','withdrawn')),
  persons INTEGER NOT NULL,
  lines INTEGER NOT NULL,
  fen INTEGER NOT NULL,
  left_out INTEGER NOT NULL,
  digest TEXT NOT NULL,
  prepared_by TEXT NOT NULL,
  prepared_at TEXT NOT NULL,
  reviewed_by TEXT NOT NULL,
  reviewed_at TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (book_id, claim_id),
  CONSTRAINT shebao_premium_claim_two_people CHECK (reviewed_by = '' OR reviewed_by <> prepared_by),
  CONSTRAINT shebao_premium_claim_reason CHECK (state <> 'withdrawn' OR reason <> ''),
  FOREIGN KEY(book_id) REFERENCES shebao_book (book_id)
)
 STRICT
-- ;;
CREATE TABLE shebao_recovery_use (
  user_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  hash TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (user_id, number, hash),
  FOREIGN KEY(user_id, number) REFERENCES shebao_recovery_set (user_id, number),
  FOREIGN KEY(user_id) REFERENCES shebao_user (user_id)
)
 STRICT
-- ;;
CREATE TABLE shebao_relative_step (
  relative_id INTEGER NOT NULL,
  step TEXT NOT NULL CHECK (step IN ('confirm', 'ask_end', 'end')),
  user_id TEXT NOT NULL,
  note TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (relative_id, step),
  FOREIGN KEY(relative_id) REFERENCES shebao_relative (relative_id)
)
 STRICT
-- ;;
CREATE TABLE shebao_roster (
  book_id INTEGER NOT NULL,
  roster_id INTEGER NOT NULL,
  fund TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('benefit','allowance')),
  period INTEGER NOT NULL,
  file_id INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('building', 'built', 'checked', 'submitted', 'reviewed', 'authorised', 'released', 'withdrawn')),
  payment TEXT NOT NULL CHECK (payment IN ('none', 'released', 'made', 'sent', 'returned')),
  round INTEGER NOT NULL,
  check_no INTEGER NOT NULL,
  checked_at TEXT NOT NULL,
  checked_file INTEGER NOT NULL,
  line_count INTEGER NOT NULL,
  gross_fen INTEGER NOT NULL,
  net_fen INTEGER NOT NULL,
  built_by TEXT NOT NULL,
  built_at TEXT NOT NULL,
  PRIMARY KEY (book_id, roster_id),
  FOREIGN KEY(book_id) REFERENCES shebao_book (book_id),
  UNIQUE (roster_id),
  FOREIGN KEY(file_id) REFERENCES shebao_source_file (file_id)
)
 STRICT
-- ;;
CREATE UNIQUE INDEX shebao_roster_file_live ON shebao_roster (file_id, kind, fund) WHERE state != 'withdrawn'
-- ;;
CREATE TABLE shebao_session_proof (
  token_hash TEXT NOT NULL,
  number INTEGER NOT NULL,
  how TEXT NOT NULL CHECK (how IN ('password','totp','recovery')),
  at TEXT NOT NULL,
  PRIMARY KEY (token_hash, number),
  FOREIGN KEY(token_hash) REFERENCES shebao_session (token_hash)
)
 STRICT
-- ;;
CREATE TABLE shebao_supplement_line (
  book_id INTEGER NOT NULL,
  roster_id INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  from_roster INTEGER NOT NULL,
  from_seq INTEGER NOT NULL,
  PRIMARY KEY (book_id, roster_id, seq),
  FOREIGN KEY(book_id, roster_id, seq) REFERENCES shebao_roster_line (book_id, roster_id, seq),
  FOREIGN KEY(book_id, from_roster, from_seq) REFERENCES shebao_hold (book_id, roster_id, seq),
  CONSTRAINT shebao_supplement_line_once UNIQUE (book_id, from_roster, from_seq, roster_id)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_token_signature (
  token_no INTEGER NOT NULL,
  act_no INTEGER NOT NULL,
  signed_by TEXT NOT NULL,
  signed_at TEXT NOT NULL,
  PRIMARY KEY (token_no, act_no),
  FOREIGN KEY(token_no, act_no) REFERENCES shebao_token_act (token_no, act_no)
)
 STRICT
-- ;;
CREATE TABLE shebao_totp_step (
  user_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  step TEXT NOT NULL CHECK (step IN ('confirm','end')),
  "by" TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (user_id, number, step),
  FOREIGN KEY(user_id, number) REFERENCES shebao_totp (user_id, number),
  FOREIGN KEY(user_id) REFERENCES shebao_user (user_id)
)
 STRICT
-- ;;
CREATE TABLE shebao_totp_use (
  user_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  counter INTEGER NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (user_id, number, counter),
  FOREIGN KEY(user_id, number) REFERENCES shebao_totp (user_id, number),
  FOREIGN KEY(user_id) REFERENCES shebao_user (user_id)
)
 STRICT
-- ;;
CREATE TABLE shebao_voucher (
  book_id INTEGER NOT NULL,
  voucher_id INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('proposed','made','reviewed','posted','rejected')),
  period INTEGER NOT NULL,
  day TEXT NOT NULL,
  kind TEXT NOT NULL,
  event TEXT NOT NULL,
  summary TEXT NOT NULL,
  attachments INTEGER NOT NULL,
  authority TEXT NOT NULL,
  source_key TEXT NOT NULL,
  documents TEXT NOT NULL,
  closing INTEGER NOT NULL,
  corrects INTEGER,
  payout_source INTEGER,
  payout_count INTEGER NOT NULL,
  payout_fen INTEGER NOT NULL,
  payout_digest TEXT NOT NULL,
  contribution_source INTEGER,
  contribution_count INTEGER NOT NULL,
  contribution_fen INTEGER NOT NULL,
  contribution_digest TEXT NOT NULL,
  digest TEXT NOT NULL,
  proposed_by TEXT NOT NULL,
  proposed_at TEXT NOT NULL,
  maker TEXT NOT NULL,
  made_at TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  reviewed_at TEXT NOT NULL,
  reviewed_digest TEXT NOT NULL,
  papers_digest TEXT NOT NULL,
  cash INTEGER NOT NULL CHECK (cash IN (0,1)),
  cashier TEXT NOT NULL,
  cashier_at TEXT NOT NULL,
  entry_id INTEGER,
  note TEXT NOT NULL,
  PRIMARY KEY (book_id, voucher_id),
  CONSTRAINT shebao_voucher_two_people CHECK (maker = '' OR maker <> reviewer),
  CONSTRAINT shebao_voucher_cashier_apart CHECK (cashier = '' OR (cashier <> maker AND cashier <> reviewer)),
  FOREIGN KEY(book_id) REFERENCES shebao_book (book_id)
)
 STRICT
-- ;;
CREATE UNIQUE INDEX shebao_voucher_source_live ON shebao_voucher (book_id, source_key) WHERE state != 'rejected'
-- ;;
CREATE TABLE shebao_attachment (
  book_id INTEGER NOT NULL,
  voucher_id INTEGER NOT NULL,
  place INTEGER NOT NULL CHECK (place > 0),
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  size INTEGER NOT NULL CHECK (size > 0),
  sheets INTEGER NOT NULL CHECK (sheets > 0),
  kept_at INTEGER,
  attached_by TEXT NOT NULL,
  attached_at TEXT NOT NULL,
  detached_by TEXT NOT NULL,
  detached_at TEXT NOT NULL,
  PRIMARY KEY (book_id, voucher_id, place),
  FOREIGN KEY(book_id, voucher_id) REFERENCES shebao_voucher (book_id, voucher_id)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE INDEX shebao_attachment_content ON shebao_attachment (book_id, sha256)
-- ;;
CREATE TABLE shebao_award_item (
  book_id INTEGER NOT NULL,
  award_no INTEGER NOT NULL,
  item TEXT NOT NULL,
  number TEXT NOT NULL,
  from_month INTEGER NOT NULL,
  fen INTEGER NOT NULL CHECK (fen >= 0),
  joint INTEGER NOT NULL CHECK (joint IN (0,1)),
  PRIMARY KEY (book_id, award_no, item),
  FOREIGN KEY(book_id, award_no) REFERENCES shebao_award (book_id, award_no)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE INDEX shebao_award_item_person ON shebao_award_item (book_id, number, item, from_month, award_no)
-- ;;
CREATE TABLE shebao_cash_count (
  book_id INTEGER NOT NULL,
  journal_id INTEGER NOT NULL,
  count_no INTEGER NOT NULL,
  day TEXT NOT NULL,
  denominations TEXT NOT NULL,
  counted_fen INTEGER NOT NULL,
  book_fen INTEGER NOT NULL,
  counted_by TEXT NOT NULL,
  counted_at TEXT NOT NULL,
  PRIMARY KEY (book_id, journal_id, count_no),
  FOREIGN KEY(book_id, journal_id) REFERENCES shebao_journal (book_id, journal_id)
)
 STRICT
-- ;;
CREATE TABLE shebao_clearing_decision (
  clearing_no INTEGER NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('cleared','kept')),
  note TEXT NOT NULL,
  decided_by TEXT NOT NULL CHECK (decided_by <> ''),
  decided_at TEXT NOT NULL CHECK (decided_at <> ''),
  PRIMARY KEY (clearing_no),
  CONSTRAINT shebao_clearing_decision_note CHECK (decision = 'cleared' OR note <> ''),
  FOREIGN KEY(clearing_no) REFERENCES shebao_clearing (clearing_no)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_finding_conclusion (
  finding_id TEXT NOT NULL,
  conclusion_no INTEGER NOT NULL,
  version INTEGER NOT NULL,
  facts TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('confirmed','dismissed')),
  reason TEXT NOT NULL CHECK (reason <> ''),
  concluded_by TEXT NOT NULL,
  concluded_at TEXT NOT NULL,
  PRIMARY KEY (finding_id, conclusion_no),
  FOREIGN KEY(finding_id, version) REFERENCES shebao_finding_history (finding_id, version)
)
 STRICT
-- ;;
CREATE TABLE shebao_journal_day (
  book_id INTEGER NOT NULL,
  journal_id INTEGER NOT NULL,
  day TEXT NOT NULL,
  last_line INTEGER NOT NULL,
  in_fen INTEGER NOT NULL,
  out_fen INTEGER NOT NULL,
  balance_fen INTEGER NOT NULL,
  closed_by TEXT NOT NULL,
  closed_at TEXT NOT NULL,
  PRIMARY KEY (book_id, journal_id, day),
  FOREIGN KEY(book_id, journal_id) REFERENCES shebao_journal (book_id, journal_id)
)
 STRICT
-- ;;
CREATE TABLE shebao_journal_line (
  book_id INTEGER NOT NULL,
  journal_id INTEGER NOT NULL,
  line_no INTEGER NOT NULL,
  day TEXT NOT NULL,
  receipt_on TEXT NOT NULL,
  receipt_kind TEXT NOT NULL CHECK (receipt_kind <> ''),
  receipt_no TEXT NOT NULL CHECK (receipt_no <> ''),
  summary TEXT NOT NULL CHECK (summary <> ''),
  counterpart TEXT NOT NULL,
  counter_account TEXT NOT NULL,
  in_fen INTEGER NOT NULL,
  out_fen INTEGER NOT NULL,
  balance_fen INTEGER NOT NULL,
  attachment TEXT NOT NULL,
  strikes INTEGER,
  reason TEXT NOT NULL,
  source TEXT NOT NULL,
  entered_by TEXT NOT NULL,
  entered_at TEXT NOT NULL,
  PRIMARY KEY (book_id, journal_id, line_no),
  CONSTRAINT shebao_journal_line_side CHECK ((in_fen = 0) <> (out_fen = 0)),
  CONSTRAINT shebao_journal_line_reason CHECK ((strikes IS NULL) = (reason = '')),
  CONSTRAINT shebao_journal_line_struck_once UNIQUE (book_id, journal_id, strikes),
  FOREIGN KEY(book_id, journal_id) REFERENCES shebao_journal (book_id, journal_id)
)
 STRICT
-- ;;
CREATE INDEX shebao_journal_line_receipt ON shebao_journal_line (book_id, journal_id, receipt_kind, receipt_no)
-- ;;
CREATE TABLE shebao_premium_claim_left (
  book_id INTEGER NOT NULL,
  claim_id INTEGER NOT NULL,
  number TEXT NOT NULL,
  name TEXT NOT NULL,
  category TEXT NOT NULL,
  town TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason <> ''),
  PRIMARY KEY (book_id, claim_id, number),
  FOREIGN KEY(book_id, claim_id) REFERENCES shebao_premium_claim (book_id, claim_id)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_premium_claim_line (
  book_id INTEGER NOT NULL,
  claim_id INTEGER NOT NULL,
  number TEXT NOT NULL,
  payer TEXT NOT NULL,
  received_year INTEGER NOT NULL,
  name TEXT NOT NULL,
  category TEXT NOT NULL,
  others TEXT NOT NULL,
  town TEXT NOT NULL,
  tier_fen INTEGER NOT NULL,
  fen INTEGER NOT NULL CHECK (fen > 0),
  part TEXT NOT NULL CHECK (part <> ''),
  note TEXT NOT NULL,
  PRIMARY KEY (book_id, claim_id, number, payer, received_year),
  FOREIGN KEY(book_id, claim_id) REFERENCES shebao_premium_claim (book_id, claim_id)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_release (
  book_id INTEGER NOT NULL,
  roster_id INTEGER NOT NULL,
  digest TEXT NOT NULL,
  line_count INTEGER NOT NULL,
  payee_count INTEGER NOT NULL,
  fen INTEGER NOT NULL,
  released_by TEXT NOT NULL,
  released_at TEXT NOT NULL,
  PRIMARY KEY (book_id, roster_id),
  FOREIGN KEY(book_id, roster_id) REFERENCES shebao_roster (book_id, roster_id)
)
 STRICT
-- ;;
CREATE TABLE shebao_roster_answer (
  book_id INTEGER NOT NULL,
  roster_id INTEGER NOT NULL,
  finding_id TEXT NOT NULL,
  answer_no INTEGER NOT NULL,
  facts TEXT NOT NULL,
  action TEXT NOT NULL CHECK (action IN ('pay','hold')),
  reason TEXT NOT NULL,
  answered_by TEXT NOT NULL,
  answered_at TEXT NOT NULL,
  PRIMARY KEY (book_id, roster_id, finding_id, answer_no),
  FOREIGN KEY(book_id, roster_id) REFERENCES shebao_roster (book_id, roster_id)
)
 STRICT
-- ;;
CREATE TABLE shebao_roster_finding (
  book_id INTEGER NOT NULL,
  roster_id INTEGER NOT NULL,
  check_no INTEGER NOT NULL,
  finding_id TEXT NOT NULL,
  rule TEXT NOT NULL,
  severity TEXT NOT NULL,
  blocking INTEGER NOT NULL CHECK (blocking IN (0,1)),
  number TEXT NOT NULL,
  name TEXT NOT NULL,
  period_from TEXT NOT NULL,
  period_to TEXT NOT NULL,
  amount_fen INTEGER NOT NULL,
  counterpart TEXT NOT NULL,
  confidence INTEGER NOT NULL,
  reason TEXT NOT NULL,
  why TEXT NOT NULL,
  evidence TEXT NOT NULL,
  facts TEXT NOT NULL,
  PRIMARY KEY (book_id, roster_id, check_no, finding_id),
  FOREIGN KEY(book_id, roster_id) REFERENCES shebao_roster (book_id, roster_id)
)
 STRICT
-- ;;
CREATE TABLE shebao_roster_flow (
  book_id INTEGER NOT NULL,
  roster_id INTEGER NOT NULL,
  flow TEXT NOT NULL CHECK (flow <> ''),
  term_on TEXT NOT NULL CHECK (length(term_on) = 10),
  PRIMARY KEY (book_id, roster_id),
  FOREIGN KEY(book_id, roster_id) REFERENCES shebao_roster (book_id, roster_id)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_roster_person_change (
  book_id INTEGER NOT NULL,
  roster_id INTEGER NOT NULL,
  check_no INTEGER NOT NULL,
  change_id INTEGER NOT NULL,
  PRIMARY KEY (book_id, roster_id, check_no, change_id),
  FOREIGN KEY(book_id, roster_id) REFERENCES shebao_roster (book_id, roster_id),
  FOREIGN KEY(change_id) REFERENCES shebao_person_change (change_id)
)
 STRICT
-- ;;
CREATE TABLE shebao_roster_source (
  book_id INTEGER NOT NULL,
  roster_id INTEGER NOT NULL,
  check_no INTEGER NOT NULL,
  file_id INTEGER NOT NULL,
  parquet_sha256 TEXT NOT NULL,
  PRIMARY KEY (book_id, roster_id, check_no, file_id),
  FOREIGN KEY(book_id, roster_id) REFERENCES shebao_roster (book_id, roster_id),
  FOREIGN KEY(file_id) REFERENCES shebao_source_file (file_id)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_signature (
  book_id INTEGER NOT NULL,
  roster_id INTEGER NOT NULL,
  round INTEGER NOT NULL,
  duty TEXT NOT NULL CHECK (duty IN ('HANDLE_ROSTER','REVIEW','AUTHORISE')),
  user_id TEXT NOT NULL,
  digest TEXT NOT NULL,
  signed_at TEXT NOT NULL,
  PRIMARY KEY (book_id, roster_id, round, duty),
  FOREIGN KEY(book_id, roster_id) REFERENCES shebao_roster (book_id, roster_id),
  CONSTRAINT shebao_signature_one_each UNIQUE (book_id, roster_id, round, user_id)
)
 STRICT
-- ;;
CREATE TABLE shebao_voucher_business (
  book_id INTEGER NOT NULL,
  business_id INTEGER NOT NULL,
  part INTEGER NOT NULL CHECK (part > 0),
  parts INTEGER NOT NULL CHECK (parts > 1),
  voucher_id INTEGER NOT NULL,
  declared_by TEXT NOT NULL,
  declared_at TEXT NOT NULL,
  PRIMARY KEY (book_id, business_id, part),
  FOREIGN KEY(book_id, voucher_id) REFERENCES shebao_voucher (book_id, voucher_id),
  CONSTRAINT shebao_voucher_business_once UNIQUE (book_id, voucher_id),
  CONSTRAINT shebao_voucher_business_part CHECK (part <= parts)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_voucher_line (
  book_id INTEGER NOT NULL,
  voucher_id INTEGER NOT NULL,
  line_no INTEGER NOT NULL,
  account TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('D','C')),
  amount_fen INTEGER NOT NULL,
  dimension TEXT NOT NULL,
  memo TEXT NOT NULL,
  PRIMARY KEY (book_id, voucher_id, line_no),
  FOREIGN KEY(book_id, voucher_id) REFERENCES shebao_voucher (book_id, voucher_id)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_bank_batch (
  book_id INTEGER NOT NULL,
  roster_id INTEGER NOT NULL,
  batch_no TEXT NOT NULL CHECK (batch_no <> ''),
  layout TEXT NOT NULL,
  bank_account TEXT NOT NULL,
  token INTEGER NOT NULL,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  line_count INTEGER NOT NULL,
  fen INTEGER NOT NULL,
  sent_by TEXT NOT NULL,
  sent_at TEXT NOT NULL,
  PRIMARY KEY (book_id, roster_id),
  FOREIGN KEY(book_id, roster_id) REFERENCES shebao_release (book_id, roster_id),
  UNIQUE (batch_no),
  FOREIGN KEY(token) REFERENCES shebao_token (token_no)
)
 STRICT
-- ;;
CREATE TABLE shebao_cash_witness (
  book_id INTEGER NOT NULL,
  journal_id INTEGER NOT NULL,
  count_no INTEGER NOT NULL,
  witnessed_by TEXT NOT NULL,
  witnessed_at TEXT NOT NULL,
  PRIMARY KEY (book_id, journal_id, count_no),
  FOREIGN KEY(book_id, journal_id, count_no) REFERENCES shebao_cash_count (book_id, journal_id, count_no)
)
 STRICT
-- ;;
CREATE TABLE shebao_finding_review (
  finding_id TEXT NOT NULL,
  conclusion_no INTEGER NOT NULL,
  step TEXT NOT NULL CHECK (step IN ('agree','refuse')),
  note TEXT NOT NULL,
  reviewed_by TEXT NOT NULL,
  reviewed_at TEXT NOT NULL,
  PRIMARY KEY (finding_id, conclusion_no),
  FOREIGN KEY(finding_id, conclusion_no) REFERENCES shebao_finding_conclusion (finding_id, conclusion_no)
)
 STRICT
-- ;;
CREATE TABLE shebao_release_item (
  book_id INTEGER NOT NULL,
  who TEXT NOT NULL CHECK (who <> ''),
  item TEXT NOT NULL,
  period INTEGER NOT NULL,
  source TEXT NOT NULL,
  again INTEGER NOT NULL,
  roster_id INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (book_id, who, item, period, source, again),
  FOREIGN KEY(book_id, roster_id) REFERENCES shebao_release (book_id, roster_id)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE UNIQUE INDEX shebao_release_item_roster ON shebao_release_item (book_id, roster_id, seq)
-- ;;
CREATE TABLE shebao_roster_expiry (
  book_id INTEGER NOT NULL,
  roster_id INTEGER NOT NULL,
  expired_by TEXT NOT NULL CHECK (expired_by <> ''),
  expired_at TEXT NOT NULL CHECK (expired_at <> ''),
  PRIMARY KEY (book_id, roster_id),
  FOREIGN KEY(book_id, roster_id) REFERENCES shebao_roster_flow (book_id, roster_id)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_roster_finding_line (
  book_id INTEGER NOT NULL,
  roster_id INTEGER NOT NULL,
  check_no INTEGER NOT NULL,
  finding_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (book_id, roster_id, check_no, finding_id, seq),
  FOREIGN KEY(book_id, roster_id, check_no, finding_id) REFERENCES shebao_roster_finding (book_id, roster_id, check_no, finding_id),
  FOREIGN KEY(book_id, roster_id, seq) REFERENCES shebao_roster_line (book_id, roster_id, seq)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_bank_authorisation (
  book_id INTEGER NOT NULL,
  roster_id INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  token INTEGER NOT NULL,
  authorised_by TEXT NOT NULL,
  authorised_at TEXT NOT NULL,
  PRIMARY KEY (book_id, roster_id),
  FOREIGN KEY(book_id, roster_id) REFERENCES shebao_bank_batch (book_id, roster_id),
  FOREIGN KEY(token) REFERENCES shebao_token (token_no)
)
 STRICT
-- ;;
CREATE TABLE shebao_bank_return (
  book_id INTEGER NOT NULL,
  roster_id INTEGER NOT NULL,
  file_id INTEGER NOT NULL,
  paid_count INTEGER NOT NULL,
  paid_fen INTEGER NOT NULL,
  failed_count INTEGER NOT NULL,
  failed_fen INTEGER NOT NULL,
  taken_by TEXT NOT NULL,
  taken_at TEXT NOT NULL,
  PRIMARY KEY (book_id, roster_id),
  FOREIGN KEY(book_id, roster_id) REFERENCES shebao_bank_batch (book_id, roster_id),
  FOREIGN KEY(file_id) REFERENCES shebao_source_file (file_id)
)
 STRICT
-- ;;
-- Guards of people and of the payment chain on SQLite. Each statement ends with a line "-- ;;". Text raised begins with the code of its refusal.

-- Records of the chain are only ever added.
CREATE TRIGGER shebao_source_file_keep BEFORE UPDATE ON shebao_source_file BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_source_file_stay BEFORE DELETE ON shebao_source_file BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_source_coverage_keep BEFORE UPDATE ON shebao_source_coverage BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_source_coverage_stay BEFORE DELETE ON shebao_source_coverage BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_source_use_keep BEFORE UPDATE ON shebao_source_use BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_source_use_stay BEFORE DELETE ON shebao_source_use BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_source_keep BEFORE UPDATE ON shebao_roster_source BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_source_stay BEFORE DELETE ON shebao_roster_source BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_line_keep BEFORE UPDATE ON shebao_roster_line BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_line_stay BEFORE DELETE ON shebao_roster_line BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_finding_keep BEFORE UPDATE ON shebao_roster_finding BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_finding_stay BEFORE DELETE ON shebao_roster_finding BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_finding_line_keep BEFORE UPDATE ON shebao_roster_finding_line BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_finding_line_stay BEFORE DELETE ON shebao_roster_finding_line BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_answer_keep BEFORE UPDATE ON shebao_roster_answer BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_answer_stay BEFORE DELETE ON shebao_roster_answer BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_hold_keep BEFORE UPDATE ON shebao_hold BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_hold_stay BEFORE DELETE ON shebao_hold BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_signature_keep BEFORE UPDATE ON shebao_signature BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_signature_stay BEFORE DELETE ON shebao_signature BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_release_keep BEFORE UPDATE ON shebao_release BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_release_stay BEFORE DELETE ON shebao_release BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_bank_batch_keep BEFORE UPDATE ON shebao_bank_batch BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_bank_batch_stay BEFORE DELETE ON shebao_bank_batch BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_bank_authorisation_keep BEFORE UPDATE ON shebao_bank_authorisation BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_bank_authorisation_stay BEFORE DELETE ON shebao_bank_authorisation BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_bank_line_keep BEFORE UPDATE ON shebao_bank_line BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_bank_line_stay BEFORE DELETE ON shebao_bank_line BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_bank_return_keep BEFORE UPDATE ON shebao_bank_return BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_bank_return_stay BEFORE DELETE ON shebao_bank_return BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_bank_result_keep BEFORE UPDATE ON shebao_bank_result BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_bank_result_stay BEFORE DELETE ON shebao_bank_result BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_comeback_keep BEFORE UPDATE ON shebao_comeback BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_comeback_stay BEFORE DELETE ON shebao_comeback BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_duty_pair_keep BEFORE UPDATE ON shebao_duty_pair BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_duty_pair_stay BEFORE DELETE ON shebao_duty_pair BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_stay BEFORE DELETE ON shebao_roster BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_user_stay BEFORE DELETE ON shebao_user BEGIN SELECT RAISE(ABORT, 'SB3041: 用户只可停用，不得删除'); END
-- ;;
CREATE TRIGGER shebao_grant_stay BEFORE DELETE ON shebao_grant BEGIN SELECT RAISE(ABORT, 'SB3041: 授权只可终止，不得删除'); END
-- ;;
CREATE TRIGGER shebao_grant_keep BEFORE UPDATE ON shebao_grant WHEN OLD.user_id <> NEW.user_id OR OLD.duty <> NEW.duty
  OR OLD.valid_from <> NEW.valid_from OR OLD.granted_by <> NEW.granted_by OR OLD.granted_at <> NEW.granted_at
  OR NEW.valid_to = '' OR (OLD.valid_to <> '' AND NEW.valid_to > OLD.valid_to)
BEGIN SELECT RAISE(ABORT, 'SB3041: 授权只可提前终止'); END
-- ;;
-- A user keeps name and password, a session its token and its term; both are never deleted.
CREATE TRIGGER shebao_user_keep BEFORE UPDATE OF user_id, name, password_hash, created_at, created_by ON shebao_user
BEGIN SELECT RAISE(ABORT, 'SB3041: 用户的姓名、口令和登记不得修改'); END
-- ;;
CREATE TRIGGER shebao_session_stay BEFORE DELETE ON shebao_session BEGIN SELECT RAISE(ABORT, 'SB3041: 会话只可关闭，不得删除'); END
-- ;;
CREATE TRIGGER shebao_session_keep BEFORE UPDATE ON shebao_session WHEN OLD.token_hash <> NEW.token_hash OR OLD.user_id <> NEW.user_id
  OR OLD.opened_at <> NEW.opened_at OR OLD.expires_at <> NEW.expires_at OR OLD.closed_at <> ''
BEGIN SELECT RAISE(ABORT, 'SB3041: 会话只可关闭'); END
-- ;;
-- INSERT OR REPLACE deletes without a DELETE trigger, so a key that is taken, of any unique index, is refused before it comes to that.
CREATE TRIGGER shebao_source_file_once BEFORE INSERT ON shebao_source_file BEGIN
  SELECT RAISE(ABORT, 'SB3041: 导入登记不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_source_file WHERE file_id = NEW.file_id OR sha256 = NEW.sha256);
END
-- ;;
CREATE TRIGGER shebao_source_coverage_once BEFORE INSERT ON shebao_source_coverage BEGIN
  SELECT RAISE(ABORT, 'SB3041: 覆盖范围不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_source_coverage
    WHERE file_id = NEW.file_id AND fund = NEW.fund AND region = NEW.region AND period = NEW.period);
END
-- ;;
CREATE TRIGGER shebao_source_use_once BEFORE INSERT ON shebao_source_use BEGIN
  SELECT RAISE(ABORT, 'SB3041: 启用记录不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_source_use WHERE file_id = NEW.file_id);
END
-- ;;
CREATE TRIGGER shebao_roster_source_once BEFORE INSERT ON shebao_roster_source BEGIN
  SELECT RAISE(ABORT, 'SB3041: 检查所用数据不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_roster_source
    WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND check_no = NEW.check_no AND file_id = NEW.file_id);
END
-- ;;
CREATE TRIGGER shebao_user_once BEFORE INSERT ON shebao_user BEGIN
  SELECT RAISE(ABORT, 'SB3041: 用户不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_user WHERE user_id = NEW.user_id);
END
-- ;;
CREATE TRIGGER shebao_duty_pair_once BEFORE INSERT ON shebao_duty_pair BEGIN
  SELECT RAISE(ABORT, 'SB3041: 不相容岗位不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_duty_pair WHERE a = NEW.a AND b = NEW.b);
END
-- ;;
CREATE TRIGGER shebao_session_once BEFORE INSERT ON shebao_session BEGIN
  SELECT RAISE(ABORT, 'SB3041: 会话不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_session WHERE token_hash = NEW.token_hash);
END
-- ;;
CREATE TRIGGER shebao_roster_line_once BEFORE INSERT ON shebao_roster_line BEGIN
  SELECT RAISE(ABORT, 'SB3041: 花名册行不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_roster_line WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND seq = NEW.seq);
END
-- ;;
CREATE TRIGGER shebao_roster_finding_once BEFORE INSERT ON shebao_roster_finding BEGIN
  SELECT RAISE(ABORT, 'SB3041: 检查结果不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_roster_finding WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND check_no = NEW.check_no AND finding_id = NEW.finding_id);
END
-- ;;
CREATE TRIGGER shebao_roster_finding_line_once BEFORE INSERT ON shebao_roster_finding_line BEGIN
  SELECT RAISE(ABORT, 'SB3041: 检查结果不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_roster_finding_line WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND check_no = NEW.check_no AND finding_id = NEW.finding_id AND seq = NEW.seq);
END
-- ;;
CREATE TRIGGER shebao_release_once BEFORE INSERT ON shebao_release BEGIN
  SELECT RAISE(ABORT, 'SB3041: 放行不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_release WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id);
END
-- ;;
CREATE TRIGGER shebao_bank_batch_once BEFORE INSERT ON shebao_bank_batch BEGIN
  SELECT RAISE(ABORT, 'SB3041: 送盘不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_bank_batch WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id);
END
-- ;;
CREATE TRIGGER shebao_bank_line_once BEFORE INSERT ON shebao_bank_line BEGIN
  SELECT RAISE(ABORT, 'SB3041: 付款行不得覆盖') WHERE
    EXISTS (SELECT 1 FROM shebao_bank_line WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND bank_seq = NEW.bank_seq)
    OR EXISTS (SELECT 1 FROM shebao_bank_line WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND payee = NEW.payee);
END
-- ;;
CREATE TRIGGER shebao_bank_return_once BEFORE INSERT ON shebao_bank_return BEGIN
  SELECT RAISE(ABORT, 'SB3041: 回盘不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_bank_return WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id);
END
-- ;;
CREATE TRIGGER shebao_bank_result_once BEFORE INSERT ON shebao_bank_result BEGIN
  SELECT RAISE(ABORT, 'SB3041: 回盘结果不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_bank_result WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND bank_seq = NEW.bank_seq);
END
-- ;;
-- C1, static half: incompatible duties are never held by one person at one time.
CREATE TRIGGER shebao_grant_enter BEFORE INSERT ON shebao_grant BEGIN
  SELECT RAISE(ABORT, 'SB3041: 授权不得覆盖') WHERE EXISTS (
    SELECT 1 FROM shebao_grant WHERE user_id = NEW.user_id AND duty = NEW.duty AND valid_from = NEW.valid_from);
  SELECT RAISE(ABORT, 'SB3003: 不相容岗位不得授予同一人') WHERE EXISTS (
    SELECT 1 FROM shebao_grant g JOIN shebao_duty_pair p ON (p.a = g.duty AND p.b = NEW.duty) OR (p.b = g.duty AND p.a = NEW.duty)
    WHERE g.user_id = NEW.user_id AND (g.valid_to = '' OR g.valid_to > NEW.valid_from) AND (NEW.valid_to = '' OR g.valid_from < NEW.valid_to)
      AND NOT EXISTS (SELECT 1 FROM shebao_duty_request x JOIN shebao_duty_step y ON y.request_id = x.request_id AND y.step = 'approve'
        WHERE x.kind = 'exemption' AND x.user_id = NEW.user_id AND ((x.duty = g.duty AND x.other = NEW.duty) OR (x.other = g.duty AND x.duty = NEW.duty))
          AND x.valid_from <= NEW.valid_from AND NEW.valid_to <> '' AND x.valid_to >= NEW.valid_to
          AND NOT EXISTS (SELECT 1 FROM shebao_duty_step z WHERE z.request_id = x.request_id AND z.step = 'end')));
END
-- ;;
-- Lines enter while their roster is being built, and never after.
CREATE TRIGGER shebao_roster_line_enter BEFORE INSERT ON shebao_roster_line
WHEN NOT EXISTS (SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND state = 'building')
BEGIN SELECT RAISE(ABORT, 'SB3033: 花名册已编成，不得加行'); END
-- ;;
CREATE TRIGGER shebao_roster_enter BEFORE INSERT ON shebao_roster BEGIN
  SELECT RAISE(ABORT, 'SB3033: 新花名册须从编制开始') WHERE NEW.state <> 'building' OR NEW.payment <> 'none' OR NEW.round <> 1 OR NEW.check_no <> 0;
  SELECT RAISE(ABORT, 'SB3041: 花名册编号已用') WHERE EXISTS (SELECT 1 FROM shebao_roster WHERE roster_id = NEW.roster_id);
  SELECT RAISE(ABORT, 'SB3041: 同一文件已有花名册') WHERE EXISTS (
    SELECT 1 FROM shebao_roster WHERE file_id = NEW.file_id AND kind = NEW.kind AND fund = NEW.fund AND state <> 'withdrawn');
END
-- ;;
-- The two state machines: signing and payment; what the header says of its content never changes.
CREATE TRIGGER shebao_roster_move BEFORE UPDATE ON shebao_roster BEGIN
  SELECT RAISE(ABORT, 'SB3041: 花名册的内容不得修改') WHERE OLD.book_id <> NEW.book_id OR OLD.roster_id <> NEW.roster_id OR OLD.fund <> NEW.fund OR OLD.kind <> NEW.kind
    OR OLD.period <> NEW.period OR OLD.file_id <> NEW.file_id OR OLD.line_count <> NEW.line_count OR OLD.gross_fen <> NEW.gross_fen
    OR OLD.net_fen <> NEW.net_fen OR OLD.built_by <> NEW.built_by OR OLD.built_at <> NEW.built_at;
  SELECT RAISE(ABORT, 'SB3033: 花名册状态不能这样改变') WHERE NOT (
    (OLD.payment = NEW.payment AND OLD.round = NEW.round AND OLD.check_no = NEW.check_no AND (
      (OLD.state = 'building' AND NEW.state = 'built') OR (OLD.state = 'checked' AND NEW.state = 'submitted')
      OR (OLD.state = 'submitted' AND NEW.state = 'reviewed') OR (OLD.state = 'reviewed' AND NEW.state = 'authorised')
      OR (OLD.state IN ('built', 'checked') AND NEW.state = 'withdrawn')
      OR (OLD.state IN ('submitted', 'reviewed', 'authorised') AND NEW.state = 'withdrawn' AND EXISTS (
        SELECT 1 FROM shebao_roster_expiry e WHERE e.book_id = NEW.book_id AND e.roster_id = NEW.roster_id))))
    OR (OLD.payment = NEW.payment AND OLD.round = NEW.round AND NEW.check_no = OLD.check_no + 1 AND OLD.state IN ('built', 'checked') AND NEW.state = 'checked')
    OR (OLD.payment = NEW.payment AND NEW.round = OLD.round + 1 AND OLD.check_no = NEW.check_no
      AND OLD.state IN ('submitted', 'reviewed', 'authorised') AND NEW.state = 'checked')
    OR (OLD.round = NEW.round AND OLD.check_no = NEW.check_no AND OLD.state = 'authorised' AND NEW.state = 'released' AND OLD.payment = 'none' AND NEW.payment = 'released')
    OR (OLD.round = NEW.round AND OLD.check_no = NEW.check_no AND OLD.state = 'released' AND NEW.state = 'released'
      AND ((OLD.payment = 'released' AND NEW.payment = 'made') OR (OLD.payment = 'made' AND NEW.payment = 'sent') OR (OLD.payment = 'sent' AND NEW.payment = 'returned'))));
  SELECT RAISE(ABORT, 'SB3034: 明细与花名册头不符') WHERE NEW.state = 'built' AND NOT EXISTS (
    SELECT 1 FROM shebao_roster_line l WHERE l.book_id = NEW.book_id AND l.roster_id = NEW.roster_id
    GROUP BY l.book_id, l.roster_id HAVING COUNT(*) = NEW.line_count AND SUM(l.net_fen) = NEW.net_fen AND SUM(l.gross_fen) = NEW.gross_fen);
  SELECT RAISE(ABORT, 'SB3037: 没有相应的签字') WHERE NEW.state IN ('submitted', 'reviewed', 'authorised') AND NOT EXISTS (
    SELECT 1 FROM shebao_signature s WHERE s.book_id = NEW.book_id AND s.roster_id = NEW.roster_id AND s.round = NEW.round
      AND s.duty = CASE NEW.state WHEN 'submitted' THEN 'HANDLE_ROSTER' WHEN 'reviewed' THEN 'REVIEW' ELSE 'AUTHORISE' END);
  SELECT RAISE(ABORT, 'SB3070: 没有放行') WHERE NEW.payment = 'released'
    AND NOT EXISTS (SELECT 1 FROM shebao_release WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id);
  SELECT RAISE(ABORT, 'SB3075: 没有制单') WHERE NEW.payment = 'made'
    AND NOT EXISTS (SELECT 1 FROM shebao_bank_batch WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id);
  SELECT RAISE(ABORT, 'SB3075: 没有网银复核') WHERE NEW.payment = 'sent'
    AND NOT EXISTS (SELECT 1 FROM shebao_bank_authorisation WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id);
  SELECT RAISE(ABORT, 'SB3075: 没有回盘') WHERE NEW.payment = 'returned'
    AND NOT EXISTS (SELECT 1 FROM shebao_bank_return WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id);
END
-- ;;
-- Findings belong to the check under way; answers and holds come before the signatures.
CREATE TRIGGER shebao_roster_finding_enter BEFORE INSERT ON shebao_roster_finding
WHEN NOT EXISTS (SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND state IN ('built', 'checked') AND check_no = NEW.check_no - 1)
BEGIN SELECT RAISE(ABORT, 'SB3033: 检查结果只能在检查时登记'); END
-- ;;
CREATE TRIGGER shebao_roster_finding_line_enter BEFORE INSERT ON shebao_roster_finding_line
WHEN NOT EXISTS (SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND state IN ('built', 'checked') AND check_no = NEW.check_no - 1)
BEGIN SELECT RAISE(ABORT, 'SB3033: 检查结果只能在检查时登记'); END
-- ;;
-- What a file covers is counted before it is used and not after; a check names files in use, as they were taken in.
CREATE TRIGGER shebao_source_coverage_enter BEFORE INSERT ON shebao_source_coverage
WHEN EXISTS (SELECT 1 FROM shebao_source_use WHERE file_id = NEW.file_id)
BEGIN SELECT RAISE(ABORT, 'SB3041: 文件启用后不得补记覆盖范围'); END
-- ;;
CREATE TRIGGER shebao_source_use_enter BEFORE INSERT ON shebao_source_use
WHEN NOT EXISTS (SELECT 1 FROM shebao_source_file f WHERE f.file_id = NEW.file_id
  AND f.rows = (SELECT COALESCE(SUM(c.rows), 0) FROM shebao_source_coverage c WHERE c.file_id = f.file_id))
BEGIN SELECT RAISE(ABORT, 'SB3041: 覆盖范围与文件的行数不符'); END
-- ;;
CREATE TRIGGER shebao_roster_source_enter BEFORE INSERT ON shebao_roster_source BEGIN
  SELECT RAISE(ABORT, 'SB3033: 检查所用数据只能在检查时登记') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND state IN ('built', 'checked') AND check_no = NEW.check_no - 1);
  SELECT RAISE(ABORT, 'SB3041: 检查只能引用在用的快照') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_source_file f JOIN shebao_source_use u ON u.file_id = f.file_id WHERE f.file_id = NEW.file_id AND f.parquet_sha256 = NEW.parquet_sha256);
END
-- ;;
CREATE TRIGGER shebao_roster_answer_enter BEFORE INSERT ON shebao_roster_answer BEGIN
  SELECT RAISE(ABORT, 'SB3033: 签字后不得再答复') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND state = 'checked');
  SELECT RAISE(ABORT, 'SB3036: 拦截疑点不能由经办答复') WHERE EXISTS (
    SELECT 1 FROM shebao_roster_finding f JOIN shebao_roster r ON r.book_id = f.book_id AND r.roster_id = f.roster_id AND r.check_no = f.check_no
    WHERE f.book_id = NEW.book_id AND f.roster_id = NEW.roster_id AND f.finding_id = NEW.finding_id AND f.blocking = 1);
  SELECT RAISE(ABORT, 'SB3041: 答复不得改写') WHERE EXISTS (SELECT 1 FROM shebao_roster_answer
    WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND finding_id = NEW.finding_id AND answer_no = NEW.answer_no);
END
-- ;;
CREATE TRIGGER shebao_hold_enter BEFORE INSERT ON shebao_hold BEGIN
  SELECT RAISE(ABORT, 'SB3033: 签字后不得再暂缓') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND state IN ('built', 'checked'));
  SELECT RAISE(ABORT, 'SB3041: 暂缓不得改写') WHERE EXISTS (SELECT 1 FROM shebao_hold WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND seq = NEW.seq);
END
-- ;;
-- C1, C2: a signature in its turn, of this round, by somebody who holds the duty and signed nothing else here, over the handler's digest.
CREATE TRIGGER shebao_signature_enter BEFORE INSERT ON shebao_signature BEGIN
  SELECT RAISE(ABORT, 'SB3033: 未轮到这一签字') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND round = NEW.round
      AND state = CASE NEW.duty WHEN 'HANDLE_ROSTER' THEN 'checked' WHEN 'REVIEW' THEN 'submitted' ELSE 'reviewed' END);
  SELECT RAISE(ABORT, 'SB3001: 签字人没有这一岗位') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_grant WHERE user_id = NEW.user_id AND duty = NEW.duty
      AND valid_from <= substr(NEW.signed_at, 1, 10) AND (valid_to = '' OR valid_to > NEW.signed_at));
  SELECT RAISE(ABORT, 'SB3002: 同一人不得以两个岗位签字') WHERE EXISTS (
    SELECT 1 FROM shebao_signature WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND user_id = NEW.user_id AND duty <> NEW.duty);
  SELECT RAISE(ABORT, 'SB3002: 编制人不得审核或授权') WHERE NEW.duty <> 'HANDLE_ROSTER' AND EXISTS (
    SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND built_by = NEW.user_id);
  SELECT RAISE(ABORT, 'SB3034: 与经办签字的内容不同') WHERE NEW.duty <> 'HANDLE_ROSTER' AND NOT EXISTS (
    SELECT 1 FROM shebao_signature WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND round = NEW.round
      AND duty = 'HANDLE_ROSTER' AND digest = NEW.digest);
  SELECT RAISE(ABORT, 'SB3041: 签字不得改写') WHERE EXISTS (
    SELECT 1 FROM shebao_signature WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND round = NEW.round AND duty = NEW.duty);
END
-- ;;
-- C3: released only after three signatures of this digest by three people, with every blocked line held, and for exactly what is not held.
CREATE TRIGGER shebao_release_enter BEFORE INSERT ON shebao_release BEGIN
  SELECT RAISE(ABORT, 'SB3001: 放行由分管领导办理') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_grant WHERE user_id = NEW.released_by AND duty = 'AUTHORISE'
      AND valid_from <= substr(NEW.released_at, 1, 10) AND (valid_to = '' OR valid_to > NEW.released_at));
  SELECT RAISE(ABORT, 'SB3033: 未授权，不得放行') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND state = 'authorised');
  SELECT RAISE(ABORT, 'SB3037: 放行须三人对同一内容签字') WHERE 3 <> (
    SELECT COUNT(DISTINCT s.user_id) FROM shebao_signature s JOIN shebao_roster r ON r.book_id = s.book_id AND r.roster_id = s.roster_id AND r.round = s.round
    WHERE s.book_id = NEW.book_id AND s.roster_id = NEW.roster_id AND s.digest = NEW.digest);
  SELECT RAISE(ABORT, 'SB3036: 有拦截疑点的行未暂缓') WHERE EXISTS (
    SELECT 1 FROM shebao_roster r
    JOIN shebao_roster_finding f ON f.book_id = r.book_id AND f.roster_id = r.roster_id AND f.check_no = r.check_no AND f.blocking = 1
    JOIN shebao_roster_finding_line l ON l.book_id = f.book_id AND l.roster_id = f.roster_id AND l.check_no = f.check_no AND l.finding_id = f.finding_id
    LEFT JOIN shebao_hold h ON h.book_id = l.book_id AND h.roster_id = l.roster_id AND h.seq = l.seq
    WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND h.seq IS NULL);
  SELECT RAISE(ABORT, 'SB3034: 放行的合计与明细不符') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_roster_line l LEFT JOIN shebao_hold h ON h.book_id = l.book_id AND h.roster_id = l.roster_id AND h.seq = l.seq
    WHERE l.book_id = NEW.book_id AND l.roster_id = NEW.roster_id AND h.seq IS NULL
    GROUP BY l.book_id, l.roster_id HAVING COUNT(*) = NEW.line_count AND SUM(l.net_fen) = NEW.fen);
END
-- ;;
-- A bank file is made once, of what was released; its return is taken once, by somebody else, and adds up.
CREATE TRIGGER shebao_bank_line_enter BEFORE INSERT ON shebao_bank_line
WHEN NOT EXISTS (SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND payment = 'released')
BEGIN SELECT RAISE(ABORT, 'SB3070: 未放行或已送盘，不得加付款行'); END
-- ;;
CREATE TRIGGER shebao_bank_batch_enter BEFORE INSERT ON shebao_bank_batch BEGIN
  SELECT RAISE(ABORT, 'SB3001: 网银制单由出纳办理') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_grant WHERE user_id = NEW.sent_by AND duty = 'CASHIER'
      AND valid_from <= substr(NEW.sent_at, 1, 10) AND (valid_to = '' OR valid_to > NEW.sent_at));
  SELECT RAISE(ABORT, 'SB3070: 未放行或已送盘') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND payment = 'released');
  SELECT RAISE(ABORT, 'SB3071: 银行盘与放行不符') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_release r WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND r.fen = NEW.fen AND r.payee_count = NEW.line_count
      AND r.fen = (SELECT COALESCE(SUM(fen), 0) FROM shebao_bank_line l WHERE l.book_id = r.book_id AND l.roster_id = r.roster_id)
      AND r.payee_count = (SELECT COUNT(*) FROM shebao_bank_line l WHERE l.book_id = r.book_id AND l.roster_id = r.roster_id));
  SELECT RAISE(ABORT, 'SB2231: 制单人没有持有制单U盾') WHERE NOT EXISTS (SELECT 1 FROM shebao_token t JOIN shebao_token_act a ON a.token_no = t.token_no JOIN shebao_token_signature s ON s.token_no = a.token_no AND s.act_no = a.act_no
    WHERE t.token_no = NEW.token AND t.kind = 'make_key' AND a.receiver = NEW.sent_by AND NOT EXISTS (SELECT 1 FROM shebao_token_act x WHERE x.token_no = t.token_no AND x.act IN ('lost', 'destroyed'))
      AND NOT EXISTS (SELECT 1 FROM shebao_token_signature z WHERE z.token_no = a.token_no AND z.act_no > a.act_no));
  SELECT RAISE(ABORT, 'SB3041: 批次号已用') WHERE EXISTS (SELECT 1 FROM shebao_bank_batch WHERE batch_no = NEW.batch_no);
END
-- ;;
-- A second key holder authorises the very bytes that the cashier made; nothing counts as sent before.
CREATE TRIGGER shebao_bank_authorisation_enter BEFORE INSERT ON shebao_bank_authorisation BEGIN
  SELECT RAISE(ABORT, 'SB3041: 网银复核不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_bank_authorisation WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id);
  SELECT RAISE(ABORT, 'SB3075: 未制单或已送盘') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND payment = 'made');
  SELECT RAISE(ABORT, 'SB2235: 复核的不是制单的那一份') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_bank_batch WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND sha256 = NEW.sha256);
  SELECT RAISE(ABORT, 'SB3002: 制单人不得复核') WHERE EXISTS (
    SELECT 1 FROM shebao_bank_batch WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND sent_by = NEW.authorised_by);
  SELECT RAISE(ABORT, 'SB3001: 网银复核由会计主管办理') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant WHERE user_id = NEW.authorised_by AND duty = 'CHECK' AND valid_from <= substr(NEW.authorised_at, 1, 10) AND (valid_to = '' OR valid_to > NEW.authorised_at));
  SELECT RAISE(ABORT, 'SB2231: 复核人没有持有复核U盾') WHERE NOT EXISTS (SELECT 1 FROM shebao_token t JOIN shebao_token_act a ON a.token_no = t.token_no JOIN shebao_token_signature s ON s.token_no = a.token_no AND s.act_no = a.act_no
    WHERE t.token_no = NEW.token AND t.kind = 'authorise_key' AND a.receiver = NEW.authorised_by AND NOT EXISTS (SELECT 1 FROM shebao_token_act x WHERE x.token_no = t.token_no AND x.act IN ('lost', 'destroyed'))
      AND NOT EXISTS (SELECT 1 FROM shebao_token_signature z WHERE z.token_no = a.token_no AND z.act_no > a.act_no));
END
-- ;;
CREATE TRIGGER shebao_bank_result_enter BEFORE INSERT ON shebao_bank_result
WHEN NOT EXISTS (SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND payment = 'sent')
BEGIN SELECT RAISE(ABORT, 'SB3075: 未送盘或已回盘'); END
-- ;;
CREATE TRIGGER shebao_bank_return_enter BEFORE INSERT ON shebao_bank_return BEGIN
  SELECT RAISE(ABORT, 'SB3075: 未送盘或已回盘') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND payment = 'sent');
  SELECT RAISE(ABORT, 'SB3002: 送盘人不得接收回盘') WHERE EXISTS (
    SELECT 1 FROM shebao_bank_batch WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND sent_by = NEW.taken_by);
  SELECT RAISE(ABORT, 'SB3002: 网银复核人不得接收回盘') WHERE EXISTS (
    SELECT 1 FROM shebao_bank_authorisation WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND authorised_by = NEW.taken_by);
  SELECT RAISE(ABORT, 'SB3001: 回盘由会计或会计主管接收') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_grant WHERE user_id = NEW.taken_by AND duty IN ('BOOKKEEP', 'CHECK')
      AND valid_from <= substr(NEW.taken_at, 1, 10) AND (valid_to = '' OR valid_to > NEW.taken_at));
  SELECT RAISE(ABORT, 'SB3073: 回盘与送盘不符') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_bank_line l JOIN shebao_bank_result x ON x.book_id = l.book_id AND x.roster_id = l.roster_id AND x.bank_seq = l.bank_seq
    WHERE l.book_id = NEW.book_id AND l.roster_id = NEW.roster_id
    GROUP BY l.book_id, l.roster_id HAVING COUNT(*) = NEW.paid_count + NEW.failed_count
      AND COUNT(*) = (SELECT line_count FROM shebao_bank_batch b WHERE b.book_id = NEW.book_id AND b.roster_id = NEW.roster_id)
      AND COUNT(*) = (SELECT COUNT(*) FROM shebao_bank_result y WHERE y.book_id = NEW.book_id AND y.roster_id = NEW.roster_id)
      AND SUM(x.ok) = NEW.paid_count AND SUM(CASE WHEN x.ok = 1 THEN l.fen ELSE 0 END) = NEW.paid_fen
      AND SUM(CASE WHEN x.ok = 0 THEN l.fen ELSE 0 END) = NEW.failed_fen);
END
-- ;;
CREATE TRIGGER shebao_comeback_enter BEFORE INSERT ON shebao_comeback
WHEN NOT EXISTS (
  SELECT 1 FROM shebao_roster r JOIN shebao_bank_line l ON l.book_id = r.book_id AND l.roster_id = r.roster_id
  JOIN shebao_bank_result x ON x.book_id = l.book_id AND x.roster_id = l.roster_id AND x.bank_seq = l.bank_seq
  WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND r.payment = 'returned' AND l.bank_seq = NEW.bank_seq AND x.ok = 1 AND l.fen = NEW.fen)
  OR EXISTS (SELECT 1 FROM shebao_comeback c WHERE c.book_id = NEW.book_id AND c.roster_id = NEW.roster_id AND c.bank_seq = NEW.bank_seq)
  OR EXISTS (SELECT 1 FROM shebao_comeback c WHERE c.comeback_id = NEW.comeback_id OR c.evidence = NEW.evidence)
BEGIN SELECT RAISE(ABORT, 'SB3076: 只有已付成功的款项可登记退票，且只登记一次'); END
-- ;;
-- Guards of vouchers (C1, C2) before they are posted, on SQLite. Each statement ends with a line "-- ;;". Text raised begins with the code of its refusal.

-- C2: what a voucher says never changes; a wrong one is sent back and proposed anew.
CREATE TRIGGER shebao_voucher_line_keep BEFORE UPDATE ON shebao_voucher_line BEGIN SELECT RAISE(ABORT, 'SB3103: 凭证分录不得修改'); END
-- ;;
CREATE TRIGGER shebao_voucher_line_stay BEFORE DELETE ON shebao_voucher_line BEGIN SELECT RAISE(ABORT, 'SB3103: 凭证分录不得删除'); END
-- ;;
CREATE TRIGGER shebao_voucher_stay BEFORE DELETE ON shebao_voucher BEGIN SELECT RAISE(ABORT, 'SB3103: 凭证不得删除'); END
-- ;;
CREATE TRIGGER shebao_voucher_line_enter BEFORE INSERT ON shebao_voucher_line BEGIN
  SELECT RAISE(ABORT, 'SB3103: 凭证已制单，不得加行') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_voucher WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id AND state = 'proposed')
    OR EXISTS (SELECT 1 FROM shebao_voucher_line WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id AND line_no = NEW.line_no);
END
-- ;;
CREATE TRIGGER shebao_voucher_enter BEFORE INSERT ON shebao_voucher BEGIN
  SELECT RAISE(ABORT, 'SB3102: 新凭证须从待制单开始') WHERE NEW.state <> 'proposed' OR NEW.maker <> '' OR NEW.reviewer <> '' OR NEW.reviewed_digest <> ''
    OR NEW.papers_digest <> '' OR NEW.cashier <> '' OR NEW.entry_id IS NOT NULL;
  SELECT RAISE(ABORT, 'SB3103: 凭证流水号已用') WHERE EXISTS (SELECT 1 FROM shebao_voucher WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id);
  SELECT RAISE(ABORT, 'SB1104: 原始凭据已提出凭证') WHERE EXISTS (
    SELECT 1 FROM shebao_voucher WHERE book_id = NEW.book_id AND source_key = NEW.source_key AND state <> 'rejected');
END
-- ;;
-- C1, C2: the steps in their order, by two people, over one digest.
CREATE TRIGGER shebao_voucher_move BEFORE UPDATE ON shebao_voucher WHEN NEW.state <> 'posted' BEGIN
  SELECT RAISE(ABORT, 'SB3102: 凭证依次 提出→制单→审核→记账') WHERE NOT (
    (OLD.state = 'proposed' AND NEW.state = 'made' AND NEW.maker <> '' AND NEW.reviewer = '')
    OR (OLD.state = 'made' AND NEW.state = 'reviewed' AND NEW.reviewer <> '')
    OR (OLD.state IN ('made', 'reviewed') AND NEW.state = OLD.state AND OLD.cashier = '' AND NEW.cashier <> ''
      AND OLD.maker = NEW.maker AND OLD.reviewer = NEW.reviewer)
    OR (OLD.state IN ('proposed', 'made', 'reviewed') AND NEW.state = 'rejected' AND OLD.maker = NEW.maker AND OLD.reviewer = NEW.reviewer));
  SELECT RAISE(ABORT, 'SB3002: 制单与审核不得同一人') WHERE NEW.reviewer <> '' AND NEW.reviewer = NEW.maker;
  SELECT RAISE(ABORT, 'SB3002: 出纳不得制单或审核') WHERE NEW.cashier <> '' AND NEW.cashier IN (NEW.maker, NEW.reviewer);
  SELECT RAISE(ABORT, 'SB3103: 审核的内容与凭证不符') WHERE NEW.reviewer <> '' AND NEW.reviewed_digest <> NEW.digest;
  SELECT RAISE(ABORT, 'SB3103: 审核须连同附件') WHERE OLD.state = 'made' AND NEW.state = 'reviewed' AND (NEW.papers_digest <> '')
    <> EXISTS (SELECT 1 FROM shebao_attachment WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id AND detached_at = '');
  SELECT RAISE(ABORT, 'SB3103: 记账的内容与审核的不符') WHERE NEW.entry_id IS NOT NULL;
END
-- ;;
-- What is posted is what was reviewed.
CREATE TRIGGER shebao_voucher_posted BEFORE UPDATE ON shebao_voucher WHEN NEW.state = 'posted' BEGIN
  SELECT CASE WHEN OLD.state <> 'reviewed' THEN RAISE(ABORT, 'SB3102: 凭证依次 提出→制单→审核→记账')
    WHEN NEW.reviewer = NEW.maker THEN RAISE(ABORT, 'SB3002: 制单与审核不得同一人')
    WHEN NEW.cashier <> '' AND NEW.cashier IN (NEW.maker, NEW.reviewer) THEN RAISE(ABORT, 'SB3002: 出纳不得制单或审核')
    WHEN NEW.cashier = '' AND (NEW.cash = 1 OR (NEW.source_key NOT IN ('opening', 'opening:year') AND EXISTS (
      SELECT 1 FROM shebao_voucher_line WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id AND account LIKE '1001%')))
      THEN RAISE(ABORT, 'SB3126: 收付款凭证须有出纳签字')
    WHEN NEW.reviewed_digest <> NEW.digest THEN RAISE(ABORT, 'SB3103: 审核的内容与凭证不符')
    WHEN NEW.entry_id IS NULL OR NOT EXISTS (
      SELECT 1 FROM shebao_entry e JOIN shebao_seal s ON s.book_id = e.book_id AND s.entry_id = e.entry_id
      WHERE e.book_id = NEW.book_id AND e.entry_id = NEW.entry_id AND e.digest = NEW.digest AND e.maker = NEW.maker AND e.reviewer = NEW.reviewer)
      THEN RAISE(ABORT, 'SB3103: 记账的内容与审核的不符') END;
END
-- ;;
-- C2: what is said is said. Posting names the state and the entry alone, so it never comes here. Of the three, SQLite asks
-- the one laid last first.
CREATE TRIGGER shebao_voucher_keep BEFORE UPDATE OF book_id, voucher_id, period, day, kind, event, summary, attachments, authority, source_key, documents, closing, corrects, payout_source, payout_count,
  payout_fen, payout_digest, contribution_source, contribution_count, contribution_fen, contribution_digest, digest, proposed_by, proposed_at, maker, made_at,
  reviewer, reviewed_at, reviewed_digest, papers_digest, cash, cashier, cashier_at, note ON shebao_voucher BEGIN
  SELECT RAISE(ABORT, 'SB3103: 凭证内容不得修改') WHERE OLD.book_id <> NEW.book_id OR OLD.voucher_id <> NEW.voucher_id OR OLD.period <> NEW.period
    OR OLD.day <> NEW.day OR OLD.kind <> NEW.kind OR OLD.event <> NEW.event OR OLD.summary <> NEW.summary OR OLD.attachments <> NEW.attachments
    OR OLD.authority <> NEW.authority OR OLD.source_key <> NEW.source_key OR OLD.documents <> NEW.documents OR OLD.closing <> NEW.closing
    OR OLD.corrects IS NOT NEW.corrects OR OLD.payout_source IS NOT NEW.payout_source OR OLD.payout_count <> NEW.payout_count
    OR OLD.payout_fen <> NEW.payout_fen OR OLD.payout_digest <> NEW.payout_digest
    OR OLD.contribution_source IS NOT NEW.contribution_source OR OLD.contribution_count <> NEW.contribution_count
    OR OLD.contribution_fen <> NEW.contribution_fen OR OLD.contribution_digest <> NEW.contribution_digest OR OLD.digest <> NEW.digest
    OR OLD.proposed_by <> NEW.proposed_by OR OLD.proposed_at <> NEW.proposed_at
    OR (OLD.maker <> '' AND (OLD.maker <> NEW.maker OR OLD.made_at <> NEW.made_at))
    OR (OLD.reviewer <> '' AND (OLD.reviewer <> NEW.reviewer OR OLD.reviewed_at <> NEW.reviewed_at OR OLD.reviewed_digest <> NEW.reviewed_digest))
    OR (OLD.papers_digest <> NEW.papers_digest AND NOT (OLD.state = 'made' AND NEW.state = 'reviewed'))
    OR OLD.cash <> NEW.cash OR (OLD.cashier <> NEW.cashier AND (OLD.cashier <> '' OR OLD.state <> NEW.state))
    OR (OLD.cashier_at <> NEW.cashier_at AND OLD.cashier = NEW.cashier)
    OR (OLD.note <> NEW.note AND NEW.state <> 'rejected');
END
-- ;;
-- C2, L11: attachments hang on a voucher that is not reviewed yet, one content once in a book; until then one may be taken off, and its row stays.
CREATE TRIGGER shebao_attachment_keep BEFORE UPDATE ON shebao_attachment BEGIN
  SELECT RAISE(ABORT, 'SB3103: 凭证附件不得修改') WHERE OLD.book_id <> NEW.book_id OR OLD.voucher_id <> NEW.voucher_id OR OLD.place <> NEW.place
    OR OLD.sha256 <> NEW.sha256 OR OLD.name <> NEW.name OR OLD.kind <> NEW.kind OR OLD.size <> NEW.size OR OLD.sheets <> NEW.sheets
    OR OLD.kept_at IS NOT NEW.kept_at OR OLD.attached_by <> NEW.attached_by OR OLD.attached_at <> NEW.attached_at
    OR OLD.detached_at <> '' OR NEW.detached_at = '' OR NEW.detached_by = '';
  SELECT RAISE(ABORT, 'SB3103: 凭证已审核，不得取下附件') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_voucher WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id AND state IN ('proposed', 'made'));
  SELECT RAISE(ABORT, 'SB3181: 其他凭证以本附件为原件') WHERE OLD.kept_at IS NULL AND EXISTS (
    SELECT 1 FROM shebao_attachment a JOIN shebao_voucher v ON v.book_id = a.book_id AND v.voucher_id = a.voucher_id
    WHERE a.book_id = OLD.book_id AND a.sha256 = OLD.sha256 AND a.kept_at = OLD.voucher_id AND a.detached_at = '' AND v.state <> 'rejected');
END
-- ;;
CREATE TRIGGER shebao_attachment_stay BEFORE DELETE ON shebao_attachment BEGIN SELECT RAISE(ABORT, 'SB3103: 凭证附件不得删除'); END
-- ;;
CREATE TRIGGER shebao_attachment_enter BEFORE INSERT ON shebao_attachment BEGIN
  SELECT RAISE(ABORT, 'SB3103: 附件须先附上') WHERE NEW.detached_at <> '' OR NEW.detached_by <> '';
  SELECT RAISE(ABORT, 'SB3103: 凭证已审核，不得增加附件') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_voucher WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id AND state IN ('proposed', 'made'));
  SELECT RAISE(ABORT, 'SB3103: 附件号须连续') WHERE NEW.place <> (
    SELECT COALESCE(MAX(place), 0) + 1 FROM shebao_attachment WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id);
  SELECT RAISE(ABORT, 'SB3120: 同一文件已附在一张凭证上') WHERE EXISTS (
    SELECT 1 FROM shebao_attachment a JOIN shebao_voucher v ON v.book_id = a.book_id AND v.voucher_id = a.voucher_id
    WHERE a.book_id = NEW.book_id AND a.sha256 = NEW.sha256 AND v.state <> 'rejected' AND a.detached_at = ''
      AND (a.voucher_id = NEW.voucher_id OR (a.kept_at IS NULL AND NEW.kept_at IS NULL)));
  SELECT RAISE(ABORT, 'SB3124: 所称的凭证没有附着原件') WHERE NEW.kept_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM shebao_attachment a JOIN shebao_voucher v ON v.book_id = a.book_id AND v.voucher_id = a.voucher_id
    WHERE a.book_id = NEW.book_id AND a.voucher_id = NEW.kept_at AND a.sha256 = NEW.sha256 AND a.kept_at IS NULL AND a.detached_at = '' AND v.state <> 'rejected');
END
-- ;;
-- L4: the vouchers of one business are named before any of them is reviewed, each in one business, parts in their order.
CREATE TRIGGER shebao_voucher_business_keep BEFORE UPDATE ON shebao_voucher_business BEGIN SELECT RAISE(ABORT, 'SB3180: 同笔业务不得修改'); END
-- ;;
CREATE TRIGGER shebao_voucher_business_stay BEFORE DELETE ON shebao_voucher_business BEGIN SELECT RAISE(ABORT, 'SB3180: 同笔业务不得删除'); END
-- ;;
CREATE TRIGGER shebao_voucher_business_enter BEFORE INSERT ON shebao_voucher_business BEGIN
  SELECT RAISE(ABORT, 'SB3180: 凭证已审核或已退回，不能列入同笔业务') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_voucher WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id AND state IN ('proposed', 'made'));
  SELECT RAISE(ABORT, 'SB3180: 凭证已列入一笔业务') WHERE EXISTS (
    SELECT 1 FROM shebao_voucher_business WHERE book_id = NEW.book_id AND voucher_id = NEW.voucher_id);
  SELECT RAISE(ABORT, 'SB3180: 同笔业务的分号须连续') WHERE NEW.part <> (
    SELECT COALESCE(MAX(part), 0) + 1 FROM shebao_voucher_business WHERE book_id = NEW.book_id AND business_id = NEW.business_id)
    OR EXISTS (SELECT 1 FROM shebao_voucher_business WHERE book_id = NEW.book_id AND business_id = NEW.business_id AND parts <> NEW.parts);
END
-- ;;
-- The whole business or nothing of it: a part is posted once every part is declared and reviewed.
CREATE TRIGGER shebao_voucher_business_whole BEFORE UPDATE OF state ON shebao_voucher WHEN NEW.state = 'posted' BEGIN
  SELECT RAISE(ABORT, 'SB3180: 同笔业务的凭证不齐') WHERE EXISTS (
    SELECT 1 FROM shebao_voucher_business mine WHERE mine.book_id = NEW.book_id AND mine.voucher_id = NEW.voucher_id AND mine.parts <> (
      SELECT COUNT(*) FROM shebao_voucher_business b JOIN shebao_voucher v ON v.book_id = b.book_id AND v.voucher_id = b.voucher_id
      WHERE b.book_id = mine.book_id AND b.business_id = mine.business_id AND v.state IN ('reviewed', 'posted')));
END
-- ;;
-- 拨款不超计划: from the month of a book's first approved plan on, funding of the 支出户 is reviewed only within the month's approved plans, drafts counted.
CREATE TRIGGER shebao_voucher_funding BEFORE UPDATE OF reviewer ON shebao_voucher WHEN NEW.event = 'P1' AND NEW.state = 'reviewed' BEGIN
  SELECT RAISE(ABORT, 'SB3295: 拨款超过已批准的用款计划') WHERE EXISTS (
    SELECT 1 FROM shebao_budget b WHERE b.book_id = NEW.book_id AND b.kind = 'plan' AND b.state = 'approved' AND b.year * 100 + b.month <= NEW.period)
    AND (SELECT COALESCE(SUM(l.amount_fen), 0) FROM shebao_voucher v JOIN shebao_voucher_line l ON l.book_id = v.book_id AND l.voucher_id = v.voucher_id AND l.side = 'D'
      WHERE v.book_id = NEW.book_id AND v.event = 'P1' AND v.period = NEW.period AND v.state <> 'rejected')
    > (SELECT COALESCE(SUM(b.request_fen), 0) FROM shebao_budget b WHERE b.book_id = NEW.book_id AND b.kind = 'plan' AND b.state = 'approved' AND b.year * 100 + b.month = NEW.period);
END
-- ;;
-- C1: each signature is that of somebody who held its duty on the day of the signature; asked last, after order and content.
CREATE TRIGGER shebao_voucher_made_by AFTER UPDATE OF maker ON shebao_voucher WHEN NEW.maker <> OLD.maker BEGIN
  SELECT RAISE(ABORT, 'SB3001: 制单人没有这一岗位') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.maker AND g.duty = 'BOOKKEEP' AND g.valid_from <= substr(NEW.made_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.made_at));
END
-- ;;
CREATE TRIGGER shebao_voucher_reviewed_by AFTER UPDATE OF reviewer ON shebao_voucher WHEN NEW.reviewer <> OLD.reviewer BEGIN
  SELECT RAISE(ABORT, 'SB3001: 审核人没有这一岗位') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.reviewer AND g.duty = 'CHECK' AND g.valid_from <= substr(NEW.reviewed_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.reviewed_at));
END
-- ;;
CREATE TRIGGER shebao_voucher_signed_by AFTER UPDATE OF cashier ON shebao_voucher WHEN NEW.cashier <> OLD.cashier BEGIN
  SELECT RAISE(ABORT, 'SB3001: 出纳签字人没有这一岗位') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.cashier AND g.duty = 'CASHIER' AND g.valid_from <= substr(NEW.cashier_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.cashier_at));
END
-- ;;
CREATE TRIGGER shebao_voucher_posted_by AFTER UPDATE OF state ON shebao_voucher WHEN NEW.state = 'posted' BEGIN
  SELECT RAISE(ABORT, 'SB3001: 记账人没有会计岗位') WHERE EXISTS (SELECT 1 FROM shebao_entry e WHERE e.book_id = NEW.book_id AND e.entry_id = NEW.entry_id AND NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = e.poster AND g.duty = 'BOOKKEEP' AND g.valid_from <= substr(e.recorded_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > e.recorded_at)));
END
-- ;;
-- Guards of changes in the register of persons (C1, C2) on SQLite. Each statement ends with a line "-- ;;".

-- Requests and decisions are only added.
CREATE TRIGGER shebao_person_change_keep BEFORE UPDATE ON shebao_person_change BEGIN SELECT RAISE(ABORT, 'SB3113: 变更申请和审核不得修改'); END
-- ;;
CREATE TRIGGER shebao_person_change_stay BEFORE DELETE ON shebao_person_change BEGIN SELECT RAISE(ABORT, 'SB3113: 变更申请和审核不得删除'); END
-- ;;
CREATE TRIGGER shebao_person_decision_keep BEFORE UPDATE ON shebao_person_decision BEGIN SELECT RAISE(ABORT, 'SB3113: 变更申请和审核不得修改'); END
-- ;;
CREATE TRIGGER shebao_person_decision_stay BEFORE DELETE ON shebao_person_decision BEGIN SELECT RAISE(ABORT, 'SB3113: 变更申请和审核不得删除'); END
-- ;;
CREATE TRIGGER shebao_roster_person_change_keep BEFORE UPDATE ON shebao_roster_person_change BEGIN SELECT RAISE(ABORT, 'SB3113: 变更申请和审核不得修改'); END
-- ;;
CREATE TRIGGER shebao_roster_person_change_stay BEFORE DELETE ON shebao_roster_person_change BEGIN SELECT RAISE(ABORT, 'SB3113: 变更申请和审核不得删除'); END
-- ;;
-- A change is asked for by somebody who holds the duty; accounts and identity by 登记经办 alone (S12).
CREATE TRIGGER shebao_person_change_enter BEFORE INSERT ON shebao_person_change BEGIN
  SELECT RAISE(ABORT, 'SB3113: 变更申请编号已用') WHERE EXISTS (SELECT 1 FROM shebao_person_change WHERE change_id = NEW.change_id);
  SELECT RAISE(ABORT, 'SB3001: 申请人没有这一岗位') WHERE (NEW.requested_duty <> 'HANDLE_REGISTER' AND NOT (NEW.kind = 'status' AND NEW.requested_duty IN ('HANDLE_CERTIFY', 'HANDLE_ASSESS')))
    OR NOT EXISTS (
    SELECT 1 FROM shebao_grant WHERE user_id = NEW.requested_by AND duty = NEW.requested_duty
      AND valid_from <= substr(NEW.requested_at, 1, 10) AND (valid_to = '' OR valid_to > NEW.requested_at));
END
-- ;;
-- C1, C2: decided once, by another who holds REVIEW and did not handle the roster of that fund and month, over what was asked for.
CREATE TRIGGER shebao_person_decision_enter BEFORE INSERT ON shebao_person_decision BEGIN
  SELECT RAISE(ABORT, 'SB3105: 变更申请已审核') WHERE EXISTS (SELECT 1 FROM shebao_person_decision WHERE change_id = NEW.change_id);
  SELECT RAISE(ABORT, 'SB3002: 申请与审核不得同一人') WHERE EXISTS (SELECT 1 FROM shebao_person_change WHERE change_id = NEW.change_id AND requested_by = NEW.decided_by);
  SELECT RAISE(ABORT, 'SB3001: 审核人没有审核岗位') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_grant WHERE user_id = NEW.decided_by AND duty = 'REVIEW'
      AND valid_from <= substr(NEW.decided_at, 1, 10) AND (valid_to = '' OR valid_to > NEW.decided_at));
  SELECT RAISE(ABORT, 'SB3106: 审核的内容与申请不符') WHERE NOT EXISTS (SELECT 1 FROM shebao_person_change WHERE change_id = NEW.change_id AND digest = NEW.digest);
  SELECT RAISE(ABORT, 'SB3002: 经办过该月花名册的人不得审核账户变更') WHERE EXISTS (
    SELECT 1 FROM shebao_person_change c JOIN shebao_roster r ON r.fund = c.fund AND c.from_on = CAST(r.period / 100 AS TEXT) || '-' || substr('0' || CAST(r.period % 100 AS TEXT), -2) || '-01'
    WHERE c.change_id = NEW.change_id AND c.kind IN ('bank_account', 'bank_accounts') AND (r.built_by = NEW.decided_by
      OR EXISTS (SELECT 1 FROM shebao_signature s WHERE s.book_id = r.book_id AND s.roster_id = r.roster_id AND s.duty = 'HANDLE_ROSTER' AND s.user_id = NEW.decided_by)
      OR EXISTS (SELECT 1 FROM shebao_roster_answer a WHERE a.book_id = r.book_id AND a.roster_id = r.roster_id AND a.answered_by = NEW.decided_by)));
END
-- ;;
-- No third door into the register: a load is a people file taken in, a change is one that was accepted, with its two signers.
CREATE TRIGGER shebao_person_knowledge_from BEFORE INSERT ON shebao_person_knowledge BEGIN
  SELECT RAISE(ABORT, 'SB3113: 没有这份人员名单') WHERE NEW.kind = 'load' AND NOT EXISTS (SELECT 1 FROM shebao_source_file WHERE file_id = NEW.source_id AND contract = 'people');
  SELECT RAISE(ABORT, 'SB1404: 没有审核通过的变更申请') WHERE NEW.kind = 'change' AND NOT EXISTS (
    SELECT 1 FROM shebao_person_change c JOIN shebao_person_decision d ON d.change_id = c.change_id AND d.decision = 'accepted' AND d.digest = c.digest
    WHERE c.change_id = NEW.source_id AND c.requested_by = NEW.requested_by AND d.decided_by = NEW.reviewed_by);
END
-- ;;
-- C2: a signature of 经办 or of a reviewer keeps apart from the changes of accounts that take effect in that month.
CREATE TRIGGER shebao_signature_person BEFORE INSERT ON shebao_signature BEGIN
  SELECT RAISE(ABORT, 'SB3002: 审核过该月账户变更的人不得经办花名册，申请人不得审核、授权花名册') WHERE EXISTS (
    SELECT 1 FROM shebao_roster r JOIN shebao_person_change c ON c.fund = r.fund AND c.from_on = CAST(r.period / 100 AS TEXT) || '-' || substr('0' || CAST(r.period % 100 AS TEXT), -2) || '-01'
    JOIN shebao_person_decision d ON d.change_id = c.change_id AND d.decision = 'accepted'
    WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND c.kind IN ('bank_account', 'bank_accounts')
      AND ((NEW.duty = 'HANDLE_ROSTER' AND d.decided_by = NEW.user_id) OR c.requested_by = NEW.user_id));
END
-- ;;
-- What enters is what was reviewed, field by field; a whole file of first accounts only where there was none.
CREATE TRIGGER shebao_person_bank_account_reviewed BEFORE INSERT ON shebao_person_bank_account BEGIN
  SELECT RAISE(ABORT, 'SB3113: 登记的内容与审核过的申请不符') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_person_knowledge k JOIN shebao_person_change c ON c.change_id = k.source_id
    WHERE k.knowledge_no = NEW.knowledge_no AND k.kind = 'change' AND c.fund = NEW.fund AND c.from_on = NEW.from_on AND c.to_on = NEW.to_on AND (
      (c.kind = 'bank_account' AND c.person_id = NEW.person_id AND c.value = NEW.bank_account AND c.holder = NEW.holder AND c.relation = NEW.relation AND c.bank = NEW.bank)
      OR (c.kind = 'bank_accounts' AND NEW.relation = 'self' AND NOT EXISTS (
        SELECT 1 FROM shebao_person_bank_account b WHERE b.fund = NEW.fund AND b.person_id = NEW.person_id AND b.knowledge_no <> NEW.knowledge_no))));
END
-- ;;
CREATE TRIGGER shebao_person_status_reviewed BEFORE INSERT ON shebao_person_status WHEN NEW.signed = 1 BEGIN
  SELECT RAISE(ABORT, 'SB3113: 登记的内容与审核过的申请不符') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_person_knowledge k JOIN shebao_person_change c ON c.change_id = k.source_id
    WHERE k.knowledge_no = NEW.knowledge_no AND k.kind = 'change' AND c.kind = 'status' AND c.fund = NEW.fund AND c.region = NEW.region AND c.person_id = NEW.person_id AND c.value = NEW.status AND c.from_on = NEW.from_on AND c.to_on = NEW.to_on);
END
-- ;;
CREATE TRIGGER shebao_person_number_reviewed BEFORE INSERT ON shebao_person_number WHEN NEW.signed = 1 BEGIN
  SELECT RAISE(ABORT, 'SB3113: 登记的内容与审核过的申请不符') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_person_knowledge k JOIN shebao_person_change c ON c.change_id = k.source_id
    WHERE k.knowledge_no = NEW.knowledge_no AND k.kind = 'change' AND c.kind = 'number' AND c.person_id = NEW.person_id AND c.value = NEW.number AND c.from_on = NEW.from_on AND c.to_on = NEW.to_on);
END
-- ;;
CREATE TRIGGER shebao_person_name_reviewed BEFORE INSERT ON shebao_person_name WHEN NEW.signed = 1 BEGIN
  SELECT RAISE(ABORT, 'SB3113: 登记的内容与审核过的申请不符') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_person_knowledge k JOIN shebao_person_change c ON c.change_id = k.source_id
    WHERE k.knowledge_no = NEW.knowledge_no AND k.kind = 'change' AND c.kind = 'name' AND c.person_id = NEW.person_id AND c.value = NEW.name AND c.from_on = NEW.from_on AND c.to_on = NEW.to_on);
END
-- ;;
CREATE TRIGGER shebao_person_link_reviewed BEFORE INSERT ON shebao_person_link BEGIN
  SELECT RAISE(ABORT, 'SB3113: 登记的内容与审核过的申请不符') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_person_knowledge k JOIN shebao_person_change c ON c.change_id = k.source_id
    WHERE k.knowledge_no = NEW.knowledge_no AND k.kind = 'change' AND c.person_id = NEW.person_id AND c.other_person = NEW.same_as AND c.kind = CASE NEW.linked WHEN 1 THEN 'link' ELSE 'part' END);
END
-- ;;
CREATE TRIGGER shebao_roster_person_change_enter BEFORE INSERT ON shebao_roster_person_change BEGIN
  SELECT RAISE(ABORT, 'SB3033: 账户变更只能在检查时列入') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_roster WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND state IN ('built', 'checked') AND check_no = NEW.check_no - 1);
  SELECT RAISE(ABORT, 'SB3113: 账户变更不得重复列入') WHERE EXISTS (
    SELECT 1 FROM shebao_roster_person_change WHERE book_id = NEW.book_id AND roster_id = NEW.roster_id AND check_no = NEW.check_no AND change_id = NEW.change_id);
END
-- ;;
-- Guards of the cashier's journals on SQLite. Each statement ends with a line "-- ;;". Text raised begins with the code of its refusal.

-- What is written stays.
CREATE TRIGGER shebao_journal_keep BEFORE UPDATE ON shebao_journal BEGIN SELECT RAISE(ABORT, 'SB3166: 日记账只增不改，错账用红字冲销'); END
-- ;;
CREATE TRIGGER shebao_journal_stay BEFORE DELETE ON shebao_journal BEGIN SELECT RAISE(ABORT, 'SB3166: 日记账只增不改，错账用红字冲销'); END
-- ;;
CREATE TRIGGER shebao_journal_line_keep BEFORE UPDATE ON shebao_journal_line BEGIN SELECT RAISE(ABORT, 'SB3166: 日记账只增不改，错账用红字冲销'); END
-- ;;
CREATE TRIGGER shebao_journal_line_stay BEFORE DELETE ON shebao_journal_line BEGIN SELECT RAISE(ABORT, 'SB3166: 日记账只增不改，错账用红字冲销'); END
-- ;;
CREATE TRIGGER shebao_journal_day_keep BEFORE UPDATE ON shebao_journal_day BEGIN SELECT RAISE(ABORT, 'SB3166: 日记账只增不改，错账用红字冲销'); END
-- ;;
CREATE TRIGGER shebao_journal_day_stay BEFORE DELETE ON shebao_journal_day BEGIN SELECT RAISE(ABORT, 'SB3166: 日记账只增不改，错账用红字冲销'); END
-- ;;
CREATE TRIGGER shebao_cash_count_keep BEFORE UPDATE ON shebao_cash_count BEGIN SELECT RAISE(ABORT, 'SB3166: 日记账只增不改，错账用红字冲销'); END
-- ;;
CREATE TRIGGER shebao_cash_count_stay BEFORE DELETE ON shebao_cash_count BEGIN SELECT RAISE(ABORT, 'SB3166: 日记账只增不改，错账用红字冲销'); END
-- ;;
CREATE TRIGGER shebao_cash_witness_keep BEFORE UPDATE ON shebao_cash_witness BEGIN SELECT RAISE(ABORT, 'SB3166: 日记账只增不改，错账用红字冲销'); END
-- ;;
CREATE TRIGGER shebao_cash_witness_stay BEFORE DELETE ON shebao_cash_witness BEGIN SELECT RAISE(ABORT, 'SB3166: 日记账只增不改，错账用红字冲销'); END
-- ;;
-- The cashier opens a journal, once for each account; a ledger keeper never does.
CREATE TRIGGER shebao_journal_enter BEFORE INSERT ON shebao_journal BEGIN
  SELECT RAISE(ABORT, 'SB3001: 日记账由出纳登记') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_grant WHERE user_id = NEW.opened_by AND duty = 'CASHIER' AND valid_from <= substr(NEW.opened_at, 1, 10)
      AND (valid_to = '' OR valid_to > NEW.opened_at));
  SELECT RAISE(ABORT, 'SB3002: 会计不得登记日记账') WHERE EXISTS (
    SELECT 1 FROM shebao_grant WHERE user_id = NEW.opened_by AND duty IN ('BOOKKEEP', 'CHECK') AND valid_from <= substr(NEW.opened_at, 1, 10)
      AND (valid_to = '' OR valid_to > NEW.opened_at));
  SELECT RAISE(ABORT, 'SB3161: 日记账已设立') WHERE EXISTS (
    SELECT 1 FROM shebao_journal j WHERE j.journal_id = NEW.journal_id
      OR (j.book_id = NEW.book_id AND j.kind = NEW.kind AND j.bank_account = NEW.bank_account));
  SELECT RAISE(ABORT, 'SB3162: 启用日期不得在将来') WHERE NEW.opened_on > substr(NEW.opened_at, 1, 10);
END
-- ;;
-- Lines come one after another, by the cashier, on an open day, each receipt once, with the balance carried on; a red line takes back exactly one line.
CREATE TRIGGER shebao_journal_line_enter BEFORE INSERT ON shebao_journal_line BEGIN
  SELECT RAISE(ABORT, 'SB3001: 日记账由出纳登记') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_grant WHERE user_id = NEW.entered_by AND duty = 'CASHIER' AND valid_from <= substr(NEW.entered_at, 1, 10)
      AND (valid_to = '' OR valid_to > NEW.entered_at));
  SELECT RAISE(ABORT, 'SB3002: 会计不得登记日记账') WHERE EXISTS (
    SELECT 1 FROM shebao_grant WHERE user_id = NEW.entered_by AND duty IN ('BOOKKEEP', 'CHECK') AND valid_from <= substr(NEW.entered_at, 1, 10)
      AND (valid_to = '' OR valid_to > NEW.entered_at));
  SELECT RAISE(ABORT, 'SB3166: 日记账逐笔连续登记') WHERE NEW.line_no <> 1 + COALESCE((SELECT MAX(l.line_no) FROM shebao_journal_line l WHERE l.book_id = NEW.book_id AND l.journal_id = NEW.journal_id), 0);
  SELECT RAISE(ABORT, 'SB3162: 该日已结账，或早于前一笔、启用日，或在将来') WHERE NEW.day > substr(NEW.entered_at, 1, 10) OR NEW.receipt_on > NEW.day
    OR EXISTS (SELECT 1 FROM shebao_journal_day d WHERE d.book_id = NEW.book_id AND d.journal_id = NEW.journal_id AND d.day >= NEW.day)
    OR EXISTS (SELECT 1 FROM shebao_journal_line l WHERE l.book_id = NEW.book_id AND l.journal_id = NEW.journal_id AND l.line_no = NEW.line_no - 1 AND l.day > NEW.day)
    OR EXISTS (SELECT 1 FROM shebao_journal j WHERE j.book_id = NEW.book_id AND j.journal_id = NEW.journal_id AND j.opened_on > NEW.day);
  SELECT RAISE(ABORT, 'SB3162: 该月已结账') WHERE EXISTS (SELECT 1 FROM shebao_period p WHERE p.book_id = NEW.book_id AND p.state = 'closed'
    AND p.period = CAST(substr(NEW.day, 1, 4) || substr(NEW.day, 6, 2) AS INTEGER));
  SELECT RAISE(ABORT, 'SB3164: 单据已登记') WHERE NEW.strikes IS NULL AND EXISTS (
    SELECT 1 FROM shebao_journal_line l WHERE l.book_id = NEW.book_id AND l.journal_id = NEW.journal_id AND l.receipt_kind = NEW.receipt_kind AND l.receipt_no = NEW.receipt_no AND l.strikes IS NULL
      AND NOT EXISTS (SELECT 1 FROM shebao_journal_line s WHERE s.book_id = l.book_id AND s.journal_id = l.journal_id AND s.strikes = l.line_no));
  SELECT RAISE(ABORT, 'SB3165: 红字须与被冲销的一笔相符，一笔只冲销一次') WHERE NEW.strikes IS NOT NULL AND (EXISTS (SELECT 1 FROM shebao_journal_line l WHERE l.book_id = NEW.book_id AND l.journal_id = NEW.journal_id AND l.strikes = NEW.strikes) OR NOT EXISTS (
    SELECT 1 FROM shebao_journal_line l WHERE l.book_id = NEW.book_id AND l.journal_id = NEW.journal_id AND l.line_no = NEW.strikes AND l.strikes IS NULL AND l.in_fen = -NEW.in_fen AND l.out_fen = -NEW.out_fen
      AND l.receipt_kind = NEW.receipt_kind AND l.receipt_no = NEW.receipt_no AND l.receipt_on = NEW.receipt_on));
  SELECT RAISE(ABORT, 'SB3163: 余额与上一笔不衔接，或支出超过余额') WHERE NEW.balance_fen <> NEW.in_fen - NEW.out_fen + COALESCE((SELECT l.balance_fen FROM shebao_journal_line l WHERE l.book_id = NEW.book_id AND l.journal_id = NEW.journal_id AND l.line_no = NEW.line_no - 1),
      (SELECT j.opening_fen FROM shebao_journal j WHERE j.book_id = NEW.book_id AND j.journal_id = NEW.journal_id))
    OR (NEW.out_fen > 0 AND NEW.balance_fen < 0);
END
-- ;;
-- A day is closed by the cashier with what its lines say; cash only when a witnessed count found the very balance.
CREATE TRIGGER shebao_journal_day_enter BEFORE INSERT ON shebao_journal_day BEGIN
  SELECT RAISE(ABORT, 'SB3001: 日记账由出纳登记') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_grant WHERE user_id = NEW.closed_by AND duty = 'CASHIER' AND valid_from <= substr(NEW.closed_at, 1, 10)
      AND (valid_to = '' OR valid_to > NEW.closed_at));
  SELECT RAISE(ABORT, 'SB3002: 会计不得登记日记账') WHERE EXISTS (
    SELECT 1 FROM shebao_grant WHERE user_id = NEW.closed_by AND duty IN ('BOOKKEEP', 'CHECK') AND valid_from <= substr(NEW.closed_at, 1, 10)
      AND (valid_to = '' OR valid_to > NEW.closed_at));
  SELECT RAISE(ABORT, 'SB3162: 按日顺序结账，不得在将来') WHERE NEW.day > substr(NEW.closed_at, 1, 10) OR EXISTS (SELECT 1 FROM shebao_journal_day d WHERE d.book_id = NEW.book_id AND d.journal_id = NEW.journal_id AND d.day >= NEW.day)
    OR EXISTS (SELECT 1 FROM shebao_journal j WHERE j.book_id = NEW.book_id AND j.journal_id = NEW.journal_id AND j.opened_on > NEW.day)
    OR EXISTS (SELECT 1 FROM shebao_journal_line l WHERE l.book_id = NEW.book_id AND l.journal_id = NEW.journal_id AND l.day < NEW.day AND l.line_no > COALESCE((SELECT MAX(d.last_line) FROM shebao_journal_day d WHERE d.book_id = NEW.book_id AND d.journal_id = NEW.journal_id), 0));
  SELECT RAISE(ABORT, 'SB3163: 日结的合计与明细不符') WHERE NEW.last_line <> (SELECT COUNT(*) FROM shebao_journal_line l WHERE l.book_id = NEW.book_id AND l.journal_id = NEW.journal_id AND l.day <= NEW.day)
    OR NEW.in_fen <> (SELECT COALESCE(SUM(l.in_fen), 0) FROM shebao_journal_line l WHERE l.book_id = NEW.book_id AND l.journal_id = NEW.journal_id AND l.day = NEW.day)
    OR NEW.out_fen <> (SELECT COALESCE(SUM(l.out_fen), 0) FROM shebao_journal_line l WHERE l.book_id = NEW.book_id AND l.journal_id = NEW.journal_id AND l.day = NEW.day)
    OR NEW.balance_fen <> (SELECT j.opening_fen FROM shebao_journal j WHERE j.book_id = NEW.book_id AND j.journal_id = NEW.journal_id)
      + (SELECT COALESCE(SUM(l.in_fen - l.out_fen), 0) FROM shebao_journal_line l WHERE l.book_id = NEW.book_id AND l.journal_id = NEW.journal_id AND l.day <= NEW.day);
  SELECT RAISE(ABORT, 'SB3167: 现金未盘点相符，不得日结') WHERE EXISTS (SELECT 1 FROM shebao_journal j WHERE j.book_id = NEW.book_id AND j.journal_id = NEW.journal_id AND j.kind = 'cash') AND NOT EXISTS (
    SELECT 1 FROM shebao_cash_count c JOIN shebao_cash_witness w ON w.book_id = c.book_id AND w.journal_id = c.journal_id AND w.count_no = c.count_no
    WHERE c.book_id = NEW.book_id AND c.journal_id = NEW.journal_id AND c.day = NEW.day AND c.counted_fen = NEW.balance_fen AND c.book_fen = NEW.balance_fen);
END
-- ;;
-- Cash is counted by the cashier against the balance of the day.
CREATE TRIGGER shebao_cash_count_enter BEFORE INSERT ON shebao_cash_count BEGIN
  SELECT RAISE(ABORT, 'SB3001: 日记账由出纳登记') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_grant WHERE user_id = NEW.counted_by AND duty = 'CASHIER' AND valid_from <= substr(NEW.counted_at, 1, 10)
      AND (valid_to = '' OR valid_to > NEW.counted_at));
  SELECT RAISE(ABORT, 'SB3166: 盘点逐次连续登记') WHERE NEW.count_no <> 1 + (
    SELECT COUNT(*) FROM shebao_cash_count c WHERE c.book_id = NEW.book_id AND c.journal_id = NEW.journal_id);
  SELECT RAISE(ABORT, 'SB3168: 只有现金可盘点，账面数须为当日余额') WHERE NOT EXISTS (SELECT 1 FROM shebao_journal j WHERE j.book_id = NEW.book_id AND j.journal_id = NEW.journal_id AND j.kind = 'cash') OR NEW.counted_fen < 0
    OR NEW.book_fen <> (SELECT j.opening_fen FROM shebao_journal j WHERE j.book_id = NEW.book_id AND j.journal_id = NEW.journal_id)
      + (SELECT COALESCE(SUM(l.in_fen - l.out_fen), 0) FROM shebao_journal_line l WHERE l.book_id = NEW.book_id AND l.journal_id = NEW.journal_id AND l.day <= NEW.day);
  SELECT RAISE(ABORT, 'SB3162: 该日已结账，或在将来') WHERE NEW.day > substr(NEW.counted_at, 1, 10) OR EXISTS (SELECT 1 FROM shebao_journal_day d WHERE d.book_id = NEW.book_id AND d.journal_id = NEW.journal_id AND d.day >= NEW.day);
END
-- ;;
-- The second signature of a count is that of a keeper of the ledger, never of who counted.
CREATE TRIGGER shebao_cash_witness_enter BEFORE INSERT ON shebao_cash_witness BEGIN
  SELECT RAISE(ABORT, 'SB3001: 盘点由会计或会计主管监盘') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_grant WHERE user_id = NEW.witnessed_by AND duty IN ('BOOKKEEP', 'CHECK') AND valid_from <= substr(NEW.witnessed_at, 1, 10)
      AND (valid_to = '' OR valid_to > NEW.witnessed_at));
  SELECT RAISE(ABORT, 'SB3169: 盘点人不得监盘，一次盘点只监盘一次') WHERE EXISTS (
    SELECT 1 FROM shebao_cash_count c WHERE c.book_id = NEW.book_id AND c.journal_id = NEW.journal_id AND c.count_no = NEW.count_no
      AND c.counted_by = NEW.witnessed_by)
    OR EXISTS (SELECT 1 FROM shebao_cash_witness w WHERE w.book_id = NEW.book_id AND w.journal_id = NEW.journal_id AND w.count_no = NEW.count_no);
END
-- ;;
-- Guards of the registers on SQLite. Each statement ends with a line "-- ;;". Text raised begins with the code of its refusal.

-- What was done stays.
CREATE TRIGGER shebao_register_act_keep BEFORE UPDATE ON shebao_register_act BEGIN SELECT RAISE(ABORT, 'SB3246: 台账只增不改，登记有误的用更正'); END
-- ;;
CREATE TRIGGER shebao_register_act_stay BEFORE DELETE ON shebao_register_act BEGIN SELECT RAISE(ABORT, 'SB3246: 台账只增不改，登记有误的用更正'); END
-- ;;
CREATE TRIGGER shebao_register_row_stay BEFORE DELETE ON shebao_register_row BEGIN SELECT RAISE(ABORT, 'SB3246: 台账只增不改，登记有误的用更正'); END
-- ;;
-- Acts come one after another, by somebody who holds the duty, on a day that is not ahead; where two people are asked for, they are two.
CREATE TRIGGER shebao_register_act_enter BEFORE INSERT ON shebao_register_act BEGIN
  SELECT RAISE(ABORT, 'SB3246: 台账逐行连续登记，逐次连续办理，与上一次相扣') WHERE (
    NEW.act_no = 1 AND (NEW.previous <> '' OR NEW.row_no <> 1 + COALESCE((SELECT MAX(a.row_no) FROM shebao_register_act a WHERE a.book_id = NEW.book_id AND a.register = NEW.register), 0)))
    OR (NEW.act_no > 1 AND NOT EXISTS (SELECT 1 FROM shebao_register_row r WHERE r.book_id = NEW.book_id AND r.register = NEW.register AND r.row_no = NEW.row_no
      AND r.act_no = NEW.act_no - 1 AND r.digest = NEW.previous))
    OR EXISTS (SELECT 1 FROM shebao_register_act a WHERE a.book_id = NEW.book_id AND a.register = NEW.register AND a.row_no = NEW.row_no AND a.act_no = NEW.act_no);
  SELECT RAISE(ABORT, 'SB3251: 办理日期不得在将来，也不早于上一次') WHERE NEW.on_day > substr(NEW.at, 1, 10) OR EXISTS (
    SELECT 1 FROM shebao_register_row r WHERE r.book_id = NEW.book_id AND r.register = NEW.register AND r.row_no = NEW.row_no AND r.on_day > NEW.on_day);
  SELECT RAISE(ABORT, 'SB3001: 台账由有岗位的人办理') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.actor AND g.duty = NEW.duty AND g.valid_from <= substr(NEW.at, 1, 10)
      AND (g.valid_to = '' OR g.valid_to > NEW.at));
  SELECT RAISE(ABORT, 'SB3253: 须由另一人办理') WHERE NEW.apart <> '' AND EXISTS (
    SELECT 1 FROM shebao_register_act a WHERE a.book_id = NEW.book_id AND a.register = NEW.register AND a.row_no = NEW.row_no AND a.actor = NEW.actor
      AND instr(NEW.apart, ',' || a.act || ',') > 0);
  SELECT RAISE(ABORT, 'SB3252: 没有这个账套') WHERE NEW.book_id <> 0 AND NOT EXISTS (SELECT 1 FROM shebao_book b WHERE b.book_id = NEW.book_id);
  SELECT RAISE(ABORT, 'SB3244: 台账的规定里没有这一步') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_register_step s WHERE s.register = NEW.register AND s.act = NEW.act AND s.after = NEW.state AND s.duty = NEW.duty AND s.apart = NEW.apart
      AND s.before = COALESCE((SELECT r.state FROM shebao_register_row r WHERE r.book_id = NEW.book_id AND r.register = NEW.register AND r.row_no = NEW.row_no), ''));
END
-- ;;
-- A row stands as its last act says, is put in once, and keeps its number.
CREATE TRIGGER shebao_register_row_enter BEFORE INSERT ON shebao_register_row BEGIN
  SELECT RAISE(ABORT, 'SB3246: 台账的行只登记一次') WHERE NEW.act_no <> 1 OR EXISTS (
    SELECT 1 FROM shebao_register_row r WHERE r.book_id = NEW.book_id AND r.register = NEW.register AND (r.row_no = NEW.row_no OR r.row_key = NEW.row_key));
  SELECT RAISE(ABORT, 'SB3246: 台账的行须与最后一次办理一致') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_register_act a WHERE a.book_id = NEW.book_id AND a.register = NEW.register AND a.row_no = NEW.row_no AND a.act_no = NEW.act_no
      AND a.state = NEW.state AND a.on_day = NEW.on_day AND a.payload = NEW.payload AND a.digest = NEW.digest);
END
-- ;;
CREATE TRIGGER shebao_register_row_move BEFORE UPDATE ON shebao_register_row BEGIN
  SELECT RAISE(ABORT, 'SB3246: 台账的行号不变，逐次办理') WHERE NEW.book_id <> OLD.book_id OR NEW.register <> OLD.register OR NEW.row_no <> OLD.row_no OR NEW.act_no <> OLD.act_no + 1;
  SELECT RAISE(ABORT, 'SB3243: 同一事项只登记一行') WHERE EXISTS (
    SELECT 1 FROM shebao_register_row r WHERE r.book_id = NEW.book_id AND r.register = NEW.register AND r.row_key = NEW.row_key AND r.row_no <> NEW.row_no);
  SELECT RAISE(ABORT, 'SB3246: 台账的行须与最后一次办理一致') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_register_act a WHERE a.book_id = NEW.book_id AND a.register = NEW.register AND a.row_no = NEW.row_no AND a.act_no = NEW.act_no
      AND a.state = NEW.state AND a.on_day = NEW.on_day AND a.payload = NEW.payload AND a.digest = NEW.digest);
END

-- ;;
-- Steps are laid from the register's file, once, and stay.
CREATE TRIGGER shebao_register_step_keep BEFORE UPDATE ON shebao_register_step BEGIN SELECT RAISE(ABORT, 'SB3246: 台账的办理规定不得修改'); END
-- ;;
CREATE TRIGGER shebao_register_step_stay BEFORE DELETE ON shebao_register_step BEGIN SELECT RAISE(ABORT, 'SB3246: 台账的办理规定不得修改'); END
-- ;;
CREATE TRIGGER shebao_register_step_enter BEFORE INSERT ON shebao_register_step BEGIN
  SELECT RAISE(ABORT, 'SB3246: 台账的办理规定不得修改') WHERE EXISTS (
    SELECT 1 FROM shebao_register_step s WHERE s.register = NEW.register AND s.act = NEW.act AND s.before = NEW.before AND s.after = NEW.after
      AND s.duty = NEW.duty AND s.apart = NEW.apart);
END
-- ;;
-- Guards of premium claims on SQLite. Each statement ends with a line "-- ;;". Text raised begins with the code of its refusal.

CREATE TRIGGER shebao_premium_claim_stay BEFORE DELETE ON shebao_premium_claim BEGIN SELECT RAISE(ABORT, 'SB3222: 代缴清册只增不改，改动须作废重编'); END
-- ;;
CREATE TRIGGER shebao_premium_claim_line_stay BEFORE DELETE ON shebao_premium_claim_line BEGIN SELECT RAISE(ABORT, 'SB3222: 代缴清册只增不改，改动须作废重编'); END
-- ;;
CREATE TRIGGER shebao_premium_claim_line_keep BEFORE UPDATE ON shebao_premium_claim_line BEGIN SELECT RAISE(ABORT, 'SB3222: 代缴清册只增不改，改动须作废重编'); END
-- ;;
CREATE TRIGGER shebao_premium_claim_left_stay BEFORE DELETE ON shebao_premium_claim_left BEGIN SELECT RAISE(ABORT, 'SB3222: 代缴清册只增不改，改动须作废重编'); END
-- ;;
CREATE TRIGGER shebao_premium_claim_left_keep BEFORE UPDATE ON shebao_premium_claim_left BEGIN SELECT RAISE(ABORT, 'SB3222: 代缴清册只增不改，改动须作废重编'); END
-- ;;
CREATE TRIGGER shebao_premium_claim_enter BEFORE INSERT ON shebao_premium_claim BEGIN
  SELECT RAISE(ABORT, 'SB3222: 清册连续编号，编制时没有审核') WHERE NEW.state <> 'building' OR NEW.reviewed_by <> '' OR NEW.reviewed_at <> '' OR NEW.claim_id <> 1 + COALESCE((SELECT MAX(c.claim_id) FROM shebao_premium_claim c WHERE c.book_id = NEW.book_id), 0);
  SELECT RAISE(ABORT, 'SB3001: 代缴清册由经办编制') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.prepared_by AND g.duty IN ('HANDLE_REGISTER','HANDLE_ASSESS') AND g.valid_from <= substr(NEW.prepared_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.prepared_at));
END
-- ;;
CREATE TRIGGER shebao_premium_claim_move BEFORE UPDATE ON shebao_premium_claim BEGIN
  SELECT RAISE(ABORT, 'SB3222: 代缴清册只增不改，改动须作废重编') WHERE NEW.book_id <> OLD.book_id OR NEW.claim_id <> OLD.claim_id OR NEW.kind <> OLD.kind OR NEW.year <> OLD.year OR NEW.region <> OLD.region OR NEW.as_of <> OLD.as_of OR NEW.files <> OLD.files OR NEW.persons <> OLD.persons OR NEW.lines <> OLD.lines OR NEW.fen <> OLD.fen OR NEW.left_out <> OLD.left_out OR NEW.digest <> OLD.digest OR NEW.prepared_by <> OLD.prepared_by OR NEW.prepared_at <> OLD.prepared_at;
  SELECT RAISE(ABORT, 'SB3218: 清册的状态只能按编制、审核、作废的次序改变') WHERE NOT ((OLD.state = 'building' AND NEW.state = 'prepared' AND NEW.reviewed_by = '') OR (OLD.state = 'prepared' AND NEW.state = 'reviewed' AND NEW.reviewed_by <> '' AND NEW.reviewed_at <> '') OR (OLD.state IN ('prepared','reviewed') AND NEW.state = 'withdrawn' AND NEW.reason <> '' AND NEW.reviewed_by = OLD.reviewed_by AND NEW.reviewed_at = OLD.reviewed_at));
  SELECT RAISE(ABORT, 'SB3222: 清册的人数、金额与明细不符') WHERE NEW.state = 'prepared' AND NOT (NEW.lines = (SELECT COUNT(*) FROM shebao_premium_claim_line l WHERE l.book_id = NEW.book_id AND l.claim_id = NEW.claim_id) AND NEW.persons = (SELECT COUNT(DISTINCT l.number) FROM shebao_premium_claim_line l WHERE l.book_id = NEW.book_id AND l.claim_id = NEW.claim_id) AND NEW.fen = (SELECT COALESCE(SUM(l.fen), 0) FROM shebao_premium_claim_line l WHERE l.book_id = NEW.book_id AND l.claim_id = NEW.claim_id) AND NEW.left_out = (SELECT COUNT(*) FROM shebao_premium_claim_left l WHERE l.book_id = NEW.book_id AND l.claim_id = NEW.claim_id));
  SELECT RAISE(ABORT, 'SB3222: 一人一年只列入一份清册') WHERE NEW.state = 'prepared' AND EXISTS (SELECT 1 FROM shebao_premium_claim c JOIN shebao_premium_claim_line b ON b.book_id = c.book_id AND b.claim_id = c.claim_id JOIN shebao_premium_claim_line a ON a.book_id = b.book_id AND a.claim_id = NEW.claim_id AND a.number = b.number WHERE c.book_id = NEW.book_id AND c.kind = NEW.kind AND c.year = NEW.year AND c.claim_id <> NEW.claim_id AND c.state IN ('prepared','reviewed'));
  SELECT RAISE(ABORT, 'SB3001: 代缴清册由股室负责人审核') WHERE NEW.state = 'reviewed' AND NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.reviewed_by AND g.duty = 'REVIEW' AND g.valid_from <= substr(NEW.reviewed_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.reviewed_at));
  SELECT RAISE(ABORT, 'SB3218: 已有收款或退款凭证的清册不能作废') WHERE NEW.state = 'withdrawn' AND EXISTS (SELECT 1 FROM shebao_voucher v WHERE v.book_id = NEW.book_id AND v.state <> 'rejected' AND v.source_key LIKE 'premium:' || NEW.claim_id || ':%');
END
-- ;;
CREATE TRIGGER shebao_premium_claim_line_enter BEFORE INSERT ON shebao_premium_claim_line BEGIN
  SELECT RAISE(ABORT, 'SB3222: 代缴清册只增不改，改动须作废重编') WHERE NOT EXISTS (SELECT 1 FROM shebao_premium_claim c WHERE c.book_id = NEW.book_id AND c.claim_id = NEW.claim_id AND c.state = 'building') OR EXISTS (SELECT 1 FROM shebao_premium_claim_line l WHERE l.book_id = NEW.book_id AND l.claim_id = NEW.claim_id AND l.number = NEW.number AND l.payer = NEW.payer AND l.received_year = NEW.received_year);
END
-- ;;
CREATE TRIGGER shebao_premium_claim_left_enter BEFORE INSERT ON shebao_premium_claim_left BEGIN
  SELECT RAISE(ABORT, 'SB3222: 代缴清册只增不改，改动须作废重编') WHERE NOT EXISTS (SELECT 1 FROM shebao_premium_claim c WHERE c.book_id = NEW.book_id AND c.claim_id = NEW.claim_id AND c.state = 'building') OR EXISTS (SELECT 1 FROM shebao_premium_claim_left l WHERE l.book_id = NEW.book_id AND l.claim_id = NEW.claim_id AND l.number = NEW.number);
END
-- ;;
-- C1, C2: a change is proposed by one and signed by another, over the content it was proposed with; it stays for ever.
CREATE TRIGGER shebao_account_change_enter BEFORE INSERT ON shebao_account_change BEGIN
  SELECT RAISE(ABORT, 'SB3184: 科目变动须从提出开始') WHERE NEW.state <> 'proposed' OR NEW.signed_by <> '' OR NEW.signed_at <> '' OR NEW.proposed_by = '';
  SELECT RAISE(ABORT, 'SB3184: 科目变动号须连续') WHERE NEW.change_id <> (
    SELECT COALESCE(MAX(change_id), 0) + 1 FROM shebao_account_change WHERE book_id = NEW.book_id);
END
-- ;;
CREATE TRIGGER shebao_account_change_stay BEFORE DELETE ON shebao_account_change BEGIN SELECT RAISE(ABORT, 'SB3184: 科目变动不得删除'); END
-- ;;
CREATE TRIGGER shebao_account_change_move BEFORE UPDATE ON shebao_account_change BEGIN
  SELECT RAISE(ABORT, 'SB3184: 科目变动不得修改') WHERE OLD.book_id <> NEW.book_id OR OLD.change_id <> NEW.change_id OR OLD.kind <> NEW.kind
    OR OLD.code <> NEW.code OR OLD.name <> NEW.name OR OLD.full_name <> NEW.full_name OR OLD.side <> NEW.side OR OLD.element <> NEW.element
    OR OLD.parent <> NEW.parent OR OLD.origin <> NEW.origin OR OLD.day <> NEW.day OR OLD.reason <> NEW.reason
    OR OLD.proposed_by <> NEW.proposed_by OR OLD.proposed_at <> NEW.proposed_at;
  SELECT RAISE(ABORT, 'SB3184: 科目变动只能由另一人确认或退回一次') WHERE OLD.state <> 'proposed' OR NEW.state = 'proposed' OR NEW.signed_by = ''
    OR NEW.signed_by = NEW.proposed_by OR NEW.signed_at = '';
END
-- ;;
-- L6: once a book is open, an account comes in, and goes out of use, by a confirmed change of just that content.
CREATE TRIGGER shebao_account_signed BEFORE INSERT ON shebao_account WHEN EXISTS (SELECT 1 FROM shebao_period WHERE book_id = NEW.book_id) BEGIN
  SELECT RAISE(ABORT, 'SB3184: 增设科目须经两人确认') WHERE NEW.leaf <> 1 OR NEW.valid_to <> '' OR NOT EXISTS (
    SELECT 1 FROM shebao_account_change c WHERE c.book_id = NEW.book_id AND c.kind = 'add' AND c.state = 'confirmed' AND c.code = NEW.code
      AND c.name = NEW.name AND c.full_name = NEW.full_name AND c.side = NEW.side AND c.element = NEW.element AND c.parent = NEW.parent
      AND c.origin = NEW.origin AND c.day = NEW.valid_from);
END
-- ;;
CREATE TRIGGER shebao_account_ended BEFORE UPDATE OF valid_to, origin ON shebao_account BEGIN
  SELECT RAISE(ABORT, 'SB3184: 停用科目须经两人确认') WHERE NEW.origin <> OLD.origin OR NOT EXISTS (
    SELECT 1 FROM shebao_account_change c WHERE c.book_id = NEW.book_id AND c.kind = 'end' AND c.state = 'confirmed' AND c.code = NEW.code AND c.day = NEW.valid_to)
    OR EXISTS (SELECT 1 FROM shebao_line l JOIN shebao_entry e ON e.book_id = l.book_id AND e.entry_id = l.entry_id
      WHERE l.book_id = NEW.book_id AND l.account = NEW.code AND e.day >= NEW.valid_to);
END
-- ;;
-- Guards of budgets and funding plans on SQLite. Each statement ends with a line "-- ;;". Text raised begins with the code of its refusal.

CREATE TRIGGER shebao_budget_stay BEFORE DELETE ON shebao_budget BEGIN SELECT RAISE(ABORT, 'SB3293: 预算文件不得删除'); END
-- ;;
CREATE TRIGGER shebao_budget_enter BEFORE INSERT ON shebao_budget BEGIN
  SELECT RAISE(ABORT, 'SB3293: 预算文件须从编制开始，连续编号') WHERE NEW.state <> 'drafted' OR NEW.reviewed_by <> '' OR NEW.reviewed_at <> '' OR NEW.decided_by <> '' OR NEW.decided_at <> '' OR NEW.document <> '' OR NEW.note <> '' OR NEW.budget_no <> 1 + COALESCE((SELECT MAX(b.budget_no) FROM shebao_budget b WHERE b.book_id = NEW.book_id), 0);
  SELECT RAISE(ABORT, 'SB3001: 预算文件由会计编制') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.drafted_by AND g.duty = 'BOOKKEEP' AND g.valid_from <= substr(NEW.drafted_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.drafted_at));
END
-- ;;
CREATE TRIGGER shebao_budget_move BEFORE UPDATE ON shebao_budget BEGIN
  SELECT RAISE(ABORT, 'SB3293: 预算文件编制后内容不得修改') WHERE NEW.book_id <> OLD.book_id OR NEW.budget_no <> OLD.budget_no OR NEW.kind <> OLD.kind OR NEW.year <> OLD.year OR NEW.month <> OLD.month OR NEW.lines <> OLD.lines OR NEW.request_fen <> OLD.request_fen OR NEW.reason <> OLD.reason OR NEW.digest <> OLD.digest OR NEW.drafted_by <> OLD.drafted_by OR NEW.drafted_at <> OLD.drafted_at;
  SELECT RAISE(ABORT, 'SB3290: 预算文件只能依次审核、批准或退回') WHERE NOT ((OLD.state = 'drafted' AND NEW.state = 'reviewed' AND NEW.reviewed_by <> '' AND NEW.reviewed_at <> '' AND NEW.decided_by = '' AND NEW.note = '')
    OR (OLD.state = 'reviewed' AND NEW.state = 'approved' AND NEW.decided_by <> '' AND NEW.decided_at <> '' AND NEW.reviewed_by = OLD.reviewed_by AND NEW.reviewed_at = OLD.reviewed_at AND NEW.note = '')
    OR (OLD.state IN ('drafted','reviewed') AND NEW.state = 'rejected' AND NEW.decided_by <> '' AND NEW.decided_at <> '' AND NEW.note <> '' AND NEW.reviewed_by = OLD.reviewed_by AND NEW.reviewed_at = OLD.reviewed_at));
  SELECT RAISE(ABORT, 'SB3002: 预算文件的编制、审核、批准须是不同的人') WHERE NEW.reviewed_by = NEW.drafted_by OR NEW.decided_by = NEW.drafted_by OR (NEW.decided_by <> '' AND NEW.state = 'approved' AND NEW.decided_by = NEW.reviewed_by);
  SELECT RAISE(ABORT, 'SB3296: 批准预算、调整和超预算支付须有批准文件') WHERE NEW.state = 'approved' AND NEW.kind <> 'plan' AND NEW.document = '';
  SELECT RAISE(ABORT, 'SB3292: 一个账套一年只有一份批准的预算') WHERE NEW.state = 'approved' AND NEW.kind = 'budget' AND EXISTS (SELECT 1 FROM shebao_budget b WHERE b.book_id = NEW.book_id AND b.year = NEW.year AND b.kind = 'budget' AND b.state = 'approved' AND b.budget_no <> NEW.budget_no);
  SELECT RAISE(ABORT, 'SB3001: 预算文件由会计主管审核') WHERE NEW.state = 'reviewed' AND NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.reviewed_by AND g.duty = 'CHECK' AND g.valid_from <= substr(NEW.reviewed_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.reviewed_at));
  SELECT RAISE(ABORT, 'SB3001: 预算文件由单位负责人批准') WHERE NEW.state = 'approved' AND NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.decided_by AND g.duty = 'HEAD' AND g.valid_from <= substr(NEW.decided_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.decided_at));
END
-- ;;
-- Guards of awards (待遇核定) on SQLite. Each statement ends with a line "-- ;;". Text raised begins with the code of its refusal.

CREATE TRIGGER shebao_award_stay BEFORE DELETE ON shebao_award BEGIN SELECT RAISE(ABORT, 'SB3350: 待遇核定只增不改'); END
-- ;;
CREATE TRIGGER shebao_award_enter BEFORE INSERT ON shebao_award BEGIN
  SELECT RAISE(ABORT, 'SB3350: 待遇核定从核定开始，连续编号') WHERE NEW.state <> 'assessed' OR NEW.reviewed_by <> '' OR NEW.reviewed_at <> '' OR NEW.note <> '' OR NEW.award_no <> 1 + COALESCE((SELECT MAX(a.award_no) FROM shebao_award a WHERE a.book_id = NEW.book_id), 0);
  SELECT RAISE(ABORT, 'SB3001: 待遇由待遇核定经办核定') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.assessed_by AND g.duty = 'HANDLE_ASSESS' AND g.valid_from <= substr(NEW.assessed_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.assessed_at));
END
-- ;;
-- An award is reviewed or sent back once, by another who holds the duty; its content stays, and its items are all there.
CREATE TRIGGER shebao_award_move BEFORE UPDATE ON shebao_award BEGIN
  SELECT RAISE(ABORT, 'SB3350: 待遇核定的内容不得修改') WHERE NEW.book_id <> OLD.book_id OR NEW.award_no <> OLD.award_no OR NEW.number <> OLD.number OR NEW.scheme <> OLD.scheme OR NEW.law <> OLD.law OR NEW.from_month <> OLD.from_month OR NEW.given <> OLD.given OR NEW.fen <> OLD.fen OR NEW.items <> OLD.items OR NEW.digest <> OLD.digest OR NEW.content <> OLD.content OR NEW.assessed_by <> OLD.assessed_by OR NEW.assessed_at <> OLD.assessed_at;
  SELECT RAISE(ABORT, 'SB3350: 待遇核定只复核或退回一次') WHERE OLD.state <> 'assessed' OR NEW.state NOT IN ('reviewed','rejected') OR NEW.reviewed_by = '' OR NEW.reviewed_at < OLD.assessed_at OR (NEW.state = 'rejected') <> (NEW.note <> '');
  SELECT RAISE(ABORT, 'SB3002: 待遇核定由另一人复核') WHERE NEW.reviewed_by = OLD.assessed_by;
  SELECT RAISE(ABORT, 'SB3350: 待遇核定的各项与合计不符') WHERE (SELECT COUNT(*) FROM shebao_award_item i WHERE i.book_id = NEW.book_id AND i.award_no = NEW.award_no) <> NEW.items OR COALESCE((SELECT SUM(i.fen) FROM shebao_award_item i WHERE i.book_id = NEW.book_id AND i.award_no = NEW.award_no AND i.joint = 0), 0) <> NEW.fen;
  SELECT RAISE(ABORT, 'SB3001: 待遇核定由审核岗复核') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.reviewed_by AND g.duty = 'REVIEW' AND g.valid_from <= substr(NEW.reviewed_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.reviewed_at));
END
-- ;;
CREATE TRIGGER shebao_award_item_keep BEFORE UPDATE ON shebao_award_item BEGIN SELECT RAISE(ABORT, 'SB3350: 待遇核定只增不改'); END
-- ;;
CREATE TRIGGER shebao_award_item_stay BEFORE DELETE ON shebao_award_item BEGIN SELECT RAISE(ABORT, 'SB3350: 待遇核定只增不改'); END
-- ;;
-- Items come with their award, for its person and month, no more than it says, each once.
CREATE TRIGGER shebao_award_item_enter BEFORE INSERT ON shebao_award_item BEGIN
  SELECT RAISE(ABORT, 'SB3350: 待遇核定的各项与核定不符') WHERE NOT EXISTS (SELECT 1 FROM shebao_award a WHERE a.book_id = NEW.book_id AND a.award_no = NEW.award_no AND a.state = 'assessed' AND a.number = NEW.number AND a.from_month = NEW.from_month
    AND a.items > (SELECT COUNT(*) FROM shebao_award_item i WHERE i.book_id = NEW.book_id AND i.award_no = NEW.award_no));
  SELECT RAISE(ABORT, 'SB3350: 待遇核定只增不改') WHERE EXISTS (SELECT 1 FROM shebao_award_item i WHERE i.book_id = NEW.book_id AND i.award_no = NEW.award_no AND i.item = NEW.item);
END
-- ;;
-- Guards of special books (专账) on SQLite: 专款专用 after every entry, whoever wrote it. Each statement ends with a line "-- ;;".

-- Accounts that begin with letters are a special book's own (templates/special/chart.yaml). With the entry counted, no document that it moves has less than
-- nothing free (received, less spent, handed back and held by townships), and no township has accounted for more than it was given of a document.
CREATE TRIGGER shebao_seal_special AFTER INSERT ON shebao_seal WHEN EXISTS (SELECT 1 FROM shebao_account WHERE book_id = NEW.book_id AND code = 'C01') BEGIN
  SELECT RAISE(ABORT, 'SB3273: 指标文超支，每笔支出须有已到账的资金') FROM (
    SELECT DISTINCT CASE l.dimension WHEN '' THEN '' ELSE COALESCE((SELECT json_extract(j.value, '$[1]') FROM json_each(l.dimension) j WHERE json_extract(j.value, '$[0]') = 'document'), '') END AS document
    FROM shebao_line l WHERE l.book_id = NEW.book_id AND l.entry_id = NEW.entry_id AND (l.account LIKE 'S%' OR l.account LIKE 'C01%' OR l.account LIKE 'C02%' OR l.account LIKE 'Z0301%' OR l.account LIKE 'J01%')) moved
  WHERE (SELECT SUM(b.debit_fen - b.credit_fen) FROM shebao_balance b WHERE b.book_id = NEW.book_id AND (b.account LIKE 'S%' OR b.account LIKE 'C01%' OR b.account LIKE 'C02%' OR b.account LIKE 'Z0301%' OR b.account LIKE 'J01%')
    AND CASE b.dimension WHEN '' THEN '' ELSE COALESCE((SELECT json_extract(j.value, '$[1]') FROM json_each(b.dimension) j WHERE json_extract(j.value, '$[0]') = 'document'), '') END = moved.document) > 0;
  SELECT RAISE(ABORT, 'SB3274: 乡镇核销超过已拨付的数额') WHERE EXISTS (
    SELECT 1 FROM shebao_balance b WHERE b.book_id = NEW.book_id AND b.account LIKE 'Z0301%'
    GROUP BY CASE b.dimension WHEN '' THEN '' ELSE COALESCE((SELECT json_extract(j.value, '$[1]') FROM json_each(b.dimension) j WHERE json_extract(j.value, '$[0]') = 'document'), '') END, CASE b.dimension WHEN '' THEN '' ELSE COALESCE((SELECT json_extract(j.value, '$[1]') FROM json_each(b.dimension) j WHERE json_extract(j.value, '$[0]') = 'town'), '') END HAVING SUM(b.debit_fen - b.credit_fen) < 0);
END
-- ;;
-- Guards of seals and online-banking keys (印鉴、U盾) on SQLite. Each statement ends with a line "-- ;;".

-- What is written stays; things are numbered, acts come in order, each with the signature of another person.
CREATE TRIGGER shebao_token_keep BEFORE UPDATE ON shebao_token BEGIN SELECT RAISE(ABORT, 'SB2234: 印鉴、U盾的登记只增不改'); END
-- ;;
CREATE TRIGGER shebao_token_stay BEFORE DELETE ON shebao_token BEGIN SELECT RAISE(ABORT, 'SB2234: 印鉴、U盾的登记只增不改'); END
-- ;;
CREATE TRIGGER shebao_token_enter BEFORE INSERT ON shebao_token BEGIN
  SELECT RAISE(ABORT, 'SB2234: 印鉴、U盾连续编号，同种编号只登记一次') WHERE NEW.token_no <> 1 + COALESCE((SELECT MAX(t.token_no) FROM shebao_token t), 0) OR EXISTS (SELECT 1 FROM shebao_token t WHERE t.kind = NEW.kind AND t.label = NEW.label);
  SELECT RAISE(ABORT, 'SB3001: 印鉴、U盾由负责人或安全管理员登记') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.registered_by AND g.duty IN ('HEAD', 'AUTHORISE', 'SECADMIN') AND g.valid_from <= substr(NEW.registered_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.registered_at));
END
-- ;;
CREATE TRIGGER shebao_token_act_keep BEFORE UPDATE ON shebao_token_act BEGIN SELECT RAISE(ABORT, 'SB2234: 印鉴、U盾的登记只增不改'); END
-- ;;
CREATE TRIGGER shebao_token_act_stay BEFORE DELETE ON shebao_token_act BEGIN SELECT RAISE(ABORT, 'SB2234: 印鉴、U盾的登记只增不改'); END
-- ;;
CREATE TRIGGER shebao_token_act_enter BEFORE INSERT ON shebao_token_act BEGIN
  SELECT RAISE(ABORT, 'SB2234: 印鉴、U盾的登记逐次连续') WHERE NEW.act_no <> 1 + COALESCE((SELECT MAX(a.act_no) FROM shebao_token_act a WHERE a.token_no = NEW.token_no), 0) OR (NEW.act_no = 1) <> (NEW.act = 'issue');
  SELECT RAISE(ABORT, 'SB2232: 已挂失或销毁的印鉴、U盾不再办理') WHERE EXISTS (SELECT 1 FROM shebao_token_act x WHERE x.token_no = NEW.token_no AND (x.act = 'destroyed' OR (x.act = 'lost' AND NEW.act <> 'destroyed')));
  SELECT RAISE(ABORT, 'SB2232: 上一次交接尚未签收') WHERE NEW.act <> 'lost' AND NEW.act_no > 1 AND NOT EXISTS (SELECT 1 FROM shebao_token_signature s WHERE s.token_no = NEW.token_no AND s.act_no = NEW.act_no - 1);
  SELECT RAISE(ABORT, 'SB2232: 由持有人交出，不能交给自己') WHERE (NEW.act = 'hand_over' AND (NEW.acted_by <> NEW.giver OR NEW.giver = NEW.receiver OR NOT EXISTS (SELECT 1 FROM shebao_token_act a JOIN shebao_token_signature s ON s.token_no = a.token_no AND s.act_no = a.act_no WHERE a.token_no = NEW.token_no AND a.receiver = NEW.giver AND NOT EXISTS (SELECT 1 FROM shebao_token_signature z WHERE z.token_no = a.token_no AND z.act_no > a.act_no)))) OR (NEW.act = 'issue' AND (NEW.giver <> '' OR NEW.acted_by = NEW.receiver));
  SELECT RAISE(ABORT, 'SB3001: 印鉴、U盾由负责人或安全管理员发放、销毁，挂失也可由持有人提出') WHERE NEW.act <> 'hand_over' AND NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.acted_by AND g.duty IN ('HEAD', 'AUTHORISE', 'SECADMIN') AND g.valid_from <= substr(NEW.acted_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.acted_at)) AND NOT (NEW.act = 'lost' AND EXISTS (SELECT 1 FROM shebao_token_act a JOIN shebao_token_signature s ON s.token_no = a.token_no AND s.act_no = a.act_no WHERE a.token_no = NEW.token_no AND a.receiver = NEW.acted_by AND NOT EXISTS (SELECT 1 FROM shebao_token_signature z WHERE z.token_no = a.token_no AND z.act_no > a.act_no)));
END
-- ;;
CREATE TRIGGER shebao_token_signature_keep BEFORE UPDATE ON shebao_token_signature BEGIN SELECT RAISE(ABORT, 'SB2234: 印鉴、U盾的登记只增不改'); END
-- ;;
CREATE TRIGGER shebao_token_signature_stay BEFORE DELETE ON shebao_token_signature BEGIN SELECT RAISE(ABORT, 'SB2234: 印鉴、U盾的登记只增不改'); END
-- ;;
CREATE TRIGGER shebao_token_signature_enter BEFORE INSERT ON shebao_token_signature BEGIN
  SELECT RAISE(ABORT, 'SB2234: 一次只签收一次') WHERE EXISTS (SELECT 1 FROM shebao_token_signature s WHERE s.token_no = NEW.token_no AND s.act_no = NEW.act_no);
  SELECT RAISE(ABORT, 'SB3002: 由另一人签收') WHERE EXISTS (SELECT 1 FROM shebao_token_act a WHERE a.token_no = NEW.token_no AND a.act_no = NEW.act_no AND a.acted_by = NEW.signed_by);
  SELECT RAISE(ABORT, 'SB2232: 由接收人签收') WHERE EXISTS (SELECT 1 FROM shebao_token_act a WHERE a.token_no = NEW.token_no AND a.act_no = NEW.act_no AND a.act IN ('issue', 'hand_over') AND (a.receiver <> NEW.signed_by OR EXISTS (SELECT 1 FROM shebao_token_act x WHERE x.token_no = a.token_no AND x.act IN ('lost', 'destroyed'))));
  SELECT RAISE(ABORT, 'SB3001: 挂失、销毁由另一负责人、安全管理员或会计主管签字') WHERE EXISTS (SELECT 1 FROM shebao_token_act a WHERE a.token_no = NEW.token_no AND a.act_no = NEW.act_no AND a.act IN ('lost', 'destroyed')) AND NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.signed_by AND g.duty IN ('HEAD', 'AUTHORISE', 'SECADMIN', 'CHECK') AND g.valid_from <= substr(NEW.signed_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.signed_at));
  SELECT RAISE(ABORT, 'SB2233: 不相容的印鉴、U盾不得由一人持有') WHERE EXISTS (SELECT 1 FROM shebao_token t JOIN shebao_token_act a ON a.token_no = t.token_no JOIN shebao_token_signature s ON s.token_no = a.token_no AND s.act_no = a.act_no
    WHERE t.kind = (SELECT CASE n.kind WHEN 'make_key' THEN 'authorise_key' WHEN 'authorise_key' THEN 'make_key' WHEN 'finance_seal' THEN 'legal_seal' ELSE 'finance_seal' END FROM shebao_token n WHERE n.token_no = NEW.token_no) AND a.receiver = NEW.signed_by AND NOT EXISTS (SELECT 1 FROM shebao_token_act x WHERE x.token_no = t.token_no AND x.act IN ('lost', 'destroyed'))
      AND NOT EXISTS (SELECT 1 FROM shebao_token_signature z WHERE z.token_no = a.token_no AND z.act_no > a.act_no))
    AND EXISTS (SELECT 1 FROM shebao_token_act a WHERE a.token_no = NEW.token_no AND a.act_no = NEW.act_no AND a.act IN ('issue', 'hand_over'));
END
-- ;;
-- Guards of chains of signatures (审批链) on SQLite. Each statement ends with a line "-- ;;". Text raised begins with the code of its refusal.

-- Signatures are only added, in turn, by holders of the duty, each another person, over one digest.
CREATE TRIGGER shebao_approval_keep BEFORE UPDATE ON shebao_approval BEGIN SELECT RAISE(ABORT, 'SB2252: 审批签字只增不改'); END
-- ;;
CREATE TRIGGER shebao_approval_stay BEFORE DELETE ON shebao_approval BEGIN SELECT RAISE(ABORT, 'SB2252: 审批签字只增不改'); END
-- ;;
CREATE TRIGGER shebao_approval_enter BEFORE INSERT ON shebao_approval BEGIN
  SELECT RAISE(ABORT, 'SB2252: 一步只签一次') WHERE EXISTS (SELECT 1 FROM shebao_approval a WHERE a.kind = NEW.kind AND a.book_id = NEW.book_id AND a.number = NEW.number AND a.step = NEW.step);
  SELECT RAISE(ABORT, 'SB3001: 签字人没有这一岗位') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.signed_by AND g.duty = NEW.duty AND g.valid_from <= substr(NEW.signed_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.signed_at));
  SELECT RAISE(ABORT, 'SB3002: 审批链上各人只签一次') WHERE EXISTS (SELECT 1 FROM shebao_approval a WHERE a.kind = NEW.kind AND a.book_id = NEW.book_id AND a.number = NEW.number AND a.signed_by = NEW.signed_by)
    OR EXISTS (SELECT 1 FROM shebao_budget b WHERE NEW.kind = 'plan' AND b.book_id = NEW.book_id AND b.budget_no = NEW.number AND NEW.signed_by IN (b.drafted_by, b.reviewed_by));
  SELECT RAISE(ABORT, 'SB2250: 依次签字，内容与前一签字相同') WHERE NEW.kind = 'payment' AND NEW.step > 1 AND NOT EXISTS (SELECT 1 FROM shebao_approval a WHERE a.kind = NEW.kind AND a.book_id = NEW.book_id AND a.number = NEW.number AND a.step = NEW.step - 1 AND a.digest = NEW.digest);
  SELECT RAISE(ABORT, 'SB3070: 没有放行') WHERE NEW.kind = 'payment' AND NOT EXISTS (SELECT 1 FROM shebao_release r WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.number);
  SELECT RAISE(ABORT, 'SB2250: 只有已审核的用款计划由分管领导签字') WHERE NEW.kind = 'plan' AND NOT EXISTS (SELECT 1 FROM shebao_budget b WHERE b.book_id = NEW.book_id AND b.budget_no = NEW.number AND b.kind = 'plan' AND b.state = 'reviewed' AND b.digest = NEW.digest);
END
-- ;;
-- A funding plan is approved only over the signature of the 分管领导.
CREATE TRIGGER shebao_approval_of_plan BEFORE UPDATE ON shebao_budget BEGIN
  SELECT RAISE(ABORT, 'SB2251: 用款计划没有分管领导签字') WHERE NEW.state = 'approved' AND NEW.kind = 'plan' AND NOT EXISTS (SELECT 1 FROM shebao_approval a WHERE a.kind = 'plan' AND a.book_id = NEW.book_id AND a.number = NEW.budget_no AND a.step = 3 AND a.digest = NEW.digest AND a.signed_by <> NEW.decided_by);
END
-- ;;
-- No bank file before the fourth signature on the roster's payment approval form.
CREATE TRIGGER shebao_approval_of_batch BEFORE INSERT ON shebao_bank_batch BEGIN
  SELECT RAISE(ABORT, 'SB2180: 基金支付审批表没有签完') WHERE (SELECT COUNT(*) FROM shebao_approval a WHERE a.kind = 'payment' AND a.book_id = NEW.book_id AND a.number = NEW.roster_id) < 4;
END
-- ;;
-- Guards of hand-overs (会计工作交接) on SQLite. Each statement ends with a line "-- ;;".

-- What was handed over stays; receiver and supervisor sign once each, over its digest.
CREATE TRIGGER shebao_handover_keep BEFORE UPDATE ON shebao_handover BEGIN SELECT RAISE(ABORT, 'SB2263: 交接书只增不改'); END
-- ;;
CREATE TRIGGER shebao_handover_stay BEFORE DELETE ON shebao_handover BEGIN SELECT RAISE(ABORT, 'SB2263: 交接书只增不改'); END
-- ;;
CREATE TRIGGER shebao_handover_enter BEFORE INSERT ON shebao_handover BEGIN
  SELECT RAISE(ABORT, 'SB2263: 交接书连续编号') WHERE NEW.handover_no <> 1 + COALESCE((SELECT MAX(h.handover_no) FROM shebao_handover h), 0);
  SELECT RAISE(ABORT, 'SB3001: 交接书由会计、会计主管或出纳编制') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.giver AND g.duty IN ('BOOKKEEP', 'CHECK', 'CASHIER') AND g.valid_from <= substr(NEW.made_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.made_at));
END
-- ;;
CREATE TRIGGER shebao_handover_signature_keep BEFORE UPDATE ON shebao_handover_signature BEGIN SELECT RAISE(ABORT, 'SB2263: 交接书只增不改'); END
-- ;;
CREATE TRIGGER shebao_handover_signature_stay BEFORE DELETE ON shebao_handover_signature BEGIN SELECT RAISE(ABORT, 'SB2263: 交接书只增不改'); END
-- ;;
CREATE TRIGGER shebao_handover_signature_enter BEFORE INSERT ON shebao_handover_signature BEGIN
  SELECT RAISE(ABORT, 'SB2262: 一个签字只签一次') WHERE EXISTS (SELECT 1 FROM shebao_handover_signature s WHERE s.handover_no = NEW.handover_no AND s.role = NEW.role);
  SELECT RAISE(ABORT, 'SB2262: 签字人或内容不符') WHERE NOT EXISTS (SELECT 1 FROM shebao_handover h WHERE h.handover_no = NEW.handover_no AND h.digest = NEW.digest AND ((NEW.role = 'receiver' AND NEW.signed_by = h.receiver) OR (NEW.role = 'supervisor' AND NEW.signed_by NOT IN (h.giver, h.receiver))));
  SELECT RAISE(ABORT, 'SB3001: 由会计主管或单位负责人监交') WHERE NEW.role = 'supervisor' AND NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.signed_by AND g.duty IN ('CHECK', 'HEAD') AND g.valid_from <= substr(NEW.signed_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.signed_at));
END
-- ;;
-- Nobody is ended who has not handed over.
CREATE TRIGGER shebao_handover_user BEFORE UPDATE OF disabled_at ON shebao_user BEGIN
  SELECT RAISE(ABORT, 'SB2261: 交接书未签完，不能停用') WHERE OLD.disabled_at = '' AND NEW.disabled_at <> '' AND EXISTS (SELECT 1 FROM shebao_handover h WHERE h.giver = NEW.user_id AND 2 > (SELECT COUNT(*) FROM shebao_handover_signature s WHERE s.handover_no = h.handover_no));
END
-- ;;
-- Guards of flows, terms, freeze windows, held cases, supplements and released items on SQLite. Each statement ends with a line "-- ;;".

CREATE TRIGGER shebao_roster_flow_keep BEFORE UPDATE ON shebao_roster_flow BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_flow_stay BEFORE DELETE ON shebao_roster_flow BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_expiry_keep BEFORE UPDATE ON shebao_roster_expiry BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_expiry_stay BEFORE DELETE ON shebao_roster_expiry BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_freeze_keep BEFORE UPDATE ON shebao_roster_freeze BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_freeze_stay BEFORE DELETE ON shebao_roster_freeze BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_thaw_keep BEFORE UPDATE ON shebao_roster_thaw BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_thaw_stay BEFORE DELETE ON shebao_roster_thaw BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_hold_notice_keep BEFORE UPDATE ON shebao_hold_notice BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_hold_notice_stay BEFORE DELETE ON shebao_hold_notice BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_clearing_keep BEFORE UPDATE ON shebao_clearing BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_clearing_stay BEFORE DELETE ON shebao_clearing BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_clearing_decision_keep BEFORE UPDATE ON shebao_clearing_decision BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_clearing_decision_stay BEFORE DELETE ON shebao_clearing_decision BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_supplement_line_keep BEFORE UPDATE ON shebao_supplement_line BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_supplement_line_stay BEFORE DELETE ON shebao_supplement_line BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_release_item_keep BEFORE UPDATE ON shebao_release_item BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_release_item_stay BEFORE DELETE ON shebao_release_item BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
-- A roster begins under one flow with one term, while it is being built.
CREATE TRIGGER shebao_roster_flow_enter BEFORE INSERT ON shebao_roster_flow BEGIN
  SELECT RAISE(ABORT, 'SB3033: 流程在编制时确定') WHERE NOT EXISTS (SELECT 1 FROM shebao_roster r WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND r.state = 'building');
  SELECT RAISE(ABORT, 'SB3041: 流程不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_roster_flow f WHERE f.book_id = NEW.book_id AND f.roster_id = NEW.roster_id);
END
-- ;;
CREATE TRIGGER shebao_roster_flow_built BEFORE UPDATE OF state ON shebao_roster WHEN NEW.state = 'built' AND NOT EXISTS (
  SELECT 1 FROM shebao_roster_flow f WHERE f.book_id = NEW.book_id AND f.roster_id = NEW.roster_id)
BEGIN SELECT RAISE(ABORT, 'SB2175: 花名册没有登记流程'); END
-- ;;
-- A roster expires after its term, never before, and never once it is released.
CREATE TRIGGER shebao_roster_expiry_enter BEFORE INSERT ON shebao_roster_expiry BEGIN
  SELECT RAISE(ABORT, 'SB2171: 花名册尚未过期') WHERE NOT EXISTS (SELECT 1 FROM shebao_roster_flow f WHERE f.book_id = NEW.book_id AND f.roster_id = NEW.roster_id AND f.term_on < substr(NEW.expired_at, 1, 10));
  SELECT RAISE(ABORT, 'SB3033: 只有未放行的花名册会过期') WHERE NOT EXISTS (SELECT 1 FROM shebao_roster r WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND r.state IN ('built', 'checked', 'submitted', 'reviewed', 'authorised'));
  SELECT RAISE(ABORT, 'SB3041: 过期记录不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_roster_expiry e WHERE e.book_id = NEW.book_id AND e.roster_id = NEW.roster_id);
  SELECT RAISE(ABORT, 'SB3001: 过期由经办登记') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.expired_by AND g.duty = 'HANDLE_ROSTER' AND g.valid_from <= substr(NEW.expired_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.expired_at));
END
-- ;;
-- Nobody signs or releases after the term, nor within a freeze window of the fund.
CREATE TRIGGER shebao_signature_term BEFORE INSERT ON shebao_signature BEGIN
  SELECT RAISE(ABORT, 'SB2171: 花名册已过期') WHERE EXISTS (SELECT 1 FROM shebao_roster_flow f WHERE f.book_id = NEW.book_id AND f.roster_id = NEW.roster_id AND f.term_on < substr(NEW.signed_at, 1, 10));
  SELECT RAISE(ABORT, 'SB2172: 冻结期内不得签字') WHERE EXISTS (SELECT 1 FROM shebao_roster r JOIN shebao_roster_freeze z ON z.fund IN ('', r.fund)
    WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND substr(NEW.signed_at, 1, 10) BETWEEN z.from_on AND z.to_on
      AND NOT EXISTS (SELECT 1 FROM shebao_roster_thaw t WHERE t.freeze_no = z.freeze_no));
END
-- ;;
CREATE TRIGGER shebao_release_term BEFORE INSERT ON shebao_release BEGIN
  SELECT RAISE(ABORT, 'SB2171: 花名册已过期') WHERE EXISTS (SELECT 1 FROM shebao_roster_flow f WHERE f.book_id = NEW.book_id AND f.roster_id = NEW.roster_id AND f.term_on < substr(NEW.released_at, 1, 10));
  SELECT RAISE(ABORT, 'SB2172: 冻结期内不得放行') WHERE EXISTS (SELECT 1 FROM shebao_roster r JOIN shebao_roster_freeze z ON z.fund IN ('', r.fund)
    WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND substr(NEW.released_at, 1, 10) BETWEEN z.from_on AND z.to_on
      AND NOT EXISTS (SELECT 1 FROM shebao_roster_thaw t WHERE t.freeze_no = z.freeze_no));
END
-- ;;
CREATE TRIGGER shebao_roster_freeze_enter BEFORE INSERT ON shebao_roster_freeze BEGIN
  SELECT RAISE(ABORT, 'SB3041: 冻结期连续编号') WHERE NEW.freeze_no <> 1 + COALESCE((SELECT MAX(z.freeze_no) FROM shebao_roster_freeze z), 0);
  SELECT RAISE(ABORT, 'SB3001: 冻结期由单位负责人设定') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.set_by AND g.duty = 'HEAD' AND g.valid_from <= substr(NEW.set_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.set_at));
END
-- ;;
CREATE TRIGGER shebao_roster_thaw_enter BEFORE INSERT ON shebao_roster_thaw BEGIN
  SELECT RAISE(ABORT, 'SB3041: 冻结期只解除一次') WHERE EXISTS (SELECT 1 FROM shebao_roster_thaw t WHERE t.freeze_no = NEW.freeze_no);
  SELECT RAISE(ABORT, 'SB3001: 冻结期由单位负责人解除') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.ended_by AND g.duty = 'HEAD' AND g.valid_from <= substr(NEW.ended_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.ended_at));
END
-- ;;
-- The case of a held line: one notice, one open request at a time, decided by another with the duty; what was cleared once stays so.
CREATE TRIGGER shebao_hold_notice_enter BEFORE INSERT ON shebao_hold_notice BEGIN
  SELECT RAISE(ABORT, 'SB3041: 通知只登记一次') WHERE EXISTS (SELECT 1 FROM shebao_hold_notice n WHERE n.book_id = NEW.book_id AND n.roster_id = NEW.roster_id AND n.seq = NEW.seq);
  SELECT RAISE(ABORT, 'SB3001: 通知由经办登记') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.sent_by AND g.duty = 'HANDLE_ROSTER' AND g.valid_from <= substr(NEW.sent_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.sent_at));
END
-- ;;
CREATE TRIGGER shebao_clearing_enter BEFORE INSERT ON shebao_clearing BEGIN
  SELECT RAISE(ABORT, 'SB3041: 解除申请连续编号') WHERE NEW.clearing_no <> 1 + COALESCE((SELECT MAX(c.clearing_no) FROM shebao_clearing c), 0);
  SELECT RAISE(ABORT, 'SB2178: 这一行已有未决或已批准的解除申请') WHERE EXISTS (SELECT 1 FROM shebao_clearing c LEFT JOIN shebao_clearing_decision d ON d.clearing_no = c.clearing_no
    WHERE c.book_id = NEW.book_id AND c.roster_id = NEW.roster_id AND c.seq = NEW.seq AND COALESCE(d.decision, 'cleared') = 'cleared');
  SELECT RAISE(ABORT, 'SB2178: 已放行的花名册的暂缓行才能解除') WHERE NOT EXISTS (SELECT 1 FROM shebao_roster r WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND r.state = 'released');
  SELECT RAISE(ABORT, 'SB3001: 解除由经办申请') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.asked_by AND g.duty = 'HANDLE_ROSTER' AND g.valid_from <= substr(NEW.asked_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.asked_at));
END
-- ;;
CREATE TRIGGER shebao_clearing_decision_enter BEFORE INSERT ON shebao_clearing_decision BEGIN
  SELECT RAISE(ABORT, 'SB3041: 解除申请只决定一次') WHERE EXISTS (SELECT 1 FROM shebao_clearing_decision d WHERE d.clearing_no = NEW.clearing_no);
  SELECT RAISE(ABORT, 'SB3002: 解除由另一人批准') WHERE EXISTS (SELECT 1 FROM shebao_clearing c WHERE c.clearing_no = NEW.clearing_no AND c.asked_by = NEW.decided_by);
  SELECT RAISE(ABORT, 'SB3001: 解除由审核岗批准') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.decided_by AND g.duty = 'REVIEW' AND g.valid_from <= substr(NEW.decided_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.decided_at));
END
-- ;;
-- A supplement's line is a held line that two people cleared, as it was held, in no other live supplement, and enters while its roster is being built.
CREATE TRIGGER shebao_supplement_line_enter BEFORE INSERT ON shebao_supplement_line BEGIN
  SELECT RAISE(ABORT, 'SB3033: 补发行在编制时登记') WHERE NOT EXISTS (SELECT 1 FROM shebao_roster r WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND r.state = 'building');
  SELECT RAISE(ABORT, 'SB2179: 暂缓行没有由两人解除') WHERE NOT EXISTS (SELECT 1 FROM shebao_clearing c JOIN shebao_clearing_decision d ON d.clearing_no = c.clearing_no AND d.decision = 'cleared'
    WHERE c.book_id = NEW.book_id AND c.roster_id = NEW.from_roster AND c.seq = NEW.from_seq);
  SELECT RAISE(ABORT, 'SB2179: 补发行与暂缓行不符') WHERE NOT EXISTS (SELECT 1 FROM shebao_roster_line a JOIN shebao_roster_line b ON b.book_id = a.book_id AND b.roster_id = NEW.from_roster AND b.seq = NEW.from_seq
    WHERE a.book_id = NEW.book_id AND a.roster_id = NEW.roster_id AND a.seq = NEW.seq AND a.number = b.number AND a.name = b.name AND a.item = b.item AND a.period = b.period
      AND a.gross_fen = b.gross_fen AND a.offset_fen = b.offset_fen AND a.withheld_fen = b.withheld_fen AND a.net_fen = b.net_fen);
  SELECT RAISE(ABORT, 'SB2179: 暂缓行已在另一份补发花名册中') WHERE EXISTS (SELECT 1 FROM shebao_supplement_line s JOIN shebao_roster r ON r.book_id = s.book_id AND r.roster_id = s.roster_id
    WHERE s.book_id = NEW.book_id AND s.from_roster = NEW.from_roster AND s.from_seq = NEW.from_seq AND r.state <> 'withdrawn');
  SELECT RAISE(ABORT, 'SB3041: 补发行不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_supplement_line s WHERE s.book_id = NEW.book_id AND s.roster_id = NEW.roster_id AND s.seq = NEW.seq);
END
-- ;;
-- One component of one person's month is released once; again only when the payment before failed or came back.
CREATE TRIGGER shebao_release_item_enter BEFORE INSERT ON shebao_release_item BEGIN
  SELECT RAISE(ABORT, 'SB2176: 同一人同月同项只放行一次') WHERE EXISTS (SELECT 1 FROM shebao_release_item i WHERE i.book_id = NEW.book_id AND i.who = NEW.who AND i.item = NEW.item AND i.period = NEW.period AND i.source = NEW.source AND i.again = NEW.again);
  SELECT RAISE(ABORT, 'SB3041: 放行明细不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_release_item i WHERE i.book_id = NEW.book_id AND i.roster_id = NEW.roster_id AND i.seq = NEW.seq);
  SELECT RAISE(ABORT, 'SB2176: 放行明细在放行时登记') WHERE NOT EXISTS (SELECT 1 FROM shebao_roster r WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND r.state = 'authorised');
END
-- ;;
CREATE TRIGGER shebao_release_item_again BEFORE INSERT ON shebao_release_item WHEN NEW.again <> 0 BEGIN
  SELECT RAISE(ABORT, 'SB2176: 上一次付款既未失败也未退回') WHERE NOT EXISTS (SELECT 1 FROM shebao_release_item i
    JOIN shebao_roster_line l ON l.book_id = i.book_id AND l.roster_id = i.roster_id AND l.seq = i.seq
    JOIN shebao_bank_line b ON b.book_id = l.book_id AND b.roster_id = l.roster_id AND b.payee = l.payee
    JOIN shebao_bank_result x ON x.book_id = b.book_id AND x.roster_id = b.roster_id AND x.bank_seq = b.bank_seq
    LEFT JOIN shebao_comeback c ON c.book_id = b.book_id AND c.roster_id = b.roster_id AND c.bank_seq = b.bank_seq
    WHERE i.book_id = NEW.book_id AND i.who = NEW.who AND i.item = NEW.item AND i.period = NEW.period AND i.source = NEW.source AND i.roster_id = NEW.again
      AND (x.ok = 0 OR c.bank_seq IS NOT NULL));
END
-- ;;
-- The roster counts as released only with every line paid under it written down as released.
CREATE TRIGGER shebao_release_item_all BEFORE UPDATE OF state ON shebao_roster WHEN NEW.state = 'released' AND OLD.state = 'authorised' BEGIN
  SELECT RAISE(ABORT, 'SB2176: 放行明细与放行的行不符') WHERE (SELECT COUNT(*) FROM shebao_release_item i WHERE i.book_id = NEW.book_id AND i.roster_id = NEW.roster_id) <> (
    SELECT COUNT(*) FROM shebao_roster_line l LEFT JOIN shebao_hold h ON h.book_id = l.book_id AND h.roster_id = l.roster_id AND h.seq = l.seq
    WHERE l.book_id = NEW.book_id AND l.roster_id = NEW.roster_id AND h.seq IS NULL AND l.net_fen <> 0);
END
-- ;;
-- Guards of grants in steps, relatives and proofs of identity on SQLite. Each statement ends with a line "-- ;;".

-- What is written stays.
CREATE TRIGGER shebao_duty_request_keep BEFORE UPDATE ON shebao_duty_request BEGIN SELECT RAISE(ABORT, 'SB2166: 授权申请只增不改'); END
-- ;;
CREATE TRIGGER shebao_duty_request_stay BEFORE DELETE ON shebao_duty_request BEGIN SELECT RAISE(ABORT, 'SB2166: 授权申请只增不改'); END
-- ;;
CREATE TRIGGER shebao_duty_request_once BEFORE INSERT ON shebao_duty_request BEGIN
  SELECT RAISE(ABORT, 'SB2166: 授权申请不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_duty_request WHERE request_id = NEW.request_id);
END
-- ;;
CREATE TRIGGER shebao_duty_step_keep BEFORE UPDATE ON shebao_duty_step BEGIN SELECT RAISE(ABORT, 'SB2166: 授权步骤只增不改'); END
-- ;;
CREATE TRIGGER shebao_duty_step_stay BEFORE DELETE ON shebao_duty_step BEGIN SELECT RAISE(ABORT, 'SB2166: 授权步骤只增不改'); END
-- ;;
CREATE TRIGGER shebao_duty_step_once BEFORE INSERT ON shebao_duty_step BEGIN
  SELECT RAISE(ABORT, 'SB2166: 授权步骤不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_duty_step WHERE request_id = NEW.request_id AND step = NEW.step);
END
-- ;;
CREATE TRIGGER shebao_relative_keep BEFORE UPDATE ON shebao_relative BEGIN SELECT RAISE(ABORT, 'SB2166: 回避登记只增不改'); END
-- ;;
CREATE TRIGGER shebao_relative_stay BEFORE DELETE ON shebao_relative BEGIN SELECT RAISE(ABORT, 'SB2166: 回避登记只增不改'); END
-- ;;
CREATE TRIGGER shebao_relative_once BEFORE INSERT ON shebao_relative BEGIN
  SELECT RAISE(ABORT, 'SB2166: 回避登记不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_relative WHERE relative_id = NEW.relative_id);
END
-- ;;
CREATE TRIGGER shebao_relative_step_keep BEFORE UPDATE ON shebao_relative_step BEGIN SELECT RAISE(ABORT, 'SB2166: 回避登记的步骤只增不改'); END
-- ;;
CREATE TRIGGER shebao_relative_step_stay BEFORE DELETE ON shebao_relative_step BEGIN SELECT RAISE(ABORT, 'SB2166: 回避登记的步骤只增不改'); END
-- ;;
CREATE TRIGGER shebao_relative_step_once BEFORE INSERT ON shebao_relative_step BEGIN
  SELECT RAISE(ABORT, 'SB2166: 回避登记的步骤不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_relative_step WHERE relative_id = NEW.relative_id AND step = NEW.step);
END
-- ;;
CREATE TRIGGER shebao_password_keep BEFORE UPDATE ON shebao_password BEGIN SELECT RAISE(ABORT, 'SB2166: 密码记录只增不改'); END
-- ;;
CREATE TRIGGER shebao_password_stay BEFORE DELETE ON shebao_password BEGIN SELECT RAISE(ABORT, 'SB2166: 密码记录只增不改'); END
-- ;;
CREATE TRIGGER shebao_password_once BEFORE INSERT ON shebao_password BEGIN
  SELECT RAISE(ABORT, 'SB2166: 密码记录不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_password WHERE user_id = NEW.user_id AND number = NEW.number);
END
-- ;;
CREATE TRIGGER shebao_totp_keep BEFORE UPDATE ON shebao_totp BEGIN SELECT RAISE(ABORT, 'SB2166: 动态口令只增不改'); END
-- ;;
CREATE TRIGGER shebao_totp_stay BEFORE DELETE ON shebao_totp BEGIN SELECT RAISE(ABORT, 'SB2166: 动态口令只增不改'); END
-- ;;
CREATE TRIGGER shebao_totp_once BEFORE INSERT ON shebao_totp BEGIN
  SELECT RAISE(ABORT, 'SB2166: 动态口令不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_totp WHERE user_id = NEW.user_id AND number = NEW.number);
END
-- ;;
CREATE TRIGGER shebao_totp_step_keep BEFORE UPDATE ON shebao_totp_step BEGIN SELECT RAISE(ABORT, 'SB2166: 动态口令的启用只增不改'); END
-- ;;
CREATE TRIGGER shebao_totp_step_stay BEFORE DELETE ON shebao_totp_step BEGIN SELECT RAISE(ABORT, 'SB2166: 动态口令的启用只增不改'); END
-- ;;
CREATE TRIGGER shebao_totp_step_once BEFORE INSERT ON shebao_totp_step BEGIN
  SELECT RAISE(ABORT, 'SB2166: 动态口令的启用不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_totp_step WHERE user_id = NEW.user_id AND number = NEW.number AND step = NEW.step);
END
-- ;;
CREATE TRIGGER shebao_totp_use_keep BEFORE UPDATE ON shebao_totp_use BEGIN SELECT RAISE(ABORT, 'SB2166: 动态口令的使用只增不改'); END
-- ;;
CREATE TRIGGER shebao_totp_use_stay BEFORE DELETE ON shebao_totp_use BEGIN SELECT RAISE(ABORT, 'SB2166: 动态口令的使用只增不改'); END
-- ;;
CREATE TRIGGER shebao_totp_use_once BEFORE INSERT ON shebao_totp_use BEGIN
  SELECT RAISE(ABORT, 'SB2166: 动态口令的使用不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_totp_use WHERE user_id = NEW.user_id AND number = NEW.number AND counter = NEW.counter);
END
-- ;;
CREATE TRIGGER shebao_recovery_set_keep BEFORE UPDATE ON shebao_recovery_set BEGIN SELECT RAISE(ABORT, 'SB2166: 恢复码只增不改'); END
-- ;;
CREATE TRIGGER shebao_recovery_set_stay BEFORE DELETE ON shebao_recovery_set BEGIN SELECT RAISE(ABORT, 'SB2166: 恢复码只增不改'); END
-- ;;
CREATE TRIGGER shebao_recovery_set_once BEFORE INSERT ON shebao_recovery_set BEGIN
  SELECT RAISE(ABORT, 'SB2166: 恢复码不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_recovery_set WHERE user_id = NEW.user_id AND number = NEW.number);
END
-- ;;
CREATE TRIGGER shebao_recovery_use_keep BEFORE UPDATE ON shebao_recovery_use BEGIN SELECT RAISE(ABORT, 'SB2166: 恢复码的使用只增不改'); END
-- ;;
CREATE TRIGGER shebao_recovery_use_stay BEFORE DELETE ON shebao_recovery_use BEGIN SELECT RAISE(ABORT, 'SB2166: 恢复码的使用只增不改'); END
-- ;;
CREATE TRIGGER shebao_recovery_use_once BEFORE INSERT ON shebao_recovery_use BEGIN
  SELECT RAISE(ABORT, 'SB2166: 恢复码的使用不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_recovery_use WHERE user_id = NEW.user_id AND number = NEW.number AND hash = NEW.hash);
END
-- ;;
CREATE TRIGGER shebao_session_proof_keep BEFORE UPDATE ON shebao_session_proof BEGIN SELECT RAISE(ABORT, 'SB2166: 身份验证只增不改'); END
-- ;;
CREATE TRIGGER shebao_session_proof_stay BEFORE DELETE ON shebao_session_proof BEGIN SELECT RAISE(ABORT, 'SB2166: 身份验证只增不改'); END
-- ;;
CREATE TRIGGER shebao_session_proof_once BEFORE INSERT ON shebao_session_proof BEGIN
  SELECT RAISE(ABORT, 'SB2166: 身份验证不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_session_proof WHERE token_hash = NEW.token_hash AND number = NEW.number);
END
-- ;;
-- A request takes the next number, is made by and for people with an account, and asks for nothing but what it names.
CREATE TRIGGER shebao_duty_request_enter BEFORE INSERT ON shebao_duty_request BEGIN
  SELECT RAISE(ABORT, 'SB2166: 授权申请逐号登记') WHERE NEW.request_id <> 1 + (SELECT COUNT(*) FROM shebao_duty_request);
  SELECT RAISE(ABORT, 'SB3009: 申请人没有账号') WHERE NOT EXISTS (SELECT 1 FROM shebao_user WHERE user_id = NEW.asked_by AND disabled_at = '');
  SELECT RAISE(ABORT, 'SB2120: 补偿控制由另一人负责') WHERE NEW.kind = 'exemption' AND NEW.for_user = NEW.user_id;
END
-- ;;
-- S15: the steps come in their order, each by another person who holds the duty of that step; nobody takes a step for a duty of their own.
CREATE TRIGGER shebao_duty_step_enter BEFORE INSERT ON shebao_duty_step BEGIN
  SELECT RAISE(ABORT, 'SB3001: 这一步由规定的岗位办理') WHERE NOT ((NEW.step = 'review' AND NEW.duty = 'AUDIT') OR (NEW.step = 'approve' AND NEW.duty = 'HEAD') OR (NEW.step IN ('approve', 'refuse') AND NEW.duty = 'AUTHORISE' AND EXISTS (SELECT 1 FROM shebao_duty_request r WHERE r.request_id = NEW.request_id AND r.kind IN ('emergency')))
    OR (NEW.step = 'grant' AND NEW.duty = 'SECADMIN') OR (NEW.step = 'refuse' AND NEW.duty IN ('AUDIT', 'HEAD', 'SECADMIN')) OR (NEW.step = 'end' AND NEW.duty = 'HEAD'));
  SELECT RAISE(ABORT, 'SB3001: 办理人没有这一岗位') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.user_id AND g.duty = NEW.duty AND g.valid_from <= substr(NEW.at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.at));
  SELECT RAISE(ABORT, 'SB2120: 申请人和被授权人不得办理后面的步骤') WHERE NEW.step NOT IN ('refuse', 'end') AND EXISTS (SELECT 1 FROM shebao_duty_request r WHERE r.request_id = NEW.request_id AND NEW.user_id IN (r.asked_by, r.user_id));
  SELECT RAISE(ABORT, 'SB2120: 授权的各步由不同的人办理') WHERE NEW.step NOT IN ('refuse', 'end') AND EXISTS (SELECT 1 FROM shebao_duty_step s WHERE s.request_id = NEW.request_id AND s.user_id = NEW.user_id);
  SELECT RAISE(ABORT, 'SB2119: 申请已退回或已终止') WHERE EXISTS (SELECT 1 FROM shebao_duty_step s WHERE s.request_id = NEW.request_id AND s.step = 'refuse') OR EXISTS (SELECT 1 FROM shebao_duty_step s WHERE s.request_id = NEW.request_id AND s.step = 'end');
  SELECT RAISE(ABORT, 'SB2119: 未轮到内控审核') WHERE NEW.step = 'review' AND NOT ((EXISTS (SELECT 1 FROM shebao_duty_request r WHERE r.request_id = NEW.request_id AND r.kind IN ('grant', 'deputy')) AND NOT EXISTS (SELECT 1 FROM shebao_duty_step s WHERE s.request_id = NEW.request_id AND s.step = 'approve')) OR (EXISTS (SELECT 1 FROM shebao_duty_request r WHERE r.request_id = NEW.request_id AND r.kind IN ('emergency')) AND EXISTS (SELECT 1 FROM shebao_duty_step s WHERE s.request_id = NEW.request_id AND s.step = 'approve')));
  SELECT RAISE(ABORT, 'SB2119: 内控审核之后才能批准') WHERE NEW.step = 'approve' AND EXISTS (SELECT 1 FROM shebao_duty_request r WHERE r.request_id = NEW.request_id AND r.kind IN ('grant', 'deputy')) AND NOT EXISTS (SELECT 1 FROM shebao_duty_step s WHERE s.request_id = NEW.request_id AND s.step = 'review');
  SELECT RAISE(ABORT, 'SB2119: 负责人批准之后才能授予') WHERE NEW.step = 'grant' AND NOT (EXISTS (SELECT 1 FROM shebao_duty_request r WHERE r.request_id = NEW.request_id AND r.kind IN ('grant', 'deputy')) AND EXISTS (SELECT 1 FROM shebao_duty_step s WHERE s.request_id = NEW.request_id AND s.step = 'approve'));
  SELECT RAISE(ABORT, 'SB2119: 已授予的不能退回') WHERE NEW.step = 'refuse' AND (EXISTS (SELECT 1 FROM shebao_duty_step s WHERE s.request_id = NEW.request_id AND s.step = 'grant') OR (EXISTS (SELECT 1 FROM shebao_duty_request r WHERE r.request_id = NEW.request_id AND r.kind IN ('emergency', 'exemption')) AND EXISTS (SELECT 1 FROM shebao_duty_step s WHERE s.request_id = NEW.request_id AND s.step = 'approve')));
  SELECT RAISE(ABORT, 'SB2119: 只有已批准的豁免可以终止') WHERE NEW.step = 'end' AND NOT (EXISTS (SELECT 1 FROM shebao_duty_request r WHERE r.request_id = NEW.request_id AND r.kind IN ('exemption')) AND EXISTS (SELECT 1 FROM shebao_duty_step s WHERE s.request_id = NEW.request_id AND s.step = 'approve'));
END
-- ;;
-- A duty is granted by the founding, before anybody has ever signed in, or by a request that went through its steps.
CREATE TRIGGER shebao_grant_steps BEFORE INSERT ON shebao_grant BEGIN
  SELECT RAISE(ABORT, 'SB2119: 授权须经申请、内控审核、负责人批准、授予四步') WHERE NOT ((NEW.granted_by = 'init' AND NOT EXISTS (SELECT 1 FROM shebao_session)) OR EXISTS (
    SELECT 1 FROM shebao_duty_request r JOIN shebao_duty_step s ON s.request_id = r.request_id
    WHERE ((r.kind IN ('grant', 'deputy') AND s.step = 'grant') OR (r.kind = 'emergency' AND s.step = 'approve'))
      AND r.user_id = NEW.user_id AND r.duty = NEW.duty AND r.valid_from = NEW.valid_from AND r.valid_to = NEW.valid_to
      AND s.user_id = NEW.granted_by AND s.at = NEW.granted_at));
END
-- ;;
-- A declaration takes the next number and is made by the person it is about.
CREATE TRIGGER shebao_relative_enter BEFORE INSERT ON shebao_relative BEGIN
  SELECT RAISE(ABORT, 'SB2166: 回避登记逐号登记') WHERE NEW.relative_id <> 1 + (SELECT COUNT(*) FROM shebao_relative);
  SELECT RAISE(ABORT, 'SB2125: 回避登记由本人填报') WHERE NEW.declared_by <> NEW.user_id;
END
-- ;;
-- A declaration is confirmed, and ended after its owner asked for it, by somebody of the audit office who is not its owner.
CREATE TRIGGER shebao_relative_step_enter BEFORE INSERT ON shebao_relative_step BEGIN
  SELECT RAISE(ABORT, 'SB2125: 撤销由本人申请') WHERE NEW.step = 'ask_end' AND NOT EXISTS (SELECT 1 FROM shebao_relative r WHERE r.relative_id = NEW.relative_id AND r.user_id = NEW.user_id);
  SELECT RAISE(ABORT, 'SB3001: 回避登记由稽核审核') WHERE NEW.step <> 'ask_end' AND NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.user_id AND g.duty = 'AUDIT' AND g.valid_from <= substr(NEW.at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.at));
  SELECT RAISE(ABORT, 'SB2120: 本人的登记由另一人审核') WHERE NEW.step <> 'ask_end' AND EXISTS (SELECT 1 FROM shebao_relative r WHERE r.relative_id = NEW.relative_id AND r.user_id = NEW.user_id);
  SELECT RAISE(ABORT, 'SB2125: 本人申请之后才能撤销') WHERE NEW.step = 'end' AND NOT EXISTS (SELECT 1 FROM shebao_relative_step s WHERE s.relative_id = NEW.relative_id AND s.step = 'ask_end');
END
-- ;;
-- C7: nobody signs or releases a roster that pays them or a registered relative.
CREATE TRIGGER shebao_signature_kin BEFORE INSERT ON shebao_signature BEGIN
  SELECT RAISE(ABORT, 'SB2116: 花名册中有签字人本人或其亲属的款项') WHERE EXISTS (
    SELECT 1 FROM shebao_relative v JOIN shebao_roster_line l ON l.book_id = NEW.book_id AND l.roster_id = NEW.roster_id AND l.number = v.number
    WHERE v.user_id = NEW.user_id AND NOT EXISTS (SELECT 1 FROM shebao_relative_step s WHERE s.relative_id = v.relative_id AND s.step = 'end')
      AND NOT EXISTS (SELECT 1 FROM shebao_hold h WHERE h.book_id = l.book_id AND h.roster_id = l.roster_id AND h.seq = l.seq));
END
-- ;;
-- C7: nobody signs or releases a roster that pays them or a registered relative.
CREATE TRIGGER shebao_release_kin BEFORE INSERT ON shebao_release BEGIN
  SELECT RAISE(ABORT, 'SB2116: 花名册中有放行人本人或其亲属的款项') WHERE EXISTS (
    SELECT 1 FROM shebao_relative v JOIN shebao_roster_line l ON l.book_id = NEW.book_id AND l.roster_id = NEW.roster_id AND l.number = v.number
    WHERE v.user_id = NEW.released_by AND NOT EXISTS (SELECT 1 FROM shebao_relative_step s WHERE s.relative_id = v.relative_id AND s.step = 'end')
      AND NOT EXISTS (SELECT 1 FROM shebao_hold h WHERE h.book_id = l.book_id AND h.roster_id = l.roster_id AND h.seq = l.seq));
END
-- ;;
-- C7: nobody assesses, reviews or sends back an award of their own or a registered relative, nor asks for or decides a change of theirs, alone or in a whole file.
CREATE TRIGGER shebao_award_kin_assess BEFORE INSERT ON shebao_award BEGIN
  SELECT RAISE(ABORT, 'SB2116: 待遇核定涉及核定人本人或其亲属') WHERE EXISTS (
    SELECT 1 FROM shebao_relative v
    WHERE v.user_id = NEW.assessed_by AND v.number = NEW.number AND NOT EXISTS (SELECT 1 FROM shebao_relative_step s WHERE s.relative_id = v.relative_id AND s.step = 'end'));
END
-- ;;
CREATE TRIGGER shebao_award_kin_review BEFORE UPDATE ON shebao_award BEGIN
  SELECT RAISE(ABORT, 'SB2116: 待遇核定涉及复核人本人或其亲属') WHERE EXISTS (
    SELECT 1 FROM shebao_relative v
    WHERE v.user_id = NEW.reviewed_by AND v.number = NEW.number AND NOT EXISTS (SELECT 1 FROM shebao_relative_step s WHERE s.relative_id = v.relative_id AND s.step = 'end'));
END
-- ;;
CREATE TRIGGER shebao_person_change_kin BEFORE INSERT ON shebao_person_change BEGIN
  SELECT RAISE(ABORT, 'SB2116: 变更涉及申请人本人或其亲属') WHERE EXISTS (
    SELECT 1 FROM shebao_relative v
    WHERE v.user_id = NEW.requested_by AND (EXISTS (SELECT 1 FROM shebao_person p WHERE p.number = v.number AND p.person_id IN (NEW.person_id, NEW.other_person)) OR EXISTS (SELECT 1 FROM shebao_person_number n WHERE n.number = v.number AND n.person_id IN (NEW.person_id, NEW.other_person))) AND NOT EXISTS (SELECT 1 FROM shebao_relative_step s WHERE s.relative_id = v.relative_id AND s.step = 'end'));
END
-- ;;
CREATE TRIGGER shebao_person_decision_kin BEFORE INSERT ON shebao_person_decision BEGIN
  SELECT RAISE(ABORT, 'SB2116: 变更涉及审核人本人或其亲属') WHERE EXISTS (
    SELECT 1 FROM shebao_relative v JOIN shebao_person_change c ON c.change_id = NEW.change_id
    WHERE v.user_id = NEW.decided_by AND (EXISTS (SELECT 1 FROM shebao_person p WHERE p.number = v.number AND p.person_id IN (c.person_id, c.other_person)) OR EXISTS (SELECT 1 FROM shebao_person_number n WHERE n.number = v.number AND n.person_id IN (c.person_id, c.other_person))) AND NOT EXISTS (SELECT 1 FROM shebao_relative_step s WHERE s.relative_id = v.relative_id AND s.step = 'end'));
END
-- ;;
CREATE TRIGGER shebao_person_bank_account_kin BEFORE INSERT ON shebao_person_bank_account BEGIN
  SELECT RAISE(ABORT, 'SB2116: 登记的账户属于申请人、审核人本人或其亲属') WHERE EXISTS (
    SELECT 1 FROM shebao_relative v JOIN shebao_person_knowledge k ON k.knowledge_no = NEW.knowledge_no
    WHERE v.user_id IN (k.requested_by, k.reviewed_by) AND (EXISTS (SELECT 1 FROM shebao_person p WHERE p.number = v.number AND p.person_id IN (NEW.person_id)) OR EXISTS (SELECT 1 FROM shebao_person_number n WHERE n.number = v.number AND n.person_id IN (NEW.person_id))) AND NOT EXISTS (SELECT 1 FROM shebao_relative_step s WHERE s.relative_id = v.relative_id AND s.step = 'end'));
END
-- ;;
-- Guards of redactions on SQLite. Each statement ends with a line "-- ;;".

CREATE TRIGGER shebao_redaction_keep BEFORE UPDATE ON shebao_redaction BEGIN SELECT RAISE(ABORT, 'SB2297: 删除申请只增不改'); END
-- ;;
CREATE TRIGGER shebao_redaction_stay BEFORE DELETE ON shebao_redaction BEGIN SELECT RAISE(ABORT, 'SB2297: 删除申请只增不改'); END
-- ;;
CREATE TRIGGER shebao_redaction_step_keep BEFORE UPDATE ON shebao_redaction_step BEGIN SELECT RAISE(ABORT, 'SB2297: 删除申请的办理只增不改'); END
-- ;;
CREATE TRIGGER shebao_redaction_step_stay BEFORE DELETE ON shebao_redaction_step BEGIN SELECT RAISE(ABORT, 'SB2297: 删除申请的办理只增不改'); END
-- ;;
-- A redaction takes the next number and is asked for by the trail's administrator or the audit office.
CREATE TRIGGER shebao_redaction_enter BEFORE INSERT ON shebao_redaction BEGIN
  SELECT RAISE(ABORT, 'SB2297: 删除申请逐号登记') WHERE NEW.redaction_no <> 1 + (SELECT COUNT(*) FROM shebao_redaction);
  SELECT RAISE(ABORT, 'SB3001: 由审计管理员或稽核申请') WHERE NEW.duty NOT IN ('LOGADMIN', 'AUDIT') OR NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.asked_by AND g.duty = NEW.duty AND g.valid_from <= substr(NEW.asked_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.asked_at));
END
-- ;;
-- It is decided once, by the head, who did not ask for it.
CREATE TRIGGER shebao_redaction_step_enter BEFORE INSERT ON shebao_redaction_step BEGIN
  SELECT RAISE(ABORT, 'SB2295: 删除申请已经办结') WHERE EXISTS (SELECT 1 FROM shebao_redaction_step s WHERE s.redaction_no = NEW.redaction_no);
  SELECT RAISE(ABORT, 'SB2296: 申请人不得确认') WHERE EXISTS (SELECT 1 FROM shebao_redaction r WHERE r.redaction_no = NEW.redaction_no AND r.asked_by = NEW.user_id);
  SELECT RAISE(ABORT, 'SB3001: 由单位负责人确认') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.user_id AND g.duty = 'HEAD' AND g.valid_from <= substr(NEW.at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.at));
END
-- ;;
-- F16: nothing of the trail is destroyed but what a confirmed redaction names.
CREATE TRIGGER shebao_chain_erasure_basis BEFORE INSERT ON shebao_chain_erasure BEGIN
  SELECT RAISE(ABORT, 'SB2298: 未经申请和确认，不得销毁') WHERE NOT EXISTS (SELECT 1 FROM shebao_redaction r JOIN shebao_redaction_step s ON s.redaction_no = r.redaction_no WHERE r.redaction_no = NEW.redaction_no AND s.step = 'confirm' AND instr(r.fields, '[' || NEW.seq || ',"' || NEW.token || '"]') > 0);
END
-- ;;
-- Guards of sweeps, leads and conclusions on SQLite. Each statement ends with a line "-- ;;".

CREATE TRIGGER shebao_sweep_keep BEFORE UPDATE ON shebao_sweep BEGIN SELECT RAISE(ABORT, 'SB3366: 筛查记录只增不改'); END
-- ;;
CREATE TRIGGER shebao_sweep_stay BEFORE DELETE ON shebao_sweep BEGIN SELECT RAISE(ABORT, 'SB3366: 筛查记录只增不改'); END
-- ;;
CREATE TRIGGER shebao_sweep_rule_keep BEFORE UPDATE ON shebao_sweep_rule BEGIN SELECT RAISE(ABORT, 'SB3366: 筛查记录只增不改'); END
-- ;;
CREATE TRIGGER shebao_sweep_rule_stay BEFORE DELETE ON shebao_sweep_rule BEGIN SELECT RAISE(ABORT, 'SB3366: 筛查记录只增不改'); END
-- ;;
CREATE TRIGGER shebao_sweep_rule_text_keep BEFORE UPDATE ON shebao_sweep_rule_text BEGIN SELECT RAISE(ABORT, 'SB3366: 本单位规则的文本只增不改'); END
-- ;;
CREATE TRIGGER shebao_sweep_rule_text_stay BEFORE DELETE ON shebao_sweep_rule_text BEGIN SELECT RAISE(ABORT, 'SB3366: 本单位规则的文本只增不改'); END
-- ;;
CREATE TRIGGER shebao_finding_keep BEFORE UPDATE ON shebao_finding BEGIN SELECT RAISE(ABORT, 'SB3366: 疑点只增不改'); END
-- ;;
CREATE TRIGGER shebao_finding_stay BEFORE DELETE ON shebao_finding BEGIN SELECT RAISE(ABORT, 'SB3366: 疑点只增不改'); END
-- ;;
CREATE TRIGGER shebao_finding_history_keep BEFORE UPDATE ON shebao_finding_history BEGIN SELECT RAISE(ABORT, 'SB3366: 疑点的经过只增不改'); END
-- ;;
CREATE TRIGGER shebao_finding_history_stay BEFORE DELETE ON shebao_finding_history BEGIN SELECT RAISE(ABORT, 'SB3366: 疑点的经过只增不改'); END
-- ;;
CREATE TRIGGER shebao_finding_conclusion_keep BEFORE UPDATE ON shebao_finding_conclusion BEGIN SELECT RAISE(ABORT, 'SB3366: 疑点的结论只增不改'); END
-- ;;
CREATE TRIGGER shebao_finding_conclusion_stay BEFORE DELETE ON shebao_finding_conclusion BEGIN SELECT RAISE(ABORT, 'SB3366: 疑点的结论只增不改'); END
-- ;;
CREATE TRIGGER shebao_finding_review_keep BEFORE UPDATE ON shebao_finding_review BEGIN SELECT RAISE(ABORT, 'SB3366: 结论的复核只增不改'); END
-- ;;
CREATE TRIGGER shebao_finding_review_stay BEFORE DELETE ON shebao_finding_review BEGIN SELECT RAISE(ABORT, 'SB3366: 结论的复核只增不改'); END
-- ;;
-- A sweep takes the next number and is run by the audit office.
CREATE TRIGGER shebao_sweep_enter BEFORE INSERT ON shebao_sweep BEGIN
  SELECT RAISE(ABORT, 'SB3367: 筛查逐次连续编号') WHERE NEW.sweep_no <> 1 + (SELECT COALESCE(MAX(w.sweep_no), 0) FROM shebao_sweep w);
  SELECT RAISE(ABORT, 'SB3001: 由稽核筛查') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.swept_by AND g.duty = 'AUDIT' AND g.valid_from <= substr(NEW.swept_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.swept_at));
END
-- ;;
-- What a rule had seen comes with its sweep, and a sweep that is not kept has none.
CREATE TRIGGER shebao_sweep_rule_enter BEFORE INSERT ON shebao_sweep_rule BEGIN
  SELECT RAISE(ABORT, 'SB3366: 筛查记录只增不改') WHERE EXISTS (SELECT 1 FROM shebao_sweep_rule r WHERE r.sweep_no = NEW.sweep_no AND r.rule = NEW.rule);
  SELECT RAISE(ABORT, 'SB3367: 规则的筛查情况随筛查登记') WHERE NEW.sweep_no <> (SELECT COALESCE(MAX(w.sweep_no), 0) FROM shebao_sweep w) OR NOT EXISTS (SELECT 1 FROM shebao_sweep w WHERE w.sweep_no = NEW.sweep_no AND w.kept = 1);
  SELECT RAISE(ABORT, 'SB3375: 本单位规则没有登记文本') WHERE substr(NEW.rule, 1, 1) = 'X' AND NOT EXISTS (SELECT 1 FROM shebao_sweep_rule_text t WHERE t.rule = NEW.rule AND t.sha256 = substr(NEW.law, 1, 64));
END
-- ;;
-- The text of a rule of the office's own comes with the sweep that first ran it.
CREATE TRIGGER shebao_sweep_rule_text_enter BEFORE INSERT ON shebao_sweep_rule_text BEGIN
  SELECT RAISE(ABORT, 'SB3366: 本单位规则的文本只增不改') WHERE EXISTS (SELECT 1 FROM shebao_sweep_rule_text t WHERE t.rule = NEW.rule AND t.sha256 = NEW.sha256);
  SELECT RAISE(ABORT, 'SB3367: 本单位规则的文本随筛查登记') WHERE NEW.first_sweep <> (SELECT COALESCE(MAX(w.sweep_no), 0) FROM shebao_sweep w) OR substr(NEW.rule, 1, 1) <> 'X';
END
-- ;;
-- A lead is first seen by the sweep at hand.
CREATE TRIGGER shebao_finding_enter BEFORE INSERT ON shebao_finding BEGIN
  SELECT RAISE(ABORT, 'SB3366: 疑点只增不改') WHERE EXISTS (SELECT 1 FROM shebao_finding f WHERE f.finding_id = NEW.finding_id);
  SELECT RAISE(ABORT, 'SB3367: 疑点随筛查登记') WHERE NEW.first_sweep <> (SELECT COALESCE(MAX(w.sweep_no), 0) FROM shebao_sweep w);
END
-- ;;
-- The history of a lead runs version by version; gone is gone once, and what is gone may come back.
CREATE TRIGGER shebao_finding_history_enter BEFORE INSERT ON shebao_finding_history BEGIN
  SELECT RAISE(ABORT, 'SB3368: 疑点的经过逐版登记') WHERE NEW.version <> 1 + COALESCE((SELECT MAX(h.version) FROM shebao_finding_history h WHERE h.finding_id = NEW.finding_id), 0);
  SELECT RAISE(ABORT, 'SB3367: 疑点的经过随筛查登记') WHERE NEW.sweep_no <> (SELECT COALESCE(MAX(w.sweep_no), 0) FROM shebao_sweep w) OR EXISTS (SELECT 1 FROM shebao_finding_history h WHERE h.finding_id = NEW.finding_id AND h.sweep_no = NEW.sweep_no);
  SELECT RAISE(ABORT, 'SB3368: 疑点先查出，再变化、消失或重现') WHERE (NEW.state = 'found') <> (COALESCE((SELECT h.state FROM shebao_finding_history h WHERE h.finding_id = NEW.finding_id ORDER BY h.version DESC LIMIT 1), '') = '') OR (NEW.state = 'returned') <> (COALESCE((SELECT h.state FROM shebao_finding_history h WHERE h.finding_id = NEW.finding_id ORDER BY h.version DESC LIMIT 1), '') = 'withdrawn');
  SELECT RAISE(ABORT, 'SB3368: 疑点消失须说明原因') WHERE (NEW.state = 'withdrawn') <> (NEW.cause IN ('facts', 'text', 'program')) OR (NEW.state <> 'withdrawn' AND NEW.cause <> '');
END
-- ;;
-- A conclusion is drawn by the audit office on the lead as it stands; one at a time, and not again while the facts are the same.
CREATE TRIGGER shebao_finding_conclusion_enter BEFORE INSERT ON shebao_finding_conclusion BEGIN
  SELECT RAISE(ABORT, 'SB3366: 疑点的结论逐次登记') WHERE NEW.conclusion_no <> 1 + COALESCE((SELECT MAX(c.conclusion_no) FROM shebao_finding_conclusion c WHERE c.finding_id = NEW.finding_id), 0);
  SELECT RAISE(ABORT, 'SB3369: 上一结论尚待复核') WHERE EXISTS (SELECT 1 FROM shebao_finding_conclusion c WHERE c.finding_id = NEW.finding_id AND NOT EXISTS (SELECT 1 FROM shebao_finding_review v WHERE v.finding_id = c.finding_id AND v.conclusion_no = c.conclusion_no));
  SELECT RAISE(ABORT, 'SB3370: 事实未变，已有结论') WHERE EXISTS (SELECT 1 FROM shebao_finding_conclusion c JOIN shebao_finding_review v ON v.finding_id = c.finding_id AND v.conclusion_no = c.conclusion_no AND v.step = 'agree' WHERE c.finding_id = NEW.finding_id AND c.conclusion_no = NEW.conclusion_no - 1 AND c.facts = NEW.facts);
  SELECT RAISE(ABORT, 'SB3371: 结论只对现有的事实作出') WHERE NOT EXISTS (SELECT 1 FROM shebao_finding_history h WHERE h.finding_id = NEW.finding_id AND h.version = NEW.version AND h.facts = NEW.facts AND h.state <> 'withdrawn' AND h.version = (SELECT MAX(l.version) FROM shebao_finding_history l WHERE l.finding_id = NEW.finding_id));
  SELECT RAISE(ABORT, 'SB3001: 由稽核作出结论') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.concluded_by AND g.duty = 'AUDIT' AND g.valid_from <= substr(NEW.concluded_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.concluded_at));
END
-- ;;
-- Another person of the audit office agrees or refuses, once, while the facts are still those of the conclusion.
CREATE TRIGGER shebao_finding_review_enter BEFORE INSERT ON shebao_finding_review BEGIN
  SELECT RAISE(ABORT, 'SB3372: 结论已经复核') WHERE EXISTS (SELECT 1 FROM shebao_finding_review v WHERE v.finding_id = NEW.finding_id AND v.conclusion_no = NEW.conclusion_no);
  SELECT RAISE(ABORT, 'SB3373: 作出结论的人不得复核') WHERE EXISTS (SELECT 1 FROM shebao_finding_conclusion c WHERE c.finding_id = NEW.finding_id AND c.conclusion_no = NEW.conclusion_no AND c.concluded_by = NEW.reviewed_by);
  SELECT RAISE(ABORT, 'SB3374: 事实已变，结论只能退回') WHERE NEW.step = 'agree' AND NOT EXISTS (SELECT 1 FROM shebao_finding_conclusion c JOIN shebao_finding_history h ON h.finding_id = c.finding_id AND h.facts = c.facts AND h.state <> 'withdrawn' WHERE c.finding_id = NEW.finding_id AND c.conclusion_no = NEW.conclusion_no AND h.version = (SELECT MAX(l.version) FROM shebao_finding_history l WHERE l.finding_id = NEW.finding_id));
  SELECT RAISE(ABORT, 'SB3372: 退回须写意见') WHERE NEW.step = 'refuse' AND NEW.note = '';
  SELECT RAISE(ABORT, 'SB3001: 由稽核复核') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.reviewed_by AND g.duty = 'AUDIT' AND g.valid_from <= substr(NEW.reviewed_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.reviewed_at));
END
