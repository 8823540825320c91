-- 政府代缴 after refunds: the rows of a person, fund, region and year with the part of each that is left (fen). Refunds (negative rows)
-- are taken off the last rows.
SELECT s.*,
       CASE WHEN s.paid_before + s.amount <= s.total THEN s.amount ELSE s.total - s.paid_before END AS fen
FROM (
    SELECT c.*,
           SUM(c.amount) OVER (PARTITION BY c.person, c.fund, c.region, c.year) AS total,
           COALESCE(SUM(CASE WHEN c.amount > 0 THEN c.amount ELSE 0 END) OVER (
               PARTITION BY c.person, c.fund, c.region, c.year ORDER BY c.part, c.file, c.line ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS paid_before
    FROM premiums c
    WHERE c.payer = '政府代缴'
) s
WHERE s.amount > 0 AND s.paid_before < s.total
