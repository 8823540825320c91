-- L5 孤儿费超龄: on the list of orphans after the month of the ${adult_age}th birthday by the number. Whether still at school is not known here.
WITH spell AS (
    SELECT e.*, CAST(SUBSTR(CAST(to_on AS VARCHAR(10)), 1, 4) AS INTEGER) * 100 + CAST(SUBSTR(CAST(to_on AS VARCHAR(10)), 6, 2) AS INTEGER) AS last
    FROM entitled e
    WHERE person <> '' AND number_ok AND LENGTH(number) = 18 AND category LIKE ${orphan} -- 〔孤儿名单，十八位号码校验成立〕
)
SELECT s.number AS id_number, s.part, s.file, s.line, s.name, 0 AS fen, n.period, s.category AS note, s.category AS fact
FROM spell s
JOIN months b ON b.period = CAST(SUBSTR(s.number, 7, 6) AS INTEGER) -- 〔出生年月有效〕
JOIN months n ON n.idx = b.idx + ${adult_age} * 12 + 1 -- 〔满龄次月可确定〕
WHERE n.period <= ${as_of} -- 〔满龄次月不晚于截止月〕
  AND (s.last IS NULL OR s.last >= n.period) -- 〔满龄次月仍未退出〕
