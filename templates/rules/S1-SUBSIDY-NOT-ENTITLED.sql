-- S1 代缴对象不符: 政府代缴 for somebody on the list on no day of the 缴费年度.
SELECT g.number AS id_number, g.fund, g.region, CAST(g.year AS VARCHAR(4)) AS other, g.part, g.file, g.line, g.year, g.fen, g.name
FROM government_paid g
WHERE NOT EXISTS (
    SELECT 1 FROM listed e WHERE e.person = g.person AND e.first_year <= g.year AND g.year <= e.last_year -- 〔当年没有一天在特殊群体名单〕
)
