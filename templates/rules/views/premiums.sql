-- Contribution rows with the month of receipt as a whole number; years and months after the as-of month, when one was asked for, are left out.
SELECT c.*,
       CASE WHEN c.received_on IS NULL THEN NULL
            ELSE CAST(SUBSTR(CAST(c.received_on AS VARCHAR(10)), 1, 4) AS INTEGER) * 100 + CAST(SUBSTR(CAST(c.received_on AS VARCHAR(10)), 6, 2) AS INTEGER)
       END AS received_month
FROM contributions c
WHERE c.person <> '' AND c.year <= ${last_year} AND (c.period IS NULL OR c.period % 100 = 0 OR c.period <= ${last_month}) AND ${asked}
