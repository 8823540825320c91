-- Guards of special books (专账) on PostgreSQL: 专款专用 after every entry, whoever wrote it. Each statement ends with a line "-- ;;".

-- Accounts that begin with letters are a special book's own (templates/special/chart.yaml). With the entry counted, no document that it moves has less than
-- nothing free (received, less spent, handed back and held by townships), and no township has accounted for more than it was given of a document.
CREATE FUNCTION shebao_seal_special_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM fresh f JOIN shebao_account a ON a.book_id = f.book_id AND a.code = 'C01') THEN RETURN NULL; END IF;
  IF EXISTS (
    SELECT 1 FROM (
      SELECT DISTINCT l.book_id, CASE l.dimension WHEN '' THEN '' ELSE COALESCE((SELECT j.value ->> 1 FROM jsonb_array_elements(l.dimension::jsonb) j WHERE j.value ->> 0 = 'document'), '') END AS document
      FROM fresh f JOIN shebao_account a ON a.book_id = f.book_id AND a.code = 'C01'
        JOIN shebao_line l ON l.book_id = f.book_id AND l.entry_id = f.entry_id AND (l.account LIKE 'S%' OR l.account LIKE 'C01%' OR l.account LIKE 'C02%' OR l.account LIKE 'Z0301%' OR l.account LIKE 'J01%')) moved
    WHERE (SELECT SUM(b.debit_fen - b.credit_fen) FROM shebao_balance b WHERE b.book_id = moved.book_id AND (b.account LIKE 'S%' OR b.account LIKE 'C01%' OR b.account LIKE 'C02%' OR b.account LIKE 'Z0301%' OR b.account LIKE 'J01%')
      AND CASE b.dimension WHEN '' THEN '' ELSE COALESCE((SELECT j.value ->> 1 FROM jsonb_array_elements(b.dimension::jsonb) j WHERE j.value ->> 0 = 'document'), '') END = moved.document) > 0) THEN
    RAISE EXCEPTION 'SB3273: 指标文超支，每笔支出须有已到账的资金';
  END IF;
  IF EXISTS (
    SELECT 1 FROM shebao_balance b WHERE b.book_id IN (SELECT f.book_id FROM fresh f) AND b.account LIKE 'Z0301%'
    GROUP BY b.book_id, CASE b.dimension WHEN '' THEN '' ELSE COALESCE((SELECT j.value ->> 1 FROM jsonb_array_elements(b.dimension::jsonb) j WHERE j.value ->> 0 = 'document'), '') END, CASE b.dimension WHEN '' THEN '' ELSE COALESCE((SELECT j.value ->> 1 FROM jsonb_array_elements(b.dimension::jsonb) j WHERE j.value ->> 0 = 'town'), '') END HAVING SUM(b.debit_fen - b.credit_fen) < 0) THEN
    RAISE EXCEPTION 'SB3274: 乡镇核销超过已拨付的数额';
  END IF;
  RETURN NULL;
END $$
-- ;;
CREATE TRIGGER shebao_seal_special AFTER INSERT ON shebao_seal REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION shebao_seal_special_guard()
