-- D3 死亡后停发又恢复: paid, then at least one month after the death month unpaid, then paid again. In question: the
-- periods after the first such gap.
WITH paid AS (
    SELECT DISTINCT p.number, p.fund, p.region, p.period, m.idx, e.idx AS death_idx, d.death_on, d.counterpart, d.confidence, d.name_norm, d.known_month
    FROM paid_months p
    JOIN death d ON d.number = p.number AND ((d.number_ok AND p.number_ok) OR d.name_norm = p.name_norm) -- 〔死亡信息中有此人〕
    JOIN months m ON m.period = p.period -- 〔所属期的月份〕
    JOIN months e ON e.period = d.death_month -- 〔死亡月〕
    WHERE p.person <> '' AND p.benefit IN ${monthly} -- 〔按月待遇，身份可用〕
),
stepped AS (
    SELECT a.number, a.fund, a.region, a.period, a.idx, a.death_idx, LAG(a.idx) OVER (PARTITION BY a.number, a.fund, a.region ORDER BY a.idx) AS idx_before
    FROM paid a
),
resumed AS (
    SELECT number, fund, region, MIN(period) AS resumed
    FROM stepped
    WHERE idx_before IS NOT NULL AND idx > death_idx + 1 AND idx > idx_before + 1 -- 〔死亡次月以后发放，且此前停发过〕
    GROUP BY number, fund, region
)
SELECT p.number AS id_number, p.fund, p.region, p.part, p.file, p.line, p.planned, p.seq, p.period, p.fen, p.item_part,
       CASE WHEN n.name_norm <> a.name_norm AND a.confidence > 800 THEN 800 ELSE a.confidence END AS confidence,
       a.counterpart, a.death_on AS fact,
       CASE WHEN a.known_month = 0 THEN '' WHEN COALESCE(p.paid_month, p.period) > a.known_month THEN 'after' ELSE 'before' END AS known
FROM paid_months p
JOIN resumed r ON r.number = p.number AND r.fund = p.fund AND r.region = p.region -- 〔死亡停发后又恢复发放〕
JOIN paid a ON a.number = p.number AND a.fund = p.fund AND a.region = p.region AND a.period = p.period -- 〔死亡信息中有此人且当月有实发〕
JOIN last_paid n ON n.number = p.number -- 〔有最后一次实发〕
WHERE p.person <> '' -- 〔行上有可用的身份〕
  AND p.benefit IN ${monthly} -- 〔是按月待遇〕
  AND p.period >= r.resumed -- 〔所属期不早于恢复发放〕
