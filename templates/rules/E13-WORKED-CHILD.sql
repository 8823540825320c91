-- E13 参加工作时未满16周岁: E, G, the month work began is before ${age_least} by the birth date of the file, else of the number.
SELECT b.number AS id_number, b.fund, b.region, b.part, b.file, b.line, b.worked AS period, 0 AS fen, b.name,
       CAST(b.worked_on AS VARCHAR(10)) AS note, CAST(b.worked_on AS VARCHAR(10)) AS fact
FROM (
    SELECT q.*, CAST(SUBSTR(CAST(q.worked_on AS VARCHAR(10)), 1, 4) AS INTEGER) * 100 + CAST(SUBSTR(CAST(q.worked_on AS VARCHAR(10)), 6, 2) AS INTEGER) AS worked,
           CASE WHEN q.file_birth IS NOT NULL THEN CAST(SUBSTR(CAST(q.file_birth AS VARCHAR(10)), 1, 4) AS INTEGER) * 100 + CAST(SUBSTR(CAST(q.file_birth AS VARCHAR(10)), 6, 2) AS INTEGER)
                WHEN q.number_ok AND LENGTH(q.number) = 18 THEN CAST(SUBSTR(q.number, 7, 6) AS INTEGER) END AS born
    FROM people q
    WHERE q.person <> '' AND q.fund IN ('E', 'G') AND q.worked_on IS NOT NULL -- 〔职工或机关养老，有参加工作日期〕
) b
WHERE b.worked < b.born + ${age_least} * 100 -- 〔参加工作时未满规定年龄〕
  AND b.worked <= ${as_of} -- 〔参加工作不晚于截止月〕
