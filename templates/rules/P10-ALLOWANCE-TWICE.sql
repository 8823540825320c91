-- P10 代发项目重叠: one person, item, period and source of money of 代发, more than one row left after cancelling, here or in two regions; the largest stays.
WITH given AS (
    SELECT r.*, ROW_NUMBER() OVER (PARTITION BY person, item, period, source ORDER BY net DESC, part, file, line) AS nth
    FROM net_rows r
    WHERE item_class = 'allowance' AND person <> '' AND period <= ${as_of} -- 〔代发项目，所属期不晚于截止月〕
)
SELECT g.number AS id_number, g.fund, g.region, g.part, g.file, g.line, g.planned, g.seq, g.period, g.net AS fen, g.item AS note, g.name,
       k.fund || ':' || k.region || ':' || k.number AS counterpart
FROM given g
JOIN given k ON k.person = g.person AND k.item = g.item AND k.period = g.period AND k.source = g.source AND k.nth = 1 -- 〔同月同项同来源最大一笔（可为本笔）〕
WHERE g.nth > 1 -- 〔不是其中最大的一笔〕
