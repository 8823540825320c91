-- Guards of hand-overs (会计工作交接) on SQLite. Each statement ends with a line "-- ;;".

-- What was handed over stays; receiver and supervisor sign once each, over its digest.
CREATE TRIGGER shebao_handover_keep BEFORE UPDATE ON shebao_handover BEGIN SELECT RAISE(ABORT, 'SB2263: 交接书只增不改'); END
-- ;;
CREATE TRIGGER shebao_handover_stay BEFORE DELETE ON shebao_handover BEGIN SELECT RAISE(ABORT, 'SB2263: 交接书只增不改'); END
-- ;;
CREATE TRIGGER shebao_handover_enter BEFORE INSERT ON shebao_handover BEGIN
  SELECT RAISE(ABORT, 'SB2263: 交接书连续编号') WHERE NEW.handover_no <> 1 + COALESCE((SELECT MAX(h.handover_no) FROM shebao_handover h), 0);
  SELECT RAISE(ABORT, 'SB3001: 交接书由会计、会计主管或出纳编制') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.giver AND g.duty IN ('BOOKKEEP', 'CHECK', 'CASHIER') AND g.valid_from <= substr(NEW.made_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.made_at));
END
-- ;;
CREATE TRIGGER shebao_handover_signature_keep BEFORE UPDATE ON shebao_handover_signature BEGIN SELECT RAISE(ABORT, 'SB2263: 交接书只增不改'); END
-- ;;
CREATE TRIGGER shebao_handover_signature_stay BEFORE DELETE ON shebao_handover_signature BEGIN SELECT RAISE(ABORT, 'SB2263: 交接书只增不改'); END
-- ;;
CREATE TRIGGER shebao_handover_signature_enter BEFORE INSERT ON shebao_handover_signature BEGIN
  SELECT RAISE(ABORT, 'SB2262: 一个签字只签一次') WHERE EXISTS (SELECT 1 FROM shebao_handover_signature s WHERE s.handover_no = NEW.handover_no AND s.role = NEW.role);
  SELECT RAISE(ABORT, 'SB2262: 签字人或内容不符') WHERE NOT EXISTS (SELECT 1 FROM shebao_handover h WHERE h.handover_no = NEW.handover_no AND h.digest = NEW.digest AND ((NEW.role = 'receiver' AND NEW.signed_by = h.receiver) OR (NEW.role = 'supervisor' AND NEW.signed_by NOT IN (h.giver, h.receiver))));
  SELECT RAISE(ABORT, 'SB3001: 由会计主管或单位负责人监交') WHERE NEW.role = 'supervisor' AND NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.signed_by AND g.duty IN ('CHECK', 'HEAD') AND g.valid_from <= substr(NEW.signed_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.signed_at));
END
-- ;;
-- Nobody is ended who has not handed over.
CREATE TRIGGER shebao_handover_user BEFORE UPDATE OF disabled_at ON shebao_user BEGIN
  SELECT RAISE(ABORT, 'SB2261: 交接书未签完，不能停用') WHERE OLD.disabled_at = '' AND NEW.disabled_at <> '' AND EXISTS (SELECT 1 FROM shebao_handover h WHERE h.giver = NEW.user_id AND 2 > (SELECT COUNT(*) FROM shebao_handover_signature s WHERE s.handover_no = h.handover_no));
END
