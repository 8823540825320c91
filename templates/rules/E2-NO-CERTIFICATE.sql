-- E2 资格认证逾期仍发放: pension paid for a period more than ${certificate_months} months after the later of the last certification and 待遇起始年月.
WITH stated AS (
    SELECT number, number_ok, name_norm, fund, start_month AS month FROM people WHERE person <> '' AND start_month IS NOT NULL -- 〔待遇起始年月已填〕
    UNION ALL
    SELECT number, number_ok, name_norm, fund,
           CAST(SUBSTR(CAST(certified_on AS VARCHAR(10)), 1, 4) AS INTEGER) * 100 + CAST(SUBSTR(CAST(certified_on AS VARCHAR(10)), 6, 2) AS INTEGER) AS month
    FROM people WHERE person <> '' AND certified_on IS NOT NULL -- 〔最近认证日期已填〕
),
certified AS (
    SELECT s.number, s.number_ok, s.name_norm, s.fund, MAX(s.month) AS month FROM stated s GROUP BY s.number, s.number_ok, s.name_norm, s.fund
),
latest AS (
    SELECT c.number, c.number_ok, c.name_norm, c.fund, c.month, m.idx FROM certified c JOIN months m ON m.period = c.month -- 〔认证或起始月是有效月份〕
)
SELECT p.number AS id_number, p.fund, p.region, p.part, p.file, p.line, p.planned, p.seq, p.period, p.fen, p.item_part,
       CASE WHEN c.name_norm = p.name_norm THEN 1000 ELSE 800 END AS confidence,
       SUBSTR(CAST(c.month AS VARCHAR(6)), 1, 4) || '-' || SUBSTR(CAST(c.month AS VARCHAR(6)), 5, 2) AS fact
FROM paid_months p
JOIN months m ON m.period = p.period -- 〔所属期是有效月份〕
JOIN latest c ON c.number = p.number AND c.fund = p.fund AND ((c.number_ok AND p.number_ok) OR c.name_norm = p.name_norm) -- 〔有最近认证日期或待遇起始年月〕
WHERE p.benefit = 'pension' -- 〔待遇是按月养老金〕
  AND p.person <> '' -- 〔证件号码没有空白或损坏〕
  AND m.idx > c.idx + ${certificate_months} -- 〔距最近认证或起始超过规定月数〕
