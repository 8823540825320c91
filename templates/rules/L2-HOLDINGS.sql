-- L2 有财产或财政供养仍在低保特困名单: on the list and the holder of something on some same day; words of the description leave small things out.
WITH listed_now AS (
    SELECT e.*, COALESCE(CAST(from_on AS VARCHAR(10)), '1900-01-01') AS first_day, COALESCE(CAST(to_on AS VARCHAR(10)), '9999-12-31') AS last_day
    FROM entitled e
    WHERE person <> '' AND (category LIKE ${low_income} OR category LIKE ${destitute}) -- 〔在低保或特困名单〕
),
held AS (
    SELECT h.person, h.name_norm, h.kind, COALESCE(CAST(h.from_on AS VARCHAR(10)), '1900-01-01') AS first_day,
           COALESCE(CAST(h.to_on AS VARCHAR(10)), '9999-12-31') AS last_day
    FROM holdings h
    WHERE h.person <> '' -- 〔证件号码没有空白或损坏〕
      AND h.detail NOT LIKE ${motorcycle} -- 〔不是摩托车〕
      AND h.detail NOT LIKE ${electric} -- 〔不是电动车〕
      AND h.detail NOT LIKE ${cooperative} -- 〔不是合作社名义成员〕
      AND h.detail NOT LIKE ${public_post} -- 〔不是公益性岗位〕
),
both_of AS (
    SELECT l.part, l.file, l.line, l.number, l.name, l.category, h.kind,
           CASE WHEN l.first_day > h.first_day THEN l.first_day ELSE h.first_day END AS since
    FROM listed_now l
    JOIN held h ON h.person = l.person AND h.name_norm = l.name_norm AND h.first_day < l.last_day AND l.first_day < h.last_day -- 〔同日有财产或财政供养（同号同名）〕
)
SELECT b.number AS id_number, b.part, b.file, b.line, b.name, 0 AS fen, b.category AS note, b.kind AS counterpart, b.since AS fact,
       CAST(SUBSTR(b.since, 1, 4) AS INTEGER) * 100 + CAST(SUBSTR(b.since, 6, 2) AS INTEGER) AS period,
       CASE WHEN b.kind = '财政供养' THEN 'medium' ELSE 'low' END AS severity
FROM both_of b
WHERE CAST(SUBSTR(b.since, 1, 4) AS INTEGER) * 100 + CAST(SUBSTR(b.since, 6, 2) AS INTEGER) <= ${as_of} -- 〔重叠开始不晚于截止月〕
