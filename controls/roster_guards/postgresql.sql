-- Guards of flows, terms, freeze windows, held cases, supplements and released items on PostgreSQL (shebao_refuse is the ledger's). Each statement ends with a line "-- ;;".

CREATE TRIGGER shebao_roster_flow_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_roster_flow EXECUTE FUNCTION shebao_refuse('SB3041: 发放链上的记录不得修改或删除')
-- ;;
CREATE TRIGGER shebao_roster_expiry_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_roster_expiry EXECUTE FUNCTION shebao_refuse('SB3041: 发放链上的记录不得修改或删除')
-- ;;
CREATE TRIGGER shebao_roster_freeze_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_roster_freeze EXECUTE FUNCTION shebao_refuse('SB3041: 发放链上的记录不得修改或删除')
-- ;;
CREATE TRIGGER shebao_roster_thaw_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_roster_thaw EXECUTE FUNCTION shebao_refuse('SB3041: 发放链上的记录不得修改或删除')
-- ;;
CREATE TRIGGER shebao_hold_notice_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_hold_notice EXECUTE FUNCTION shebao_refuse('SB3041: 发放链上的记录不得修改或删除')
-- ;;
CREATE TRIGGER shebao_clearing_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_clearing EXECUTE FUNCTION shebao_refuse('SB3041: 发放链上的记录不得修改或删除')
-- ;;
CREATE TRIGGER shebao_clearing_decision_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_clearing_decision EXECUTE FUNCTION shebao_refuse('SB3041: 发放链上的记录不得修改或删除')
-- ;;
CREATE TRIGGER shebao_supplement_line_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_supplement_line EXECUTE FUNCTION shebao_refuse('SB3041: 发放链上的记录不得修改或删除')
-- ;;
CREATE TRIGGER shebao_release_item_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_release_item EXECUTE FUNCTION shebao_refuse('SB3041: 发放链上的记录不得修改或删除')
-- ;;
-- A roster begins under one flow with one term, while it is being built.
CREATE FUNCTION shebao_roster_flow_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM shebao_roster r WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND r.state = 'building') THEN RAISE EXCEPTION 'SB3033: 流程在编制时确定'; END IF;
  IF EXISTS (SELECT 1 FROM shebao_roster_flow f WHERE f.book_id = NEW.book_id AND f.roster_id = NEW.roster_id) THEN RAISE EXCEPTION 'SB3041: 流程不得覆盖'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_roster_flow_enter BEFORE INSERT ON shebao_roster_flow FOR EACH ROW EXECUTE FUNCTION shebao_roster_flow_enter_guard()
-- ;;
CREATE FUNCTION shebao_roster_flow_built_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state = 'built' AND NOT EXISTS (
  SELECT 1 FROM shebao_roster_flow f WHERE f.book_id = NEW.book_id AND f.roster_id = NEW.roster_id) THEN RAISE EXCEPTION 'SB2175: 花名册没有登记流程'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_roster_flow_built BEFORE UPDATE OF state ON shebao_roster FOR EACH ROW EXECUTE FUNCTION shebao_roster_flow_built_guard()
-- ;;
-- A roster expires after its term, never before, and never once it is released.
CREATE FUNCTION shebao_roster_expiry_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM shebao_roster_flow f WHERE f.book_id = NEW.book_id AND f.roster_id = NEW.roster_id AND f.term_on < substr(NEW.expired_at, 1, 10)) THEN RAISE EXCEPTION 'SB2171: 花名册尚未过期'; END IF;
  IF NOT EXISTS (SELECT 1 FROM shebao_roster r WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND r.state IN ('built', 'checked', 'submitted', 'reviewed', 'authorised')) THEN RAISE EXCEPTION 'SB3033: 只有未放行的花名册会过期'; END IF;
  IF EXISTS (SELECT 1 FROM shebao_roster_expiry e WHERE e.book_id = NEW.book_id AND e.roster_id = NEW.roster_id) THEN RAISE EXCEPTION 'SB3041: 过期记录不得覆盖'; END IF;
  IF NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.expired_by AND g.duty = 'HANDLE_ROSTER' AND g.valid_from <= substr(NEW.expired_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.expired_at)) THEN RAISE EXCEPTION 'SB3001: 过期由经办登记'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_roster_expiry_enter BEFORE INSERT ON shebao_roster_expiry FOR EACH ROW EXECUTE FUNCTION shebao_roster_expiry_enter_guard()
-- ;;
-- Nobody signs or releases after the term, nor within a freeze window of the fund.
CREATE FUNCTION shebao_signature_term_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM shebao_roster_flow f WHERE f.book_id = NEW.book_id AND f.roster_id = NEW.roster_id AND f.term_on < substr(NEW.signed_at, 1, 10)) THEN RAISE EXCEPTION 'SB2171: 花名册已过期'; END IF;
  IF EXISTS (SELECT 1 FROM shebao_roster r JOIN shebao_roster_freeze z ON z.fund IN ('', r.fund)
    WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND substr(NEW.signed_at, 1, 10) BETWEEN z.from_on AND z.to_on
      AND NOT EXISTS (SELECT 1 FROM shebao_roster_thaw t WHERE t.freeze_no = z.freeze_no)) THEN RAISE EXCEPTION 'SB2172: 冻结期内不得签字'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_signature_term BEFORE INSERT ON shebao_signature FOR EACH ROW EXECUTE FUNCTION shebao_signature_term_guard()
-- ;;
CREATE FUNCTION shebao_release_term_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM shebao_roster_flow f WHERE f.book_id = NEW.book_id AND f.roster_id = NEW.roster_id AND f.term_on < substr(NEW.released_at, 1, 10)) THEN RAISE EXCEPTION 'SB2171: 花名册已过期'; END IF;
  IF EXISTS (SELECT 1 FROM shebao_roster r JOIN shebao_roster_freeze z ON z.fund IN ('', r.fund)
    WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND substr(NEW.released_at, 1, 10) BETWEEN z.from_on AND z.to_on
      AND NOT EXISTS (SELECT 1 FROM shebao_roster_thaw t WHERE t.freeze_no = z.freeze_no)) THEN RAISE EXCEPTION 'SB2172: 冻结期内不得放行'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_release_term BEFORE INSERT ON shebao_release FOR EACH ROW EXECUTE FUNCTION shebao_release_term_guard()
-- ;;
CREATE FUNCTION shebao_roster_freeze_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.freeze_no <> 1 + COALESCE((SELECT MAX(z.freeze_no) FROM shebao_roster_freeze z), 0) THEN RAISE EXCEPTION 'SB3041: 冻结期连续编号'; END IF;
  IF NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.set_by AND g.duty = 'HEAD' AND g.valid_from <= substr(NEW.set_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.set_at)) THEN RAISE EXCEPTION 'SB3001: 冻结期由单位负责人设定'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_roster_freeze_enter BEFORE INSERT ON shebao_roster_freeze FOR EACH ROW EXECUTE FUNCTION shebao_roster_freeze_enter_guard()
-- ;;
CREATE FUNCTION shebao_roster_thaw_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM shebao_roster_thaw t WHERE t.freeze_no = NEW.freeze_no) THEN RAISE EXCEPTION 'SB3041: 冻结期只解除一次'; END IF;
  IF NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.ended_by AND g.duty = 'HEAD' AND g.valid_from <= substr(NEW.ended_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.ended_at)) THEN RAISE EXCEPTION 'SB3001: 冻结期由单位负责人解除'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_roster_thaw_enter BEFORE INSERT ON shebao_roster_thaw FOR EACH ROW EXECUTE FUNCTION shebao_roster_thaw_enter_guard()
-- ;;
-- The case of a held line: one notice, one open request at a time, decided by another with the duty; what was cleared once stays so.
CREATE FUNCTION shebao_hold_notice_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM shebao_hold_notice n WHERE n.book_id = NEW.book_id AND n.roster_id = NEW.roster_id AND n.seq = NEW.seq) THEN RAISE EXCEPTION 'SB3041: 通知只登记一次'; END IF;
  IF NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.sent_by AND g.duty = 'HANDLE_ROSTER' AND g.valid_from <= substr(NEW.sent_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.sent_at)) THEN RAISE EXCEPTION 'SB3001: 通知由经办登记'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_hold_notice_enter BEFORE INSERT ON shebao_hold_notice FOR EACH ROW EXECUTE FUNCTION shebao_hold_notice_enter_guard()
-- ;;
CREATE FUNCTION shebao_clearing_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.clearing_no <> 1 + COALESCE((SELECT MAX(c.clearing_no) FROM shebao_clearing c), 0) THEN RAISE EXCEPTION 'SB3041: 解除申请连续编号'; END IF;
  IF EXISTS (SELECT 1 FROM shebao_clearing c LEFT JOIN shebao_clearing_decision d ON d.clearing_no = c.clearing_no
    WHERE c.book_id = NEW.book_id AND c.roster_id = NEW.roster_id AND c.seq = NEW.seq AND COALESCE(d.decision, 'cleared') = 'cleared') THEN RAISE EXCEPTION 'SB2178: 这一行已有未决或已批准的解除申请'; END IF;
  IF NOT EXISTS (SELECT 1 FROM shebao_roster r WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND r.state = 'released') THEN RAISE EXCEPTION 'SB2178: 已放行的花名册的暂缓行才能解除'; END IF;
  IF NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.asked_by AND g.duty = 'HANDLE_ROSTER' AND g.valid_from <= substr(NEW.asked_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.asked_at)) THEN RAISE EXCEPTION 'SB3001: 解除由经办申请'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_clearing_enter BEFORE INSERT ON shebao_clearing FOR EACH ROW EXECUTE FUNCTION shebao_clearing_enter_guard()
-- ;;
CREATE FUNCTION shebao_clearing_decision_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM shebao_clearing_decision d WHERE d.clearing_no = NEW.clearing_no) THEN RAISE EXCEPTION 'SB3041: 解除申请只决定一次'; END IF;
  IF EXISTS (SELECT 1 FROM shebao_clearing c WHERE c.clearing_no = NEW.clearing_no AND c.asked_by = NEW.decided_by) THEN RAISE EXCEPTION 'SB3002: 解除由另一人批准'; END IF;
  IF NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.decided_by AND g.duty = 'REVIEW' AND g.valid_from <= substr(NEW.decided_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.decided_at)) THEN RAISE EXCEPTION 'SB3001: 解除由审核岗批准'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_clearing_decision_enter BEFORE INSERT ON shebao_clearing_decision FOR EACH ROW EXECUTE FUNCTION shebao_clearing_decision_enter_guard()
-- ;;
-- A supplement's line is a held line that two people cleared, as it was held, in no other live supplement, and enters while its roster is being built.
CREATE FUNCTION shebao_supplement_line_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM shebao_roster r WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND r.state = 'building') THEN RAISE EXCEPTION 'SB3033: 补发行在编制时登记'; END IF;
  IF NOT EXISTS (SELECT 1 FROM shebao_clearing c JOIN shebao_clearing_decision d ON d.clearing_no = c.clearing_no AND d.decision = 'cleared'
    WHERE c.book_id = NEW.book_id AND c.roster_id = NEW.from_roster AND c.seq = NEW.from_seq) THEN RAISE EXCEPTION 'SB2179: 暂缓行没有由两人解除'; END IF;
  IF NOT EXISTS (SELECT 1 FROM shebao_roster_line a JOIN shebao_roster_line b ON b.book_id = a.book_id AND b.roster_id = NEW.from_roster AND b.seq = NEW.from_seq
    WHERE a.book_id = NEW.book_id AND a.roster_id = NEW.roster_id AND a.seq = NEW.seq AND a.number = b.number AND a.name = b.name AND a.item = b.item AND a.period = b.period
      AND a.gross_fen = b.gross_fen AND a.offset_fen = b.offset_fen AND a.withheld_fen = b.withheld_fen AND a.net_fen = b.net_fen) THEN RAISE EXCEPTION 'SB2179: 补发行与暂缓行不符'; END IF;
  IF EXISTS (SELECT 1 FROM shebao_supplement_line s JOIN shebao_roster r ON r.book_id = s.book_id AND r.roster_id = s.roster_id
    WHERE s.book_id = NEW.book_id AND s.from_roster = NEW.from_roster AND s.from_seq = NEW.from_seq AND r.state <> 'withdrawn') THEN RAISE EXCEPTION 'SB2179: 暂缓行已在另一份补发花名册中'; END IF;
  IF EXISTS (SELECT 1 FROM shebao_supplement_line s WHERE s.book_id = NEW.book_id AND s.roster_id = NEW.roster_id AND s.seq = NEW.seq) THEN RAISE EXCEPTION 'SB3041: 补发行不得覆盖'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_supplement_line_enter BEFORE INSERT ON shebao_supplement_line FOR EACH ROW EXECUTE FUNCTION shebao_supplement_line_enter_guard()
-- ;;
-- One component of one person's month is released once; again only when the payment before failed or came back. The primary key keeps the rest.
CREATE FUNCTION shebao_release_item_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM shebao_roster r WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.roster_id AND r.state = 'authorised') THEN RAISE EXCEPTION 'SB2176: 放行明细在放行时登记'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_release_item_enter BEFORE INSERT ON shebao_release_item FOR EACH ROW EXECUTE FUNCTION shebao_release_item_enter_guard()
-- ;;
CREATE FUNCTION shebao_release_item_again_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM shebao_release_item i
    JOIN shebao_roster_line l ON l.book_id = i.book_id AND l.roster_id = i.roster_id AND l.seq = i.seq
    JOIN shebao_bank_line b ON b.book_id = l.book_id AND b.roster_id = l.roster_id AND b.payee = l.payee
    JOIN shebao_bank_result x ON x.book_id = b.book_id AND x.roster_id = b.roster_id AND x.bank_seq = b.bank_seq
    LEFT JOIN shebao_comeback c ON c.book_id = b.book_id AND c.roster_id = b.roster_id AND c.bank_seq = b.bank_seq
    WHERE i.book_id = NEW.book_id AND i.who = NEW.who AND i.item = NEW.item AND i.period = NEW.period AND i.source = NEW.source AND i.roster_id = NEW.again
      AND (x.ok = 0 OR c.bank_seq IS NOT NULL)) THEN RAISE EXCEPTION 'SB2176: 上一次付款既未失败也未退回'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_release_item_again BEFORE INSERT ON shebao_release_item FOR EACH ROW WHEN (NEW.again <> 0) EXECUTE FUNCTION shebao_release_item_again_guard()
-- ;;
-- The roster counts as released only with every line paid under it written down as released.
CREATE FUNCTION shebao_release_item_all_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT COUNT(*) FROM shebao_release_item i WHERE i.book_id = NEW.book_id AND i.roster_id = NEW.roster_id) <> (
    SELECT COUNT(*) FROM shebao_roster_line l LEFT JOIN shebao_hold h ON h.book_id = l.book_id AND h.roster_id = l.roster_id AND h.seq = l.seq
    WHERE l.book_id = NEW.book_id AND l.roster_id = NEW.roster_id AND h.seq IS NULL AND l.net_fen <> 0) THEN RAISE EXCEPTION 'SB2176: 放行明细与放行的行不符'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_release_item_all BEFORE UPDATE OF state ON shebao_roster FOR EACH ROW WHEN (NEW.state = 'released' AND OLD.state = 'authorised') EXECUTE FUNCTION shebao_release_item_all_guard()
