-- K1 职工与居民养老重复缴费: R's own payment of a year in which months of E or G are paid; in question the share of those months.
WITH worked AS (
    SELECT person, year, COUNT(DISTINCT period) AS months
    FROM (
        SELECT person, fund, year, period FROM premiums
        WHERE fund IN ('E', 'G') AND period % 100 > 0 -- 〔职工或机关养老按月的缴费〕
        GROUP BY person, fund, year, period HAVING SUM(amount) > 0 -- 〔当月缴费退费后仍有〕
    ) m
    GROUP BY person, year
),
own AS (
    SELECT c.*, SUM(c.amount) OVER (PARTITION BY c.person, c.region, c.year) AS total,
           ROW_NUMBER() OVER (PARTITION BY c.person, c.region, c.year ORDER BY c.amount DESC, c.part, c.file, c.line) AS nth
    FROM premiums c
    WHERE c.fund = 'R' AND c.payer = '个人' -- 〔居民养老的个人缴费〕
)
SELECT o.number AS id_number, o.fund, o.region, CAST(o.year AS VARCHAR(4)) AS other, o.part, o.file, o.line, o.year, o.name,
       CAST((o.total * w.months - (o.total * w.months) % 12) / 12 AS BIGINT) AS fen,
       '重叠' || CAST(w.months AS VARCHAR(4)) || '个月' AS note, CAST(w.months AS VARCHAR(4)) AS fact,
       CASE WHEN w.months = 12 THEN 'medium' ELSE 'low' END AS severity
FROM own o
JOIN worked w ON w.person = o.person AND w.year = o.year -- 〔同年有职工或机关养老缴费〕
WHERE o.nth = 1 -- 〔当年最大的一笔（合计列在此笔）〕
  AND o.total > 0 -- 〔当年个人缴费退费后仍有〕
