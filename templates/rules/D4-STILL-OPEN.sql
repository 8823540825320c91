-- D4 死亡未终止: still shown as drawing without an end month though dead before the as-of month; nothing paid since (that is D1).
SELECT q.number AS id_number, q.fund, q.region, q.part, q.file, q.line, d.death_month AS period, 0 AS fen, q.name,
       CASE WHEN q.name_norm = d.name_norm THEN 1000 ELSE 800 END AS confidence,
       d.counterpart, d.death_on AS fact, d.source AS note
FROM people q
JOIN death d ON d.number = q.number AND ((d.number_ok AND q.number_ok) OR d.name_norm = q.name_norm) -- 〔死亡信息中有此人〕
JOIN months n ON n.period = ${as_of} -- 〔在月份表中〕
WHERE d.death_month < n.period -- 〔死亡早于截止月〕
  AND q.person <> '' -- 〔行上有可用的身份〕
  AND q.end_month IS NULL -- 〔没有待遇终止年月〕
  AND ${drawing_status} -- 〔待遇状态为正在领取〕
  AND NOT EXISTS (SELECT 1 FROM paid_months p WHERE p.number = q.number AND p.fund = q.fund AND p.period > d.death_month) -- 〔死亡后没有发放〕
