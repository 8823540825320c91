-- L4 残疾人两项补贴互斥: on the list of a disability subsidy and on a list that excludes it on some same day, or paid 工伤生活护理费 for the same month.
WITH spell AS (
    SELECT part, file, line, person, number, name, name_norm, category,
           COALESCE(CAST(from_on AS VARCHAR(10)), '1900-01-01') AS first_day, COALESCE(CAST(to_on AS VARCHAR(10)), '9999-12-31') AS last_day
    FROM entitled
    WHERE person <> '' -- 〔证件号码没有空白或损坏〕
),
pair AS (
    SELECT a.part, a.file, a.line, a.number, a.name, a.category AS one, b.category AS two,
           CASE WHEN a.first_day > b.first_day THEN a.first_day ELSE b.first_day END AS since
    FROM spell a
    JOIN spell b ON b.person = a.person AND b.name_norm = a.name_norm AND a.first_day < b.last_day AND b.first_day < a.last_day -- 〔同日在名单的记录（同号同名，含本条）〕
    WHERE (a.category LIKE ${living} AND (b.category LIKE ${destitute} OR b.category LIKE ${orphan}))
       OR (a.category LIKE ${nursing} AND b.category LIKE ${destitute}) -- 〔一在残疾人补贴，一在互斥的名单〕
)
SELECT p.number AS id_number, p.part, p.file, p.line, p.name, 0 AS fen, p.one AS note, p.two AS counterpart, p.since AS fact,
       CAST(SUBSTR(p.since, 1, 4) AS INTEGER) * 100 + CAST(SUBSTR(p.since, 6, 2) AS INTEGER) AS period
FROM pair p
WHERE CAST(SUBSTR(p.since, 1, 4) AS INTEGER) * 100 + CAST(SUBSTR(p.since, 6, 2) AS INTEGER) <= ${as_of} -- 〔重叠开始不晚于截止月〕
UNION ALL
SELECT s.number, s.part, s.file, s.line, s.name, 0, s.category, '工伤生活护理费', '工伤生活护理费', p.period
FROM spell s
JOIN paid_months p ON p.person = s.person AND p.fund = 'W' AND p.item LIKE ${work_injury} -- 〔领取工伤生活护理费〕
WHERE s.category LIKE ${nursing} -- 〔在护理补贴名单〕
  AND CAST(SUBSTR(s.first_day, 1, 4) AS INTEGER) * 100 + CAST(SUBSTR(s.first_day, 6, 2) AS INTEGER) <= p.period -- 〔所属期不早于护理补贴认定〕
  AND CAST(SUBSTR(s.last_day, 1, 4) AS INTEGER) * 100 + CAST(SUBSTR(s.last_day, 6, 2) AS INTEGER) >= p.period -- 〔所属期不晚于护理补贴退出〕
