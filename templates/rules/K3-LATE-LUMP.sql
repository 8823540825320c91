-- K3 退休前一次性补缴: ${months_least} or more months older than a year arrive in one month, and the pension begins within 24 months of it.
WITH late AS (
    SELECT * FROM premiums
    WHERE fund = 'E' AND amount > 0 AND received_month IS NOT NULL AND period % 100 > 0 AND period < received_month - 100 -- 〔职工养老，到账晚于所属期一年以上〕
),
lump AS (
    SELECT person, region, received_month FROM late GROUP BY person, region, received_month HAVING COUNT(DISTINCT period) >= ${months_least} -- 〔同月到账的补缴月数达到规定〕
),
begun AS (
    SELECT person, MIN(start_month) AS start_month FROM people WHERE fund = 'E' AND person <> '' AND start_month <= ${as_of} GROUP BY person -- 〔截止月以前开始领职工养老〕
)
SELECT c.number AS id_number, c.fund, c.region, c.part, c.file, c.line, c.period, c.amount AS fen, c.name,
       CAST(c.received_month AS VARCHAR(6)) AS note, CAST(c.received_month AS VARCHAR(6)) AS fact
FROM late c
JOIN lump l ON l.person = c.person AND l.region = c.region AND l.received_month = c.received_month -- 〔本次到账的补缴月数达到规定〕
JOIN begun b ON b.person = c.person AND b.start_month >= c.received_month AND b.start_month <= c.received_month + 200 -- 〔补缴后二十四个月内开始领取〕
