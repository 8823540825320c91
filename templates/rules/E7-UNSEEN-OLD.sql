-- E7 高龄长期未认证: ${age_least} or older and paid in the as-of month, certified more than ${months_most} months before it. Only certifications are known here.
SELECT p.number AS id_number, p.fund, p.region, p.part, p.file, p.line, p.planned, p.seq, p.period, p.fen,
       s.certified AS note, s.certified AS fact
FROM paid_months p
JOIN (
    SELECT person, MAX(CAST(certified_on AS VARCHAR(10))) AS certified FROM people WHERE person <> '' AND certified_on IS NOT NULL GROUP BY person -- 〔最近认证日期已填〕
) s ON s.person = p.person -- 〔人员资料中有最近认证日期〕
JOIN months c ON c.period = CAST(SUBSTR(s.certified, 1, 4) AS INTEGER) * 100 + CAST(SUBSTR(s.certified, 6, 2) AS INTEGER) -- 〔最近认证月是有效月份〕
JOIN months n ON n.period = p.period -- 〔所属期是有效月份〕
WHERE p.benefit = 'pension' -- 〔待遇是按月养老金〕
  AND p.period = ${as_of} -- 〔所属期就是截止月〕
  AND p.number_ok -- 〔证件号码校验成立〕
  AND LENGTH(p.number) = 18 -- 〔证件号码为十八位〕
  AND p.period >= CAST(SUBSTR(p.number, 7, 6) AS INTEGER) + ${age_least} * 100 -- 〔所属期已满高龄〕
  AND n.idx - c.idx > ${months_most} -- 〔距最近认证超过规定月数〕
