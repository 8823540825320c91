-- S5 代缴年龄不符: R: 政府代缴 for somebody not yet ${adult_age} at the end of the year, ${pension_age} or older on 1 January, or already drawing when
-- the money came (到账日期, else 1 January).
WITH drawing AS (
    SELECT person, MIN(first_period) AS first_period
    FROM (
        SELECT person, MIN(period) AS first_period FROM paid_months WHERE benefit = 'pension' AND person <> '' GROUP BY person -- 〔领取过按月养老金〕
        UNION ALL
        SELECT person, MIN(start_month) FROM people WHERE person <> '' AND start_month IS NOT NULL AND fund IN ('R', 'E', 'G') GROUP BY person -- 〔待遇起始年月已填〕
    ) d
    GROUP BY person
),
aged AS (
    SELECT g.*,
           CASE WHEN g.number_ok AND LENGTH(g.number) = 18 THEN g.year - CAST(SUBSTR(g.number, 7, 4) AS INTEGER) END AS age,
           CASE WHEN g.number_ok AND LENGTH(g.number) = 18 THEN SUBSTR(g.number, 11, 4) ELSE '' END AS birthday
    FROM government_paid g
    WHERE g.fund = 'R' -- 〔居民养老的政府代缴〕
)
SELECT a.number AS id_number, a.fund, a.region, CAST(a.year AS VARCHAR(4)) AS other, a.part, a.file, a.line, a.year, a.fen, a.name,
       CASE WHEN a.age < ${adult_age} THEN '当年未满${adult_age}周岁'
            WHEN a.age > ${pension_age} OR (a.age = ${pension_age} AND a.birthday <= '0101') THEN '1月1日已满${pension_age}周岁'
            ELSE '到账时已领取养老金' END AS note
FROM aged a
LEFT JOIN drawing w ON w.person = a.person -- 〔另查首次领取月份（可无）〕
WHERE a.age < ${adult_age}
   OR a.age > ${pension_age}
   OR (a.age = ${pension_age} AND a.birthday <= '0101')
   OR w.first_period <= COALESCE(a.received_month, a.year * 100 + 1) -- 〔年龄不应代缴，或到账时已在领取〕
