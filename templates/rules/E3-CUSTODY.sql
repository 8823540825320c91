-- E3 服刑期间领取: pension for periods from the month after 收监 to the month of release inclusive, while 监禁 or 拘役; 羁押 is low.
SELECT p.number AS id_number, p.fund, p.region, p.part, p.file, p.line, p.planned, p.seq, p.period, p.fen, p.item_part,
       t.severity, t.counterpart, t.counterpart AS fact,
       CASE WHEN t.name_norm = p.name_norm THEN 1000 ELSE 800 END AS confidence
FROM paid_months p
JOIN term t ON t.number = p.number AND ((t.number_ok AND p.number_ok) OR t.name_norm = p.name_norm) -- 〔服刑信息中有此人的停发期〕
WHERE p.benefit = 'pension' -- 〔待遇是按月养老金〕
  AND p.person <> '' -- 〔证件号码没有空白或损坏〕
  AND t.first <= p.period -- 〔所属期不早于收监（羁押）次月〕
  AND p.period <= t.last -- 〔所属期不晚于释放当月〕
