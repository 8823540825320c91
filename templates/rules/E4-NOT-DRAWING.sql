-- E4 到龄应领未领: R, more than ${grace_months} months past ${pension_age} at the as-of month, ${years_least} premium years, neither paid nor begun.
WITH years AS (
    SELECT person
    FROM (SELECT person, year FROM premiums WHERE fund = 'R' GROUP BY person, year HAVING SUM(amount) > 0) y -- 〔居民养老缴费，当年退费后仍有〕
    GROUP BY person
    HAVING COUNT(*) >= ${years_least} -- 〔缴费年数达到规定〕
)
SELECT q.number AS id_number, q.fund, q.region, q.part, q.file, q.line, n.period, 0 AS fen, q.name
FROM people q
JOIN years y ON y.person = q.person -- 〔缴费明细中满规定的缴费年数〕
JOIN months b ON b.period = CAST(SUBSTR(q.number, 7, 6) AS INTEGER) -- 〔出生年月有效〕
JOIN months n ON n.period = ${as_of} -- 〔截止月可确定〕
WHERE q.fund = 'R' -- 〔险种为城乡居民养老〕
  AND q.number_ok -- 〔证件号码校验成立〕
  AND LENGTH(q.number) = 18 -- 〔证件号码为十八位〕
  AND q.start_month IS NULL -- 〔待遇起始年月没有填〕
  AND q.end_month IS NULL -- 〔待遇终止年月没有填〕
  AND n.idx - b.idx > ${pension_age} * 12 + ${grace_months} -- 〔截止月已过领取年龄和宽限月数〕
  AND NOT ${drawing_status} -- 〔待遇状态不是领取或暂停〕
  AND NOT ${dead_status} -- 〔参保状态不是死亡〕
  AND NOT ${elsewhere_status} -- 〔参保状态不是学生、服役、异地〕
  AND NOT EXISTS (SELECT 1 FROM death d WHERE d.person = q.person) -- 〔死亡信息中没有此人〕
  AND NOT EXISTS (SELECT 1 FROM people o WHERE o.person = q.person AND o.fund IN ('E', 'G')) -- 〔没有参加职工或机关养老〕
  AND NOT EXISTS (SELECT 1 FROM paid_months p WHERE p.person = q.person AND p.benefit = 'pension') -- 〔没有实付过按月养老金〕
