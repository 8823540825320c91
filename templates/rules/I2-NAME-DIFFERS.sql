-- I2 一号多名: one normal number, several names after normalisation. In question: the rows of the rarer names (equally often: all but the
-- one last paid).
WITH names AS (
    SELECT number, name_norm, COUNT(*) AS often, MAX(period) AS last_period
    FROM paid_months
    WHERE number_ok AND person <> '' -- 〔号码校验成立，没有损坏〕
    GROUP BY number, name_norm
),
ranked AS (
    SELECT n.*, ROW_NUMBER() OVER (PARTITION BY number ORDER BY often DESC, last_period DESC, name_norm) AS nth FROM names n
)
SELECT p.number AS id_number, p.fund, p.region, p.part, p.file, p.line, p.planned, p.seq, p.period, p.fen, 800 AS confidence, p.name AS note
FROM paid_months p
JOIN ranked r ON r.number = p.number AND r.name_norm = p.name_norm -- 〔此号码以该姓名领取过〕
WHERE r.nth > 1 -- 〔该姓名不是此号码最常用的〕
  AND p.number_ok -- 〔证件号码校验成立〕
  AND p.person <> '' -- 〔证件号码没有空白或损坏〕
