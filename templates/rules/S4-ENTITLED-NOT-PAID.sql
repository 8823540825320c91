-- S4 应代缴未代缴: on the list on some day of a year in which the fund has any 政府代缴, and no 代缴 that year. R: ${adult_age} by 31 December
-- and under ${pension_age} on 1 January (turning either in the year: low). MR: any age.
WITH years AS (
    SELECT fund, year, MIN(region) AS region FROM premiums WHERE payer = '政府代缴' AND fund IN ('R', 'MR') GROUP BY fund, year -- 〔该险种当年全县有政府代缴〕
),
due AS (
    SELECT DISTINCT e.person, e.number, y.fund, y.year, y.region, e.part, e.file, e.line, e.name,
           CASE WHEN e.number_ok AND LENGTH(e.number) = 18 THEN CAST(SUBSTR(e.number, 7, 4) AS INTEGER) END AS born,
           CASE WHEN e.number_ok AND LENGTH(e.number) = 18 THEN SUBSTR(e.number, 11, 4) END AS birthday
    FROM listed e
    JOIN years y ON e.first_year <= y.year AND y.year <= e.last_year -- 〔在名单的年度该险种有政府代缴〕
),
home AS (
    SELECT person, fund, MIN(region) AS region FROM people WHERE person <> '' AND region <> '' GROUP BY person, fund -- 〔参保统筹区已填〕
),
drawing AS (
    SELECT person, MIN(period) AS first_period FROM paid_months WHERE benefit = 'pension' AND person <> '' GROUP BY person -- 〔领取过按月养老金〕
    UNION ALL
    SELECT person, MIN(COALESCE(start_month, 0)) FROM people WHERE person <> '' AND ${drawing_status} GROUP BY person -- 〔待遇状态为领取或暂停〕
),
elsewhere AS (
    SELECT DISTINCT person, fund, year FROM premiums WHERE fund IN ('E', 'G', 'ME') AND amount > 0 -- 〔有职工、机关或职工医保缴费〕
)
SELECT u.number AS id_number, u.fund, COALESCE(h.region, u.region) AS region, CAST(u.year AS VARCHAR(4)) AS other, u.part, u.file, u.line, u.year,
       0 AS fen, u.name,
       CASE WHEN u.fund = 'R' AND (u.year - u.born = ${adult_age} OR u.year - u.born = ${pension_age}) THEN 'low' ELSE 'medium' END AS severity
FROM due u
LEFT JOIN home h ON h.person = u.person AND h.fund = u.fund -- 〔另取参保的统筹区（可无）〕
WHERE NOT EXISTS (SELECT 1 FROM government_paid g WHERE g.person = u.person AND g.fund = u.fund AND g.year = u.year) -- 〔该险种当年没有政府代缴〕
  AND NOT EXISTS (SELECT 1 FROM death d WHERE d.person = u.person AND d.death_month <= u.year * 100 + 12) -- 〔当年年底以前没有死亡〕
  AND NOT EXISTS (SELECT 1 FROM people q WHERE q.person = u.person AND ${dead_status}) -- 〔参保状态不是死亡〕
  AND NOT EXISTS (SELECT 1 FROM people q WHERE q.person = u.person AND ${elsewhere_status}) -- 〔参保状态不是学生、服役、异地〕
  AND (u.fund <> 'R' OR u.born IS NOT NULL) -- 〔居民养老：号码可知出生日期〕
  AND (u.fund <> 'R' OR u.year - u.born >= ${adult_age}) -- 〔居民养老：当年年底已满参保年龄〕
  AND (u.fund <> 'R' OR u.year - u.born < ${pension_age} OR (u.year - u.born = ${pension_age} AND u.birthday > '0101')) -- 〔居民养老：当年1月1日未满领取年龄〕
  AND (u.fund <> 'R' OR NOT EXISTS (SELECT 1 FROM drawing w WHERE w.person = u.person AND w.first_period <= u.year * 100 + 12)) -- 〔居民养老：年底以前没有领取〕
  AND (u.fund <> 'R' OR NOT EXISTS (SELECT 1 FROM elsewhere x WHERE x.person = u.person AND x.year = u.year AND x.fund IN ('E', 'G'))) -- 〔居民养老：当年没有职工机关缴费〕
  AND (u.fund <> 'R' OR NOT EXISTS (SELECT 1 FROM people q WHERE q.person = u.person AND q.fund IN ('E', 'G'))) -- 〔居民养老：没有参加职工或机关养老〕
  AND (u.fund <> 'MR' OR NOT EXISTS (SELECT 1 FROM elsewhere x WHERE x.person = u.person AND x.year = u.year AND x.fund = 'ME')) -- 〔居民医保：当年没有职工医保缴费〕
  AND (u.fund <> 'MR' OR NOT EXISTS (SELECT 1 FROM people q WHERE q.person = u.person AND q.fund = 'ME')) -- 〔居民医保：没有参加职工医保〕
