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
