-- K2 同年居民养老缴费两次: more than the largest own payment of the year is left after refunds. Equal amounts are medium, others may be a raised tier.
WITH own AS (
    SELECT c.*, SUM(c.amount) OVER (PARTITION BY c.person, c.year) AS total,
           MAX(c.amount) OVER (PARTITION BY c.person, c.year) AS largest,
           ROW_NUMBER() OVER (PARTITION BY c.person, c.year ORDER BY c.amount DESC, c.part, c.file, c.line) AS nth
    FROM premiums c
    WHERE c.fund = 'R' AND c.payer = '个人' -- 〔居民养老的个人缴费〕
)
SELECT o.number AS id_number, o.fund, o.region, CAST(o.year AS VARCHAR(4)) AS other, o.part, o.file, o.line, o.year, o.name,
       o.total - o.largest AS fen,
       CASE WHEN o.amount = o.largest THEN 'medium' ELSE 'low' END AS severity
FROM own o
WHERE o.nth = 2 -- 〔当年第二大的一笔〕
  AND o.amount > 0 -- 〔这一笔不是退费〕
  AND o.total > o.largest -- 〔当年合计（退费后）超过最大一笔〕
