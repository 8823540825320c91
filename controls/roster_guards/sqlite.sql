-- Guards of flows, terms, freeze windows, held cases, supplements and released items on SQLite. Each statement ends with a line "-- ;;".

CREATE TRIGGER shebao_roster_flow_keep BEFORE UPDATE ON shebao_roster_flow BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_flow_stay BEFORE DELETE ON shebao_roster_flow BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_expiry_keep BEFORE UPDATE ON shebao_roster_expiry BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_expiry_stay BEFORE DELETE ON shebao_roster_expiry BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_freeze_keep BEFORE UPDATE ON shebao_roster_freeze BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_freeze_stay BEFORE DELETE ON shebao_roster_freeze BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_thaw_keep BEFORE UPDATE ON shebao_roster_thaw BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_roster_thaw_stay BEFORE DELETE ON shebao_roster_thaw BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_hold_notice_keep BEFORE UPDATE ON shebao_hold_notice BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_hold_notice_stay BEFORE DELETE ON shebao_hold_notice BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_clearing_keep BEFORE UPDATE ON shebao_clearing BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_clearing_stay BEFORE DELETE ON shebao_clearing BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_clearing_decision_keep BEFORE UPDATE ON shebao_clearing_decision BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_clearing_decision_stay BEFORE DELETE ON shebao_clearing_decision BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_supplement_line_keep BEFORE UPDATE ON shebao_supplement_line BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_supplement_line_stay BEFORE DELETE ON shebao_supplement_line BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_release_item_keep BEFORE UPDATE ON shebao_release_item BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
CREATE TRIGGER shebao_release_item_stay BEFORE DELETE ON shebao_release_item BEGIN SELECT RAISE(ABORT, 'SB3041: 发放链上的记录不得修改或删除'); END
-- ;;
-- A roster begins under one flow with one term, while it is being built.
CREATE TRIGGER shebao_roster_flow_enter BEFORE INSERT ON shebao_roster_flow BEGIN
  SELECT RAISE(ABORT, 'SB3033: 流程在编制时确定') WHERE NOT EXISTS (SELECT 1 FROM shebao_roster r WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND r.state = 'building');
  SELECT RAISE(ABORT, 'SB3041: 流程不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_roster_flow f WHERE f.book_id = NEW.book_id AND f.roster_id = NEW.roster_id);
END
-- ;;
CREATE TRIGGER shebao_roster_flow_built BEFORE UPDATE OF state ON shebao_roster WHEN NEW.state = 'built' AND NOT EXISTS (
  SELECT 1 FROM shebao_roster_flow f WHERE f.book_id = NEW.book_id AND f.roster_id = NEW.roster_id)
BEGIN SELECT RAISE(ABORT, 'SB2175: 花名册没有登记流程'); END
-- ;;
-- A roster expires after its term, never before, and never once it is released.
CREATE TRIGGER shebao_roster_expiry_enter BEFORE INSERT ON shebao_roster_expiry BEGIN
  SELECT RAISE(ABORT, 'SB2171: 花名册尚未过期') WHERE NOT EXISTS (SELECT 1 FROM shebao_roster_flow f WHERE f.book_id = NEW.book_id AND f.roster_id = NEW.roster_id AND f.term_on < substr(NEW.expired_at, 1, 10));
  SELECT RAISE(ABORT, 'SB3033: 只有未放行的花名册会过期') WHERE NOT EXISTS (SELECT 1 FROM shebao_roster r WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND r.state IN ('built', 'checked', 'submitted', 'reviewed', 'authorised'));
  SELECT RAISE(ABORT, 'SB3041: 过期记录不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_roster_expiry e WHERE e.book_id = NEW.book_id AND e.roster_id = NEW.roster_id);
  SELECT RAISE(ABORT, 'SB3001: 过期由经办登记') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.expired_by AND g.duty = 'HANDLE_ROSTER' AND g.valid_from <= substr(NEW.expired_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.expired_at));
END
-- ;;
-- Nobody signs or releases after the term, nor within a freeze window of the fund.
CREATE TRIGGER shebao_signature_term BEFORE INSERT ON shebao_signature BEGIN
  SELECT RAISE(ABORT, 'SB2171: 花名册已过期') WHERE EXISTS (SELECT 1 FROM shebao_roster_flow f WHERE f.book_id = NEW.book_id AND f.roster_id = NEW.roster_id AND f.term_on < substr(NEW.signed_at, 1, 10));
  SELECT RAISE(ABORT, 'SB2172: 冻结期内不得签字') WHERE EXISTS (SELECT 1 FROM shebao_roster r JOIN shebao_roster_freeze z ON z.fund IN ('', r.fund)
    WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND substr(NEW.signed_at, 1, 10) BETWEEN z.from_on AND z.to_on
      AND NOT EXISTS (SELECT 1 FROM shebao_roster_thaw t WHERE t.freeze_no = z.freeze_no));
END
-- ;;
CREATE TRIGGER shebao_release_term BEFORE INSERT ON shebao_release BEGIN
  SELECT RAISE(ABORT, 'SB2171: 花名册已过期') WHERE EXISTS (SELECT 1 FROM shebao_roster_flow f WHERE f.book_id = NEW.book_id AND f.roster_id = NEW.roster_id AND f.term_on < substr(NEW.released_at, 1, 10));
  SELECT RAISE(ABORT, 'SB2172: 冻结期内不得放行') WHERE EXISTS (SELECT 1 FROM shebao_roster r JOIN shebao_roster_freeze z ON z.fund IN ('', r.fund)
    WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND substr(NEW.released_at, 1, 10) BETWEEN z.from_on AND z.to_on
      AND NOT EXISTS (SELECT 1 FROM shebao_roster_thaw t WHERE t.freeze_no = z.freeze_no));
END
-- ;;
CREATE TRIGGER shebao_roster_freeze_enter BEFORE INSERT ON shebao_roster_freeze BEGIN
  SELECT RAISE(ABORT, 'SB3041: 冻结期连续编号') WHERE NEW.freeze_no <> 1 + COALESCE((SELECT MAX(z.freeze_no) FROM shebao_roster_freeze z), 0);
  SELECT RAISE(ABORT, 'SB3001: 冻结期由单位负责人设定') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.set_by AND g.duty = 'HEAD' AND g.valid_from <= substr(NEW.set_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.set_at));
END
-- ;;
CREATE TRIGGER shebao_roster_thaw_enter BEFORE INSERT ON shebao_roster_thaw BEGIN
  SELECT RAISE(ABORT, 'SB3041: 冻结期只解除一次') WHERE EXISTS (SELECT 1 FROM shebao_roster_thaw t WHERE t.freeze_no = NEW.freeze_no);
  SELECT RAISE(ABORT, 'SB3001: 冻结期由单位负责人解除') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.ended_by AND g.duty = 'HEAD' AND g.valid_from <= substr(NEW.ended_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.ended_at));
END
-- ;;
-- The case of a held line: one notice, one open request at a time, decided by another with the duty; what was cleared once stays so.
CREATE TRIGGER shebao_hold_notice_enter BEFORE INSERT ON shebao_hold_notice BEGIN
  SELECT RAISE(ABORT, 'SB3041: 通知只登记一次') WHERE EXISTS (SELECT 1 FROM shebao_hold_notice n WHERE n.book_id = NEW.book_id AND n.roster_id = NEW.roster_id AND n.seq = NEW.seq);
  SELECT RAISE(ABORT, 'SB3001: 通知由经办登记') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.sent_by AND g.duty = 'HANDLE_ROSTER' AND g.valid_from <= substr(NEW.sent_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.sent_at));
END
-- ;;
CREATE TRIGGER shebao_clearing_enter BEFORE INSERT ON shebao_clearing BEGIN
  SELECT RAISE(ABORT, 'SB3041: 解除申请连续编号') WHERE NEW.clearing_no <> 1 + COALESCE((SELECT MAX(c.clearing_no) FROM shebao_clearing c), 0);
  SELECT RAISE(ABORT, 'SB2178: 这一行已有未决或已批准的解除申请') WHERE EXISTS (SELECT 1 FROM shebao_clearing c LEFT JOIN shebao_clearing_decision d ON d.clearing_no = c.clearing_no
    WHERE c.book_id = NEW.book_id AND c.roster_id = NEW.roster_id AND c.seq = NEW.seq AND COALESCE(d.decision, 'cleared') = 'cleared');
  SELECT RAISE(ABORT, 'SB2178: 已放行的花名册的暂缓行才能解除') WHERE NOT EXISTS (SELECT 1 FROM shebao_roster r WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND r.state = 'released');
  SELECT RAISE(ABORT, 'SB3001: 解除由经办申请') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.asked_by AND g.duty = 'HANDLE_ROSTER' AND g.valid_from <= substr(NEW.asked_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.asked_at));
END
-- ;;
CREATE TRIGGER shebao_clearing_decision_enter BEFORE INSERT ON shebao_clearing_decision BEGIN
  SELECT RAISE(ABORT, 'SB3041: 解除申请只决定一次') WHERE EXISTS (SELECT 1 FROM shebao_clearing_decision d WHERE d.clearing_no = NEW.clearing_no);
  SELECT RAISE(ABORT, 'SB3002: 解除由另一人批准') WHERE EXISTS (SELECT 1 FROM shebao_clearing c WHERE c.clearing_no = NEW.clearing_no AND c.asked_by = NEW.decided_by);
  SELECT RAISE(ABORT, 'SB3001: 解除由审核岗批准') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.decided_by AND g.duty = 'REVIEW' AND g.valid_from <= substr(NEW.decided_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.decided_at));
END
-- ;;
-- A supplement's line is a held line that two people cleared, as it was held, in no other live supplement, and enters while its roster is being built.
CREATE TRIGGER shebao_supplement_line_enter BEFORE INSERT ON shebao_supplement_line BEGIN
  SELECT RAISE(ABORT, 'SB3033: 补发行在编制时登记') WHERE NOT EXISTS (SELECT 1 FROM shebao_roster r WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND r.state = 'building');
  SELECT RAISE(ABORT, 'SB2179: 暂缓行没有由两人解除') WHERE NOT EXISTS (SELECT 1 FROM shebao_clearing c JOIN shebao_clearing_decision d ON d.clearing_no = c.clearing_no AND d.decision = 'cleared'
    WHERE c.book_id = NEW.book_id AND c.roster_id = NEW.from_roster AND c.seq = NEW.from_seq);
  SELECT RAISE(ABORT, 'SB2179: 补发行与暂缓行不符') WHERE NOT EXISTS (SELECT 1 FROM shebao_roster_line a JOIN shebao_roster_line b ON b.book_id = a.book_id AND b.roster_id = NEW.from_roster AND b.seq = NEW.from_seq
    WHERE a.book_id = NEW.book_id AND a.roster_id = NEW.roster_id AND a.seq = NEW.seq AND a.number = b.number AND a.name = b.name AND a.item = b.item AND a.period = b.period
      AND a.gross_fen = b.gross_fen AND a.offset_fen = b.offset_fen AND a.withheld_fen = b.withheld_fen AND a.net_fen = b.net_fen);
  SELECT RAISE(ABORT, 'SB2179: 暂缓行已在另一份补发花名册中') WHERE EXISTS (SELECT 1 FROM shebao_supplement_line s JOIN shebao_roster r ON r.book_id = s.book_id AND r.roster_id = s.roster_id
    WHERE s.book_id = NEW.book_id AND s.from_roster = NEW.from_roster AND s.from_seq = NEW.from_seq AND r.state <> 'withdrawn');
  SELECT RAISE(ABORT, 'SB3041: 补发行不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_supplement_line s WHERE s.book_id = NEW.book_id AND s.roster_id = NEW.roster_id AND s.seq = NEW.seq);
END
-- ;;
-- One component of one person's month is released once; again only when the payment before failed or came back.
CREATE TRIGGER shebao_release_item_enter BEFORE INSERT ON shebao_release_item BEGIN
  SELECT RAISE(ABORT, 'SB2176: 同一人同月同项只放行一次') WHERE EXISTS (SELECT 1 FROM shebao_release_item i WHERE i.book_id = NEW.book_id AND i.who = NEW.who AND i.item = NEW.item AND i.period = NEW.period AND i.source = NEW.source AND i.again = NEW.again);
  SELECT RAISE(ABORT, 'SB3041: 放行明细不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_release_item i WHERE i.book_id = NEW.book_id AND i.roster_id = NEW.roster_id AND i.seq = NEW.seq);
  SELECT RAISE(ABORT, 'SB2176: 放行明细在放行时登记') WHERE NOT EXISTS (SELECT 1 FROM shebao_roster r WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND r.state = 'authorised');
END
-- ;;
CREATE TRIGGER shebao_release_item_again BEFORE INSERT ON shebao_release_item WHEN NEW.again <> 0 BEGIN
  SELECT RAISE(ABORT, 'SB2176: 上一次付款既未失败也未退回') WHERE NOT EXISTS (SELECT 1 FROM shebao_release_item i
    JOIN shebao_roster_line l ON l.book_id = i.book_id AND l.roster_id = i.roster_id AND l.seq = i.seq
    JOIN shebao_bank_line b ON b.book_id = l.book_id AND b.roster_id = l.roster_id AND b.payee = l.payee
    JOIN shebao_bank_result x ON x.book_id = b.book_id AND x.roster_id = b.roster_id AND x.bank_seq = b.bank_seq
    LEFT JOIN shebao_comeback c ON c.book_id = b.book_id AND c.roster_id = b.roster_id AND c.bank_seq = b.bank_seq
    WHERE i.book_id = NEW.book_id AND i.who = NEW.who AND i.item = NEW.item AND i.period = NEW.period AND i.source = NEW.source AND i.roster_id = NEW.again
      AND (x.ok = 0 OR c.bank_seq IS NOT NULL));
END
-- ;;
-- The roster counts as released only with every line paid under it written down as released.
CREATE TRIGGER shebao_release_item_all BEFORE UPDATE OF state ON shebao_roster WHEN NEW.state = 'released' AND OLD.state = 'authorised' BEGIN
  SELECT RAISE(ABORT, 'SB2176: 放行明细与放行的行不符') WHERE (SELECT COUNT(*) FROM shebao_release_item i WHERE i.book_id = NEW.book_id AND i.roster_id = NEW.roster_id) <> (
    SELECT COUNT(*) FROM shebao_roster_line l LEFT JOIN shebao_hold h ON h.book_id = l.book_id AND h.roster_id = l.roster_id AND h.seq = l.seq
    WHERE l.book_id = NEW.book_id AND l.roster_id = NEW.roster_id AND h.seq IS NULL AND l.net_fen <> 0);
END
