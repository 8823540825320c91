-- E1 未到龄领取: pension paid for a period before the month after the age is reached. first_due comes from the dated ages:
-- R by the number, E and G by 退休类别 and 档案认定出生日期 (else the number).
SELECT p.number AS id_number, p.fund, p.region, p.part, p.file, p.line, p.planned, p.seq, p.period, p.fen, p.item_part,
       CASE WHEN a.name_norm = '' OR a.name_norm = p.name_norm THEN 1000 ELSE 800 END AS confidence,
       a.fact AS fact, a.note
FROM paid_months p
JOIN age_due a ON a.number = p.number AND a.fund = p.fund AND (a.region = '' OR a.region = p.region) -- 〔能算出应领取月份〕
WHERE p.benefit = 'pension' -- 〔待遇是按月养老金〕
  AND p.person <> '' -- 〔证件号码没有空白或损坏〕
  AND p.period < a.first_due -- 〔所属期早于应领取月份〕
