-- D6 各来源死亡日期不一: one person and name, dates of death in different months. Registration and cremation are no dates of death.
WITH told AS (
    SELECT part, file, line, person, number, name, name_norm, source, CAST(death_on AS VARCHAR(10)) AS day,
           CAST(SUBSTR(CAST(death_on AS VARCHAR(10)), 1, 4) AS INTEGER) * 100 + CAST(SUBSTR(CAST(death_on AS VARCHAR(10)), 6, 2) AS INTEGER) AS month
    FROM deaths
    WHERE is_death AND death_on IS NOT NULL AND person <> '' -- 〔死亡记录，有死亡日期和号码〕
),
spread AS (
    SELECT person, name_norm FROM told GROUP BY person, name_norm HAVING MIN(month) < MAX(month) AND MIN(month) <= ${as_of} -- 〔同号同名的死亡日期不在同一月〕
)
SELECT t.number AS id_number, t.part, t.file, t.line, CASE WHEN t.month > ${as_of} THEN ${as_of} ELSE t.month END AS period, 0 AS fen, t.name, t.source || ':' || t.day AS counterpart,
       t.day AS fact
FROM told t
JOIN spread s ON s.person = t.person AND s.name_norm = t.name_norm -- 〔各来源死亡日期不在同一个月〕
