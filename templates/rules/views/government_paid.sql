-- 政府代缴 after refunds: the rows of a person, fund, region and year with the part of each that is left (fen). Refunds (negative rows)
-- are taken off the last rows of their own 代缴级次, what is refunded beyond those off the last rows of the year. A year without refunds stands as it is.
WITH refunded AS (
    SELECT DISTINCT person, fund, region, year FROM premiums WHERE payer = '政府代缴' AND amount < 0
),
levelled AS (
    SELECT c.*,
           SUM(c.amount) OVER (PARTITION BY c.person, c.fund, c.region, c.year) AS total,
           SUM(c.amount) OVER (PARTITION BY c.person, c.fund, c.region, c.year, c.level) AS level_total,
           COALESCE(SUM(CASE WHEN c.amount > 0 THEN c.amount ELSE 0 END) OVER (
               PARTITION BY c.person, c.fund, c.region, c.year, c.level ORDER BY c.part, c.file, c.line
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS level_before
    FROM premiums c
    JOIN refunded b ON b.person = c.person AND b.fund = c.fund AND b.region = c.region AND b.year = c.year
    WHERE c.payer = '政府代缴'
),
kept AS (
    SELECT v.*, CASE WHEN v.level_before + v.amount <= v.level_total THEN v.amount ELSE v.level_total - v.level_before END AS level_left
    FROM levelled v
    WHERE v.amount > 0 AND v.level_before < v.level_total
),
ordered AS (
    SELECT k.*,
           COALESCE(SUM(k.level_left) OVER (
               PARTITION BY k.person, k.fund, k.region, k.year ORDER BY k.part, k.file, k.line ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
               AS paid_before
    FROM kept k
)
SELECT ${columns}, c.amount AS fen
FROM premiums c
WHERE c.payer = '政府代缴' AND c.amount > 0
  AND NOT EXISTS (SELECT 1 FROM refunded b WHERE b.person = c.person AND b.fund = c.fund AND b.region = c.region AND b.year = c.year)
UNION ALL
SELECT ${columns}, CASE WHEN c.paid_before + c.level_left <= c.total THEN c.level_left ELSE c.total - c.paid_before END AS fen
FROM ordered c
WHERE c.paid_before < c.total
