-- E9 成年人领取供养亲属抚恤金: from the month after ${adult_age} until the age at which parents and spouses are supported; unable to work: not known here.
SELECT p.number AS id_number, p.fund, p.region, p.part, p.file, p.line, p.planned, p.seq, p.period, p.fen
FROM paid_months p
WHERE p.benefit = 'survivor' -- 〔待遇是供养亲属抚恤金〕
  AND p.person <> '' -- 〔证件号码没有空白或损坏〕
  AND p.number_ok -- 〔证件号码校验成立〕
  AND LENGTH(p.number) = 18 -- 〔证件号码为十八位〕
  AND p.period > CAST(SUBSTR(p.number, 7, 6) AS INTEGER) + ${adult_age} * 100 -- 〔所属期在成年当月之后〕
  AND p.period < CAST(SUBSTR(p.number, 7, 6) AS INTEGER) + 100 * CASE WHEN CAST(SUBSTR(p.number, 17, 1) AS INTEGER) % 2 = 1 THEN ${man_age} ELSE ${woman_age} END -- 〔所属期未到老年供养年龄〕
