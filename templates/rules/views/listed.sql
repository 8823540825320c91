-- The list of those whose premium others pay, with the first and last year in which they are on it on some day.
SELECT e.part, e.file, e.line, e.number, e.number_ok, e.person, e.name, e.name_norm, e.category,
       CASE WHEN e.from_on IS NULL THEN 0 ELSE CAST(SUBSTR(CAST(e.from_on AS VARCHAR(10)), 1, 4) AS INTEGER) END AS first_year,
       CASE WHEN e.to_on IS NULL THEN 9999 ELSE CAST(SUBSTR(CAST(e.to_on AS VARCHAR(10)), 1, 4) AS INTEGER) END AS last_year
FROM entitled e
WHERE e.person <> ''
