-- K5 职工与居民医保重复参保: MR's own payment of a year in which months of ME are paid; all twelve are medium.
WITH worked AS (
    SELECT person, year, COUNT(DISTINCT period) AS months
    FROM (
        SELECT person, year, period FROM premiums
        WHERE fund = 'ME' AND period % 100 > 0 -- 〔职工医保按月的缴费〕
        GROUP BY person, year, period HAVING SUM(amount) > 0 -- 〔当月缴费退费后仍有〕
    ) m
    GROUP BY person, year
),
own AS (
    SELECT c.*, SUM(c.amount) OVER (PARTITION BY c.person, c.region, c.year) AS total,
           ROW_NUMBER() OVER (PARTITION BY c.person, c.region, c.year ORDER BY c.amount DESC, c.part, c.file, c.line) AS nth
    FROM premiums c
    WHERE c.fund = 'MR' AND c.payer = '个人' -- 〔居民医保的个人缴费〕
)
SELECT o.number AS id_number, o.fund, o.region, CAST(o.year AS VARCHAR(4)) AS other, o.part, o.file, o.line, o.year, o.name, o.total AS fen,
       CAST(w.months AS VARCHAR(4)) || '个月' AS note, CAST(w.months AS VARCHAR(4)) AS fact,
       CASE WHEN w.months = 12 THEN 'medium' ELSE 'low' END AS severity
FROM own o
JOIN worked w ON w.person = o.person AND w.year = o.year -- 〔同年有职工医保缴费〕
WHERE o.nth = 1 -- 〔当年最大的一笔（合计列在此笔）〕
  AND o.total > 0 -- 〔当年个人缴费退费后仍有〕
