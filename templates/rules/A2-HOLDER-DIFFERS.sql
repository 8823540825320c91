-- A2 户名与领取人不符: the account holder's name is not the beneficiary's after normalisation. Blank and masked holders say nothing.
SELECT p.number AS id_number, p.fund, p.region, p.part, p.file, p.line, p.planned, p.seq, p.period, p.fen,
       p.account AS counterpart, p.account AS fact, p.holder AS note
FROM account_months p
JOIN holder_name h ON h.holder = p.holder -- 〔有账户户名〕
WHERE h.holder_norm <> '' -- 〔户名可比对〕
  AND h.holder_norm <> p.name_norm -- 〔户名与姓名不同〕
  AND p.benefit IN ('pension', 'disability', 'unemployment', 'other') -- 〔是发到本人账户的待遇〕
