-- E9 成年人领取供养亲属抚恤金: from the month after ${adult_age} until the age at which parents and spouses are supported; unable to work: not known here.
SELECT p.number AS id_number, p.fund, p.region, p.part, p.file, p.line, p.planned, p.seq, p.period, p.fen
FROM paid_months p
WHERE p.benefit = 'survivor' -- 〔是供养亲属待遇〕
  AND p.person <> '' -- 〔行上有可用的身份〕
  AND p.number_ok -- 〔号码校验正确〕
  AND LENGTH(p.number) = 18 -- 〔号码为十八位〕
  AND p.period > CAST(SUBSTR(p.number, 7, 6) AS INTEGER) + ${adult_age} * 100 -- 〔已满十八周岁〕
  AND p.period < CAST(SUBSTR(p.number, 7, 6) AS INTEGER) + 100 * CASE WHEN CAST(SUBSTR(p.number, 17, 1) AS INTEGER) % 2 = 1 THEN ${man_age} ELSE ${woman_age} END -- 〔未到老年供养年龄〕
