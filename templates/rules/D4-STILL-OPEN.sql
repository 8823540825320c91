-- D4 死亡未终止: still shown as drawing without an end month though dead before the as-of month; nothing paid since (that is D1).
SELECT q.number AS id_number, q.fund, q.region, q.part, q.file, q.line, d.death_month AS period, 0 AS fen, q.name,
       CASE WHEN q.name_norm = d.name_norm THEN 1000 ELSE 800 END AS confidence,
       d.counterpart, d.death_on AS fact, d.source AS note
FROM people q
JOIN death d ON d.number = q.number AND ((d.number_ok AND q.number_ok) OR d.name_norm = q.name_norm) -- 〔死亡信息中有此人〕
JOIN months n ON n.period = ${as_of} -- 〔截止月可确定〕
WHERE d.death_month < n.period -- 〔死亡月早于截止月〕
  AND q.person <> '' -- 〔证件号码没有空白或损坏〕
  AND q.end_month IS NULL -- 〔待遇终止年月没有填〕
  AND ${drawing_status} -- 〔待遇状态仍为领取或暂停〕
  AND NOT EXISTS (SELECT 1 FROM paid_months p WHERE p.number = q.number AND p.fund = q.fund AND p.period > d.death_month) -- 〔死亡当月之后该险种没有实付〕
