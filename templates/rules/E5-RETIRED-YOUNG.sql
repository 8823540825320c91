-- E5 退休时年龄过小: E, G begun before ${age_least} by the birth date of the file, else of the number; 病残津贴 and 退职 have no age.
SELECT b.number AS id_number, b.fund, b.region, b.part, b.file, b.line, b.start_month AS period, 0 AS fen, b.name,
       '出生年月' || CAST(b.born AS VARCHAR(6)) AS note, CAST(b.born AS VARCHAR(6)) AS fact
FROM (
    SELECT q.*, CASE WHEN q.file_birth IS NOT NULL THEN CAST(SUBSTR(CAST(q.file_birth AS VARCHAR(10)), 1, 4) AS INTEGER) * 100 + CAST(SUBSTR(CAST(q.file_birth AS VARCHAR(10)), 6, 2) AS INTEGER)
                     WHEN q.number_ok AND LENGTH(q.number) = 18 THEN CAST(SUBSTR(q.number, 7, 6) AS INTEGER) END AS born
    FROM people q
    WHERE q.person <> '' AND q.fund IN ('E', 'G') AND q.start_month IS NOT NULL AND q.retire_kind NOT IN ${no_age} -- 〔职工、机关已起始，类别有年龄条件〕
) b
WHERE b.start_month < b.born + ${age_least} * 100 -- 〔待遇起始时未满最低年龄〕
  AND b.start_month <= ${as_of} -- 〔待遇起始年月不晚于截止月〕
