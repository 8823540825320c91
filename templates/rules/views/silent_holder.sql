-- Holders that are accounts of the bank itself (银行内部户).
SELECT holder
FROM (SELECT DISTINCT holder FROM paid_months WHERE holder <> '') p
WHERE ${internal_holders}
