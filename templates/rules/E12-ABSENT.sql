-- E12 失踪或出国定居仍发放: pension for periods from the month after somebody went missing until the month before the return; settled abroad: R alone.
WITH away AS (
    SELECT a.*, CAST(a.from_on AS VARCHAR(10)) AS since, CAST(SUBSTR(CAST(a.from_on AS VARCHAR(10)), 1, 4) AS INTEGER) * 100 + CAST(SUBSTR(CAST(a.from_on AS VARCHAR(10)), 6, 2) AS INTEGER) AS first,
           CASE WHEN a.to_on IS NULL THEN 299912 ELSE CAST(SUBSTR(CAST(a.to_on AS VARCHAR(10)), 1, 4) AS INTEGER) * 100 + CAST(SUBSTR(CAST(a.to_on AS VARCHAR(10)), 6, 2) AS INTEGER) END AS back
    FROM absences a
    WHERE a.person <> '' AND a.from_on IS NOT NULL -- 〔有发生日期，证件号码可用〕
)
SELECT p.number AS id_number, p.fund, p.region, p.part, p.file, p.line, p.planned, p.seq, p.period, p.fen,
       w.source || ':' || w.since AS counterpart, w.since AS fact, w.kind AS note,
       CASE WHEN w.name_norm = p.name_norm THEN 1000 ELSE 800 END AS confidence
FROM paid_months p
JOIN away w ON w.number = p.number AND ((w.number_ok AND p.number_ok) OR w.name_norm = p.name_norm) -- 〔失踪与出国名单中有此人〕
WHERE p.benefit = 'pension' -- 〔待遇是按月养老金〕
  AND (w.kind IN ${missing} OR (w.kind IN ${settled} AND p.fund = 'R')) -- 〔失踪，或居民养老出国（境）定居〕
  AND p.period > w.first -- 〔所属期在发生当月之后〕
  AND p.period < w.back -- 〔所属期在返回当月之前〕
