-- One row per payment row and month it is for (所属期): what every rule reads. fen is the net money of that month;
-- asked says which rules of this run ask for the person (pure speed).
-- item_part: base or account where the item says so, whole where it names the pension without its parts (待拆分).
-- Left out: 丧葬抚恤, 一次性, 代发, and 补发 without 所属期起/止. 补发 with a range counts as pension for exactly those
-- months, its money in equal shares (the first months take the odd fen).
SELECT r.part, r.file, r.line, r.planned, r.seq, r.fund, r.region, r.number, r.number_ok, r.damaged, r.person, r.name, r.name_norm,
       r.item, r.has_item, r.item_class, r.source, r.account, r.holder, r.paid_month, r.asked,
       CASE WHEN r.item_class = 'pension' AND r.fund = 'U' THEN 'unemployment'
            WHEN r.item_class = 'pension' AND r.fund = 'W' THEN 'disability'
            WHEN r.item_class = 'pension' AND r.fund IN ('ME', 'MR', 'B') THEN 'other'
            ELSE r.item_class END AS benefit,
       r.period AS period,
       r.net AS fen,
       CASE WHEN ${base_items} THEN 'base' WHEN ${account_items} THEN 'account'
            WHEN r.item_class = 'pension' AND r.fund IN ('E', 'R', 'G') AND r.item IN ${whole_items} THEN 'whole' ELSE 'other' END AS item_part
FROM net_rows r
WHERE r.item_class NOT IN ('arrears', 'funeral', 'lump_sum', 'allowance')
  AND r.period <= ${as_of}
UNION ALL
SELECT s.part, s.file, s.line, s.planned, s.seq, s.fund, s.region, s.number, s.number_ok, s.damaged, s.person, s.name, s.name_norm,
       s.item, s.has_item, s.item_class, s.source, s.account, s.holder, s.paid_month, s.asked,
       'pension' AS benefit,
       s.month_due AS period,
       s.share + CASE WHEN s.nth < s.odd THEN 1 ELSE 0 END AS fen,
       CASE WHEN ${base_items_s} THEN 'base' WHEN ${account_items_s} THEN 'account' ELSE 'whole' END AS item_part
FROM (
    SELECT r.*, m.period AS month_due, m.idx - r.first_idx AS nth, r.net % (r.last_idx - r.first_idx + 1) AS odd,
           CAST((r.net - r.net % (r.last_idx - r.first_idx + 1)) / (r.last_idx - r.first_idx + 1) AS BIGINT) AS share
    FROM (
        SELECT n.*, CAST((n.span_from - n.span_from % 100) / 100 AS INTEGER) * 12 + n.span_from % 100 - 1 AS first_idx,
               CAST((n.span_to - n.span_to % 100) / 100 AS INTEGER) * 12 + n.span_to % 100 - 1 AS last_idx
        FROM net_rows n WHERE n.item_class = 'arrears' AND n.span_from <= n.span_to
    ) r
    JOIN months m ON m.period >= r.span_from AND m.period <= r.span_to
) s
WHERE s.month_due <= ${as_of} AND s.share + CASE WHEN s.nth < s.odd THEN 1 ELSE 0 END > 0
