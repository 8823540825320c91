-- I1 证件号码有误: a number that fails form, date or check digit, among the payments. Numbers a spreadsheet damaged are
-- warnings of the intake, not leads.
SELECT number AS id_number, fund, region, part, file, line, planned, seq, period, fen
FROM paid_months
WHERE NOT number_ok -- 〔号码校验正确〕
  AND NOT damaged -- 〔号码没有被表格损坏〕
  AND number <> '' -- 〔有号码〕
