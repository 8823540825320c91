-- E8 服刑期间领取失业金: unemployment benefit for the months of a term, as E3 counts them.
SELECT p.number AS id_number, p.fund, p.region, p.part, p.file, p.line, p.planned, p.seq, p.period, p.fen,
       t.severity, t.counterpart, t.counterpart AS fact,
       CASE WHEN t.name_norm = p.name_norm THEN 1000 ELSE 800 END AS confidence
FROM paid_months p
JOIN term t ON t.number = p.number AND ((t.number_ok AND p.number_ok) OR t.name_norm = p.name_norm) -- 〔服刑信息中有此人的停发期〕
WHERE p.benefit = 'unemployment' -- 〔待遇是失业待遇〕
  AND p.person <> '' -- 〔证件号码没有空白或损坏〕
  AND t.first <= p.period -- 〔所属期不早于收监（羁押）次月〕
  AND p.period <= t.last -- 〔所属期不晚于释放当月〕
