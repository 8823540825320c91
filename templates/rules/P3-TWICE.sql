-- P3 同月同项重复发放: one fund, region, number, period, item name as given and source of money, more than one row left
-- after cancelling. Without a 待遇类型 column only rows of equal amount count. In question: all but the largest row.
WITH keyed AS (
    SELECT p.*,
           CASE WHEN p.has_item THEN p.item ELSE '' END AS item_key,
           CASE WHEN p.has_item THEN 0 ELSE p.fen END AS amount_key
    FROM paid_months p
    WHERE p.person <> '' AND p.item_class <> 'arrears'
),
counted AS (
    SELECT k.*,
           COUNT(*) OVER (PARTITION BY fund, region, person, period, item_key, amount_key, source) AS rows_left,
           COUNT(*) OVER (PARTITION BY fund, region, person, period, item_key, amount_key, source, fen) AS rows_equal,
           ROW_NUMBER() OVER (PARTITION BY fund, region, person, period, item_key, amount_key, source
                              ORDER BY fen DESC, part, file, line) AS nth
    FROM keyed k
)
SELECT number AS id_number, fund, region, part, file, line, planned, seq, period, item_part, item AS note,
       CASE WHEN nth = 1 THEN 0 ELSE fen END AS fen,
       CASE WHEN rows_equal > 1 THEN 'high' ELSE 'low' END AS severity
FROM counted
WHERE rows_left > 1
