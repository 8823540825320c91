-- The name a number was last paid under: the latest period, then file and line.
WITH latest AS (
    SELECT number, MAX(period) AS period FROM paid_months WHERE number <> '' AND NOT damaged GROUP BY number
)
SELECT number, name, name_norm
FROM (
    SELECT p.number, p.name, p.name_norm, ROW_NUMBER() OVER (PARTITION BY p.number ORDER BY p.file DESC, p.line DESC) AS nth
    FROM paid_months p
    JOIN latest l ON l.number = p.number AND l.period = p.period
    WHERE NOT p.damaged
) r
WHERE nth = 1
