-- E7 高龄长期未认证: ${age_least} or older and paid in the as-of month, certified more than ${months_most} months before it. Only certifications are known here.
SELECT p.number AS id_number, p.fund, p.region, p.part, p.file, p.line, p.planned, p.seq, p.period, p.fen,
       s.certified AS note, s.certified AS fact
FROM paid_months p
JOIN (
    SELECT person, MAX(CAST(certified_on AS VARCHAR(10))) AS certified FROM people WHERE person <> '' AND certified_on IS NOT NULL GROUP BY person -- 〔有最近认证日期〕
) s ON s.person = p.person -- 〔有过认证〕
JOIN months c ON c.period = CAST(SUBSTR(s.certified, 1, 4) AS INTEGER) * 100 + CAST(SUBSTR(s.certified, 6, 2) AS INTEGER) -- 〔在月份表中〕
JOIN months n ON n.period = p.period -- 〔在月份表中〕
WHERE p.benefit = 'pension' -- 〔是养老待遇〕
  AND p.period = ${as_of} -- 〔是截止月的发放〕
  AND p.number_ok -- 〔号码校验正确〕
  AND LENGTH(p.number) = 18 -- 〔号码为十八位〕
  AND p.period >= CAST(SUBSTR(p.number, 7, 6) AS INTEGER) + ${age_least} * 100 -- 〔已满高龄〕
  AND n.idx - c.idx > ${months_most} -- 〔认证已超过期限〕
