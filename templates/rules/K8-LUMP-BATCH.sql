-- K8 同一单位成批补缴: one employer pays ${months_least} and more months older than a year for ${persons_least} and more persons in one month.
WITH late AS (
    SELECT * FROM premiums
    WHERE fund = 'E' AND amount > 0 AND received_month <= ${as_of} AND employer_code <> '' AND period % 100 > 0 AND period < received_month - 100 -- 〔单位补缴一年以前的职工养老〕
),
lump AS (
    SELECT employer_code, received_month, person FROM late GROUP BY employer_code, received_month, person HAVING COUNT(DISTINCT period) >= ${months_least} -- 〔每人同月补缴月数达到规定〕
),
batch AS (
    SELECT employer_code, received_month, COUNT(DISTINCT person) AS persons
    FROM lump
    GROUP BY employer_code, received_month
    HAVING COUNT(DISTINCT person) >= ${persons_least} -- 〔单位同月补缴人数达到规定〕
)
SELECT c.number AS id_number, c.fund, c.region, c.part, c.file, c.line, c.period, c.amount AS fen, c.name,
       b.employer_code || '于' || CAST(b.received_month AS VARCHAR(6)) || '为' || CAST(b.persons AS VARCHAR(6)) || '人' AS note,
       b.employer_code AS fact
FROM late c
JOIN lump l ON l.employer_code = c.employer_code AND l.received_month = c.received_month AND l.person = c.person -- 〔本人同月补缴月数达到规定〕
JOIN batch b ON b.employer_code = c.employer_code AND b.received_month = c.received_month -- 〔本人单位同月成批补缴〕
