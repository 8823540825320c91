-- E10 提前退休疑点: E, G retired early by 特殊工种 or 病退, first insured less than ${months_least} months before; or ${persons_least} and more of one
-- employer (the last that paid) in one year.
WITH special AS (
    SELECT q.*, CAST((q.start_month - q.start_month % 100) / 100 AS INTEGER) AS start_year
    FROM people q
    WHERE q.person <> '' AND q.fund IN ('E', 'G') AND q.retire_kind IN ${kinds} AND q.start_month <= ${as_of} -- 〔职工、机关的特殊工种或病退，已起始〕
),
worked AS (
    SELECT person, employer_code
    FROM (
        SELECT person, employer_code, ROW_NUMBER() OVER (PARTITION BY person ORDER BY period DESC, employer_code) AS nth
        FROM premiums
        WHERE fund IN ('E', 'G') AND employer_code <> '' AND amount > 0 -- 〔单位缴过职工或机关养老费〕
    ) w
    WHERE nth = 1 -- 〔最后缴费的单位〕
),
burst AS (
    SELECT w.employer_code, s.start_year, COUNT(DISTINCT s.person) AS persons
    FROM special s
    JOIN worked w ON w.person = s.person -- 〔缴费明细中有最后缴费的单位〕
    GROUP BY w.employer_code, s.start_year
    HAVING COUNT(DISTINCT s.person) >= ${persons_least} -- 〔单位同年提前退休人数达到规定〕
)
SELECT s.number AS id_number, s.fund, s.region, s.part, s.file, s.line, s.start_month AS period, 0 AS fen, s.name,
       '参保' || CAST(b.idx - f.idx AS VARCHAR(4)) || '个月即' || s.retire_kind AS note, CAST(s.first_month AS VARCHAR(6)) AS fact, 'medium' AS severity
FROM special s
JOIN months f ON f.period = s.first_month -- 〔首次参保年月已填〕
JOIN months b ON b.period = s.start_month -- 〔待遇起始年月已填〕
WHERE b.idx - f.idx < ${months_least} -- 〔首次参保至待遇起始不满规定月数〕
UNION ALL
SELECT s.number, s.fund, s.region, s.part, s.file, s.line, s.start_month, 0, s.name,
       '同一单位同年' || CAST(u.persons AS VARCHAR(6)) || '人提前退休', u.employer_code, 'low'
FROM special s
JOIN worked w ON w.person = s.person -- 〔缴费明细中有最后缴费的单位〕
JOIN burst u ON u.employer_code = w.employer_code AND u.start_year = s.start_year -- 〔本人单位同年提前退休成批〕
