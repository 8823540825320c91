-- L1 同时享受互斥的救助: on the list as 特困 and as 低保 or 孤儿 on some same day; changing over on one day is no overlap.
WITH spell AS (
    SELECT part, file, line, person, number, name, name_norm, category,
           COALESCE(CAST(from_on AS VARCHAR(10)), '1900-01-01') AS first_day, COALESCE(CAST(to_on AS VARCHAR(10)), '9999-12-31') AS last_day
    FROM entitled
    WHERE person <> '' -- 〔证件号码没有空白或损坏〕
),
pair AS (
    SELECT a.part, a.file, a.line, a.person, a.number, a.name, a.category AS one, b.category AS two,
           CASE WHEN a.first_day > b.first_day THEN a.first_day ELSE b.first_day END AS since
    FROM spell a
    JOIN spell b ON b.person = a.person AND b.name_norm = a.name_norm AND a.first_day < b.last_day AND b.first_day < a.last_day -- 〔同日在名单的记录（同号同名，含本条）〕
    WHERE a.category LIKE ${destitute} AND (b.category LIKE ${low_income} OR b.category LIKE ${orphan}) -- 〔一在特困，一在低保或孤儿名单〕
)
SELECT number AS id_number, part, file, line, name, 0 AS fen, one || ';' || two AS counterpart, since AS fact,
       CAST(SUBSTR(since, 1, 4) AS INTEGER) * 100 + CAST(SUBSTR(since, 6, 2) AS INTEGER) AS period
FROM pair
WHERE CAST(SUBSTR(since, 1, 4) AS INTEGER) * 100 + CAST(SUBSTR(since, 6, 2) AS INTEGER) <= ${as_of} -- 〔重叠开始不晚于截止月〕
