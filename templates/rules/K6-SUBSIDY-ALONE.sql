-- K6 有补贴无缴费: 财政补贴 of a year left after refunds without any payment of the person, of the collective or by 代缴.
WITH granted AS (
    SELECT c.*, SUM(c.amount) OVER (PARTITION BY c.person, c.region, c.year) AS total,
           ROW_NUMBER() OVER (PARTITION BY c.person, c.region, c.year ORDER BY c.amount DESC, c.part, c.file, c.line) AS nth
    FROM premiums c
    WHERE c.fund = 'R' AND c.payer = '财政补贴' -- 〔居民养老的财政补贴〕
),
paying AS (
    SELECT person, year FROM premiums WHERE fund = 'R' AND payer <> '财政补贴' GROUP BY person, year HAVING SUM(amount) > 0 -- 〔当年有个人、集体或代缴的缴费〕
)
SELECT g.number AS id_number, g.fund, g.region, CAST(g.year AS VARCHAR(4)) AS other, g.part, g.file, g.line, g.year, g.name, g.total AS fen
FROM granted g
WHERE g.nth = 1 -- 〔当年最大的一笔（合计列在此笔）〕
  AND g.total > 0 -- 〔当年补贴退回后仍有〕
  AND NOT EXISTS (SELECT 1 FROM paying k WHERE k.person = g.person AND k.year = g.year) -- 〔当年没有个人、集体或代缴的缴费〕
