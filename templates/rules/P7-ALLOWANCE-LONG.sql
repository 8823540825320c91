-- P7 失业补助金超期或重复: months of the allowance beyond ${months_most}, counted over all regions, and months in which 失业保险金 is paid too.
WITH nth AS (
    SELECT person, period, ROW_NUMBER() OVER (PARTITION BY person ORDER BY period) AS month_no
    FROM (SELECT DISTINCT person, period FROM paid_months WHERE benefit = 'unemployment' AND item LIKE ${allowance} AND person <> '') m -- 〔领取失业补助金的月份〕
),
insured AS (
    SELECT DISTINCT person, period FROM paid_months WHERE benefit = 'unemployment' AND item NOT LIKE ${allowance} AND person <> '' -- 〔领取失业保险金的月份〕
)
SELECT p.number AS id_number, p.fund, p.region, p.part, p.file, p.line, p.planned, p.seq, p.period, p.fen,
       CASE WHEN i.person IS NULL THEN '超过规定月数' ELSE '与失业保险金同月' END AS note
FROM paid_months p
JOIN nth n ON n.person = p.person AND n.period = p.period -- 〔按所属期数到第几个月〕
LEFT JOIN insured i ON i.person = p.person AND i.period = p.period -- 〔另查同月失业保险金（可无）〕
WHERE p.benefit = 'unemployment' -- 〔待遇是失业待遇〕
  AND p.item LIKE ${allowance} -- 〔项目是失业补助金〕
  AND (n.month_no > ${months_most} OR i.person IS NOT NULL) -- 〔超过规定月数或同月领失业保险金〕
