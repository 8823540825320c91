-- 政府代缴 after refunds: the rows of a person, fund, region and year with the part of each that is left (fen). Refunds (negative rows)
-- are taken off the last rows of their own 代缴级次, what is refunded beyond those off the last rows of the year.
WITH levelled AS (
    SELECT c.*,
           SUM(c.amount) OVER (PARTITION BY c.person, c.fund, c.region, c.year) AS total,
           SUM(c.amount) OVER (PARTITION BY c.person, c.fund, c.region, c.year, c.level) AS level_total,
           COALESCE(SUM(CASE WHEN c.amount > 0 THEN c.amount ELSE 0 END) OVER (
               PARTITION BY c.person, c.fund, c.region, c.year, c.level ORDER BY c.part, c.file, c.line
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS level_before
    FROM premiums c
    WHERE c.payer = '政府代缴'
),
kept AS (
    SELECT v.*, CASE WHEN v.level_before + v.amount <= v.level_total THEN v.amount ELSE v.level_total - v.level_before END AS level_left
    FROM levelled v
    WHERE v.amount > 0 AND v.level_before < v.level_total
)
SELECT s.*, CASE WHEN s.paid_before + s.level_left <= s.total THEN s.level_left ELSE s.total - s.paid_before END AS fen
FROM (
    SELECT k.*,
           COALESCE(SUM(k.level_left) OVER (
               PARTITION BY k.person, k.fund, k.region, k.year ORDER BY k.part, k.file, k.line ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
               AS paid_before
    FROM kept k
) s
WHERE s.paid_before < s.total
