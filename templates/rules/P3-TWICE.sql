-- P3 同月同项重复发放: one fund, region, number, period, item name as given and source of money, more than one row left
-- after cancelling. Without a 待遇类型 column only rows of equal amount count. In question: all but the largest row.
WITH keyed AS (
    SELECT p.number, p.person, p.fund, p.region, p.part, p.file, p.line, p.planned, p.seq, p.period, p.item_part, p.item, p.source, p.fen,
           CASE WHEN p.has_item THEN p.item ELSE '' END AS item_key,
           CASE WHEN p.has_item THEN 0 ELSE p.fen END AS amount_key
    FROM paid_months p
    WHERE p.person <> '' AND p.item_class <> 'arrears' -- 〔不是补发，证件号码可用〕
),
repeated AS (
    SELECT fund, region, person, period, item_key, amount_key, source
    FROM keyed
    GROUP BY fund, region, person, period, item_key, amount_key, source
    HAVING COUNT(*) > 1 -- 〔同月同项同来源多行（无项目看金额）〕
),
counted AS (
    SELECT k.*,
           COUNT(*) OVER (PARTITION BY k.fund, k.region, k.person, k.period, k.item_key, k.amount_key, k.source, k.fen) AS rows_equal,
           ROW_NUMBER() OVER (PARTITION BY k.fund, k.region, k.person, k.period, k.item_key, k.amount_key, k.source
                              ORDER BY k.fen DESC, k.part, k.file, k.line) AS nth
    FROM keyed k
    JOIN repeated r ON r.fund = k.fund AND r.region = k.region AND r.person = k.person AND r.period = k.period
                   AND r.item_key = k.item_key AND r.amount_key = k.amount_key AND r.source = k.source -- 〔同月同项同来源的发放有重复〕
)
SELECT number AS id_number, fund, region, part, file, line, planned, seq, period, item_part, item AS note,
       CASE WHEN nth = 1 THEN 0 ELSE fen END AS fen,
       CASE WHEN rows_equal > 1 THEN 'high' ELSE 'low' END AS severity
FROM counted
