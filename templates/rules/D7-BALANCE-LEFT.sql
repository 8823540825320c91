-- D7 死亡后账户未清退: a balance above zero more than ${months_most} months after the month of death, at the day of the balance (else the as-of month).
WITH held AS (
    SELECT b.*, CASE WHEN b.saved_on IS NULL THEN ${as_of} ELSE CAST(SUBSTR(CAST(b.saved_on AS VARCHAR(10)), 1, 4) AS INTEGER) * 100 + CAST(SUBSTR(CAST(b.saved_on AS VARCHAR(10)), 6, 2) AS INTEGER) END AS held_month
    FROM balances b
    WHERE b.person <> '' AND b.saved > 0 -- 〔余额大于零，证件号码可用〕
)
SELECT h.number AS id_number, h.fund, h.region, h.part, h.file, h.line, d.death_month AS period, h.saved AS fen, h.name,
       CASE WHEN h.name_norm = d.name_norm THEN 1000 ELSE 800 END AS confidence,
       d.counterpart, d.death_on AS fact, d.source AS note
FROM held h
JOIN death d ON d.number = h.number AND ((d.number_ok AND h.number_ok) OR d.name_norm = h.name_norm) -- 〔死亡信息中有此人〕
JOIN months m ON m.period = d.death_month -- 〔死亡月是有效月份〕
JOIN months n ON n.period = h.held_month -- 〔余额截至的月份可确定〕
WHERE n.idx - m.idx > ${months_most} -- 〔死亡至余额截至超过规定月数〕
  AND h.held_month <= ${as_of} -- 〔余额截至日期不晚于截止月〕
