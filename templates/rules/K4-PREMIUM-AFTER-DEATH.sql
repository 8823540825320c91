-- K4 死亡后缴费: premiums for a month after the month of death, or for a year after its year; 政府代缴 is S3.
SELECT c.number AS id_number, c.fund, c.region, c.part, c.file, c.line, c.name, c.amount AS fen,
       CASE WHEN c.period % 100 = 0 THEN c.year * 100 + 1 ELSE c.period END AS period,
       CASE WHEN c.name_norm = d.name_norm THEN 1000 ELSE 800 END AS confidence,
       d.counterpart, d.death_on AS fact, d.source AS note
FROM premiums c
JOIN death d ON d.number = c.number AND ((d.number_ok AND c.number_ok) OR d.name_norm = c.name_norm) -- 〔死亡信息中有此人〕
WHERE c.payer IN ${payers} -- 〔由个人、单位或灵活就业缴纳〕
  AND c.amount > 0 -- 〔这一笔不是退费〕
  AND ((c.period % 100 > 0 AND c.period > d.death_month) OR (c.period % 100 = 0 AND c.year * 100 > d.death_month)) -- 〔缴费所属期晚于死亡当月（当年）〕
  AND NOT EXISTS (
      SELECT 1 FROM premiums r
      WHERE r.person = c.person AND r.fund = c.fund AND r.period = c.period AND r.payer = c.payer AND r.amount = -c.amount -- 〔没有被同额退费〕
  )
