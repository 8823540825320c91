-- S2 重复代缴: (1) the year's 代缴 above the 缴费档次; (2) without it, a second net row of one 代缴级次; (3) R beside E/G contributions of
-- the same year (MR beside ME): high when the month of 到账 is also paid there. Own payment beside 代缴 is no finding. The year of a person is one
-- sum, whatever 统筹区 paid: what two counties pay for the same year is paid twice.
WITH stepped AS (
    SELECT g.*,
           MAX(g.tier) OVER (PARTITION BY g.person, g.fund, g.year) AS tier_due,
           SUM(g.fen) OVER (PARTITION BY g.person, g.fund, g.year ORDER BY g.part, g.file, g.line ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS so_far,
           ROW_NUMBER() OVER (PARTITION BY g.person, g.fund, g.year, g.level ORDER BY g.fen DESC, g.part, g.file, g.line) AS nth
    FROM government_paid g
),
elsewhere AS (
    SELECT person, fund, region, number, name_norm, year, period
    FROM premiums
    WHERE fund IN ('E', 'G', 'ME') -- 〔职工、机关养老或职工医保缴费〕
    GROUP BY person, fund, region, number, name_norm, year, period
    HAVING SUM(amount) > 0 -- 〔该期缴费退费后仍有〕
)
SELECT s.number AS id_number, s.fund, s.region, CAST(s.year AS VARCHAR(4)) AS other, s.part, s.file, s.line, s.year,
       CASE WHEN s.so_far - s.tier_due < s.fen THEN s.so_far - s.tier_due ELSE s.fen END AS fen,
       'high' AS severity, '' AS counterpart, 1000 AS confidence, s.name, '代缴超过缴费档次' AS note
FROM stepped s
WHERE s.tier_due IS NOT NULL -- 〔缴费档次已填〕
  AND s.tier_due > 0 -- 〔缴费档次大于零〕
  AND s.so_far > s.tier_due -- 〔累计代缴超过缴费档次〕
UNION ALL
SELECT s.number, s.fund, s.region, CAST(s.year AS VARCHAR(4)), s.part, s.file, s.line, s.year, s.fen,
       'high', '', 1000, s.name, '同一级次代缴两次'
FROM stepped s
WHERE (s.tier_due IS NULL OR s.tier_due = 0) -- 〔缴费档次没有填〕
  AND s.nth > 1 -- 〔同一级次第二笔以后的代缴〕
UNION ALL
SELECT s.number, s.fund, s.region, CAST(s.year AS VARCHAR(4)), s.part, s.file, s.line, s.year, s.fen,
       CASE WHEN e.period = s.received_month THEN 'high' ELSE 'low' END,
       e.fund || ':' || e.region || ':' || e.number,
       CASE WHEN e.name_norm = s.name_norm THEN 1000 ELSE 800 END, s.name, '同年另有职工类缴费'
FROM stepped s
JOIN elsewhere e ON e.person = s.person AND e.year = s.year -- 〔同年有职工、机关或职工医保缴费〕
WHERE (s.fund = 'R' AND e.fund IN ('E', 'G')) OR (s.fund = 'MR' AND e.fund = 'ME') -- 〔居民养老对职工机关，居民医保对职工医保〕
