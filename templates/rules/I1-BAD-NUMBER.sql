-- I1 证件号码有误: a number that fails form, date or check digit, among the payments. Numbers a spreadsheet damaged are
-- warnings of the intake, not leads.
SELECT number AS id_number, fund, region, part, file, line, planned, seq, period, fen
FROM paid_months
WHERE NOT number_ok -- 〔证件号码校验不成立〕
  AND NOT damaged -- 〔证件号码没有被电子表格损坏〕
  AND number <> '' -- 〔证件号码已填〕
