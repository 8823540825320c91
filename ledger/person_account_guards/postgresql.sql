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
