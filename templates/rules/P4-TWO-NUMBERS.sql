-- P4 一人两号同时领取: two numbers that linkage ties to one person, both paid pension for the same period. In question as in P1 and P2:
-- R gives way to E and G, else the side that began later, then the smaller sum, then the larger code and number.
WITH side AS (
    SELECT number, fund, region, period, SUM(fen) AS fen
    FROM paid_months
    WHERE benefit = 'pension' AND fund IN ('E', 'R', 'G') AND person <> '' -- 〔职工、居民、机关的养老待遇〕
    GROUP BY number, fund, region, period
),
linked AS (
    SELECT one AS number, two AS second, severity, confidence, steps FROM number_pair
    UNION ALL
    SELECT two, one, severity, confidence, steps FROM number_pair
),
pair AS (
    SELECT l.number, a.fund, a.region, l.second, b.fund AS kept_fund, b.region AS kept_region, l.severity, l.confidence, l.steps,
           SUM(a.fen) AS given_up_fen, SUM(b.fen) AS kept_fen
    FROM linked l
    JOIN side a ON a.number = l.number -- 〔本号码有养老待遇〕
    JOIN side b ON b.number = l.second AND b.period = a.period -- 〔疑似同一人的另一号码同一所属期也领养老待遇〕
    GROUP BY l.number, a.fund, a.region, l.second, b.fund, b.region, l.severity, l.confidence, l.steps
),
began AS (
    SELECT s.number, s.fund, s.region, COALESCE(MIN(q.start_month), MIN(s.period)) AS began
    FROM side s
    LEFT JOIN people q ON q.number = s.number AND q.fund = s.fund AND q.start_month IS NOT NULL
    GROUP BY s.number, s.fund, s.region
),
given_up AS (
    SELECT q.*
    FROM pair q
    JOIN began a ON a.number = q.number AND a.fund = q.fund AND a.region = q.region -- 〔本份的开始月份〕
    JOIN began b ON b.number = q.second AND b.fund = q.kept_fund AND b.region = q.kept_region -- 〔另一份的开始月份〕
    WHERE (q.fund = 'R' AND q.kept_fund <> 'R')
       OR ((q.fund = 'R' OR q.kept_fund <> 'R') AND (a.began > b.began
           OR (a.began = b.began AND (q.given_up_fen < q.kept_fen
               OR (q.given_up_fen = q.kept_fen AND q.fund || q.region || q.number > q.kept_fund || q.kept_region || q.second))))) -- 〔本份是应让出的一份（居民让职工、机关；否则后开始的让出）〕
)
SELECT p.number AS id_number, p.fund, p.region, g.second AS other, p.part, p.file, p.line, p.planned, p.seq, p.period, p.fen, p.item_part,
       CASE WHEN g.severity = 'low' THEN 'low' ELSE 'medium' END AS severity, g.confidence, g.steps, g.second AS note,
       g.kept_fund || ':' || g.kept_region || ':' || g.second AS counterpart
FROM paid_months p
JOIN given_up g ON g.number = p.number AND g.fund = p.fund AND g.region = p.region -- 〔与另一份待遇同时领取且应让出〕
JOIN side k ON k.number = g.second AND k.fund = g.kept_fund AND k.region = g.kept_region AND k.period = p.period -- 〔同月另一份待遇在发〕
WHERE p.benefit = 'pension' -- 〔是养老待遇〕
  AND p.person <> '' -- 〔行上有可用的身份〕
