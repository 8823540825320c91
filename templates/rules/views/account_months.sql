-- Monthly benefits paid into accounts that speak for one person: what A1 and A2 read. month is the month of payment
-- (发放日期, else 所属期). Left out: blank, masked and bank-internal numbers (silent_account, silent_holder), accounts of institutions,
-- guardians and agents while their term runs, 供养亲属抚恤金 and 补发.
SELECT p.*, COALESCE(p.paid_month, p.period) AS month
FROM paid_months p
WHERE p.item_class NOT IN ('arrears', 'survivor')
  AND p.person <> ''
  AND p.account <> ''
  AND NOT EXISTS (SELECT 1 FROM silent_account s WHERE s.account = p.account)
  AND NOT EXISTS (SELECT 1 FROM silent_holder s WHERE s.holder = p.holder)
  AND NOT EXISTS (
      SELECT 1 FROM agent_account a
      WHERE a.account = p.account AND a.first <= COALESCE(p.paid_month, p.period) AND COALESCE(p.paid_month, p.period) <= a.last
  )
