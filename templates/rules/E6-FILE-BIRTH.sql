-- E6 档案出生日期与证件不符: E, G; medium where the file says older than the number, which lets somebody retire earlier.
SELECT q.number AS id_number, q.fund, q.region, q.part, q.file, q.line, CAST(SUBSTR(q.number, 7, 6) AS INTEGER) AS period, 0 AS fen, q.name,
       CAST(q.file_birth AS VARCHAR(10)) AS note, CAST(q.file_birth AS VARCHAR(10)) AS fact,
       CASE WHEN REPLACE(CAST(q.file_birth AS VARCHAR(10)), '-', '') < SUBSTR(q.number, 7, 8) THEN 'medium' ELSE 'low' END AS severity
FROM people q
WHERE q.person <> '' -- 〔证件号码没有空白或损坏〕
  AND q.fund IN ('E', 'G') -- 〔险种为职工或机关养老〕
  AND q.number_ok -- 〔证件号码校验成立〕
  AND LENGTH(q.number) = 18 -- 〔证件号码为十八位〕
  AND q.file_birth IS NOT NULL -- 〔档案认定出生日期已填〕
  AND REPLACE(CAST(q.file_birth AS VARCHAR(10)), '-', '') <> SUBSTR(q.number, 7, 8) -- 〔档案出生日期与证件号码不同〕
