-- E4 到龄应领未领: R, more than ${grace_months} months past ${pension_age} at the as-of month, ${years_least} premium years, neither paid nor begun.
WITH years AS (
    SELECT person
    FROM (SELECT person, year FROM premiums WHERE fund = 'R' GROUP BY person, year HAVING SUM(amount) > 0) y -- 〔居民养老缴费，当年合计为正〕
    GROUP BY person
    HAVING COUNT(*) >= ${years_least} -- 〔缴费年数达到规定〕
)
SELECT q.number AS id_number, q.fund, q.region, q.part, q.file, q.line, n.period, 0 AS fen, q.name
FROM people q
JOIN years y ON y.person = q.person -- 〔有缴费年限〕
JOIN months b ON b.period = CAST(SUBSTR(q.number, 7, 6) AS INTEGER) -- 〔在月份表中〕
JOIN months n ON n.period = ${as_of} -- 〔在月份表中〕
WHERE q.fund = 'R' -- 〔险种为城乡居民养老〕
  AND q.number_ok -- 〔号码校验正确〕
  AND LENGTH(q.number) = 18 -- 〔号码为十八位〕
  AND q.start_month IS NULL -- 〔没有待遇起始年月〕
  AND q.end_month IS NULL -- 〔没有待遇终止年月〕
  AND n.idx - b.idx > ${pension_age} * 12 + ${grace_months} -- 〔已过领取年龄和宽限月数〕
  AND NOT (${drawing_status} OR ${dead_status} OR ${elsewhere_status}) -- 〔参保状态不排除〕
  AND NOT EXISTS (SELECT 1 FROM death d WHERE d.person = q.person) -- 〔死亡信息中没有此人〕
  AND NOT EXISTS (SELECT 1 FROM people o WHERE o.person = q.person AND o.fund IN ('E', 'G')) -- 〔没有参加职工养老〕
  AND NOT EXISTS (SELECT 1 FROM paid_months p WHERE p.person = q.person AND p.benefit = 'pension') -- 〔没有领过养老待遇〕
