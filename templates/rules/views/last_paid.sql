-- The name a number was last paid under: the latest period, then file and line.
SELECT number, name, name_norm
FROM (
    SELECT number, name, name_norm, ROW_NUMBER() OVER (PARTITION BY number ORDER BY period DESC, file DESC, line DESC) AS nth
    FROM paid_months
    WHERE number <> '' AND NOT damaged
) r
WHERE nth = 1
