-- 代缴比对：名单、人员、死亡、缴费。每条语句以一行“-- ;;”结束；花括号里的参数由程序代入。DuckDB 方言。
-- 名单上的人：在 [first, last] 的某一天在册（认定日期不晚于 last，退出日期空白或不早于 first）。
CREATE OR REPLACE TEMP TABLE listing AS
SELECT e.person, e.number, e.number_ok, e.name, COALESCE(w.category, e.category) AS category, COALESCE(w.place, 9999) AS place, w.word IS NOT NULL AS known,
       e.from_on, e.to_on
FROM entitled e
LEFT JOIN category_word w ON w.word = e.category
WHERE (e.from_on IS NULL OR e.from_on <= DATE '${last}') AND (e.to_on IS NULL OR e.to_on >= DATE '${first}')
-- ;;
CREATE OR REPLACE TEMP TABLE on_list AS
SELECT CASE WHEN person = '' THEN number || '|' || name ELSE person END AS person, person <> '' AS usable, ANY_VALUE(number ORDER BY number) AS number,
       BOOL_OR(number_ok) AS number_ok, FIRST(name ORDER BY place, from_on, name) AS name,
       FIRST(category ORDER BY known DESC, place, category) AS category, BOOL_OR(known) AS known,
       COUNT(DISTINCT category) AS categories, STRING_AGG(DISTINCT category, '、' ORDER BY category) AS all_categories,
       MIN(COALESCE(from_on, DATE '0001-01-01')) AS first_day, MAX(COALESCE(to_on, DATE '9999-12-31')) AS last_day
FROM listing
GROUP BY 1, 2
-- ;;
-- 参保人员：本险种、其他制度、待遇状态。
CREATE OR REPLACE TEMP TABLE enrolled AS
SELECT q.person, MIN(q.region) AS region, MIN(q.town) AS town, MIN(q.name) AS name, BOOL_OR(${dead_status}) AS dead, BOOL_OR(${elsewhere_status}) AS elsewhere,
       BOOL_OR(NOT ${ended_status} AND (q.end_month IS NULL OR q.end_month >= ${as_of_month})) AS live,
       MIN(CASE WHEN ${drawing_status} THEN COALESCE(q.start_month, 0) END) AS drawing_from
FROM people q
WHERE q.person <> '' AND q.fund = '${fund}'
GROUP BY q.person
-- ;;
CREATE OR REPLACE TEMP TABLE other_scheme AS
SELECT person, MIN(fund) AS fund FROM (
    SELECT q.person, q.fund FROM people q WHERE q.person <> '' AND q.fund IN (${elsewhere_funds}) AND NOT ${dead_status}
        AND (q.end_month IS NULL OR q.end_month >= ${year} * 100 + 1)
    UNION ALL
    SELECT c.person, c.fund FROM contributions c WHERE c.person <> '' AND c.fund IN (${elsewhere_funds}) AND c.year = ${year}
        AND (c.received_on IS NULL OR c.received_on <= DATE '${as_of}')
    GROUP BY c.person, c.fund HAVING SUM(c.amount) > 0
) GROUP BY person
-- ;;
-- 本年的代缴（扣除退费）和本人缴费。
CREATE OR REPLACE TEMP TABLE paid AS
SELECT c.person, ANY_VALUE(c.number ORDER BY c.number) AS number, MIN(c.name) AS name, MIN(c.region) AS region,
       SUM(CASE WHEN c.payer = '政府代缴' THEN c.amount ELSE 0 END) AS government_fen, SUM(CASE WHEN c.payer = '个人' THEN c.amount ELSE 0 END) AS own_fen,
       MAX(CASE WHEN c.payer = '政府代缴' THEN c.tier END) AS tier_fen,
       MAX(CASE WHEN c.payer = '政府代缴' AND c.amount > 0 THEN YEAR(c.received_on) * 100 + MONTH(c.received_on) END) AS received_month
FROM contributions c
WHERE c.person <> '' AND c.fund = '${fund}' AND c.year = ${year} AND (c.received_on IS NULL OR c.received_on <= DATE '${as_of}')
GROUP BY c.person
-- ;;
CREATE OR REPLACE TEMP TABLE person_fact AS
WITH everybody AS (
    SELECT person FROM on_list UNION SELECT person FROM paid WHERE government_fen > 0
),
joined AS (
    SELECT e.person, COALESCE(l.number, p.number) AS number, COALESCE(l.name, p.name) AS name, l.person IS NOT NULL AS listed, COALESCE(l.usable, TRUE) AS usable,
           COALESCE(l.number_ok, e.person = p.number) AS number_ok, COALESCE(l.category, '') AS category, COALESCE(l.known, FALSE) AS known,
           COALESCE(l.categories, 0) AS categories, COALESCE(l.all_categories, '') AS all_categories, l.first_day, l.last_day,
           COALESCE(n.live, FALSE) AS is_enrolled, COALESCE(n.town, '') AS town, COALESCE(NULLIF(n.region, ''), p.region, '') AS region,
           COALESCE(n.dead, FALSE) AS dead_status, COALESCE(n.elsewhere, FALSE) AS elsewhere_status, n.drawing_from,
           d.death_month, d.death_on, o.fund AS other_fund, COALESCE(p.government_fen, 0) AS government_fen, COALESCE(p.own_fen, 0) AS own_fen,
           COALESCE(p.tier_fen, 0) AS tier_fen, p.received_month, b.number IS NOT NULL AS claimed
    FROM everybody e
    LEFT JOIN on_list l ON l.person = e.person
    LEFT JOIN paid p ON p.person = e.person
    LEFT JOIN enrolled n ON n.person = e.person
    LEFT JOIN other_scheme o ON o.person = e.person
    LEFT JOIN death d ON d.person = e.person
    LEFT JOIN claimed_before b ON b.number = COALESCE(l.number, p.number)
),
aged AS (
    SELECT j.*, CASE WHEN number_ok AND LENGTH(number) = 18 THEN CAST(SUBSTR(number, 7, 4) AS INTEGER) END AS born,
           CASE WHEN number_ok AND LENGTH(number) = 18 THEN SUBSTR(number, 11, 4) END AS birthday
    FROM joined j
)
SELECT a.*,
       CASE WHEN '${fund}' = 'R' AND born IS NOT NULL AND ${year} - born = ${adult_age} THEN '本年满${adult_age}周岁'
            WHEN '${fund}' = 'R' AND born IS NOT NULL AND ${year} - born = ${pension_age} THEN '本年满${pension_age}周岁' ELSE '' END AS note,
       CASE WHEN NOT usable OR NOT number_ok THEN '证件号码不能用于比对'
            WHEN listed AND NOT known THEN '类别未识别'
            WHEN dead_status OR death_on <= '${as_of}' THEN '已死亡'
            WHEN '${fund}' = 'R' AND born IS NULL THEN '号码看不出年龄'
            WHEN '${fund}' = 'R' AND ${year} - born < ${adult_age} THEN '未满${adult_age}周岁'
            WHEN '${fund}' = 'R' AND (${year} - born > ${pension_age} OR (${year} - born = ${pension_age} AND birthday <= '0101')) THEN '已满${pension_age}周岁'
            WHEN '${fund}' = 'R' AND drawing_from <= ${year} * 100 + 12 THEN '已领取待遇'
            WHEN other_fund IS NOT NULL THEN '同年参加' || other_fund
            WHEN elsewhere_status THEN '学生、服役或异地参保'
            ELSE '' END AS why_not
FROM aged a
