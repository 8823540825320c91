-- K7 单位注销后仍参保缴费: an employer's premiums for months after the month it was struck off; ${persons_least} persons and more of one are medium.
WITH closed AS (
    SELECT employer_code, MIN(employer) AS employer, MIN(CAST(closed_on AS VARCHAR(10))) AS closed_day, MIN(CAST(SUBSTR(CAST(closed_on AS VARCHAR(10)), 1, 4) AS INTEGER) * 100 + CAST(SUBSTR(CAST(closed_on AS VARCHAR(10)), 6, 2) AS INTEGER)) AS closed_month
    FROM employers
    WHERE closed_on IS NOT NULL AND employer_code <> '' AND state IN ${states} -- 〔单位已注销或吊销，有注销日期〕
    GROUP BY employer_code
),
late AS (
    SELECT c.*, k.employer, k.closed_day
    FROM premiums c
    JOIN closed k ON k.employer_code = c.employer_code -- 〔缴费单位已注销或吊销〕
    WHERE c.payer = '单位' AND c.amount > 0 AND c.period % 100 > 0 AND c.period > k.closed_month -- 〔单位缴费，所属期在注销当月之后〕
      AND NOT EXISTS (
          SELECT 1 FROM premiums r
          WHERE r.person = c.person AND r.fund = c.fund AND r.period = c.period AND r.payer = c.payer AND r.amount = -c.amount -- 〔没有被同额退费〕
      )
),
staff AS (
    SELECT employer_code, COUNT(DISTINCT person) AS persons FROM late GROUP BY employer_code
)
SELECT l.number AS id_number, l.fund, l.region, l.part, l.file, l.line, l.period, l.amount AS fen, l.name,
       l.employer || '（' || l.closed_day || '注销）' AS note, l.employer_code || ':' || l.closed_day AS fact, l.employer_code AS counterpart,
       CASE WHEN s.persons >= ${persons_least} THEN 'medium' ELSE 'low' END AS severity
FROM late l
JOIN staff s ON s.employer_code = l.employer_code -- 〔该单位注销后缴费的人数（定等级）〕
