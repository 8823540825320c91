-- Tables and guards of the first revision on postgresql. Written by scripts/freeze_schema.py: change tables and guards, then freeze again.
CREATE TABLE shebao_balance (
  book_id INTEGER NOT NULL,
  account TEXT NOT NULL,
  period INTEGER NOT NULL,
  dimension TEXT NOT NULL,
  debit_fen BIGINT NOT NULL,
  credit_fen BIGINT NOT NULL,
  closing_debit_fen BIGINT NOT NULL,
  closing_credit_fen BIGINT NOT NULL,
  lines INTEGER NOT NULL,
  PRIMARY KEY (book_id, account, period, dimension)
)
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
  before TEXT NOT NULL,
  result TEXT NOT NULL CHECK (result IN ('done','refused')),
  reason TEXT NOT NULL,
  PRIMARY KEY (seq),
  UNIQUE (hash)
)
-- ;;
CREATE INDEX shebao_chain_thing ON shebao_chain (thing, seq)
-- ;;
CREATE TABLE shebao_contribution (
  book_id INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  number TEXT NOT NULL,
  part TEXT NOT NULL,
  period INTEGER NOT NULL,
  amount_fen BIGINT NOT NULL,
  account TEXT NOT NULL,
  PRIMARY KEY (book_id, source_id, number, part, period)
)
 PARTITION BY LIST (book_id)
-- ;;
CREATE TABLE shebao_open_posting (
  book_id INTEGER NOT NULL,
  subledger TEXT NOT NULL CHECK (subledger IN ('payout','contribution')),
  source_id INTEGER NOT NULL,
  PRIMARY KEY (book_id, subledger, source_id)
)
-- ;;
CREATE TABLE shebao_payout (
  book_id INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  number TEXT NOT NULL,
  item TEXT NOT NULL,
  period INTEGER NOT NULL,
  amount_fen BIGINT NOT NULL,
  account TEXT NOT NULL,
  PRIMARY KEY (book_id, source_id, number, item, period)
)
 PARTITION BY LIST (book_id)
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
-- ;;
CREATE TABLE shebao_seal (
  book_id INTEGER NOT NULL,
  entry_id INTEGER NOT NULL,
  PRIMARY KEY (book_id, entry_id)
)
-- ;;
CREATE TABLE shebao_sealing (
  book_id INTEGER NOT NULL,
  first_id INTEGER NOT NULL,
  last_id INTEGER NOT NULL,
  first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  PRIMARY KEY (book_id)
)
-- ;;
CREATE TABLE shebao_unit (
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  region TEXT NOT NULL,
  tier TEXT NOT NULL CHECK (tier IN ('county','province')),
  PRIMARY KEY (code)
)
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
-- ;;
CREATE TABLE shebao_chain_erasure (
  seq INTEGER NOT NULL,
  token TEXT NOT NULL,
  redaction_no INTEGER NOT NULL,
  PRIMARY KEY (seq, token),
  FOREIGN KEY(seq) REFERENCES shebao_chain (seq)
)
-- ;;
CREATE TABLE shebao_chain_salt (
  seq INTEGER NOT NULL,
  token TEXT NOT NULL,
  salt TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (seq, token),
  FOREIGN KEY(seq) REFERENCES shebao_chain (seq)
)
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
-- ;;
CREATE TABLE shebao_period (
  book_id INTEGER NOT NULL,
  period INTEGER NOT NULL CHECK (period % 100 BETWEEN 1 AND 12),
  state TEXT NOT NULL CHECK (state IN ('open','locked','closed')),
  PRIMARY KEY (book_id, period),
  FOREIGN KEY(book_id) REFERENCES shebao_book (book_id)
)
-- ;;
CREATE TABLE shebao_person_account_batch (
  book_id INTEGER NOT NULL,
  batch_id INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('opening','interest','transfer','one_off','correction')),
  state TEXT NOT NULL CHECK (state IN ('building','proposed','accepted','rejected')),
  period INTEGER NOT NULL CHECK (period % 100 BETWEEN 1 AND 12),
  books INTEGER NOT NULL CHECK (books IN (0,1)),
  source_key TEXT NOT NULL,
  key TEXT NOT NULL,
  reason TEXT NOT NULL,
  evidence TEXT NOT NULL,
  facts TEXT NOT NULL,
  row_count INTEGER NOT NULL,
  fen BIGINT NOT NULL,
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
  debit_fen BIGINT NOT NULL,
  payout_source INTEGER,
  payout_count INTEGER NOT NULL,
  payout_fen BIGINT NOT NULL,
  payout_digest TEXT NOT NULL,
  contribution_source INTEGER,
  contribution_count INTEGER NOT NULL,
  contribution_fen BIGINT NOT NULL,
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
 PARTITION BY LIST (book_id)
-- ;;
CREATE UNIQUE INDEX shebao_entry_contribution_once ON shebao_entry (book_id, contribution_source) WHERE contribution_source IS NOT NULL
-- ;;
CREATE TABLE shebao_person_account_act (
  book_id INTEGER NOT NULL,
  batch_id INTEGER NOT NULL,
  number TEXT NOT NULL,
  part TEXT NOT NULL,
  kind TEXT NOT NULL,
  amount_fen BIGINT NOT NULL,
  PRIMARY KEY (book_id, batch_id, number, part, kind),
  FOREIGN KEY(book_id, batch_id) REFERENCES shebao_person_account_batch (book_id, batch_id)
)
 PARTITION BY LIST (book_id)
-- ;;
CREATE INDEX shebao_person_account_act_number ON shebao_person_account_act (book_id, number)
-- ;;
CREATE TABLE shebao_person_account_year (
  book_id INTEGER NOT NULL,
  batch_id INTEGER NOT NULL,
  number TEXT NOT NULL,
  part TEXT NOT NULL,
  opening_fen BIGINT NOT NULL,
  entered_fen BIGINT NOT NULL,
  moved_fen BIGINT NOT NULL,
  paid_fen BIGINT NOT NULL,
  interest_fen BIGINT NOT NULL,
  closing_fen BIGINT NOT NULL,
  PRIMARY KEY (book_id, batch_id, number, part),
  FOREIGN KEY(book_id, batch_id) REFERENCES shebao_person_account_batch (book_id, batch_id),
  CONSTRAINT shebao_person_account_rolled CHECK (closing_fen = opening_fen + entered_fen + moved_fen - paid_fen + interest_fen AND closing_fen >= 0)
)
 PARTITION BY LIST (book_id)
-- ;;
CREATE TABLE shebao_document (
  book_id INTEGER NOT NULL,
  document TEXT NOT NULL,
  entry_id INTEGER NOT NULL,
  PRIMARY KEY (book_id, document)
)
 PARTITION BY LIST (book_id)
-- ;;
CREATE INDEX shebao_document_entry ON shebao_document (book_id, entry_id)
-- ;;
CREATE TABLE shebao_line (
  book_id INTEGER NOT NULL,
  entry_id INTEGER NOT NULL,
  line_no INTEGER NOT NULL,
  account TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('D','C')),
  amount_fen BIGINT NOT NULL CHECK (amount_fen <> 0),
  dimension TEXT NOT NULL,
  memo TEXT NOT NULL,
  PRIMARY KEY (book_id, entry_id, line_no),
  FOREIGN KEY(book_id, account) REFERENCES shebao_account (book_id, code)
)
 PARTITION BY LIST (book_id)
-- ;;
-- Guards of the ledger on PostgreSQL. Each statement ends with a line "-- ;;". Text raised begins with the code of its refusal.

-- L3: what is posted stands for ever. One function, the message as its argument.
CREATE FUNCTION shebao_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', TG_ARGV[0];
END $$
-- ;;
CREATE TRIGGER shebao_entry_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_entry EXECUTE FUNCTION shebao_refuse('SB1303: 已记账凭证不得修改或删除')
-- ;;
CREATE TRIGGER shebao_line_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_line EXECUTE FUNCTION shebao_refuse('SB1303: 已记账分录不得修改或删除')
-- ;;
CREATE TRIGGER shebao_payout_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_payout EXECUTE FUNCTION shebao_refuse('SB1303: 已记账发放明细不得修改或删除')
-- ;;
CREATE TRIGGER shebao_contribution_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_contribution
  EXECUTE FUNCTION shebao_refuse('SB1303: 已记账缴费明细不得修改或删除')
-- ;;
CREATE TRIGGER shebao_seal_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_seal EXECUTE FUNCTION shebao_refuse('SB1303: 封签不得修改或删除')
-- ;;
CREATE TRIGGER shebao_balance_stay BEFORE TRUNCATE ON shebao_balance EXECUTE FUNCTION shebao_refuse('SB1303: 余额不得删除')
-- ;;
CREATE TRIGGER shebao_book_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_book EXECUTE FUNCTION shebao_refuse('SB1303: 账套不得修改或删除')
-- ;;
CREATE TRIGGER shebao_unit_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_unit EXECUTE FUNCTION shebao_refuse('SB1303: 单位不得修改或删除')
-- ;;
CREATE TRIGGER shebao_account_keep BEFORE UPDATE OF book_id, code, name, full_name, side, element, parent, valid_from ON shebao_account
  EXECUTE FUNCTION shebao_refuse('SB1303: 科目只可停用，不得修改')
-- ;;
-- A leaf that never took a line may be given details; nothing else changes what an account is.
CREATE FUNCTION shebao_account_parted_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.leaf <> 0 OR OLD.leaf <> 1
    OR EXISTS (SELECT 1 FROM shebao_balance WHERE book_id = OLD.book_id AND account = OLD.code)
    OR NOT EXISTS (SELECT 1 FROM shebao_account WHERE book_id = OLD.book_id AND parent = OLD.code) THEN
    RAISE EXCEPTION 'SB1303: 科目只可停用，不得修改';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_account_parted BEFORE UPDATE OF leaf ON shebao_account FOR EACH ROW EXECUTE FUNCTION shebao_account_parted_guard()
-- ;;
CREATE TRIGGER shebao_account_stay BEFORE DELETE OR TRUNCATE ON shebao_account EXECUTE FUNCTION shebao_refuse('SB1303: 科目不得删除')
-- ;;
CREATE TRIGGER shebao_chain_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_chain EXECUTE FUNCTION shebao_refuse('SB1303: 留痕不得修改或删除')
-- ;;
CREATE TRIGGER shebao_period_stay BEFORE DELETE OR TRUNCATE ON shebao_period EXECUTE FUNCTION shebao_refuse('SB1308: 期间不得删除')
-- ;;
-- L8: balances move inside the trigger on lines; by any other hand a balance can only become what its lines sum to (rebuilding), or go when it has none.
CREATE FUNCTION shebao_balance_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE b shebao_balance%ROWTYPE; debit numeric; credit numeric; closing_debit numeric; closing_credit numeric; many bigint;
BEGIN
  IF TG_OP = 'DELETE' THEN b := OLD; ELSE b := NEW; END IF;
  SELECT COALESCE(SUM(l.amount_fen) FILTER (WHERE e.closing = 0 AND l.side = 'D'), 0), COALESCE(SUM(l.amount_fen) FILTER (WHERE e.closing = 0 AND l.side = 'C'), 0),
    COALESCE(SUM(l.amount_fen) FILTER (WHERE e.closing = 1 AND l.side = 'D'), 0), COALESCE(SUM(l.amount_fen) FILTER (WHERE e.closing = 1 AND l.side = 'C'), 0),
    COUNT(*) INTO debit, credit, closing_debit, closing_credit, many
  FROM shebao_line l JOIN shebao_entry e ON e.book_id = l.book_id AND e.entry_id = l.entry_id
  WHERE l.book_id = b.book_id AND l.account = b.account AND l.dimension = b.dimension AND e.period = b.period;
  IF TG_OP = 'DELETE' THEN
    IF many > 0 THEN RAISE EXCEPTION 'SB1303: 余额不得删除'; END IF;
    RETURN OLD;
  END IF;
  IF many = 0 OR (b.debit_fen, b.credit_fen, b.closing_debit_fen, b.closing_credit_fen, b.lines) IS DISTINCT FROM (debit, credit, closing_debit, closing_credit, many)
    OR (TG_OP = 'UPDATE' AND (OLD.book_id, OLD.account, OLD.period, OLD.dimension) IS DISTINCT FROM (NEW.book_id, NEW.account, NEW.period, NEW.dimension)) THEN
    RAISE EXCEPTION 'SB1303: 余额只能随分录变动';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_balance_keep BEFORE INSERT OR UPDATE OR DELETE ON shebao_balance
  FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION shebao_balance_guard()
-- ;;
CREATE TRIGGER shebao_document_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_document EXECUTE FUNCTION shebao_refuse('SB1303: 入账凭据不得修改或删除')
-- ;;
CREATE FUNCTION shebao_document_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM shebao_seal WHERE book_id = NEW.book_id AND entry_id = NEW.entry_id) THEN RAISE EXCEPTION 'SB1309: 凭证已封签'; END IF;
  IF EXISTS (SELECT 1 FROM shebao_document WHERE book_id = NEW.book_id AND document = NEW.document) THEN RAISE EXCEPTION 'SB1104: 原始凭据已入账'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_document_enter BEFORE INSERT ON shebao_document FOR EACH ROW EXECUTE FUNCTION shebao_document_guard()
-- ;;
-- L4: numbers run without a gap, and so do the ids of a book's entries. L5: a closed month takes nothing; a locked one takes its closing vouchers only.
-- L11 is held by the unique keys of the table. Every guard of rows looks at all rows of a statement at once.
CREATE FUNCTION shebao_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM shebao_period p WHERE EXISTS (SELECT 1 FROM fresh f WHERE f.book_id = p.book_id AND f.period = p.period) FOR SHARE;
  IF EXISTS (SELECT 1 FROM fresh f LEFT JOIN shebao_period p ON p.book_id = f.book_id AND p.period = f.period
             WHERE p.state IS NULL OR NOT (p.state = 'open' OR (p.state = 'locked' AND f.closing = 1))) THEN
    RAISE EXCEPTION 'SB1302: 会计期间未开放';
  END IF;
  IF EXISTS (
    SELECT 1 FROM (SELECT book_id, kind, period, MIN(number) AS first, MAX(number) AS last, COUNT(*) AS many FROM fresh GROUP BY book_id, kind, period) g
    WHERE g.last - g.first + 1 <> g.many OR g.first <> 1 + COALESCE(
      (SELECT MAX(e.number) FROM shebao_entry e WHERE e.book_id = g.book_id AND e.kind = g.kind AND e.period = g.period AND e.number < g.first), 0))
    OR EXISTS (
    SELECT 1 FROM (SELECT book_id, MIN(entry_id) AS first, MAX(entry_id) AS last, COUNT(*) AS many FROM fresh GROUP BY book_id) g
    WHERE g.last - g.first + 1 <> g.many
      OR g.first <> 1 + COALESCE((SELECT MAX(e.entry_id) FROM shebao_entry e WHERE e.book_id = g.book_id AND e.entry_id < g.first), 0)) THEN
    RAISE EXCEPTION 'SB1301: 凭证号不连续';
  END IF;
  -- Seals are set in the order of ids, so one look at the last seal of a book answers for all of its rows.
  IF EXISTS (SELECT 1 FROM (SELECT book_id, MIN(entry_id) AS first FROM fresh GROUP BY book_id) f
             JOIN shebao_seal s ON s.book_id = f.book_id AND s.entry_id >= f.first) THEN
    RAISE EXCEPTION 'SB1309: 已封签';
  END IF;
  -- A correction names an earlier ordinary entry of the book, and its source key is that entry's: one red voucher, one blue, one difference at most.
  -- Contributions are struck with all their rows, under the source with its sign turned, or not at all.
  IF EXISTS (SELECT 1 FROM fresh f WHERE f.corrects IS NULL AND (f.source_key ~ '^(reverse|correct|adjust):' OR f.contribution_source <= 0)
    OR f.corrects IS NOT NULL AND (
      f.source_key NOT IN ('reverse:' || f.corrects, 'correct:' || f.corrects, 'adjust:' || f.corrects)
      OR NOT EXISTS (SELECT 1 FROM shebao_entry o WHERE o.book_id = f.book_id AND o.entry_id = f.corrects AND o.entry_id < f.entry_id
        AND o.closing = 0 AND o.corrects IS NULL AND o.payout_source IS NULL
        AND ((o.contribution_source IS NULL AND f.contribution_source IS NULL)
          OR (f.source_key = 'reverse:' || f.corrects AND f.contribution_source = -o.contribution_source
            AND f.contribution_count = o.contribution_count AND f.contribution_fen = -o.contribution_fen))))) THEN
    RAISE EXCEPTION 'SB1341: 更正凭证与原凭证不符';
  END IF;
  RETURN NULL;
END $$
-- ;;
CREATE TRIGGER shebao_entry_enter AFTER INSERT ON shebao_entry REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION shebao_entry_guard()
-- ;;
-- L6: leaf accounts of this book, valid on the day. L8: the kept balances move with the lines, once a statement. Lines are gathered by account first: an
-- account that is valid on the first and on the last of their days is valid on all of them.
CREATE FUNCTION shebao_line_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE unusable boolean;
BEGIN
  IF EXISTS (SELECT 1 FROM (SELECT book_id, MIN(entry_id) AS first FROM fresh GROUP BY book_id) f
             JOIN shebao_seal s ON s.book_id = f.book_id AND s.entry_id >= f.first) THEN
    RAISE EXCEPTION 'SB1309: 凭证已封签，不得加行';
  END IF;
  WITH gathered AS MATERIALIZED (
    SELECT f.book_id, f.account, e.period, f.dimension, MIN(e.day) AS first_day, MAX(e.day) AS last_day,
      COALESCE(SUM(f.amount_fen) FILTER (WHERE e.closing = 0 AND f.side = 'D'), 0) AS debit,
      COALESCE(SUM(f.amount_fen) FILTER (WHERE e.closing = 0 AND f.side = 'C'), 0) AS credit,
      COALESCE(SUM(f.amount_fen) FILTER (WHERE e.closing = 1 AND f.side = 'D'), 0) AS closing_debit,
      COALESCE(SUM(f.amount_fen) FILTER (WHERE e.closing = 1 AND f.side = 'C'), 0) AS closing_credit, COUNT(*) AS many
    FROM fresh f JOIN shebao_entry e ON e.book_id = f.book_id AND e.entry_id = f.entry_id
    GROUP BY f.book_id, f.account, e.period, f.dimension),
  moved AS (
    INSERT INTO shebao_balance AS b (book_id, account, period, dimension, debit_fen, credit_fen, closing_debit_fen, closing_credit_fen, lines)
    SELECT book_id, account, period, dimension, debit, credit, closing_debit, closing_credit, many FROM gathered ORDER BY 1, 2, 3, 4
    ON CONFLICT (book_id, account, period, dimension) DO UPDATE SET
      debit_fen = b.debit_fen + excluded.debit_fen, credit_fen = b.credit_fen + excluded.credit_fen,
      closing_debit_fen = b.closing_debit_fen + excluded.closing_debit_fen,
      closing_credit_fen = b.closing_credit_fen + excluded.closing_credit_fen, lines = b.lines + excluded.lines)
  SELECT bool_or(a.code IS NULL OR a.leaf <> 1 OR a.valid_from > g.first_day OR (a.valid_to <> '' AND g.last_day >= a.valid_to)) INTO unusable
  FROM gathered g LEFT JOIN shebao_account a ON a.book_id = g.book_id AND a.code = g.account;
  IF unusable THEN RAISE EXCEPTION 'SB1306: 科目不可用'; END IF;
  RETURN NULL;
END $$
-- ;;
CREATE TRIGGER shebao_line_enter AFTER INSERT ON shebao_line REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION shebao_line_guard()
-- ;;
-- Sub-ledger rows enter only while their entry is being posted.
CREATE FUNCTION shebao_open_posting_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN RAISE EXCEPTION 'SB1309: 不得修改'; END IF;
  IF NOT EXISTS (SELECT 1 FROM shebao_entry e WHERE e.book_id = NEW.book_id AND e.entry_id = (SELECT MAX(entry_id) FROM shebao_entry WHERE book_id = NEW.book_id)
      AND CASE NEW.subledger WHEN 'payout' THEN e.payout_source ELSE e.contribution_source END = NEW.source_id
      AND NOT EXISTS (SELECT 1 FROM shebao_seal s WHERE s.book_id = e.book_id AND s.entry_id = e.entry_id)) THEN
    RAISE EXCEPTION 'SB1309: 没有等待明细的凭证';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_open_posting_enter BEFORE INSERT OR UPDATE ON shebao_open_posting FOR EACH ROW EXECUTE FUNCTION shebao_open_posting_guard()
-- ;;
CREATE FUNCTION shebao_payout_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM fresh f WHERE (f.book_id, f.source_id) NOT IN (SELECT o.book_id, o.source_id FROM shebao_open_posting o WHERE o.subledger = 'payout')) THEN
    RAISE EXCEPTION 'SB1309: 发放明细只能随凭证一次记入';
  END IF;
  RETURN NULL;
END $$
-- ;;
CREATE TRIGGER shebao_payout_enter AFTER INSERT ON shebao_payout REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION shebao_payout_guard()
-- ;;
CREATE FUNCTION shebao_contribution_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM fresh f WHERE (f.book_id, f.source_id) NOT IN (SELECT o.book_id, o.source_id FROM shebao_open_posting o WHERE o.subledger = 'contribution')) THEN
    RAISE EXCEPTION 'SB1309: 缴费明细只能随凭证一次记入';
  END IF;
  RETURN NULL;
END $$
-- ;;
CREATE TRIGGER shebao_contribution_enter AFTER INSERT ON shebao_contribution
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION shebao_contribution_guard()
-- ;;
-- The seal proves the entry: L1 balance, lines as announced, L10 sub-ledger equals its control lines: payouts on the debit side cover every expense
-- line, contributions on the credit side every 4001.
-- Fresh rows have no statistics, and the planner would sort them all; they are added up by hash instead.
CREATE FUNCTION shebao_seal_guard() RETURNS trigger LANGUAGE plpgsql SET enable_sort = off AS $$
DECLARE e shebao_entry%ROWTYPE; absent boolean; uneven boolean; unlike boolean; claimed boolean; counted bigint; differs boolean;
BEGIN
  SELECT bool_or(line_count IS NULL), bool_or(net <> 0), bool_or(many < 2 OR many <> line_count OR debit <> debit_fen), bool_or(claims)
    INTO absent, uneven, unlike, claimed FROM (
    SELECT h.line_count, h.debit_fen, h.payout_source IS NOT NULL OR h.contribution_source IS NOT NULL AS claims, COUNT(l.line_no) AS many,
      COALESCE(SUM(l.amount_fen) FILTER (WHERE l.side = 'D'), 0) AS debit, COALESCE(SUM(CASE l.side WHEN 'D' THEN l.amount_fen ELSE -l.amount_fen END), 1) AS net
    FROM fresh f LEFT JOIN shebao_entry h ON h.book_id = f.book_id AND h.entry_id = f.entry_id
      LEFT JOIN shebao_line l ON l.book_id = f.book_id AND l.entry_id = f.entry_id
    GROUP BY f.book_id, f.entry_id, h.line_count, h.debit_fen, claims) proved;
  IF absent THEN RAISE EXCEPTION 'SB1309: 没有待封签的凭证'; END IF;
  IF uneven THEN RAISE EXCEPTION 'SB1101: 借贷不平'; END IF;
  IF unlike THEN RAISE EXCEPTION 'SB1304: 分录与凭证头不符'; END IF;
  IF NOT claimed THEN RETURN NULL; END IF;
  FOR e IN SELECT h.* FROM fresh f JOIN shebao_entry h ON h.book_id = f.book_id AND h.entry_id = f.entry_id
    WHERE h.payout_source IS NOT NULL OR h.contribution_source IS NOT NULL
  LOOP
  IF e.payout_source IS NOT NULL THEN
    SELECT COALESCE(SUM(of_account.rows), 0), bool_or(of_account.lines = 0 OR ((of_account.rows > 0 OR account LIKE '5%') AND paid <> booked))
      INTO counted, differs FROM (
        SELECT account, SUM(both_sides.rows) AS rows, SUM(paid) AS paid, SUM(lines) AS lines, SUM(booked) AS booked FROM (
          SELECT account, COUNT(*) AS rows, SUM(amount_fen) AS paid, 0 AS lines, 0 AS booked FROM shebao_payout
          WHERE book_id = e.book_id AND source_id = e.payout_source GROUP BY account
          UNION ALL
          SELECT account, 0, 0, 1, CASE side WHEN 'D' THEN amount_fen ELSE -amount_fen END FROM shebao_line
          WHERE book_id = e.book_id AND entry_id = e.entry_id) both_sides
        GROUP BY account) of_account;
    IF counted <> e.payout_count OR differs THEN RAISE EXCEPTION 'SB1305: 发放明细与凭证不符'; END IF;
  END IF;
  IF e.contribution_source IS NOT NULL THEN
    SELECT COALESCE(SUM(of_account.rows), 0), bool_or(of_account.lines = 0 OR ((of_account.rows > 0 OR account LIKE '4001%') AND paid <> booked))
      INTO counted, differs FROM (
        SELECT account, SUM(both_sides.rows) AS rows, SUM(paid) AS paid, SUM(lines) AS lines, SUM(booked) AS booked FROM (
          SELECT account, COUNT(*) AS rows, SUM(amount_fen) AS paid, 0 AS lines, 0 AS booked FROM shebao_contribution
          WHERE book_id = e.book_id AND source_id = e.contribution_source GROUP BY account
          UNION ALL
          SELECT account, 0, 0, 1, CASE side WHEN 'C' THEN amount_fen ELSE -amount_fen END FROM shebao_line
          WHERE book_id = e.book_id AND entry_id = e.entry_id) both_sides
        GROUP BY account) of_account;
    IF counted <> e.contribution_count OR differs THEN RAISE EXCEPTION 'SB1305: 缴费明细与凭证不符'; END IF;
  END IF;
  -- A red voucher strikes every row of the one it corrects; as many rows, each with its negative, are the same rows.
  IF e.contribution_source < 0 AND EXISTS (
    SELECT 1 FROM shebao_contribution o WHERE o.book_id = e.book_id AND o.source_id = -e.contribution_source AND NOT EXISTS (
      SELECT 1 FROM shebao_contribution r WHERE r.book_id = o.book_id AND r.source_id = e.contribution_source AND r.number = o.number
        AND r.part = o.part AND r.period = o.period AND r.amount_fen = -o.amount_fen AND r.account = o.account)) THEN
    RAISE EXCEPTION 'SB1305: 冲销的缴费明细与原凭证不符';
  END IF;
  DELETE FROM shebao_open_posting o WHERE o.book_id = e.book_id
    AND o.source_id = CASE o.subledger WHEN 'payout' THEN e.payout_source ELSE e.contribution_source END;
  END LOOP;
  RETURN NULL;
END $$
-- ;;
CREATE TRIGGER shebao_seal_enter AFTER INSERT ON shebao_seal REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION shebao_seal_guard()
-- ;;
-- Guards look at whole statements here, so nothing is ever lifted and nothing is sealed this way (see the guards on SQLite).
CREATE TRIGGER shebao_sealing_enter BEFORE INSERT OR UPDATE ON shebao_sealing EXECUTE FUNCTION shebao_refuse('SB1309: 封签须逐批写入 shebao_seal')
-- ;;
-- L5: open -> locked -> closed, in order of months; closed is closed.
CREATE FUNCTION shebao_period_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE latest integer;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'open' THEN RAISE EXCEPTION 'SB1308: 新期间须为开放状态'; END IF;
    SELECT MAX(period) INTO latest FROM shebao_period WHERE book_id = NEW.book_id;
    IF latest IS NOT NULL AND NEW.period <> (CASE latest % 100 WHEN 12 THEN latest + 89 ELSE latest + 1 END) THEN
      RAISE EXCEPTION 'SB1308: 期间须逐月开启';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.book_id <> NEW.book_id OR OLD.period <> NEW.period
     OR NOT ((OLD.state = 'open' AND NEW.state = 'locked') OR (OLD.state = 'locked' AND NEW.state IN ('open', 'closed'))) THEN
    RAISE EXCEPTION 'SB1308: 期间只能 开放→锁定→结账';
  END IF;
  IF NEW.state = 'open' AND EXISTS (SELECT 1 FROM shebao_entry WHERE book_id = NEW.book_id AND period = NEW.period AND closing = 1) THEN
    RAISE EXCEPTION 'SB1308: 结转凭证已记账，不得退回开放';
  END IF;
  IF NEW.state = 'closed' AND EXISTS (SELECT 1 FROM shebao_period WHERE book_id = NEW.book_id AND period < NEW.period AND state <> 'closed') THEN
    RAISE EXCEPTION 'SB1308: 上一期间尚未结账';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_period_move BEFORE INSERT OR UPDATE ON shebao_period FOR EACH ROW EXECUTE FUNCTION shebao_period_guard()
-- ;;
-- C6: the chain only grows, each record bound to the one before.
CREATE FUNCTION shebao_chain_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM (SELECT seq, previous, LAG(seq) OVER (ORDER BY seq) AS seq_before, LAG(hash) OVER (ORDER BY seq) AS hash_before FROM fresh) f
    WHERE CASE WHEN seq_before IS NOT NULL THEN seq <> seq_before + 1 OR previous <> hash_before
      ELSE NOT ((seq = 1 AND previous = '') OR EXISTS (SELECT 1 FROM shebao_chain c WHERE c.seq = f.seq - 1 AND c.hash = f.previous)) END) THEN
    RAISE EXCEPTION 'SB1307: 留痕须首尾相接';
  END IF;
  RETURN NULL;
END $$
-- ;;
CREATE TRIGGER shebao_chain_enter AFTER INSERT ON shebao_chain REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION shebao_chain_guard()
-- ;;
-- Partitions. A table cut by book has one partition a book, made when the book is opened; payouts and contributions are cut again by year of entitlement,
-- made when a month of the year before is opened. What fits nowhere falls into a partition "_other", which stays empty: shebao verify names rows in it.
-- A statement trigger does not pass from a table to its partitions, so each partition gets the same guards: writing straight into one is no door.
CREATE FUNCTION shebao_partition_guards(root regclass, part regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE made text;
BEGIN
  FOR made IN SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE t.tgrelid = root AND NOT t.tgisinternal AND t.tgtype & 1 = 0
    AND NOT EXISTS (SELECT 1 FROM pg_trigger o WHERE o.tgrelid = part AND o.tgname = t.tgname) ORDER BY t.tgname
  LOOP
    EXECUTE regexp_replace(made, ' ON \S+ ', format(' ON %s ', part));
  END LOOP;
END $$
-- ;;
-- A partition's keys are named as the table's with its own ending, so that a broken key tells its rule there too (ledger.errors.from_database).
CREATE FUNCTION shebao_partition_keys(parent text, part text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE had text; wanted text;
BEGIN
  FOR had, wanted IN SELECT own.relname, above.relname || substr(part, length(parent) + 1) FROM pg_index x JOIN pg_class own ON own.oid = x.indexrelid
    JOIN pg_inherits i ON i.inhrelid = own.oid JOIN pg_class above ON above.oid = i.inhparent WHERE x.indrelid = part::regclass
  LOOP
    IF had <> wanted THEN EXECUTE format('ALTER INDEX %I RENAME TO %I', had, wanted); END IF;
  END LOOP;
END $$
-- ;;
CREATE FUNCTION shebao_partition_make(root regclass, parent text, part text, bound text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF to_regclass(part) IS NULL THEN
    EXECUTE format('CREATE TABLE %I PARTITION OF %I %s', part, parent, bound);
    PERFORM shebao_partition_keys(parent, part);
    -- Lines and papers lie under their entry, book by book. The key is laid between partitions: asked of the whole table, it plans anew for every row.
    IF root::text IN ('shebao_line', 'shebao_document') THEN
      EXECUTE format('ALTER TABLE %I ADD CONSTRAINT shebao_of_entry FOREIGN KEY (book_id, entry_id) REFERENCES %I (book_id, entry_id)',
        part, replace(part, root::text, 'shebao_entry'));
    END IF;
  END IF;
  PERFORM shebao_partition_guards(root, part::regclass);
END $$
-- ;;
-- Years without a gap up to the year wanted. Rows of a later year that came before their year are kept: the partition they fell into becomes theirs.
CREATE FUNCTION shebao_partition_years(root text, book integer, first integer, wanted integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE parent text := format('%s_b%s', root, book); other text := parent || '_other'; filled text; reached integer; latest integer; year integer;
BEGIN
  SELECT MAX((regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \(''?(\d+)''?\)$'))[1]::integer) / 100 INTO reached
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = parent::regclass;
  IF reached IS NULL THEN
    PERFORM shebao_partition_make(root, parent, parent || '_before', format('FOR VALUES FROM (MINVALUE) TO (%s)', first * 100));
    PERFORM shebao_partition_make(root, parent, other, 'DEFAULT');
    reached := first;
  END IF;
  IF reached > wanted THEN RETURN; END IF;
  EXECUTE format('SELECT MAX(period) / 100 FROM %I', other) INTO latest;
  IF latest IS NOT NULL THEN
    wanted := GREATEST(wanted, latest);
    EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', parent, other);
    filled := format('%s_y%s_y%s', parent, reached, wanted);
    EXECUTE format('ALTER TABLE %I RENAME TO %I', other, filled);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)', parent, filled, reached * 100, (wanted + 1) * 100);
    PERFORM shebao_partition_keys(parent, filled);
    PERFORM shebao_partition_make(root, parent, other, 'DEFAULT');
    RETURN;
  END IF;
  FOR year IN reached .. wanted LOOP
    PERFORM shebao_partition_make(root, parent, format('%s_y%s', parent, year), format('FOR VALUES FROM (%s) TO (%s)', year * 100, (year + 1) * 100));
  END LOOP;
END $$
-- ;;
-- Partitions are the owner's, whoever opens the book or the month: the role that works may make no table of its own (shebao trail roles).
CREATE FUNCTION shebao_book_partitioned() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE root text; yearly boolean;
BEGIN
  FOR root IN SELECT c.relname FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid
    WHERE NOT c.relispartition AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = TG_RELID) AND c.relname LIKE 'shebao\_%'
    ORDER BY c.relname <> 'shebao_entry', 1
  LOOP
    yearly := root IN ('shebao_payout', 'shebao_contribution');
    PERFORM shebao_partition_make(root, root, root || '_other', 'DEFAULT');
    PERFORM shebao_partition_make(root, root, format('%s_b%s', root, NEW.book_id),
      format('FOR VALUES IN (%s)', NEW.book_id) || CASE WHEN yearly THEN ' PARTITION BY RANGE (period)' ELSE '' END);
    IF yearly THEN PERFORM shebao_partition_years(root, NEW.book_id, NEW.opened / 100, NEW.opened / 100 + 1); END IF;
  END LOOP;
  RETURN NULL;
END $$
-- ;;
CREATE TRIGGER shebao_book_partition AFTER INSERT ON shebao_book FOR EACH ROW EXECUTE FUNCTION shebao_book_partitioned()
-- ;;
CREATE FUNCTION shebao_year_partitioned() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM shebao_partition_years('shebao_payout', NEW.book_id, NEW.period / 100, NEW.period / 100 + 1);
  PERFORM shebao_partition_years('shebao_contribution', NEW.book_id, NEW.period / 100, NEW.period / 100 + 1);
  RETURN NULL;
END $$
-- ;;
CREATE TRIGGER shebao_period_partition AFTER INSERT ON shebao_period FOR EACH ROW EXECUTE FUNCTION shebao_year_partitioned()
-- ;;
-- F16: a personal text and its salt come with their record, stay as they are, and go only with their erasure.
CREATE FUNCTION shebao_chain_salt_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM shebao_chain c WHERE c.seq = NEW.seq AND (strpos(c.facts, '{"$":"' || NEW.token || '"}') > 0 OR c.reason = '$' || NEW.token)) THEN
    RAISE EXCEPTION 'SB1490: 盐值须属于一条留痕';
  END IF;
  IF EXISTS (SELECT 1 FROM shebao_chain_salt s WHERE s.seq = NEW.seq AND s.token = NEW.token)
    OR EXISTS (SELECT 1 FROM shebao_chain_erasure e WHERE e.seq = NEW.seq AND e.token = NEW.token) THEN
    RAISE EXCEPTION 'SB1490: 盐值不得覆盖或补入';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_chain_salt_enter BEFORE INSERT ON shebao_chain_salt FOR EACH ROW EXECUTE FUNCTION shebao_chain_salt_enter_guard()
-- ;;
CREATE TRIGGER shebao_chain_salt_keep BEFORE UPDATE OR TRUNCATE ON shebao_chain_salt EXECUTE FUNCTION shebao_refuse('SB1490: 盐值和原文不得修改')
-- ;;
CREATE FUNCTION shebao_chain_salt_stay_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM shebao_chain_erasure e WHERE e.seq = OLD.seq AND e.token = OLD.token) THEN
    RAISE EXCEPTION 'SB1490: 盐值和原文只能依法销毁';
  END IF;
  RETURN OLD;
END $$
-- ;;
CREATE TRIGGER shebao_chain_salt_stay BEFORE DELETE ON shebao_chain_salt FOR EACH ROW EXECUTE FUNCTION shebao_chain_salt_stay_guard()
-- ;;
CREATE FUNCTION shebao_chain_erasure_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM shebao_chain_salt s WHERE s.seq = NEW.seq AND s.token = NEW.token) THEN
    RAISE EXCEPTION 'SB1490: 销毁登记须有可销毁的原文';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_chain_erasure_enter BEFORE INSERT ON shebao_chain_erasure FOR EACH ROW EXECUTE FUNCTION shebao_chain_erasure_enter_guard()
-- ;;
CREATE FUNCTION shebao_chain_erasure_done_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM shebao_chain_salt WHERE seq = NEW.seq AND token = NEW.token;
  RETURN NULL;
END $$
-- ;;
CREATE TRIGGER shebao_chain_erasure_done AFTER INSERT ON shebao_chain_erasure FOR EACH ROW EXECUTE FUNCTION shebao_chain_erasure_done_guard()
-- ;;
CREATE TRIGGER shebao_chain_erasure_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_chain_erasure EXECUTE FUNCTION shebao_refuse('SB1490: 销毁登记不得修改或删除')
-- ;;
-- Guards of the register of persons on PostgreSQL (shebao_refuse is the ledger's). Each statement ends with a line "-- ;;". Text raised begins with the code of its refusal.

-- The register only grows.
CREATE TRIGGER shebao_person_knowledge_stay BEFORE DELETE OR TRUNCATE ON shebao_person_knowledge EXECUTE FUNCTION shebao_refuse('SB1409: 登记簿只增不删')
-- ;;
CREATE TRIGGER shebao_person_scope_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_person_scope
  EXECUTE FUNCTION shebao_refuse('SB1409: 登记簿只增不改不删')
-- ;;
CREATE TRIGGER shebao_person_head_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_person
  EXECUTE FUNCTION shebao_refuse('SB1409: 登记簿只增不改不删')
-- ;;
CREATE TRIGGER shebao_person_registration_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_person_registration
  EXECUTE FUNCTION shebao_refuse('SB1409: 登记簿只增不改不删')
-- ;;
CREATE TRIGGER shebao_person_number_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_person_number
  EXECUTE FUNCTION shebao_refuse('SB1409: 登记簿只增不改不删')
-- ;;
CREATE TRIGGER shebao_person_name_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_person_name
  EXECUTE FUNCTION shebao_refuse('SB1409: 登记簿只增不改不删')
-- ;;
CREATE TRIGGER shebao_person_status_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_person_status
  EXECUTE FUNCTION shebao_refuse('SB1409: 登记簿只增不改不删')
-- ;;
CREATE TRIGGER shebao_person_bank_account_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_person_bank_account
  EXECUTE FUNCTION shebao_refuse('SB1409: 登记簿只增不改不删')
-- ;;
CREATE TRIGGER shebao_person_link_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_person_link
  EXECUTE FUNCTION shebao_refuse('SB1409: 登记簿只增不改不删')
-- ;;
CREATE TRIGGER shebao_person_doubt_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_person_doubt
  EXECUTE FUNCTION shebao_refuse('SB1409: 登记簿只增不改不删')
-- ;;
-- Knowledge in the order of knowing, one at a time; a change by two people.
CREATE FUNCTION shebao_person_knowledge_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM shebao_person_knowledge WHERE knowledge_no = NEW.knowledge_no OR (kind = NEW.kind AND source_id = NEW.source_id)) THEN
    RAISE EXCEPTION 'SB1409: 该文件或变更已登记过';
  END IF;
  IF NEW.state <> 'open' OR NEW.digest <> '' OR NEW.knowledge_no <> (SELECT COALESCE(MAX(knowledge_no), 0) + 1 FROM shebao_person_knowledge)
    OR EXISTS (SELECT 1 FROM shebao_person_knowledge WHERE state = 'open')
    OR NEW.known_on < (SELECT COALESCE(MAX(known_on), '') FROM shebao_person_knowledge) THEN
    RAISE EXCEPTION 'SB1402: 登记须依次进行，获知日期不得倒退';
  END IF;
  IF (NEW.kind = 'change') <> (NEW.signed = 1) OR (NEW.signed = 1 AND (NEW.requested_by = '' OR NEW.reviewed_by = '' OR NEW.requested_by = NEW.reviewed_by)) THEN
    RAISE EXCEPTION 'SB1404: 登记变更须由两人签字';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_person_knowledge_enter BEFORE INSERT ON shebao_person_knowledge
  FOR EACH ROW EXECUTE FUNCTION shebao_person_knowledge_enter_guard()
-- ;;
CREATE FUNCTION shebao_person_knowledge_move_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT (OLD.state = 'open' AND NEW.state = 'closed' AND NEW.digest <> '') OR
    (OLD.knowledge_no, OLD.known_on, OLD.recorded_at, OLD.kind, OLD.signed, OLD.source_id, OLD.as_of, OLD.requested_by, OLD.reviewed_by) IS DISTINCT FROM
    (NEW.knowledge_no, NEW.known_on, NEW.recorded_at, NEW.kind, NEW.signed, NEW.source_id, NEW.as_of, NEW.requested_by, NEW.reviewed_by) THEN
    RAISE EXCEPTION 'SB1409: 登记只可完成，不得修改';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_person_knowledge_move BEFORE UPDATE ON shebao_person_knowledge
  FOR EACH ROW EXECUTE FUNCTION shebao_person_knowledge_move_guard()
-- ;;
-- Rows enter only while their knowledge is open, signed rows only under a change.
CREATE FUNCTION shebao_person_loaded_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT knowledge_no FROM fresh) f
             LEFT JOIN shebao_person_knowledge k ON k.knowledge_no = f.knowledge_no AND k.state = 'open' AND k.signed = 0 WHERE k.knowledge_no IS NULL) THEN
    RAISE EXCEPTION 'SB1409: 不在登记过程中，或未经两人签字';
  END IF;
  RETURN NULL;
END $$
-- ;;
CREATE FUNCTION shebao_person_head_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT knowledge_no FROM fresh) f
             LEFT JOIN shebao_person_knowledge k ON k.knowledge_no = f.knowledge_no AND k.state = 'open' AND k.signed = 0 WHERE k.knowledge_no IS NULL) THEN
    RAISE EXCEPTION 'SB1409: 不在登记过程中，或未经两人签字';
  END IF;
  IF EXISTS (SELECT 1 FROM fresh f JOIN shebao_person_number n ON n.number = f.number) THEN
    RAISE EXCEPTION 'SB1405: 证件号码已登记在他人名下';
  END IF;
  RETURN NULL;
END $$
-- ;;
CREATE FUNCTION shebao_person_span_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT knowledge_no, signed FROM fresh) f
             LEFT JOIN shebao_person_knowledge k ON k.knowledge_no = f.knowledge_no AND k.state = 'open' AND k.signed = f.signed WHERE k.knowledge_no IS NULL) THEN
    RAISE EXCEPTION 'SB1409: 不在登记过程中，或未经两人签字';
  END IF;
  RETURN NULL;
END $$
-- ;;
CREATE FUNCTION shebao_person_number_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT knowledge_no, signed FROM fresh) f
             LEFT JOIN shebao_person_knowledge k ON k.knowledge_no = f.knowledge_no AND k.state = 'open' AND k.signed = f.signed WHERE k.knowledge_no IS NULL) THEN
    RAISE EXCEPTION 'SB1409: 不在登记过程中，或未经两人签字';
  END IF;
  IF EXISTS (SELECT 1 FROM fresh f JOIN shebao_person_number n ON n.number = f.number AND n.person_id <> f.person_id)
    OR EXISTS (SELECT 1 FROM fresh f JOIN shebao_person p ON p.number = f.number AND p.person_id <> f.person_id) THEN
    RAISE EXCEPTION 'SB1405: 证件号码已登记在他人名下';
  END IF;
  RETURN NULL;
END $$
-- ;;
CREATE FUNCTION shebao_person_status_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT knowledge_no, signed FROM fresh) f
             LEFT JOIN shebao_person_knowledge k ON k.knowledge_no = f.knowledge_no AND k.state = 'open' AND k.signed = f.signed WHERE k.knowledge_no IS NULL) THEN
    RAISE EXCEPTION 'SB1409: 不在登记过程中，或未经两人签字';
  END IF;
  IF EXISTS (SELECT 1 FROM fresh f LEFT JOIN shebao_person_registration r ON r.fund = f.fund AND r.region = f.region AND r.person_id = f.person_id
             WHERE f.signed = 1 AND r.person_id IS NULL) THEN
    RAISE EXCEPTION 'SB1407: 没有这一参保登记';
  END IF;
  RETURN NULL;
END $$
-- ;;
CREATE TRIGGER shebao_person_scope_enter AFTER INSERT ON shebao_person_scope REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION shebao_person_loaded_guard()
-- ;;
CREATE TRIGGER shebao_person_head_enter AFTER INSERT ON shebao_person REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION shebao_person_head_guard()
-- ;;
CREATE TRIGGER shebao_person_registration_enter AFTER INSERT ON shebao_person_registration REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION shebao_person_loaded_guard()
-- ;;
CREATE TRIGGER shebao_person_number_enter AFTER INSERT ON shebao_person_number REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION shebao_person_number_guard()
-- ;;
CREATE TRIGGER shebao_person_name_enter AFTER INSERT ON shebao_person_name REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION shebao_person_span_guard()
-- ;;
CREATE TRIGGER shebao_person_status_enter AFTER INSERT ON shebao_person_status REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION shebao_person_status_guard()
-- ;;
CREATE TRIGGER shebao_person_bank_account_enter AFTER INSERT ON shebao_person_bank_account REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION shebao_person_span_guard()
-- ;;
CREATE TRIGGER shebao_person_link_enter AFTER INSERT ON shebao_person_link REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION shebao_person_span_guard()
-- ;;
CREATE TRIGGER shebao_person_doubt_enter AFTER INSERT ON shebao_person_doubt REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION shebao_person_loaded_guard()
-- ;;
-- Guards of person accounts on PostgreSQL (shebao_refuse is the ledger's). Each statement ends with a line "-- ;;".

-- Rows stand for ever, and enter only while their batch is being built.
CREATE TRIGGER shebao_person_account_act_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_person_account_act EXECUTE FUNCTION shebao_refuse('SB1426: 个人账户只增不改')
-- ;;
CREATE TRIGGER shebao_person_account_year_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_person_account_year EXECUTE FUNCTION shebao_refuse('SB1426: 个人账户只增不改')
-- ;;
CREATE TRIGGER shebao_person_account_batch_stay BEFORE DELETE OR TRUNCATE ON shebao_person_account_batch EXECUTE FUNCTION shebao_refuse('SB1426: 个人账户只增不删')
-- ;;
CREATE FUNCTION shebao_person_account_rows_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT book_id, batch_id FROM fresh) f WHERE NOT EXISTS (
      SELECT 1 FROM shebao_person_account_batch b WHERE b.book_id = f.book_id AND b.batch_id = f.batch_id AND b.state = 'building'
        AND (TG_TABLE_NAME <> 'shebao_person_account_year' OR b.kind = 'interest'))) THEN
    RAISE EXCEPTION 'SB1426: 明细只能随提出一次记入';
  END IF;
  RETURN NULL;
END $$
-- ;;
CREATE TRIGGER shebao_person_account_act_enter AFTER INSERT ON shebao_person_account_act REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION shebao_person_account_rows_guard()
-- ;;
CREATE TRIGGER shebao_person_account_year_enter AFTER INSERT ON shebao_person_account_year REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION shebao_person_account_rows_guard()
-- ;;
-- A batch begins as building, numbered without a gap, signed by its proposer alone.
CREATE FUNCTION shebao_person_account_batch_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> 'building' OR NEW.reviewed_by <> '' OR NEW.reviewed_at <> '' OR NEW.proposed_by = ''
    OR NEW.batch_id <> 1 + COALESCE((SELECT MAX(batch_id) FROM shebao_person_account_batch WHERE book_id = NEW.book_id), 0) THEN
    RAISE EXCEPTION 'SB1426: 编号须连续，从建立开始';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_person_account_batch_enter BEFORE INSERT ON shebao_person_account_batch FOR EACH ROW EXECUTE FUNCTION shebao_person_account_batch_enter_guard()
-- ;;
CREATE FUNCTION shebao_person_account_batch_move_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.book_id, OLD.batch_id, OLD.kind, OLD.period, OLD.books, OLD.source_key, OLD.key, OLD.reason, OLD.evidence, OLD.facts, OLD.row_count, OLD.fen,
      OLD.digest, OLD.proposed_by, OLD.proposed_at) IS DISTINCT FROM (NEW.book_id, NEW.batch_id, NEW.kind, NEW.period, NEW.books, NEW.source_key, NEW.key,
      NEW.reason, NEW.evidence, NEW.facts, NEW.row_count, NEW.fen, NEW.digest, NEW.proposed_by, NEW.proposed_at) THEN
    RAISE EXCEPTION 'SB1426: 提出后内容不得修改';
  END IF;
  IF NOT ((OLD.state = 'building' AND NEW.state = 'proposed' AND NEW.reviewed_by = '' AND NEW.reviewed_at = '' AND NEW.review_note = '')
      OR (OLD.state = 'proposed' AND NEW.state IN ('accepted', 'rejected') AND NEW.reviewed_by <> '' AND NEW.reviewed_at <> '')) THEN
    RAISE EXCEPTION 'SB1426: 只能 建立→提出→生效或退回';
  END IF;
  IF NEW.reviewed_by = OLD.proposed_by THEN RAISE EXCEPTION 'SB1426: 提出人不得审核'; END IF;
  IF OLD.state = 'building' AND NOT EXISTS (
      SELECT 1 FROM (
        SELECT COUNT(*) AS rows, COALESCE(SUM(amount_fen), 0) AS fen FROM shebao_person_account_act WHERE book_id = NEW.book_id AND batch_id = NEW.batch_id
      ) a, (
        SELECT COUNT(*) AS rows, COALESCE(SUM(interest_fen), 0) AS fen FROM shebao_person_account_year WHERE book_id = NEW.book_id AND batch_id = NEW.batch_id
      ) y WHERE a.rows + y.rows = NEW.row_count AND a.fen + y.fen = NEW.fen) THEN
    RAISE EXCEPTION 'SB1426: 明细与提出的笔数、金额不符';
  END IF;
  IF NEW.state = 'accepted' AND NEW.kind <> 'interest' AND NEW.books = 0 AND EXISTS (
      SELECT 1 FROM shebao_person_account_batch WHERE book_id = NEW.book_id AND state = 'accepted' AND kind = 'interest' AND period >= NEW.period) THEN
    RAISE EXCEPTION 'SB1426: 该年度已结息';
  END IF;
  IF NEW.state = 'accepted' AND NEW.kind = 'opening' AND EXISTS (
      SELECT 1 FROM shebao_person_account_batch WHERE book_id = NEW.book_id AND state = 'accepted' AND kind IN ('opening', 'interest')
        AND batch_id <> NEW.batch_id) THEN
    RAISE EXCEPTION 'SB1426: 期初余额只能生效一次';
  END IF;
  IF NEW.state = 'accepted' AND NEW.kind = 'interest' AND NEW.period <> COALESCE(
      (SELECT MAX(period) + 100 FROM shebao_person_account_batch WHERE book_id = NEW.book_id AND state = 'accepted' AND kind = 'interest'), NEW.period) THEN
    RAISE EXCEPTION 'SB1426: 每年结息一次，逐年结息';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_person_account_batch_move BEFORE UPDATE ON shebao_person_account_batch FOR EACH ROW EXECUTE FUNCTION shebao_person_account_batch_move_guard()
