-- Tables and guards of the first revision on sqlite. Written by scripts/freeze_schema.py: change tables and guards, then freeze again.
CREATE TABLE shebao_balance (
  book_id INTEGER NOT NULL,
  account TEXT NOT NULL,
  period INTEGER NOT NULL,
  dimension TEXT NOT NULL,
  debit_fen INTEGER NOT NULL,
  credit_fen INTEGER NOT NULL,
  closing_debit_fen INTEGER NOT NULL,
  closing_credit_fen INTEGER NOT NULL,
  lines INTEGER NOT NULL,
  PRIMARY KEY (book_id, account, period, dimension)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_chain (
  seq INTEGER NOT NULL,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  duty TEXT NOT NULL,
  act TEXT NOT NULL,
  thing TEXT NOT NULL,
  digest TEXT NOT NULL,
  facts TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL,
  "before" TEXT NOT NULL,
  result TEXT NOT NULL CHECK (result IN ('done','refused')),
  reason TEXT NOT NULL,
  PRIMARY KEY (seq),
  UNIQUE (hash)
)
 STRICT
-- ;;
CREATE INDEX shebao_chain_thing ON shebao_chain (thing, seq)
-- ;;
CREATE TABLE shebao_contribution (
  book_id INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  number TEXT NOT NULL,
  part TEXT NOT NULL,
  period INTEGER NOT NULL,
  amount_fen INTEGER NOT NULL,
  account TEXT NOT NULL,
  PRIMARY KEY (book_id, source_id, number, part, period)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_open_posting (
  book_id INTEGER NOT NULL,
  subledger TEXT NOT NULL CHECK (subledger IN ('payout','contribution')),
  source_id INTEGER NOT NULL,
  PRIMARY KEY (book_id, subledger, source_id)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_payout (
  book_id INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  number TEXT NOT NULL,
  item TEXT NOT NULL,
  period INTEGER NOT NULL,
  amount_fen INTEGER NOT NULL,
  account TEXT NOT NULL,
  PRIMARY KEY (book_id, source_id, number, item, period)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_person (
  person_id INTEGER NOT NULL,
  birth TEXT NOT NULL,
  sex TEXT NOT NULL,
  number TEXT NOT NULL,
  id_type TEXT NOT NULL,
  number_ok INTEGER NOT NULL CHECK (number_ok IN (0,1)),
  name TEXT NOT NULL,
  name_norm TEXT NOT NULL,
  knowledge_no INTEGER NOT NULL,
  PRIMARY KEY (person_id),
  UNIQUE (number)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE INDEX shebao_person_by_name ON shebao_person (name_norm)
-- ;;
CREATE TABLE shebao_person_bank_account (
  fund TEXT NOT NULL,
  person_id INTEGER NOT NULL,
  knowledge_no INTEGER NOT NULL,
  bank_account TEXT NOT NULL,
  holder TEXT NOT NULL,
  relation TEXT NOT NULL CHECK (relation IN ('self', 'guardian', 'institution')),
  bank TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  signed INTEGER NOT NULL CONSTRAINT shebao_person_bank_account_signed CHECK (signed = 1),
  PRIMARY KEY (fund, person_id, knowledge_no),
  CONSTRAINT shebao_person_bank_account_in_order CHECK (from_on < to_on)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE INDEX shebao_person_bank_account_by ON shebao_person_bank_account (bank_account)
-- ;;
CREATE INDEX shebao_person_bank_account_of ON shebao_person_bank_account (person_id)
-- ;;
CREATE TABLE shebao_person_doubt (
  knowledge_no INTEGER NOT NULL,
  doubt_no INTEGER NOT NULL,
  code TEXT NOT NULL,
  person_id INTEGER NOT NULL,
  other_person INTEGER NOT NULL,
  line INTEGER NOT NULL,
  number TEXT NOT NULL,
  name TEXT NOT NULL,
  told TEXT NOT NULL,
  rows INTEGER NOT NULL,
  PRIMARY KEY (knowledge_no, doubt_no)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_person_knowledge (
  knowledge_no INTEGER NOT NULL,
  known_on TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('load','change')),
  signed INTEGER NOT NULL CHECK (signed IN (0,1)),
  source_id INTEGER NOT NULL,
  as_of TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  reviewed_by TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open','closed')),
  digest TEXT NOT NULL,
  PRIMARY KEY (knowledge_no),
  CONSTRAINT shebao_person_knowledge_kind CHECK ((kind = 'change') = (signed = 1)),
  CONSTRAINT shebao_person_two_people CHECK (signed = 0 OR (requested_by <> '' AND reviewed_by <> '' AND requested_by <> reviewed_by)),
  CONSTRAINT shebao_person_knowledge_once UNIQUE (kind, source_id)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_person_link (
  person_id INTEGER NOT NULL,
  knowledge_no INTEGER NOT NULL,
  same_as INTEGER NOT NULL,
  linked INTEGER NOT NULL CHECK (linked IN (0,1)),
  signed INTEGER NOT NULL CONSTRAINT shebao_person_link_signed CHECK (signed = 1),
  PRIMARY KEY (person_id, knowledge_no),
  CONSTRAINT shebao_person_link_two CHECK (person_id <> same_as)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE INDEX shebao_person_link_to ON shebao_person_link (same_as)
-- ;;
CREATE TABLE shebao_person_name (
  person_id INTEGER NOT NULL,
  knowledge_no INTEGER NOT NULL,
  name TEXT NOT NULL,
  name_norm TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  signed INTEGER NOT NULL CHECK (signed IN (0,1)),
  PRIMARY KEY (person_id, knowledge_no, name),
  CONSTRAINT shebao_person_name_in_order CHECK (from_on < to_on)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE INDEX shebao_person_name_by ON shebao_person_name (name_norm)
-- ;;
CREATE TABLE shebao_person_number (
  person_id INTEGER NOT NULL,
  knowledge_no INTEGER NOT NULL,
  number TEXT NOT NULL,
  id_type TEXT NOT NULL,
  number_ok INTEGER NOT NULL CHECK (number_ok IN (0,1)),
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  signed INTEGER NOT NULL CHECK (signed IN (0,1)),
  PRIMARY KEY (person_id, knowledge_no, number),
  CONSTRAINT shebao_person_number_in_order CHECK (from_on < to_on)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE INDEX shebao_person_number_by ON shebao_person_number (number)
-- ;;
CREATE TABLE shebao_person_registration (
  fund TEXT NOT NULL,
  region TEXT NOT NULL,
  person_id INTEGER NOT NULL,
  town TEXT NOT NULL,
  village TEXT NOT NULL,
  knowledge_no INTEGER NOT NULL,
  PRIMARY KEY (fund, region, person_id)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE INDEX shebao_person_registration_of ON shebao_person_registration (person_id)
-- ;;
CREATE TABLE shebao_person_scope (
  fund TEXT NOT NULL,
  region TEXT NOT NULL,
  knowledge_no INTEGER NOT NULL,
  rows INTEGER NOT NULL,
  PRIMARY KEY (fund, region, knowledge_no)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_person_status (
  fund TEXT NOT NULL,
  region TEXT NOT NULL,
  person_id INTEGER NOT NULL,
  knowledge_no INTEGER NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('enrolled', 'drawing', 'suspended', 'ended', 'dead')),
  signed INTEGER NOT NULL CHECK (signed IN (0,1)),
  PRIMARY KEY (fund, region, person_id, knowledge_no, from_on),
  CONSTRAINT shebao_person_status_in_order CHECK (from_on < to_on)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_seal (
  book_id INTEGER NOT NULL,
  entry_id INTEGER NOT NULL,
  PRIMARY KEY (book_id, entry_id)
)
 STRICT
-- ;;
CREATE TABLE shebao_sealing (
  book_id INTEGER NOT NULL,
  first_id INTEGER NOT NULL,
  last_id INTEGER NOT NULL,
  first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  PRIMARY KEY (book_id)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_unit (
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  region TEXT NOT NULL,
  tier TEXT NOT NULL CHECK (tier IN ('county','province')),
  PRIMARY KEY (code)
)
 STRICT
-- ;;
CREATE TABLE shebao_book (
  book_id INTEGER NOT NULL,
  unit_code TEXT NOT NULL,
  fund TEXT NOT NULL,
  chart TEXT NOT NULL,
  name TEXT NOT NULL,
  opened INTEGER NOT NULL,
  PRIMARY KEY (book_id),
  CONSTRAINT shebao_book_once UNIQUE (unit_code, fund),
  FOREIGN KEY(unit_code) REFERENCES shebao_unit (code)
)
 STRICT
-- ;;
CREATE TABLE shebao_chain_erasure (
  seq INTEGER NOT NULL,
  token TEXT NOT NULL,
  redaction_no INTEGER NOT NULL,
  PRIMARY KEY (seq, token),
  FOREIGN KEY(seq) REFERENCES shebao_chain (seq)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_chain_salt (
  seq INTEGER NOT NULL,
  token TEXT NOT NULL,
  salt TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (seq, token),
  FOREIGN KEY(seq) REFERENCES shebao_chain (seq)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_account (
  book_id INTEGER NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  full_name TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('D','C')),
  element TEXT NOT NULL,
  parent TEXT NOT NULL,
  leaf INTEGER NOT NULL,
  origin TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  PRIMARY KEY (book_id, code),
  FOREIGN KEY(book_id) REFERENCES shebao_book (book_id)
)
 STRICT
-- ;;
CREATE TABLE shebao_period (
  book_id INTEGER NOT NULL,
  period INTEGER NOT NULL CHECK (period % 100 BETWEEN 1 AND 12),
  state TEXT NOT NULL CHECK (state IN ('open','locked','closed')),
  PRIMARY KEY (book_id, period),
  FOREIGN KEY(book_id) REFERENCES shebao_book (book_id)
)
 STRICT
-- ;;
CREATE TABLE shebao_person_account_batch (
  book_id INTEGER NOT NULL,
  batch_id INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('opening','interest','transfer','one_off','correction')),
  state TEXT NOT NULL CHECK (state IN ('building','proposed','accepted','rejected')),
  period INTEGER NOT NULL CHECK (period % 100 BETWEEN 1 AND 12),
  books INTEGER NOT NULL CHECK (books IN (0,1)),
  source_key TEXT NOT NULL,
  "key" TEXT NOT NULL,
  reason TEXT NOT NULL,
  evidence TEXT NOT NULL,
  facts TEXT NOT NULL,
  row_count INTEGER NOT NULL,
  fen INTEGER NOT NULL,
  digest TEXT NOT NULL,
  proposed_by TEXT NOT NULL,
  proposed_at TEXT NOT NULL,
  reviewed_by TEXT NOT NULL,
  reviewed_at TEXT NOT NULL,
  review_note TEXT NOT NULL,
  PRIMARY KEY (book_id, batch_id),
  FOREIGN KEY(book_id) REFERENCES shebao_book (book_id),
  CONSTRAINT shebao_person_account_two_people CHECK (reviewed_by = '' OR reviewed_by <> proposed_by),
  CONSTRAINT shebao_person_account_batch_source UNIQUE (book_id, source_key)
)
 STRICT
-- ;;
CREATE TABLE shebao_entry (
  book_id INTEGER NOT NULL,
  entry_id INTEGER NOT NULL,
  period INTEGER NOT NULL,
  kind TEXT NOT NULL,
  number INTEGER NOT NULL,
  day TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  event TEXT NOT NULL,
  summary TEXT NOT NULL,
  attachments INTEGER NOT NULL,
  maker TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  poster TEXT NOT NULL,
  authority TEXT NOT NULL CHECK (authority <> ''),
  source_key TEXT NOT NULL,
  closing INTEGER NOT NULL CHECK (closing IN (0,1)),
  corrects INTEGER,
  line_count INTEGER NOT NULL,
  debit_fen INTEGER NOT NULL,
  payout_source INTEGER,
  payout_count INTEGER NOT NULL,
  payout_fen INTEGER NOT NULL,
  payout_digest TEXT NOT NULL,
  contribution_source INTEGER,
  contribution_count INTEGER NOT NULL,
  contribution_fen INTEGER NOT NULL,
  contribution_digest TEXT NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (book_id, entry_id),
  FOREIGN KEY(book_id, period) REFERENCES shebao_period (book_id, period),
  CONSTRAINT shebao_entry_sealed FOREIGN KEY(book_id, entry_id) REFERENCES shebao_seal (book_id, entry_id) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT shebao_entry_two_people CHECK (maker <> reviewer AND poster <> reviewer),
  CONSTRAINT shebao_entry_number UNIQUE (book_id, kind, period, number),
  CONSTRAINT shebao_entry_source_once UNIQUE (book_id, source_key),
  CONSTRAINT shebao_entry_payout_once UNIQUE (book_id, payout_source)
)
 STRICT
-- ;;
CREATE UNIQUE INDEX shebao_entry_contribution_once ON shebao_entry (book_id, contribution_source) WHERE contribution_source IS NOT NULL
-- ;;
CREATE TABLE shebao_person_account_act (
  book_id INTEGER NOT NULL,
  batch_id INTEGER NOT NULL,
  number TEXT NOT NULL,
  part TEXT NOT NULL,
  kind TEXT NOT NULL,
  amount_fen INTEGER NOT NULL,
  PRIMARY KEY (book_id, batch_id, number, part, kind),
  FOREIGN KEY(book_id, batch_id) REFERENCES shebao_person_account_batch (book_id, batch_id)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE INDEX shebao_person_account_act_number ON shebao_person_account_act (book_id, number)
-- ;;
CREATE TABLE shebao_person_account_year (
  book_id INTEGER NOT NULL,
  batch_id INTEGER NOT NULL,
  number TEXT NOT NULL,
  part TEXT NOT NULL,
  opening_fen INTEGER NOT NULL,
  entered_fen INTEGER NOT NULL,
  moved_fen INTEGER NOT NULL,
  paid_fen INTEGER NOT NULL,
  interest_fen INTEGER NOT NULL,
  closing_fen INTEGER NOT NULL,
  PRIMARY KEY (book_id, batch_id, number, part),
  FOREIGN KEY(book_id, batch_id) REFERENCES shebao_person_account_batch (book_id, batch_id),
  CONSTRAINT shebao_person_account_rolled CHECK (closing_fen = opening_fen + entered_fen + moved_fen - paid_fen + interest_fen AND closing_fen >= 0)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE TABLE shebao_document (
  book_id INTEGER NOT NULL,
  document TEXT NOT NULL,
  entry_id INTEGER NOT NULL,
  PRIMARY KEY (book_id, document),
  FOREIGN KEY(book_id, entry_id) REFERENCES shebao_entry (book_id, entry_id)
)
 WITHOUT ROWID,
 STRICT
-- ;;
CREATE INDEX shebao_document_entry ON shebao_document (book_id, entry_id)
-- ;;
CREATE TABLE shebao_line (
  book_id INTEGER NOT NULL,
  entry_id INTEGER NOT NULL,
  line_no INTEGER NOT NULL,
  account TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('D','C')),
  amount_fen INTEGER NOT NULL CHECK (amount_fen <> 0),
  dimension TEXT NOT NULL,
  memo TEXT NOT NULL,
  PRIMARY KEY (book_id, entry_id, line_no),
  FOREIGN KEY(book_id, entry_id) REFERENCES shebao_entry (book_id, entry_id),
  FOREIGN KEY(book_id, account) REFERENCES shebao_account (book_id, code)
)
 WITHOUT ROWID,
 STRICT
-- ;;
-- Guards of the ledger on SQLite. Each statement ends with a line "-- ;;". Text raised begins with the code of its refusal.

-- L3: what is posted stands for ever.
CREATE TRIGGER shebao_entry_keep BEFORE UPDATE ON shebao_entry BEGIN SELECT RAISE(ABORT, 'SB1303: 已记账凭证不得修改'); END
-- ;;
CREATE TRIGGER shebao_entry_stay BEFORE DELETE ON shebao_entry BEGIN SELECT RAISE(ABORT, 'SB1303: 已记账凭证不得删除'); END
-- ;;
CREATE TRIGGER shebao_line_keep BEFORE UPDATE ON shebao_line BEGIN SELECT RAISE(ABORT, 'SB1303: 已记账分录不得修改'); END
-- ;;
CREATE TRIGGER shebao_line_stay BEFORE DELETE ON shebao_line BEGIN SELECT RAISE(ABORT, 'SB1303: 已记账分录不得删除'); END
-- ;;
CREATE TRIGGER shebao_payout_keep BEFORE UPDATE ON shebao_payout BEGIN SELECT RAISE(ABORT, 'SB1303: 已记账发放明细不得修改'); END
-- ;;
CREATE TRIGGER shebao_payout_stay BEFORE DELETE ON shebao_payout BEGIN SELECT RAISE(ABORT, 'SB1303: 已记账发放明细不得删除'); END
-- ;;
CREATE TRIGGER shebao_contribution_keep BEFORE UPDATE ON shebao_contribution BEGIN SELECT RAISE(ABORT, 'SB1303: 已记账缴费明细不得修改'); END
-- ;;
CREATE TRIGGER shebao_contribution_stay BEFORE DELETE ON shebao_contribution BEGIN SELECT RAISE(ABORT, 'SB1303: 已记账缴费明细不得删除'); END
-- ;;
CREATE TRIGGER shebao_seal_keep BEFORE UPDATE ON shebao_seal BEGIN SELECT RAISE(ABORT, 'SB1303: 封签不得修改'); END
-- ;;
CREATE TRIGGER shebao_seal_stay BEFORE DELETE ON shebao_seal BEGIN SELECT RAISE(ABORT, 'SB1303: 封签不得删除'); END
-- ;;
CREATE TRIGGER shebao_balance_stay BEFORE DELETE ON shebao_balance BEGIN
  SELECT RAISE(ABORT, 'SB1303: 余额不得删除') WHERE EXISTS (
    SELECT 1 FROM shebao_line l JOIN shebao_entry e ON e.book_id = l.book_id AND e.entry_id = l.entry_id
    WHERE l.book_id = OLD.book_id AND l.account = OLD.account AND l.dimension = OLD.dimension AND e.period = OLD.period);
END
-- ;;
-- Balances move when entries are sealed, so while the latest entry has no seal yet; a trigger cannot see here that another one writes. By any other hand
-- a balance can only become what its lines sum to (rebuilding).
CREATE TRIGGER shebao_balance_enter BEFORE INSERT ON shebao_balance BEGIN
  SELECT RAISE(ABORT, 'SB1303: 余额只能随分录变动') WHERE CASE WHEN (SELECT MAX(entry_id) FROM shebao_entry WHERE book_id = NEW.book_id) IS NOT (SELECT MAX(entry_id) FROM shebao_seal WHERE book_id = NEW.book_id) THEN 0 ELSE NOT EXISTS (
    SELECT 1 FROM shebao_line l JOIN shebao_entry e ON e.book_id = l.book_id AND e.entry_id = l.entry_id
    WHERE l.book_id = NEW.book_id AND l.account = NEW.account AND l.dimension = NEW.dimension AND e.period = NEW.period
    GROUP BY l.book_id
    HAVING SUM(CASE WHEN e.closing = 0 AND l.side = 'D' THEN l.amount_fen ELSE 0 END) = NEW.debit_fen
      AND SUM(CASE WHEN e.closing = 0 AND l.side = 'C' THEN l.amount_fen ELSE 0 END) = NEW.credit_fen
      AND SUM(CASE WHEN e.closing = 1 AND l.side = 'D' THEN l.amount_fen ELSE 0 END) = NEW.closing_debit_fen
      AND SUM(CASE WHEN e.closing = 1 AND l.side = 'C' THEN l.amount_fen ELSE 0 END) = NEW.closing_credit_fen AND COUNT(*) = NEW.lines) END;
END
-- ;;
CREATE TRIGGER shebao_balance_keep BEFORE UPDATE ON shebao_balance BEGIN
  SELECT RAISE(ABORT, 'SB1303: 余额只能随分录变动') WHERE OLD.book_id <> NEW.book_id OR OLD.account <> NEW.account OR OLD.period <> NEW.period
    OR OLD.dimension <> NEW.dimension OR CASE WHEN NEW.lines > OLD.lines AND (SELECT MAX(entry_id) FROM shebao_entry WHERE book_id = NEW.book_id) IS NOT (SELECT MAX(entry_id) FROM shebao_seal WHERE book_id = NEW.book_id) THEN 0 ELSE NOT EXISTS (
    SELECT 1 FROM shebao_line l JOIN shebao_entry e ON e.book_id = l.book_id AND e.entry_id = l.entry_id
    WHERE l.book_id = NEW.book_id AND l.account = NEW.account AND l.dimension = NEW.dimension AND e.period = NEW.period
    GROUP BY l.book_id
    HAVING SUM(CASE WHEN e.closing = 0 AND l.side = 'D' THEN l.amount_fen ELSE 0 END) = NEW.debit_fen
      AND SUM(CASE WHEN e.closing = 0 AND l.side = 'C' THEN l.amount_fen ELSE 0 END) = NEW.credit_fen
      AND SUM(CASE WHEN e.closing = 1 AND l.side = 'D' THEN l.amount_fen ELSE 0 END) = NEW.closing_debit_fen
      AND SUM(CASE WHEN e.closing = 1 AND l.side = 'C' THEN l.amount_fen ELSE 0 END) = NEW.closing_credit_fen AND COUNT(*) = NEW.lines) END;
END
-- ;;
-- INSERT OR REPLACE deletes without a DELETE trigger, so a key that is taken is refused before it comes to that.
CREATE TRIGGER shebao_book_enter BEFORE INSERT ON shebao_book BEGIN
  SELECT RAISE(ABORT, 'SB1303: 账套不得覆盖') WHERE EXISTS (
    SELECT 1 FROM shebao_book WHERE book_id = NEW.book_id OR (unit_code = NEW.unit_code AND fund = NEW.fund));
END
-- ;;
CREATE TRIGGER shebao_unit_enter BEFORE INSERT ON shebao_unit BEGIN
  SELECT RAISE(ABORT, 'SB1303: 单位不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_unit WHERE code = NEW.code);
END
-- ;;
CREATE TRIGGER shebao_unit_keep BEFORE UPDATE ON shebao_unit BEGIN SELECT RAISE(ABORT, 'SB1303: 单位不得修改'); END
-- ;;
CREATE TRIGGER shebao_unit_stay BEFORE DELETE ON shebao_unit BEGIN SELECT RAISE(ABORT, 'SB1303: 单位不得删除'); END
-- ;;
CREATE TRIGGER shebao_account_enter BEFORE INSERT ON shebao_account BEGIN
  SELECT RAISE(ABORT, 'SB1303: 科目不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_account WHERE book_id = NEW.book_id AND code = NEW.code);
END
-- ;;
CREATE TRIGGER shebao_book_keep BEFORE UPDATE ON shebao_book BEGIN SELECT RAISE(ABORT, 'SB1303: 账套不得修改'); END
-- ;;
CREATE TRIGGER shebao_book_stay BEFORE DELETE ON shebao_book BEGIN SELECT RAISE(ABORT, 'SB1303: 账套不得删除'); END
-- ;;
CREATE TRIGGER shebao_account_keep BEFORE UPDATE OF book_id, code, name, full_name, side, element, parent, valid_from ON shebao_account
BEGIN SELECT RAISE(ABORT, 'SB1303: 科目只可停用，不得修改'); END
-- ;;
-- A leaf that never took a line may be given details; nothing else changes what an account is.
CREATE TRIGGER shebao_account_parted BEFORE UPDATE OF leaf ON shebao_account BEGIN
  SELECT RAISE(ABORT, 'SB1303: 科目只可停用，不得修改') WHERE NEW.leaf <> 0 OR OLD.leaf <> 1
    OR EXISTS (SELECT 1 FROM shebao_balance WHERE book_id = OLD.book_id AND account = OLD.code)
    OR NOT EXISTS (SELECT 1 FROM shebao_account WHERE book_id = OLD.book_id AND parent = OLD.code);
END
-- ;;
CREATE TRIGGER shebao_account_stay BEFORE DELETE ON shebao_account BEGIN SELECT RAISE(ABORT, 'SB1303: 科目不得删除'); END
-- ;;
CREATE TRIGGER shebao_document_keep BEFORE UPDATE ON shebao_document BEGIN SELECT RAISE(ABORT, 'SB1303: 入账凭据不得修改'); END
-- ;;
CREATE TRIGGER shebao_document_stay BEFORE DELETE ON shebao_document BEGIN SELECT RAISE(ABORT, 'SB1303: 入账凭据不得删除'); END
-- ;;
CREATE TRIGGER shebao_document_enter BEFORE INSERT ON shebao_document BEGIN
  SELECT RAISE(ABORT, 'SB1309: 凭证已封签') WHERE EXISTS (SELECT 1 FROM shebao_seal WHERE book_id = NEW.book_id AND entry_id = NEW.entry_id);
  SELECT RAISE(ABORT, 'SB1104: 原始凭据已入账') WHERE EXISTS (SELECT 1 FROM shebao_document WHERE book_id = NEW.book_id AND document = NEW.document);
END
-- ;;
-- L4: numbers run without a gap, and so do the ids of a book's entries. L5: a closed month takes nothing; a locked one takes its closing vouchers only.
CREATE TRIGGER shebao_entry_enter BEFORE INSERT ON shebao_entry BEGIN
  SELECT RAISE(ABORT, 'SB1301: 凭证号不连续') WHERE NEW.number <> 1 + COALESCE(
    (SELECT MAX(number) FROM shebao_entry WHERE book_id = NEW.book_id AND kind = NEW.kind AND period = NEW.period), 0)
    OR NEW.entry_id <> 1 + COALESCE((SELECT MAX(entry_id) FROM shebao_entry WHERE book_id = NEW.book_id), 0);
  SELECT RAISE(ABORT, 'SB1302: 会计期间未开放') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_period WHERE book_id = NEW.book_id AND period = NEW.period
      AND (state = 'open' OR (state = 'locked' AND NEW.closing = 1)));
  SELECT RAISE(ABORT, 'SB1104: 原始凭据已入账') WHERE
    EXISTS (SELECT 1 FROM shebao_entry WHERE book_id = NEW.book_id AND source_key = NEW.source_key)
    OR (NEW.payout_source IS NOT NULL AND EXISTS (SELECT 1 FROM shebao_entry WHERE book_id = NEW.book_id AND payout_source = NEW.payout_source))
    OR (NEW.contribution_source IS NOT NULL
      AND EXISTS (SELECT 1 FROM shebao_entry WHERE book_id = NEW.book_id AND contribution_source = NEW.contribution_source));
  SELECT RAISE(ABORT, 'SB1309: 已封签') WHERE EXISTS (SELECT 1 FROM shebao_seal WHERE book_id = NEW.book_id AND entry_id = NEW.entry_id);
  -- A correction names an earlier ordinary entry of the book, and its source key is that entry's: one red voucher, one blue, one difference at most.
  -- Contributions are struck with all their rows, under the source with its sign turned, or not at all.
  SELECT RAISE(ABORT, 'SB1341: 更正凭证与原凭证不符') WHERE (NEW.corrects IS NOT NULL AND (
      NEW.source_key NOT IN ('reverse:' || NEW.corrects, 'correct:' || NEW.corrects, 'adjust:' || NEW.corrects)
      OR NOT EXISTS (SELECT 1 FROM shebao_entry o WHERE o.book_id = NEW.book_id AND o.entry_id = NEW.corrects AND o.entry_id < NEW.entry_id
        AND o.closing = 0 AND o.corrects IS NULL AND o.payout_source IS NULL
        AND ((o.contribution_source IS NULL AND NEW.contribution_source IS NULL)
          OR (NEW.source_key = 'reverse:' || NEW.corrects AND NEW.contribution_source = -o.contribution_source
            AND NEW.contribution_count = o.contribution_count AND NEW.contribution_fen = -o.contribution_fen)))))
    OR (NEW.corrects IS NULL AND (NEW.contribution_source <= 0 OR NEW.source_key LIKE 'reverse:%' OR NEW.source_key LIKE 'correct:%' OR NEW.source_key LIKE 'adjust:%'));
END
-- ;;
-- L6: a leaf account of this book, valid on the day.
CREATE TRIGGER shebao_line_enter BEFORE INSERT ON shebao_line BEGIN
  SELECT RAISE(ABORT, 'SB1309: 凭证已封签，不得加行') WHERE EXISTS (SELECT 1 FROM shebao_seal WHERE book_id = NEW.book_id AND entry_id = NEW.entry_id)
    OR EXISTS (SELECT 1 FROM shebao_line WHERE book_id = NEW.book_id AND entry_id = NEW.entry_id AND line_no = NEW.line_no);
  SELECT RAISE(ABORT, 'SB1306: 科目不可用') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_account a JOIN shebao_entry e ON e.book_id = a.book_id
    WHERE a.book_id = NEW.book_id AND a.code = NEW.account AND e.entry_id = NEW.entry_id AND a.leaf = 1
      AND a.valid_from <= e.day AND (a.valid_to = '' OR e.day < a.valid_to));
END
-- ;;
-- Sub-ledger rows enter only while their entry is being posted.
CREATE TRIGGER shebao_open_posting_enter BEFORE INSERT ON shebao_open_posting BEGIN
  SELECT RAISE(ABORT, 'SB1309: 没有等待明细的凭证') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_entry e WHERE e.book_id = NEW.book_id AND e.entry_id = (SELECT MAX(entry_id) FROM shebao_entry WHERE book_id = NEW.book_id)
      AND CASE NEW.subledger WHEN 'payout' THEN e.payout_source ELSE e.contribution_source END = NEW.source_id
      AND NOT EXISTS (SELECT 1 FROM shebao_seal s WHERE s.book_id = e.book_id AND s.entry_id = e.entry_id));
END
-- ;;
CREATE TRIGGER shebao_open_posting_keep BEFORE UPDATE ON shebao_open_posting BEGIN SELECT RAISE(ABORT, 'SB1309: 不得修改'); END
-- ;;
CREATE TRIGGER shebao_payout_enter BEFORE INSERT ON shebao_payout
WHEN NOT EXISTS (SELECT 1 FROM shebao_open_posting WHERE book_id = NEW.book_id AND subledger = 'payout' AND source_id = NEW.source_id)
BEGIN SELECT RAISE(ABORT, 'SB1309: 发放明细只能随凭证一次记入'); END
-- ;;
CREATE TRIGGER shebao_contribution_enter BEFORE INSERT ON shebao_contribution
WHEN NOT EXISTS (SELECT 1 FROM shebao_open_posting WHERE book_id = NEW.book_id AND subledger = 'contribution' AND source_id = NEW.source_id)
BEGIN SELECT RAISE(ABORT, 'SB1309: 缴费明细只能随凭证一次记入'); END
-- ;;
-- The seal proves the entry: L1 balance, lines as announced, L10 sub-ledger equals its control lines. L8: the kept balances move with it.
-- Entries that are sealed together (shebao_sealing) are proved there, all at once, before their seals are set.
CREATE TRIGGER shebao_seal_enter BEFORE INSERT ON shebao_seal
WHEN NOT EXISTS (SELECT 1 FROM shebao_sealing WHERE book_id = NEW.book_id AND NEW.entry_id BETWEEN first_id AND last_id)
BEGIN
  SELECT RAISE(ABORT, 'SB1309: 凭证已封签') WHERE EXISTS (SELECT 1 FROM shebao_seal WHERE book_id = NEW.book_id AND entry_id = NEW.entry_id);
  SELECT RAISE(ABORT, 'SB1309: 没有待封签的凭证') WHERE NOT EXISTS (SELECT 1 FROM shebao_entry WHERE book_id = NEW.book_id AND entry_id = NEW.entry_id);
  SELECT CASE WHEN l.net <> 0 THEN RAISE(ABORT, 'SB1101: 借贷不平')
      WHEN l.many < 2 OR l.many <> e.line_count OR l.debit <> e.debit_fen THEN RAISE(ABORT, 'SB1304: 分录与凭证头不符') END
  FROM (SELECT COUNT(*) AS many, COALESCE(SUM(CASE side WHEN 'D' THEN amount_fen ELSE -amount_fen END), 1) AS net,
      COALESCE(SUM(CASE side WHEN 'D' THEN amount_fen ELSE 0 END), 0) AS debit
    FROM shebao_line WHERE book_id = NEW.book_id AND entry_id = NEW.entry_id) l
    CROSS JOIN shebao_entry e WHERE e.book_id = NEW.book_id AND e.entry_id = NEW.entry_id;
END
-- ;;
CREATE TRIGGER shebao_seal_balance BEFORE INSERT ON shebao_seal
WHEN NOT EXISTS (SELECT 1 FROM shebao_sealing WHERE book_id = NEW.book_id AND NEW.entry_id BETWEEN first_id AND last_id)
  AND NOT EXISTS (SELECT 1 FROM shebao_seal WHERE book_id = NEW.book_id AND entry_id = NEW.entry_id)
BEGIN
  INSERT INTO shebao_balance (book_id, account, period, dimension, debit_fen, credit_fen, closing_debit_fen, closing_credit_fen, lines)
  SELECT l.book_id, l.account, e.period, l.dimension,
    SUM(CASE WHEN e.closing = 0 AND l.side = 'D' THEN l.amount_fen ELSE 0 END),
    SUM(CASE WHEN e.closing = 0 AND l.side = 'C' THEN l.amount_fen ELSE 0 END),
    SUM(CASE WHEN e.closing = 1 AND l.side = 'D' THEN l.amount_fen ELSE 0 END),
    SUM(CASE WHEN e.closing = 1 AND l.side = 'C' THEN l.amount_fen ELSE 0 END), COUNT(*)
  FROM shebao_entry e CROSS JOIN shebao_line l ON l.book_id = e.book_id AND l.entry_id = +e.entry_id
  WHERE e.book_id = NEW.book_id AND e.entry_id = NEW.entry_id
  GROUP BY l.account, e.period, l.dimension
  ON CONFLICT (book_id, account, period, dimension) DO UPDATE SET
    debit_fen = debit_fen + excluded.debit_fen, credit_fen = credit_fen + excluded.credit_fen,
    closing_debit_fen = closing_debit_fen + excluded.closing_debit_fen,
    closing_credit_fen = closing_credit_fen + excluded.closing_credit_fen, lines = lines + excluded.lines;
END
-- ;;
-- L10: rows and lines tie account by account. The rows are read once for every four accounts of the entry and never sorted, since five million of them
-- cost more to sort than to write. Every row is counted, and those on the entry's accounts; a row on another account makes the two differ.
-- Payouts are booked on the debit side and cover every expense line; contributions on the credit side, and cover every 4001.
CREATE TRIGGER shebao_seal_payout BEFORE INSERT ON shebao_seal
WHEN NOT EXISTS (SELECT 1 FROM shebao_sealing WHERE book_id = NEW.book_id AND NEW.entry_id BETWEEN first_id AND last_id)
  AND (SELECT payout_source FROM shebao_entry WHERE book_id = NEW.book_id AND entry_id = NEW.entry_id) IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'SB1305: 发放明细笔数与凭证不符') WHERE (
    SELECT COALESCE(SUM(of_lines), 0) FROM (
      SELECT (
        SELECT CASE WHEN COUNT(*) <> g.many THEN RAISE(ABORT, 'SB1305: 发放明细笔数与凭证不符')
          WHEN COALESCE(SUM(r.amount_fen) FILTER (WHERE r.account = g.a0), CASE WHEN g.a0 LIKE '5%' THEN 0 ELSE g.b0 END) IS NOT g.b0
            OR COALESCE(SUM(r.amount_fen) FILTER (WHERE r.account = g.a1), CASE WHEN g.a1 LIKE '5%' THEN 0 ELSE g.b1 END) IS NOT g.b1
            OR COALESCE(SUM(r.amount_fen) FILTER (WHERE r.account = g.a2), CASE WHEN g.a2 LIKE '5%' THEN 0 ELSE g.b2 END) IS NOT g.b2
            OR COALESCE(SUM(r.amount_fen) FILTER (WHERE r.account = g.a3), CASE WHEN g.a3 LIKE '5%' THEN 0 ELSE g.b3 END) IS NOT g.b3
          THEN RAISE(ABORT, 'SB1305: 发放明细与凭证不符')
          ELSE COUNT(*) FILTER (WHERE r.account IN (g.a0, g.a1, g.a2, g.a3)) END
        FROM shebao_payout r WHERE r.book_id = NEW.book_id AND r.source_id = g.source) AS of_lines
      FROM (
        SELECT MAX(e.payout_source) AS source, MAX(e.payout_count) AS many,
          MAX(account) FILTER (WHERE place % 4 = 0) AS a0, MAX(booked) FILTER (WHERE place % 4 = 0) AS b0,
          MAX(account) FILTER (WHERE place % 4 = 1) AS a1, MAX(booked) FILTER (WHERE place % 4 = 1) AS b1,
          MAX(account) FILTER (WHERE place % 4 = 2) AS a2, MAX(booked) FILTER (WHERE place % 4 = 2) AS b2,
          MAX(account) FILTER (WHERE place % 4 = 3) AS a3, MAX(booked) FILTER (WHERE place % 4 = 3) AS b3
        FROM (
          SELECT account, SUM(CASE side WHEN 'D' THEN amount_fen ELSE -amount_fen END) AS booked, ROW_NUMBER() OVER (ORDER BY account) - 1 AS place
          FROM shebao_line WHERE book_id = NEW.book_id AND entry_id = NEW.entry_id GROUP BY account)
        CROSS JOIN shebao_entry e WHERE e.book_id = NEW.book_id AND e.entry_id = NEW.entry_id
        GROUP BY place / 4) g))
    <> (SELECT payout_count FROM shebao_entry WHERE book_id = NEW.book_id AND entry_id = NEW.entry_id);
END
-- ;;
CREATE TRIGGER shebao_seal_contribution BEFORE INSERT ON shebao_seal
WHEN NOT EXISTS (SELECT 1 FROM shebao_sealing WHERE book_id = NEW.book_id AND NEW.entry_id BETWEEN first_id AND last_id)
  AND (SELECT contribution_source FROM shebao_entry WHERE book_id = NEW.book_id AND entry_id = NEW.entry_id) IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'SB1305: 缴费明细笔数与凭证不符') WHERE (
    SELECT COALESCE(SUM(of_lines), 0) FROM (
      SELECT (
        SELECT CASE WHEN COUNT(*) <> g.many THEN RAISE(ABORT, 'SB1305: 缴费明细笔数与凭证不符')
          WHEN COALESCE(SUM(r.amount_fen) FILTER (WHERE r.account = g.a0), CASE WHEN g.a0 LIKE '4001%' THEN 0 ELSE g.b0 END) IS NOT g.b0
            OR COALESCE(SUM(r.amount_fen) FILTER (WHERE r.account = g.a1), CASE WHEN g.a1 LIKE '4001%' THEN 0 ELSE g.b1 END) IS NOT g.b1
            OR COALESCE(SUM(r.amount_fen) FILTER (WHERE r.account = g.a2), CASE WHEN g.a2 LIKE '4001%' THEN 0 ELSE g.b2 END) IS NOT g.b2
            OR COALESCE(SUM(r.amount_fen) FILTER (WHERE r.account = g.a3), CASE WHEN g.a3 LIKE '4001%' THEN 0 ELSE g.b3 END) IS NOT g.b3
          THEN RAISE(ABORT, 'SB1305: 缴费明细与凭证不符')
          ELSE COUNT(*) FILTER (WHERE r.account IN (g.a0, g.a1, g.a2, g.a3)) END
        FROM shebao_contribution r WHERE r.book_id = NEW.book_id AND r.source_id = g.source) AS of_lines
      FROM (
        SELECT MAX(e.contribution_source) AS source, MAX(e.contribution_count) AS many,
          MAX(account) FILTER (WHERE place % 4 = 0) AS a0, MAX(booked) FILTER (WHERE place % 4 = 0) AS b0,
          MAX(account) FILTER (WHERE place % 4 = 1) AS a1, MAX(booked) FILTER (WHERE place % 4 = 1) AS b1,
          MAX(account) FILTER (WHERE place % 4 = 2) AS a2, MAX(booked) FILTER (WHERE place % 4 = 2) AS b2,
          MAX(account) FILTER (WHERE place % 4 = 3) AS a3, MAX(booked) FILTER (WHERE place % 4 = 3) AS b3
        FROM (
          SELECT account, SUM(CASE side WHEN 'C' THEN amount_fen ELSE -amount_fen END) AS booked, ROW_NUMBER() OVER (ORDER BY account) - 1 AS place
          FROM shebao_line WHERE book_id = NEW.book_id AND entry_id = NEW.entry_id GROUP BY account)
        CROSS JOIN shebao_entry e WHERE e.book_id = NEW.book_id AND e.entry_id = NEW.entry_id
        GROUP BY place / 4) g))
    <> (SELECT contribution_count FROM shebao_entry WHERE book_id = NEW.book_id AND entry_id = NEW.entry_id);
  -- A red voucher strikes every row of the one it corrects; as many rows, each with its negative, are the same rows.
  SELECT RAISE(ABORT, 'SB1305: 冲销的缴费明细与原凭证不符') WHERE EXISTS (
    SELECT 1 FROM shebao_entry e JOIN shebao_contribution o ON o.book_id = e.book_id AND o.source_id = -e.contribution_source
    WHERE e.book_id = NEW.book_id AND e.entry_id = NEW.entry_id AND e.contribution_source < 0 AND NOT EXISTS (
      SELECT 1 FROM shebao_contribution r WHERE r.book_id = o.book_id AND r.source_id = e.contribution_source AND r.number = o.number
        AND r.part = o.part AND r.period = o.period AND r.amount_fen = -o.amount_fen AND r.account = o.account));
END
-- ;;
CREATE TRIGGER shebao_seal_done AFTER INSERT ON shebao_seal WHEN EXISTS (SELECT 1 FROM shebao_open_posting WHERE book_id = NEW.book_id) BEGIN
  DELETE FROM shebao_open_posting WHERE book_id = NEW.book_id AND source_id = (
    SELECT CASE shebao_open_posting.subledger WHEN 'payout' THEN payout_source ELSE contribution_source END
    FROM shebao_entry WHERE book_id = NEW.book_id AND entry_id = NEW.entry_id);
END
-- ;;
-- Ordinary entries sealed together (L1, L3-L6, L8, L11, C6). Posting lifts the row guards of entries, lines and records for its own insert, lays them
-- again and then asks for this: everything that those guards and the seal ask of an entry, proved over all entries without a seal at once. The row goes
-- with the proof, so nobody ever sees one; without the seals that it sets nothing can be committed.
CREATE TRIGGER shebao_sealing_enter AFTER INSERT ON shebao_sealing BEGIN
  SELECT RAISE(ABORT, 'SB1309: 没有待封签的凭证') WHERE NEW.first_id > NEW.last_id
    OR NEW.last_id IS NOT (SELECT MAX(entry_id) FROM shebao_entry WHERE book_id = NEW.book_id)
    OR NEW.first_id <> 1 + COALESCE((SELECT MAX(entry_id) FROM shebao_seal WHERE book_id = NEW.book_id), 0);
  SELECT RAISE(ABORT, 'SB1301: 凭证号不连续') WHERE NEW.last_id - NEW.first_id + 1 <> (
    SELECT COUNT(*) FROM shebao_entry WHERE book_id = NEW.book_id AND entry_id BETWEEN NEW.first_id AND NEW.last_id);
  -- Each number but the first of its kind and month has the one before it in an earlier entry; the unique keys hold that none comes twice.
  SELECT CASE
    WHEN e.number < 1 OR (e.number > 1 AND NOT EXISTS (SELECT 1 FROM shebao_entry o WHERE o.book_id = e.book_id AND o.kind = e.kind
      AND o.period = e.period AND o.number = e.number - 1 AND +o.entry_id < e.entry_id)) THEN RAISE(ABORT, 'SB1301: 凭证号不连续')
    WHEN NOT EXISTS (SELECT 1 FROM shebao_period p WHERE p.book_id = e.book_id AND p.period = e.period
      AND (p.state = 'open' OR (p.state = 'locked' AND e.closing = 1))) THEN RAISE(ABORT, 'SB1302: 会计期间未开放')
    WHEN e.payout_source IS NOT NULL OR e.contribution_source IS NOT NULL THEN RAISE(ABORT, 'SB1305: 带逐人明细的凭证须单独记账')
    WHEN e.corrects IS NULL AND (e.source_key LIKE 'reverse:%' OR e.source_key LIKE 'correct:%' OR e.source_key LIKE 'adjust:%')
      OR e.corrects IS NOT NULL AND (
        e.source_key NOT IN ('reverse:' || e.corrects, 'correct:' || e.corrects, 'adjust:' || e.corrects)
        OR NOT EXISTS (SELECT 1 FROM shebao_entry o WHERE o.book_id = e.book_id AND o.entry_id = e.corrects AND o.entry_id < e.entry_id
          AND o.closing = 0 AND o.corrects IS NULL AND o.payout_source IS NULL AND o.contribution_source IS NULL))
      THEN RAISE(ABORT, 'SB1341: 更正凭证与原凭证不符') END
  FROM shebao_entry e WHERE e.book_id = NEW.book_id AND e.entry_id BETWEEN NEW.first_id AND NEW.last_id;
  SELECT CASE
    WHEN SUM(CASE l.side WHEN 'D' THEN l.amount_fen ELSE -l.amount_fen END) <> 0 THEN RAISE(ABORT, 'SB1101: 借贷不平')
    WHEN COUNT(l.line_no) < 2 OR COUNT(l.line_no) <> e.line_count OR SUM(CASE l.side WHEN 'D' THEN l.amount_fen ELSE 0 END) <> e.debit_fen
      THEN RAISE(ABORT, 'SB1304: 分录与凭证头不符') END
  FROM shebao_entry e LEFT JOIN shebao_line l ON l.book_id = e.book_id AND l.entry_id = e.entry_id
  WHERE e.book_id = NEW.book_id AND e.entry_id BETWEEN NEW.first_id AND NEW.last_id GROUP BY e.entry_id;
  -- One record an entry, in their order, at the end of the chain, each bound to the one before.
  SELECT RAISE(ABORT, 'SB1307: 留痕与凭证不符') WHERE NEW.last_seq - NEW.first_seq <> NEW.last_id - NEW.first_id
    OR NEW.last_seq IS NOT (SELECT MAX(seq) FROM shebao_chain);
  SELECT CASE
    WHEN c.seq IS NULL OR c.act <> 'post' OR c.thing <> 'entry:' || e.book_id || ':' || e.entry_id OR c.digest <> e.digest OR c.actor <> e.poster
      THEN RAISE(ABORT, 'SB1307: 留痕与凭证不符')
    WHEN c.previous IS NOT CASE c.seq WHEN 1 THEN '' ELSE (SELECT b.hash FROM shebao_chain b WHERE b.seq = c.seq - 1) END
      THEN RAISE(ABORT, 'SB1307: 留痕须首尾相接') END
  FROM shebao_entry e LEFT JOIN shebao_chain c ON c.seq = NEW.first_seq + e.entry_id - NEW.first_id
  WHERE e.book_id = NEW.book_id AND e.entry_id BETWEEN NEW.first_id AND NEW.last_id;
  -- Lines are gathered by account: one that is valid on the first and on the last of their days is valid on all of them.
  INSERT INTO shebao_balance (book_id, account, period, dimension, debit_fen, credit_fen, closing_debit_fen, closing_credit_fen, lines)
  SELECT g.book_id, g.account, g.period, g.dimension, g.debit, g.credit, g.closing_debit, g.closing_credit,
    CASE WHEN a.leaf = 1 AND a.valid_from <= g.first_day AND (a.valid_to = '' OR g.last_day < a.valid_to) THEN g.many
      ELSE RAISE(ABORT, 'SB1306: 科目不可用') END
  FROM (
    SELECT l.book_id, l.account, e.period, l.dimension, MIN(e.day) AS first_day, MAX(e.day) AS last_day, COUNT(*) AS many,
      SUM(CASE WHEN e.closing = 0 AND l.side = 'D' THEN l.amount_fen ELSE 0 END) AS debit,
      SUM(CASE WHEN e.closing = 0 AND l.side = 'C' THEN l.amount_fen ELSE 0 END) AS credit,
      SUM(CASE WHEN e.closing = 1 AND l.side = 'D' THEN l.amount_fen ELSE 0 END) AS closing_debit,
      SUM(CASE WHEN e.closing = 1 AND l.side = 'C' THEN l.amount_fen ELSE 0 END) AS closing_credit
    FROM shebao_entry e CROSS JOIN shebao_line l ON l.book_id = e.book_id AND l.entry_id = +e.entry_id
    WHERE e.book_id = NEW.book_id AND e.entry_id BETWEEN NEW.first_id AND NEW.last_id
    GROUP BY l.account, e.period, l.dimension) g
  LEFT JOIN shebao_account a ON a.book_id = g.book_id AND a.code = g.account
  WHERE true
  ON CONFLICT (book_id, account, period, dimension) DO UPDATE SET
    debit_fen = debit_fen + excluded.debit_fen, credit_fen = credit_fen + excluded.credit_fen,
    closing_debit_fen = closing_debit_fen + excluded.closing_debit_fen,
    closing_credit_fen = closing_credit_fen + excluded.closing_credit_fen, lines = lines + excluded.lines;
  INSERT INTO shebao_seal (book_id, entry_id) SELECT book_id, entry_id FROM shebao_entry
  WHERE book_id = NEW.book_id AND entry_id BETWEEN NEW.first_id AND NEW.last_id ORDER BY entry_id;
  DELETE FROM shebao_sealing WHERE book_id = NEW.book_id;
END
-- ;;
CREATE TRIGGER shebao_sealing_keep BEFORE UPDATE ON shebao_sealing BEGIN SELECT RAISE(ABORT, 'SB1309: 不得修改'); END
-- ;;
-- L5: open -> locked -> closed, in order of months; closed is closed.
CREATE TRIGGER shebao_period_enter BEFORE INSERT ON shebao_period BEGIN
  SELECT RAISE(ABORT, 'SB1308: 新期间须为开放状态') WHERE NEW.state <> 'open';
  SELECT RAISE(ABORT, 'SB1308: 期间须逐月开启') WHERE EXISTS (SELECT 1 FROM shebao_period WHERE book_id = NEW.book_id)
    AND NEW.period <> (SELECT CASE MAX(period) % 100 WHEN 12 THEN MAX(period) + 89 ELSE MAX(period) + 1 END FROM shebao_period WHERE book_id = NEW.book_id);
END
-- ;;
CREATE TRIGGER shebao_period_move BEFORE UPDATE ON shebao_period BEGIN
  SELECT RAISE(ABORT, 'SB1308: 期间只能 开放→锁定→结账') WHERE OLD.book_id <> NEW.book_id OR OLD.period <> NEW.period
    OR NOT ((OLD.state = 'open' AND NEW.state = 'locked') OR (OLD.state = 'locked' AND NEW.state IN ('open', 'closed')));
  SELECT RAISE(ABORT, 'SB1308: 结转凭证已记账，不得退回开放') WHERE NEW.state = 'open' AND EXISTS (
    SELECT 1 FROM shebao_entry WHERE book_id = NEW.book_id AND period = NEW.period AND closing = 1);
  SELECT RAISE(ABORT, 'SB1308: 上一期间尚未结账') WHERE NEW.state = 'closed' AND EXISTS (
    SELECT 1 FROM shebao_period WHERE book_id = NEW.book_id AND period < NEW.period AND state <> 'closed');
END
-- ;;
CREATE TRIGGER shebao_period_stay BEFORE DELETE ON shebao_period BEGIN SELECT RAISE(ABORT, 'SB1308: 期间不得删除'); END
-- ;;
-- C6: the chain only grows, each record bound to the one before.
CREATE TRIGGER shebao_chain_enter BEFORE INSERT ON shebao_chain BEGIN
  SELECT RAISE(ABORT, 'SB1307: 留痕须首尾相接') WHERE NEW.seq <> 1 + COALESCE((SELECT MAX(seq) FROM shebao_chain), 0)
    OR NEW.previous <> COALESCE((SELECT hash FROM shebao_chain ORDER BY seq DESC LIMIT 1), '') OR EXISTS (SELECT 1 FROM shebao_chain WHERE hash = NEW.hash);
END
-- ;;
CREATE TRIGGER shebao_chain_keep BEFORE UPDATE ON shebao_chain BEGIN SELECT RAISE(ABORT, 'SB1303: 留痕不得修改'); END
-- ;;
CREATE TRIGGER shebao_chain_stay BEFORE DELETE ON shebao_chain BEGIN SELECT RAISE(ABORT, 'SB1303: 留痕不得删除'); END
-- ;;
-- F16: a personal text and its salt come with their record, stay as they are, and go only with their erasure.
CREATE TRIGGER shebao_chain_salt_enter BEFORE INSERT ON shebao_chain_salt BEGIN
  SELECT RAISE(ABORT, 'SB1490: 盐值须属于一条留痕') WHERE NOT EXISTS (SELECT 1 FROM shebao_chain c WHERE c.seq = NEW.seq AND (instr(c.facts, '{"$":"' || NEW.token || '"}') > 0 OR c.reason = '$' || NEW.token));
  SELECT RAISE(ABORT, 'SB1490: 盐值不得覆盖或补入') WHERE EXISTS (SELECT 1 FROM shebao_chain_salt s WHERE s.seq = NEW.seq AND s.token = NEW.token) OR EXISTS (SELECT 1 FROM shebao_chain_erasure e WHERE e.seq = NEW.seq AND e.token = NEW.token);
END
-- ;;
CREATE TRIGGER shebao_chain_salt_keep BEFORE UPDATE ON shebao_chain_salt BEGIN SELECT RAISE(ABORT, 'SB1490: 盐值和原文不得修改'); END
-- ;;
CREATE TRIGGER shebao_chain_salt_stay BEFORE DELETE ON shebao_chain_salt BEGIN
  SELECT RAISE(ABORT, 'SB1490: 盐值和原文只能依法销毁') WHERE NOT EXISTS (SELECT 1 FROM shebao_chain_erasure e WHERE e.seq = OLD.seq AND e.token = OLD.token);
END
-- ;;
CREATE TRIGGER shebao_chain_erasure_enter BEFORE INSERT ON shebao_chain_erasure BEGIN
  SELECT RAISE(ABORT, 'SB1490: 销毁登记须有可销毁的原文') WHERE NOT EXISTS (SELECT 1 FROM shebao_chain_salt s WHERE s.seq = NEW.seq AND s.token = NEW.token);
END
-- ;;
CREATE TRIGGER shebao_chain_erasure_done AFTER INSERT ON shebao_chain_erasure BEGIN
  DELETE FROM shebao_chain_salt WHERE seq = NEW.seq AND token = NEW.token;
END
-- ;;
CREATE TRIGGER shebao_chain_erasure_keep BEFORE UPDATE ON shebao_chain_erasure BEGIN SELECT RAISE(ABORT, 'SB1490: 销毁登记不得修改'); END
-- ;;
CREATE TRIGGER shebao_chain_erasure_stay BEFORE DELETE ON shebao_chain_erasure BEGIN SELECT RAISE(ABORT, 'SB1490: 销毁登记不得删除'); END
-- ;;
-- Guards of the register of persons on SQLite. Each statement ends with a line "-- ;;". Text raised begins with the code of its refusal.

-- The register only grows.
CREATE TRIGGER shebao_person_knowledge_stay BEFORE DELETE ON shebao_person_knowledge BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不删'); END
-- ;;
CREATE TRIGGER shebao_person_scope_keep BEFORE UPDATE ON shebao_person_scope BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不改'); END
-- ;;
CREATE TRIGGER shebao_person_scope_stay BEFORE DELETE ON shebao_person_scope BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不删'); END
-- ;;
CREATE TRIGGER shebao_person_head_keep BEFORE UPDATE ON shebao_person BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不改'); END
-- ;;
CREATE TRIGGER shebao_person_head_stay BEFORE DELETE ON shebao_person BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不删'); END
-- ;;
CREATE TRIGGER shebao_person_registration_keep BEFORE UPDATE ON shebao_person_registration BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不改'); END
-- ;;
CREATE TRIGGER shebao_person_registration_stay BEFORE DELETE ON shebao_person_registration BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不删'); END
-- ;;
CREATE TRIGGER shebao_person_number_keep BEFORE UPDATE ON shebao_person_number BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不改'); END
-- ;;
CREATE TRIGGER shebao_person_number_stay BEFORE DELETE ON shebao_person_number BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不删'); END
-- ;;
CREATE TRIGGER shebao_person_name_keep BEFORE UPDATE ON shebao_person_name BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不改'); END
-- ;;
CREATE TRIGGER shebao_person_name_stay BEFORE DELETE ON shebao_person_name BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不删'); END
-- ;;
CREATE TRIGGER shebao_person_status_keep BEFORE UPDATE ON shebao_person_status BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不改'); END
-- ;;
CREATE TRIGGER shebao_person_status_stay BEFORE DELETE ON shebao_person_status BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不删'); END
-- ;;
CREATE TRIGGER shebao_person_bank_account_keep BEFORE UPDATE ON shebao_person_bank_account BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不改'); END
-- ;;
CREATE TRIGGER shebao_person_bank_account_stay BEFORE DELETE ON shebao_person_bank_account BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不删'); END
-- ;;
CREATE TRIGGER shebao_person_link_keep BEFORE UPDATE ON shebao_person_link BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不改'); END
-- ;;
CREATE TRIGGER shebao_person_link_stay BEFORE DELETE ON shebao_person_link BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不删'); END
-- ;;
CREATE TRIGGER shebao_person_doubt_keep BEFORE UPDATE ON shebao_person_doubt BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不改'); END
-- ;;
CREATE TRIGGER shebao_person_doubt_stay BEFORE DELETE ON shebao_person_doubt BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不删'); END
-- ;;
-- Knowledge in the order of knowing, one at a time; a change by two people. INSERT OR REPLACE deletes without a DELETE trigger, so a key that is taken is refused.
CREATE TRIGGER shebao_person_knowledge_enter BEFORE INSERT ON shebao_person_knowledge BEGIN
  SELECT RAISE(ABORT, 'SB1409: 该文件或变更已登记过') WHERE EXISTS (
    SELECT 1 FROM shebao_person_knowledge WHERE knowledge_no = NEW.knowledge_no OR (kind = NEW.kind AND source_id = NEW.source_id));
  SELECT RAISE(ABORT, 'SB1402: 登记须依次进行，获知日期不得倒退') WHERE NEW.state <> 'open' OR NEW.digest <> ''
    OR NEW.knowledge_no <> (SELECT COALESCE(MAX(knowledge_no), 0) + 1 FROM shebao_person_knowledge)
    OR EXISTS (SELECT 1 FROM shebao_person_knowledge WHERE state = 'open')
    OR NEW.known_on < (SELECT COALESCE(MAX(known_on), '') FROM shebao_person_knowledge);
  SELECT RAISE(ABORT, 'SB1404: 登记变更须由两人签字') WHERE (NEW.kind = 'change') <> (NEW.signed = 1)
    OR (NEW.signed = 1 AND (NEW.requested_by = '' OR NEW.reviewed_by = '' OR NEW.requested_by = NEW.reviewed_by));
END
-- ;;
CREATE TRIGGER shebao_person_knowledge_move BEFORE UPDATE ON shebao_person_knowledge
WHEN NOT (OLD.state = 'open' AND NEW.state = 'closed' AND NEW.digest <> '') OR OLD.knowledge_no <> NEW.knowledge_no OR OLD.known_on <> NEW.known_on OR OLD.recorded_at <> NEW.recorded_at
  OR OLD.kind <> NEW.kind OR OLD.signed <> NEW.signed OR OLD.source_id <> NEW.source_id OR OLD.as_of <> NEW.as_of
  OR OLD.requested_by <> NEW.requested_by OR OLD.reviewed_by <> NEW.reviewed_by
BEGIN SELECT RAISE(ABORT, 'SB1409: 登记只可完成，不得修改'); END
-- ;;
-- Rows enter only while their knowledge is open, signed rows only under a change.
CREATE TRIGGER shebao_person_scope_enter BEFORE INSERT ON shebao_person_scope BEGIN
  SELECT RAISE(ABORT, 'SB1409: 登记不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_person_scope WHERE fund = NEW.fund AND region = NEW.region AND knowledge_no = NEW.knowledge_no);
  SELECT RAISE(ABORT, 'SB1409: 不在登记过程中，或未经两人签字') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_person_knowledge WHERE knowledge_no = NEW.knowledge_no AND state = 'open' AND signed = 0);
END
-- ;;
CREATE TRIGGER shebao_person_head_enter BEFORE INSERT ON shebao_person BEGIN
  SELECT RAISE(ABORT, 'SB1409: 登记不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_person WHERE person_id = NEW.person_id);
  SELECT RAISE(ABORT, 'SB1409: 不在登记过程中，或未经两人签字') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_person_knowledge WHERE knowledge_no = NEW.knowledge_no AND state = 'open' AND signed = 0);
  SELECT RAISE(ABORT, 'SB1405: 证件号码已登记在他人名下') WHERE EXISTS (SELECT 1 FROM shebao_person WHERE number = NEW.number)
    OR EXISTS (SELECT 1 FROM shebao_person_number WHERE number = NEW.number);
END
-- ;;
CREATE TRIGGER shebao_person_registration_enter BEFORE INSERT ON shebao_person_registration BEGIN
  SELECT RAISE(ABORT, 'SB1409: 登记不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_person_registration WHERE fund = NEW.fund AND region = NEW.region AND person_id = NEW.person_id);
  SELECT RAISE(ABORT, 'SB1409: 不在登记过程中，或未经两人签字') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_person_knowledge WHERE knowledge_no = NEW.knowledge_no AND state = 'open' AND signed = 0);
END
-- ;;
CREATE TRIGGER shebao_person_number_enter BEFORE INSERT ON shebao_person_number BEGIN
  SELECT RAISE(ABORT, 'SB1409: 登记不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_person_number WHERE person_id = NEW.person_id AND knowledge_no = NEW.knowledge_no AND number = NEW.number);
  SELECT RAISE(ABORT, 'SB1409: 不在登记过程中，或未经两人签字') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_person_knowledge WHERE knowledge_no = NEW.knowledge_no AND state = 'open' AND signed = NEW.signed);
  SELECT RAISE(ABORT, 'SB1405: 证件号码已登记在他人名下') WHERE EXISTS (SELECT 1 FROM shebao_person_number WHERE number = NEW.number AND person_id <> NEW.person_id)
    OR EXISTS (SELECT 1 FROM shebao_person WHERE number = NEW.number AND person_id <> NEW.person_id);
END
-- ;;
CREATE TRIGGER shebao_person_name_enter BEFORE INSERT ON shebao_person_name BEGIN
  SELECT RAISE(ABORT, 'SB1409: 登记不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_person_name WHERE person_id = NEW.person_id AND knowledge_no = NEW.knowledge_no AND name = NEW.name);
  SELECT RAISE(ABORT, 'SB1409: 不在登记过程中，或未经两人签字') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_person_knowledge WHERE knowledge_no = NEW.knowledge_no AND state = 'open' AND signed = NEW.signed);
END
-- ;;
CREATE TRIGGER shebao_person_status_enter BEFORE INSERT ON shebao_person_status BEGIN
  SELECT RAISE(ABORT, 'SB1409: 登记不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_person_status WHERE fund = NEW.fund AND region = NEW.region AND person_id = NEW.person_id AND knowledge_no = NEW.knowledge_no AND from_on = NEW.from_on);
  SELECT RAISE(ABORT, 'SB1409: 不在登记过程中，或未经两人签字') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_person_knowledge WHERE knowledge_no = NEW.knowledge_no AND state = 'open' AND signed = NEW.signed);
  SELECT RAISE(ABORT, 'SB1407: 没有这一参保登记') WHERE NEW.signed = 1 AND NOT EXISTS (
    SELECT 1 FROM shebao_person_registration WHERE fund = NEW.fund AND region = NEW.region AND person_id = NEW.person_id);
END
-- ;;
CREATE TRIGGER shebao_person_bank_account_enter BEFORE INSERT ON shebao_person_bank_account BEGIN
  SELECT RAISE(ABORT, 'SB1409: 登记不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_person_bank_account WHERE fund = NEW.fund AND person_id = NEW.person_id AND knowledge_no = NEW.knowledge_no);
  SELECT RAISE(ABORT, 'SB1409: 不在登记过程中，或未经两人签字') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_person_knowledge WHERE knowledge_no = NEW.knowledge_no AND state = 'open' AND signed = NEW.signed);
END
-- ;;
CREATE TRIGGER shebao_person_link_enter BEFORE INSERT ON shebao_person_link BEGIN
  SELECT RAISE(ABORT, 'SB1409: 登记不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_person_link WHERE person_id = NEW.person_id AND knowledge_no = NEW.knowledge_no);
  SELECT RAISE(ABORT, 'SB1409: 不在登记过程中，或未经两人签字') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_person_knowledge WHERE knowledge_no = NEW.knowledge_no AND state = 'open' AND signed = NEW.signed);
END
-- ;;
CREATE TRIGGER shebao_person_doubt_enter BEFORE INSERT ON shebao_person_doubt BEGIN
  SELECT RAISE(ABORT, 'SB1409: 登记不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_person_doubt WHERE knowledge_no = NEW.knowledge_no AND doubt_no = NEW.doubt_no);
  SELECT RAISE(ABORT, 'SB1409: 不在登记过程中，或未经两人签字') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_person_knowledge WHERE knowledge_no = NEW.knowledge_no AND state = 'open' AND signed = 0);
END
-- ;;
-- Guards of person accounts on SQLite. Each statement ends with a line "-- ;;". Text raised begins with the code of its refusal.

-- Rows stand for ever, and enter only while their batch is being built.
CREATE TRIGGER shebao_person_account_act_keep BEFORE UPDATE ON shebao_person_account_act BEGIN SELECT RAISE(ABORT, 'SB1426: 个人账户只增不改'); END
-- ;;
CREATE TRIGGER shebao_person_account_act_stay BEFORE DELETE ON shebao_person_account_act BEGIN SELECT RAISE(ABORT, 'SB1426: 个人账户只增不删'); END
-- ;;
CREATE TRIGGER shebao_person_account_act_enter BEFORE INSERT ON shebao_person_account_act
WHEN NOT EXISTS (SELECT 1 FROM shebao_person_account_batch WHERE book_id = NEW.book_id AND batch_id = NEW.batch_id AND state = 'building')
BEGIN SELECT RAISE(ABORT, 'SB1426: 明细只能随提出一次记入'); END
-- ;;
CREATE TRIGGER shebao_person_account_year_keep BEFORE UPDATE ON shebao_person_account_year BEGIN SELECT RAISE(ABORT, 'SB1426: 个人账户只增不改'); END
-- ;;
CREATE TRIGGER shebao_person_account_year_stay BEFORE DELETE ON shebao_person_account_year BEGIN SELECT RAISE(ABORT, 'SB1426: 个人账户只增不删'); END
-- ;;
CREATE TRIGGER shebao_person_account_year_enter BEFORE INSERT ON shebao_person_account_year
WHEN NOT EXISTS (SELECT 1 FROM shebao_person_account_batch WHERE book_id = NEW.book_id AND batch_id = NEW.batch_id AND state = 'building' AND kind = 'interest')
BEGIN SELECT RAISE(ABORT, 'SB1426: 明细只能随提出一次记入'); END
-- ;;
-- A batch begins as building, numbered without a gap, signed by its proposer alone.
CREATE TRIGGER shebao_person_account_batch_enter BEFORE INSERT ON shebao_person_account_batch BEGIN
  SELECT RAISE(ABORT, 'SB1426: 编号须连续，从建立开始') WHERE NEW.state <> 'building' OR NEW.reviewed_by <> '' OR NEW.reviewed_at <> '' OR NEW.proposed_by = ''
    OR NEW.batch_id <> 1 + COALESCE((SELECT MAX(batch_id) FROM shebao_person_account_batch WHERE book_id = NEW.book_id), 0)
    OR EXISTS (SELECT 1 FROM shebao_person_account_batch WHERE book_id = NEW.book_id AND source_key = NEW.source_key);
END
-- ;;
CREATE TRIGGER shebao_person_account_batch_stay BEFORE DELETE ON shebao_person_account_batch BEGIN SELECT RAISE(ABORT, 'SB1426: 个人账户只增不删'); END
-- ;;
CREATE TRIGGER shebao_person_account_batch_move BEFORE UPDATE ON shebao_person_account_batch BEGIN
  SELECT RAISE(ABORT, 'SB1426: 提出后内容不得修改') WHERE OLD.book_id <> NEW.book_id OR OLD.batch_id <> NEW.batch_id OR OLD.kind <> NEW.kind OR OLD.period <> NEW.period
    OR OLD.books <> NEW.books OR OLD.source_key <> NEW.source_key OR OLD.key <> NEW.key OR OLD.reason <> NEW.reason OR OLD.evidence <> NEW.evidence
    OR OLD.facts <> NEW.facts OR OLD.row_count <> NEW.row_count OR OLD.fen <> NEW.fen OR OLD.digest <> NEW.digest
    OR OLD.proposed_by <> NEW.proposed_by OR OLD.proposed_at <> NEW.proposed_at;
  SELECT RAISE(ABORT, 'SB1426: 只能 建立→提出→生效或退回') WHERE NOT (
    (OLD.state = 'building' AND NEW.state = 'proposed' AND NEW.reviewed_by = '' AND NEW.reviewed_at = '' AND NEW.review_note = '')
    OR (OLD.state = 'proposed' AND NEW.state IN ('accepted', 'rejected') AND NEW.reviewed_by <> '' AND NEW.reviewed_at <> ''));
  SELECT RAISE(ABORT, 'SB1426: 提出人不得审核') WHERE NEW.reviewed_by = OLD.proposed_by;
  SELECT RAISE(ABORT, 'SB1426: 明细与提出的笔数、金额不符') WHERE OLD.state = 'building' AND NOT EXISTS (
    SELECT 1 FROM (
      SELECT COUNT(*) AS rows, COALESCE(SUM(amount_fen), 0) AS fen FROM shebao_person_account_act WHERE book_id = NEW.book_id AND batch_id = NEW.batch_id
    ) a, (
      SELECT COUNT(*) AS rows, COALESCE(SUM(interest_fen), 0) AS fen FROM shebao_person_account_year WHERE book_id = NEW.book_id AND batch_id = NEW.batch_id
    ) y WHERE a.rows + y.rows = NEW.row_count AND a.fen + y.fen = NEW.fen);
  -- What needs no voucher never enters a year whose interest is settled.
  SELECT RAISE(ABORT, 'SB1426: 该年度已结息') WHERE NEW.state = 'accepted' AND NEW.kind <> 'interest' AND NEW.books = 0 AND EXISTS (
    SELECT 1 FROM shebao_person_account_batch WHERE book_id = NEW.book_id AND state = 'accepted' AND kind = 'interest' AND period >= NEW.period);
  -- One opening a book; interest of a year once, year after year.
  SELECT RAISE(ABORT, 'SB1426: 期初余额只能生效一次') WHERE NEW.state = 'accepted' AND NEW.kind = 'opening' AND EXISTS (
    SELECT 1 FROM shebao_person_account_batch WHERE book_id = NEW.book_id AND state = 'accepted' AND kind IN ('opening', 'interest') AND batch_id <> NEW.batch_id);
  SELECT RAISE(ABORT, 'SB1426: 每年结息一次，逐年结息') WHERE NEW.state = 'accepted' AND NEW.kind = 'interest' AND NEW.period <> COALESCE(
    (SELECT MAX(period) + 100 FROM shebao_person_account_batch WHERE book_id = NEW.book_id AND state = 'accepted' AND kind = 'interest'), NEW.period);
END
