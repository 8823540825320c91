-- D3 死亡后停发又恢复: paid, then at least one month after the death month unpaid, then paid again. In question: the
-- periods after the first such gap.
WITH paid AS (
    SELECT DISTINCT p.number, p.fund, p.region, p.period, m.idx, e.idx AS death_idx, d.death_on, d.counterpart, d.confidence, d.name_norm, d.known_month
    FROM paid_months p
    JOIN death d ON d.number = p.number AND ((d.number_ok AND p.number_ok) OR d.name_norm = p.name_norm) -- 〔死亡信息中有此人〕
    JOIN months m ON m.period = p.period -- 〔所属期是有效月份〕
    JOIN months e ON e.period = d.death_month -- 〔死亡月是有效月份〕
    WHERE p.person <> '' AND p.benefit IN ${monthly} -- 〔按月待遇，证件号码可用〕
),
stepped AS (
    SELECT a.number, a.fund, a.region, a.period, a.idx, a.death_idx, LAG(a.idx) OVER (PARTITION BY a.number, a.fund, a.region ORDER BY a.idx) AS idx_before
    FROM paid a
),
resumed AS (
    SELECT number, fund, region, MIN(period) AS resumed
    FROM stepped
    WHERE idx_before IS NOT NULL AND idx > death_idx + 1 AND idx > idx_before + 1 -- 〔死亡次月之后，停发又恢复的月份〕
    GROUP BY number, fund, region
)
SELECT p.number AS id_number, p.fund, p.region, p.part, p.file, p.line, p.planned, p.seq, p.period, p.fen, p.item_part,
       CASE WHEN n.name_norm <> a.name_norm AND a.confidence > 800 THEN 800 ELSE a.confidence END AS confidence,
       a.counterpart, a.death_on AS fact,
       CASE WHEN a.known_month = 0 THEN '' WHEN COALESCE(p.paid_month, p.period) > a.known_month THEN 'after' ELSE 'before' END AS known
FROM paid_months p
JOIN resumed r ON r.number = p.number AND r.fund = p.fund AND r.region = p.region -- 〔本险种死亡后停发又恢复〕
JOIN paid a ON a.number = p.number AND a.fund = p.fund AND a.region = p.region AND a.period = p.period -- 〔当月实付且死亡信息中有此人〕
JOIN last_paid n ON n.number = p.number -- 〔能取到最后一次实付的姓名〕
WHERE p.person <> '' -- 〔证件号码没有空白或损坏〕
  AND p.benefit IN ${monthly} -- 〔待遇按月发放〕
  AND p.period >= r.resumed -- 〔所属期不早于恢复发放的月份〕
