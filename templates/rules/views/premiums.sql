-- Contribution rows with the month of receipt as a whole number; years after the as-of year, when one was asked for, are left out.
SELECT c.*,
       CASE WHEN c.received_on IS NULL THEN NULL
            ELSE CAST(SUBSTR(CAST(c.received_on AS VARCHAR(10)), 1, 4) AS INTEGER) * 100 + CAST(SUBSTR(CAST(c.received_on AS VARCHAR(10)), 6, 2) AS INTEGER)
       END AS received_month
FROM contributions c
WHERE c.person <> '' AND c.year <= ${last_year}
