-- D1 死亡后继续领取待遇: monthly benefits net paid for a period after the month of death; the month itself is due.
SELECT p.number AS id_number, p.fund, p.region, p.part, p.file, p.line, p.planned, p.seq, p.period, p.fen, p.item_part,
       CASE WHEN d.official AND n.name_norm = d.name_norm THEN 'high' ELSE 'medium' END AS severity,
       CASE WHEN n.name_norm <> d.name_norm AND d.confidence > 800 THEN 800 ELSE d.confidence END AS confidence,
       d.counterpart, d.death_on AS fact, d.source AS note,
       CASE WHEN d.known_month = 0 THEN '' WHEN COALESCE(p.paid_month, p.period) > d.known_month THEN 'after' ELSE 'before' END AS known
FROM paid_months p
JOIN death d ON d.number = p.number AND ((d.number_ok AND p.number_ok) OR d.name_norm = p.name_norm) -- 〔死亡信息中有此人〕
JOIN last_paid n ON n.number = p.number -- 〔能取到最后一次实付的姓名〕
WHERE p.person <> '' -- 〔证件号码没有空白或损坏〕
  AND p.benefit IN ${monthly} -- 〔待遇按月发放〕
  AND p.period > d.death_month -- 〔所属期在死亡当月之后〕
