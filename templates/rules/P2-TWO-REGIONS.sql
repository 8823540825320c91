-- P2 同一制度两地领取: one scheme paid by two counties for the same period; a renamed county is the same county. In question:
-- the region that began later (待遇起始年月, else the first period paid; then the smaller sum, then the larger code).
WITH county AS (
    SELECT p.person, p.fund, p.region, COALESCE(r.now, p.region) AS here, p.number, p.name_norm, p.period, p.fen
    FROM paid_months p
    LEFT JOIN region_now r ON r.old = p.region
    WHERE p.benefit = 'pension' AND p.fund IN ('E', 'R', 'G') AND p.person <> '' -- 〔职工、居民、机关的按月养老金〕
),
monthly AS (
    SELECT person, fund, here, period, SUM(fen) AS fen FROM county GROUP BY person, fund, here, period
),
pair AS (
    SELECT a.person, a.fund, a.here, b.here AS kept, SUM(a.fen) AS given_up_fen, SUM(b.fen) AS kept_fen
    FROM monthly a
    JOIN monthly b ON b.person = a.person AND b.fund = a.fund AND b.period = a.period AND b.here <> a.here -- 〔同一险种同一所属期另一地也发〕
    GROUP BY a.person, a.fund, a.here, b.here
),
paid_from AS (
    SELECT person, fund, here, MIN(period) AS first_paid FROM monthly GROUP BY person, fund, here
),
started AS (
    SELECT q.person, q.fund, COALESCE(r.now, q.region) AS here, MIN(q.start_month) AS start_month
    FROM people q
    LEFT JOIN region_now r ON r.old = q.region
    WHERE q.person <> '' AND q.start_month IS NOT NULL -- 〔待遇起始年月已填〕
    GROUP BY q.person, q.fund, COALESCE(r.now, q.region)
),
began AS (
    SELECT f.person, f.fund, f.here, COALESCE(s.start_month, f.first_paid) AS began
    FROM paid_from f
    LEFT JOIN started s ON s.person = f.person AND s.fund = f.fund AND s.here = f.here
),
given_up AS (
    SELECT q.person, q.fund, q.here, q.kept
    FROM pair q
    JOIN began a ON a.person = q.person AND a.fund = q.fund AND a.here = q.here -- 〔本地的开始月份〕
    JOIN began b ON b.person = q.person AND b.fund = q.fund AND b.here = q.kept -- 〔另一地的开始月份〕
    WHERE a.began > b.began
       OR (a.began = b.began AND (q.given_up_fen < q.kept_fen OR (q.given_up_fen = q.kept_fen AND q.here > q.kept))) -- 〔本地应让出（后开始的让）〕
)
SELECT p.number AS id_number, p.fund, p.region, p.part, p.file, p.line, p.planned, p.seq, p.period, p.fen, p.item_part,
       CASE WHEN k.name_norm = p.name_norm THEN 1000 ELSE 800 END AS confidence,
       k.fund || ':' || k.region || ':' || k.number AS counterpart
FROM paid_months p
LEFT JOIN region_now r ON r.old = p.region -- 〔换代码的县按现代码（可无）〕
JOIN given_up g ON g.person = p.person AND g.fund = p.fund AND g.here = COALESCE(r.now, p.region) -- 〔本地与另一地重叠且应让出〕
JOIN (SELECT DISTINCT person, fund, region, here, number, name_norm, period FROM county) k
  ON k.person = p.person AND k.fund = p.fund AND k.here = g.kept AND k.period = p.period -- 〔同一所属期另一地在发养老金〕
WHERE p.benefit = 'pension' -- 〔待遇是按月养老金〕
