-- P1 同时领取两种养老待遇: pension net paid by two of E, R, G for the same period. R gives way to E and G; between
-- E and G the one that began later (待遇起始年月, else the first period paid; then the smaller sum, then G).
WITH scheme AS (
    SELECT person, fund, period, SUM(fen) AS fen
    FROM paid_months
    WHERE benefit = 'pension' AND fund IN ('E', 'R', 'G') AND person <> '' -- 〔职工、居民、机关的按月养老金〕
    GROUP BY person, fund, period
),
pair AS (
    SELECT a.person, a.fund, b.fund AS kept, SUM(a.fen) AS given_up_fen, SUM(b.fen) AS kept_fen
    FROM scheme a
    JOIN scheme b ON b.person = a.person AND b.period = a.period AND b.fund <> a.fund -- 〔同一所属期另一险种也发养老金〕
    GROUP BY a.person, a.fund, b.fund
),
paid_from AS (
    SELECT person, fund, MIN(period) AS first_paid FROM scheme GROUP BY person, fund
),
started AS (
    SELECT person, fund, MIN(start_month) AS start_month FROM people WHERE person <> '' AND start_month IS NOT NULL GROUP BY person, fund -- 〔待遇起始年月已填〕
),
began AS (
    SELECT f.person, f.fund, COALESCE(s.start_month, f.first_paid) AS began
    FROM paid_from f
    LEFT JOIN started s ON s.person = f.person AND s.fund = f.fund
),
given_up AS (
    SELECT q.person, q.fund, q.kept
    FROM pair q
    JOIN began a ON a.person = q.person AND a.fund = q.fund -- 〔本险种的开始月份〕
    JOIN began b ON b.person = q.person AND b.fund = q.kept -- 〔另一险种的开始月份〕
    WHERE q.fund = 'R'
       OR (q.kept <> 'R' AND (a.began > b.began
           OR (a.began = b.began AND (q.given_up_fen < q.kept_fen OR (q.given_up_fen = q.kept_fen AND q.fund = 'G'))))) -- 〔本险种应让出（居民让，否则后开始的让）〕
),
kept AS (
    SELECT DISTINCT person, fund, region, number, name_norm, period
    FROM paid_months
    WHERE benefit = 'pension' AND fund IN ('E', 'R', 'G') AND person <> '' -- 〔职工、居民、机关的按月养老金〕
)
SELECT p.number AS id_number, p.fund, p.region, p.part, p.file, p.line, p.planned, p.seq, p.period, p.fen, p.item_part,
       CASE WHEN k.name_norm = p.name_norm THEN 1000 ELSE 800 END AS confidence,
       k.fund || ':' || k.region || ':' || k.number AS counterpart
FROM paid_months p
JOIN given_up g ON g.person = p.person AND g.fund = p.fund -- 〔本险种与另一险种重叠且应让出〕
JOIN kept k ON k.person = p.person AND k.fund = g.kept AND k.period = p.period -- 〔同一所属期另一险种在发养老金〕
WHERE p.benefit = 'pension' -- 〔待遇是按月养老金〕
