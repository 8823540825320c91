-- L3 死亡后仍在救助名单: on the list after the month that follows death. Added after death is high, left later is medium, not left at all is low.
WITH spell AS (
    SELECT e.*, COALESCE(CAST(SUBSTR(CAST(from_on AS VARCHAR(10)), 1, 4) AS INTEGER) * 100 + CAST(SUBSTR(CAST(from_on AS VARCHAR(10)), 6, 2) AS INTEGER), 0) AS first,
           CAST(SUBSTR(CAST(to_on AS VARCHAR(10)), 1, 4) AS INTEGER) * 100 + CAST(SUBSTR(CAST(to_on AS VARCHAR(10)), 6, 2) AS INTEGER) AS last
    FROM entitled e
    WHERE person <> '' -- 〔证件号码没有空白或损坏〕
)
SELECT s.number AS id_number, s.part, s.file, s.line, s.name, 0 AS fen, n.period, d.counterpart, d.death_on AS fact, s.category AS note,
       CASE WHEN s.first > d.death_month THEN 'high' WHEN s.last IS NOT NULL THEN 'medium' ELSE 'low' END AS severity,
       CASE WHEN s.name_norm = d.name_norm THEN 1000 ELSE 800 END AS confidence
FROM spell s
JOIN death d ON d.number = s.number AND ((d.number_ok AND s.number_ok) OR d.name_norm = s.name_norm) -- 〔死亡信息中有此人〕
JOIN months m ON m.period = d.death_month -- 〔死亡月是有效月份〕
JOIN months n ON n.idx = m.idx + 1 -- 〔死亡次月可确定〕
WHERE n.period <= ${as_of} -- 〔死亡次月不晚于截止月〕
  AND s.first <= ${as_of} -- 〔名单认定不晚于截止月〕
  AND (s.last IS NULL OR s.last > n.period) -- 〔死亡次月之后才退出或仍未退出〕
