-- P5 养老金与失业金同时领取: pension and unemployment benefit net paid for the same period. In question: the unemployment money.
SELECT p.number AS id_number, p.fund, p.region, p.part, p.file, p.line, p.planned, p.seq, p.period, p.fen,
       CASE WHEN k.name_norm = p.name_norm THEN 1000 ELSE 800 END AS confidence,
       k.fund || ':' || k.region || ':' || k.number AS counterpart
FROM paid_months p
JOIN (
    SELECT DISTINCT person, fund, region, number, name_norm, period
    FROM paid_months
    WHERE benefit = 'pension' AND fund IN ('E', 'R', 'G') AND person <> '' -- 〔职工、居民、机关的按月养老金〕
) k ON k.person = p.person AND k.period = p.period -- 〔同一所属期在领养老金〕
WHERE p.benefit = 'unemployment' -- 〔待遇是失业待遇〕
