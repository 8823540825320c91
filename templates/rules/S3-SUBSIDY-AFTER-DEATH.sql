-- S3 死亡后代缴: 政府代缴 received in a month later than the month of death.
SELECT g.number AS id_number, g.fund, g.region, CAST(g.year AS VARCHAR(4)) AS other, g.part, g.file, g.line, g.year, g.fen, g.name,
       d.counterpart, d.death_on AS fact,
       CASE WHEN d.name_norm <> g.name_norm AND d.confidence > 800 THEN 800 ELSE d.confidence END AS confidence
FROM government_paid g
JOIN death d ON d.number = g.number AND ((d.number_ok AND g.number_ok) OR d.name_norm = g.name_norm) -- 〔死亡信息中有此人〕
WHERE g.received_month > d.death_month -- 〔到账晚于死亡当月〕
