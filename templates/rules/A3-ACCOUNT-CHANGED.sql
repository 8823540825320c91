-- A3 账户变更可疑: paid into an account that is not the first one of the person in the fund, and taken up after death, or within ${months_most} months
-- before arrears of ${arrears_months} months and more; months in which ${campaign} persons and more change are a campaign.
WITH used AS (
    SELECT person, fund, account, MIN(COALESCE(paid_month, period)) AS since
    FROM paid_months
    WHERE person <> '' AND account <> '' AND account NOT LIKE '%*%' AND (item_class <> 'arrears' OR paid_month IS NOT NULL) -- 〔账号完整，补发的有发放日期〕
    GROUP BY person, fund, account
),
changed AS (
    SELECT u.person, u.fund, u.account, u.since
    FROM used u
    WHERE EXISTS (SELECT 1 FROM used o WHERE o.person = u.person AND o.fund = u.fund AND o.since < u.since) -- 〔此前用过别的账户〕
),
campaign AS (
    SELECT since FROM changed GROUP BY since HAVING COUNT(DISTINCT person) >= ${campaign} -- 〔同月换账户人数达到集中换卡〕
),
large AS (
    SELECT person, fund, account, paid_month
    FROM paid_months
    WHERE item_class = 'arrears' AND paid_month IS NOT NULL AND person <> '' -- 〔是补发，且有发放日期〕
    GROUP BY person, fund, account, paid_month
    HAVING COUNT(DISTINCT period) >= ${arrears_months} -- 〔同月补发的月数达到规定〕
)
SELECT p.number AS id_number, p.fund, p.region, p.part, p.file, p.line, p.planned, p.seq, p.period, p.fen, p.account AS counterpart, p.account AS fact,
       '死亡后启用' AS note, 'high' AS severity, CASE WHEN d.name_norm = p.name_norm THEN 1000 ELSE 800 END AS confidence
FROM paid_months p
JOIN changed c ON c.person = p.person AND c.fund = p.fund AND c.account = p.account -- 〔领取账户与以前不同〕
JOIN death d ON d.number = p.number AND ((d.number_ok AND p.number_ok) OR d.name_norm = p.name_norm) -- 〔死亡信息中有此人〕
WHERE c.since > d.death_month -- 〔新账户在死亡当月之后才启用〕
UNION ALL
SELECT p.number, p.fund, p.region, p.part, p.file, p.line, p.planned, p.seq, p.period, p.fen, p.account, p.account,
       '启用后随即大额补发', 'medium', 1000
FROM paid_months p
JOIN changed c ON c.person = p.person AND c.fund = p.fund AND c.account = p.account -- 〔领取账户与以前不同〕
JOIN large l ON l.person = p.person AND l.fund = p.fund AND l.account = p.account AND l.paid_month = p.paid_month -- 〔同账户同月补发达到规定月数〕
JOIN months s ON s.period = c.since -- 〔新账户启用月是有效月份〕
JOIN months t ON t.period = p.paid_month -- 〔补发的发放月是有效月份〕
LEFT JOIN campaign m ON m.since = c.since -- 〔另查启用月是否集中换卡（可无）〕
WHERE p.item_class = 'arrears' -- 〔这一行是补发〕
  AND t.idx - s.idx <= ${months_most} -- 〔新账户启用后规定月数内补发〕
  AND m.since IS NULL -- 〔启用月不是集中换卡的月份〕
