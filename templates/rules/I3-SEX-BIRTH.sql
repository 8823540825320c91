-- I3 性别或出生日期与证号不符: digit 17 is odd for men; digits 7 to 14 are the birth date.
SELECT q.number AS id_number, q.fund, q.region, q.part, q.file, q.line, CAST(SUBSTR(q.number, 7, 6) AS INTEGER) AS period, 0 AS fen, q.name, '性别' || q.sex AS note, q.sex AS fact
FROM people q
WHERE q.person <> '' -- 〔证件号码没有空白或损坏〕
  AND q.number_ok -- 〔证件号码校验成立〕
  AND LENGTH(q.number) = 18 -- 〔证件号码为十八位〕
  AND ((q.sex = '男' AND CAST(SUBSTR(q.number, 17, 1) AS INTEGER) % 2 = 0) OR (q.sex = '女' AND CAST(SUBSTR(q.number, 17, 1) AS INTEGER) % 2 = 1)) -- 〔性别与号码第17位不符〕
UNION ALL
SELECT q.number, q.fund, q.region, q.part, q.file, q.line, CAST(SUBSTR(q.number, 7, 6) AS INTEGER), 0, q.name,
       '出生日期' || CAST(q.birth AS VARCHAR(10)), CAST(q.birth AS VARCHAR(10))
FROM people q
WHERE q.person <> '' -- 〔证件号码没有空白或损坏〕
  AND q.number_ok -- 〔证件号码校验成立〕
  AND LENGTH(q.number) = 18 -- 〔证件号码为十八位〕
  AND q.birth IS NOT NULL -- 〔出生日期已填〕
  AND REPLACE(CAST(q.birth AS VARCHAR(10)), '-', '') <> SUBSTR(q.number, 7, 8) -- 〔出生日期与号码第7至14位不符〕
