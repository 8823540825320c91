-- M1 医疗费重复报销: one invoice of one hospital, or one stay of one person, paid more than once by the fund; the largest stays. Cancelled claims do not count.
WITH good AS (
    SELECT c.*, CAST(c.admitted_on AS VARCHAR(10)) AS came, CAST(c.discharged_on AS VARCHAR(10)) AS left_day, CAST(SUBSTR(CAST(c.settled_on AS VARCHAR(10)), 1, 4) AS INTEGER) * 100 + CAST(SUBSTR(CAST(c.settled_on AS VARCHAR(10)), 6, 2) AS INTEGER) AS settled
    FROM claims c
    WHERE c.person <> '' AND c.amount > 0 AND c.settled_on IS NOT NULL -- 〔支付金额为正，有结算日期〕
      AND NOT EXISTS (
          SELECT 1 FROM claims r
          WHERE r.person = c.person AND r.fund = c.fund AND r.hospital = c.hospital AND r.invoice = c.invoice AND r.amount = -c.amount
            AND r.settled_on >= c.settled_on -- 〔没有被同额退回〕
      )
),
billed AS (
    SELECT g.*, ROW_NUMBER() OVER (PARTITION BY hospital, invoice ORDER BY amount DESC, settled, part, file, line) AS nth FROM good g WHERE invoice <> '' -- 〔票据号码已填〕
),
stayed AS (
    SELECT g.*, ROW_NUMBER() OVER (PARTITION BY person, hospital, came, left_day ORDER BY amount DESC, settled, part, file, line) AS nth
    FROM good g
    WHERE came IS NOT NULL AND left_day IS NOT NULL -- 〔入院、出院日期已填〕
)
SELECT b.number AS id_number, b.fund, b.region, b.part, b.file, b.line, b.settled AS period, b.amount AS fen, b.name,
       b.hospital || '票据' || b.invoice AS note, b.invoice AS fact, k.fund || ':' || k.region || ':' || k.number AS counterpart
FROM billed b
JOIN billed k ON k.hospital = b.hospital AND k.invoice = b.invoice AND k.nth = 1 -- 〔同院同一票据的最大一笔（可为本笔）〕
WHERE b.nth > 1 -- 〔不是同一票据最大的一笔〕
  AND b.settled <= ${as_of} -- 〔结算日期不晚于截止月〕
UNION ALL
SELECT s.number, s.fund, s.region, s.part, s.file, s.line, s.settled, s.amount, s.name,
       s.hospital || s.came || '入院', s.came, k.fund || ':' || k.region || ':' || k.number
FROM stayed s
JOIN stayed k ON k.person = s.person AND k.hospital = s.hospital AND k.came = s.came AND k.left_day = s.left_day AND k.nth = 1 -- 〔同一次住院的最大一笔（可为本笔）〕
WHERE s.nth > 1 -- 〔不是同一次住院最大的一笔〕
  AND s.invoice <> k.invoice -- 〔与最大一笔不是同一票据〕
  AND s.settled <= ${as_of} -- 〔结算日期不晚于截止月〕
