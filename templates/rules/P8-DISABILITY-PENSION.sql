-- P8 伤残津贴与养老金同时领取: the work-injury allowance beside a pension of E or G for the same period; named top-ups are due.
WITH pension AS (
    SELECT person, fund, region, period, SUM(fen) AS fen
    FROM paid_months
    WHERE benefit = 'pension' AND fund IN ('E', 'G') AND person <> '' -- 〔职工或机关的按月养老金〕
    GROUP BY person, fund, region, period
)
SELECT p.number AS id_number, p.fund, p.region, p.part, p.file, p.line, p.planned, p.seq, p.period, p.fen,
       k.fund || ':' || k.region || ':' || p.number AS counterpart,
       CASE WHEN p.fen < k.fen THEN 'low' ELSE 'medium' END AS severity
FROM paid_months p
JOIN pension k ON k.person = p.person AND k.period = p.period -- 〔同一所属期在领职工、机关养老金〕
WHERE p.benefit = 'disability' -- 〔待遇是伤残津贴〕
  AND p.fund = 'W' -- 〔由工伤保险基金发放〕
  AND p.item NOT LIKE ${topped} -- 〔项目名称不是补差〕
  AND p.item NOT LIKE ${difference} -- 〔项目名称不是差额〕
