-- P9 丧葬补助重复领取: one dead person, funeral aid in two funds, regions or periods; the largest stays. Rows of one fund, region and period are one grant.
WITH given AS (
    SELECT person, fund, region, period, SUM(net) AS fen
    FROM net_rows
    WHERE item_class = 'funeral' AND item LIKE ${aid} AND person <> '' AND period <= ${as_of} -- 〔丧葬补助，所属期不晚于截止月〕
    GROUP BY person, fund, region, period
),
ranked AS (
    SELECT person, fund, region, period, ROW_NUMBER() OVER (PARTITION BY person ORDER BY fen DESC, period, fund, region) AS nth FROM given
),
kept AS (
    SELECT person, fund, region FROM ranked WHERE nth = 1 -- 〔最大的一份〕
)
SELECT r.number AS id_number, r.fund, r.region, r.part, r.file, r.line, r.planned, r.seq, r.period, r.net AS fen,
       k.fund || ':' || k.region || ':' || r.number AS counterpart, r.name
FROM net_rows r
JOIN ranked n ON n.person = r.person AND n.fund = r.fund AND n.region = r.region AND n.period = r.period -- 〔按险种、统筹区、所属期分出各份〕
JOIN kept k ON k.person = r.person -- 〔同一死者最大的一份（可为本份）〕
WHERE r.item_class = 'funeral' -- 〔待遇是丧葬抚恤〕
  AND r.item LIKE ${aid} -- 〔项目是丧葬补助〕
  AND n.nth > 1 -- 〔不是最大的一份〕
