-- A1 多人共用银行账户: one account takes monthly pension for two or more persons in one month of payment.
WITH taking AS (
    SELECT account, month, COUNT(DISTINCT person) AS persons
    FROM account_months
    WHERE benefit = 'pension' -- 〔按月养老金〕
    GROUP BY account, month
    HAVING COUNT(DISTINCT person) >= ${persons_low} -- 〔同一账户同月收款人数达到规定〕
),
largest AS (
    SELECT account, MAX(persons) AS persons FROM taking GROUP BY account
)
SELECT p.number AS id_number, p.fund, p.region, p.account AS other, p.part, p.file, p.line, p.planned, p.seq, p.period, p.month, p.fen,
       p.number AS person, p.account AS counterpart, p.account AS fact,
       CASE WHEN l.persons >= ${persons_high} THEN 'high' WHEN l.persons >= ${persons_medium} THEN 'medium' ELSE 'low' END AS severity
FROM account_months p
JOIN taking t ON t.account = p.account AND t.month = p.month -- 〔账户当月有多人收款〕
JOIN largest l ON l.account = p.account -- 〔人数最多的月份（定等级）〕
WHERE p.benefit = 'pension' -- 〔待遇是按月养老金〕
