-- Accounts that say nothing of whose they are: too short, masked, or one digit throughout (内部占位).
SELECT account
FROM (SELECT DISTINCT account FROM paid_months WHERE account <> '') p
WHERE LENGTH(p.account) < ${account_shortest}
   OR REPLACE(p.account, SUBSTR(p.account, 1, 1), '') = ''
   OR ${account_masks}
