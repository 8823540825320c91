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
