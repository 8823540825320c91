-- E11 供养亲属已就业: an employer's net contributions (E, U, W) for the month of the survivor benefit. More than one month is medium.
WITH employed AS (
    SELECT person, period, MIN(fund || ':' || region) AS place
    FROM (
        SELECT person, fund, region, period, SUM(amount) AS fen
        FROM premiums
        WHERE fund IN ('E', 'U', 'W') AND payer = '单位' AND period % 100 > 0 -- 〔单位按月缴的养老、失业或工伤保险费〕
        GROUP BY person, fund, region, period
    ) c
    WHERE fen > 0 -- 〔当月单位缴费退费后仍有〕
    GROUP BY person, period
),
overlap AS (
    SELECT p.person, COUNT(DISTINCT p.period) AS months
    FROM paid_months p
    JOIN employed e ON e.person = p.person AND e.period = p.period -- 〔领取的所属期单位同月缴费〕
    WHERE p.benefit = 'survivor' -- 〔待遇是供养亲属抚恤金〕
    GROUP BY p.person
)
SELECT p.number AS id_number, p.fund, p.region, p.part, p.file, p.line, p.planned, p.seq, p.period, p.fen,
       e.place || ':' || p.number AS counterpart,
       CASE WHEN o.months > 1 THEN 'medium' ELSE 'low' END AS severity
FROM paid_months p
JOIN employed e ON e.person = p.person AND e.period = p.period -- 〔领取的所属期单位同月缴费〕
JOIN overlap o ON o.person = p.person -- 〔领取与就业重叠的月数（定等级）〕
WHERE p.benefit = 'survivor' -- 〔待遇是供养亲属抚恤金〕
  AND p.person <> '' -- 〔证件号码没有空白或损坏〕
