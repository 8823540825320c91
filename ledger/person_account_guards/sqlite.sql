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
