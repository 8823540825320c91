-- A2 户名与领取人不符: the account holder's name is not the beneficiary's after normalisation. Blank and masked holders say nothing.
SELECT p.number AS id_number, p.fund, p.region, p.part, p.file, p.line, p.planned, p.seq, p.period, p.fen,
       p.account AS counterpart, p.account AS fact, p.holder AS note
FROM account_months p
JOIN holder_name h ON h.holder = p.holder -- 〔领取账户填有户名〕
WHERE h.holder_norm <> '' -- 〔户名可比（不空、不含掩码）〕
  AND h.holder_norm <> p.name_norm -- 〔户名与领取人姓名不同〕
  AND p.benefit IN ('pension', 'disability', 'unemployment', 'other') -- 〔养老、伤残、失业等按月待遇〕
