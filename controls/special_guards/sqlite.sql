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
