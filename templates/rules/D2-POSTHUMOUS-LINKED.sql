-- D2 死亡后继续领取（关联）: as D1, for payees whom only linkage ties to a death record under another number or none.
SELECT p.number AS id_number, p.fund, p.region, d.second AS other, p.part, p.file, p.line, p.planned, p.seq, p.period, p.fen, p.item_part,
       d.severity, d.confidence, d.counterpart, d.death_on AS fact, d.steps,
       CASE WHEN d.second = '' THEN '无号码' ELSE '号码' || d.second END AS note,
       CASE WHEN d.known_month = 0 THEN '' WHEN COALESCE(p.paid_month, p.period) > d.known_month THEN 'after' ELSE 'before' END AS known
FROM paid_months p
JOIN death_link d ON d.number = p.number AND d.name_norm = p.name_norm -- 〔疑似同一人的死亡信息〕
WHERE p.person <> '' -- 〔行上有可用的身份〕
  AND p.benefit IN ${monthly} -- 〔是按月待遇〕
  AND p.period > d.death_month -- 〔所属期晚于死亡当月〕
