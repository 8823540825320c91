-- D5 死亡早于终止: the end month (终止年月) is later than the month of death; for 暂停 it is the first unpaid month, so later than the next one.
SELECT q.number AS id_number, q.fund, q.region, q.part, q.file, q.line, q.end_month AS period, 0 AS fen, q.name,
       CASE WHEN q.name_norm = d.name_norm THEN 1000 ELSE 800 END AS confidence,
       d.counterpart, d.death_on AS fact, d.source AS note
FROM people q
JOIN death d ON d.number = q.number AND ((d.number_ok AND q.number_ok) OR d.name_norm = q.name_norm) -- 〔死亡信息中有此人〕
WHERE q.person <> '' -- 〔证件号码没有空白或损坏〕
  AND q.end_month IS NOT NULL -- 〔待遇终止年月已填〕
  AND q.end_month <= ${as_of} -- 〔待遇终止年月不晚于截止月〕
  AND q.end_month > CASE WHEN q.benefit_status LIKE ${paused} THEN CASE WHEN d.death_month % 100 = 12 THEN d.death_month + 89 ELSE d.death_month + 1 END ELSE d.death_month END -- 〔终止年月晚于死亡应停发的月份〕
