-- Guards of hand-overs (会计工作交接) on PostgreSQL (shebao_refuse is the ledger's). Each statement ends with a line "-- ;;".

-- What was handed over stays; receiver and supervisor sign once each, over its digest.
CREATE TRIGGER shebao_handover_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_handover EXECUTE FUNCTION shebao_refuse('SB2263: 交接书只增不改')
-- ;;
CREATE FUNCTION shebao_handover_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.handover_no <> 1 + COALESCE((SELECT MAX(h.handover_no) FROM shebao_handover h), 0) THEN RAISE EXCEPTION 'SB2263: 交接书连续编号'; END IF;
  IF NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.giver AND g.duty IN ('BOOKKEEP', 'CHECK', 'CASHIER') AND g.valid_from <= substr(NEW.made_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.made_at)) THEN RAISE EXCEPTION 'SB3001: 交接书由会计、会计主管或出纳编制'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_handover_enter BEFORE INSERT ON shebao_handover FOR EACH ROW EXECUTE FUNCTION shebao_handover_enter_guard()
-- ;;
CREATE TRIGGER shebao_handover_signature_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_handover_signature EXECUTE FUNCTION shebao_refuse('SB2263: 交接书只增不改')
-- ;;
CREATE FUNCTION shebao_handover_signature_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM shebao_handover_signature s WHERE s.handover_no = NEW.handover_no AND s.role = NEW.role) THEN RAISE EXCEPTION 'SB2262: 一个签字只签一次'; END IF;
  IF NOT EXISTS (SELECT 1 FROM shebao_handover h WHERE h.handover_no = NEW.handover_no AND h.digest = NEW.digest AND ((NEW.role = 'receiver' AND NEW.signed_by = h.receiver) OR (NEW.role = 'supervisor' AND NEW.signed_by NOT IN (h.giver, h.receiver)))) THEN RAISE EXCEPTION 'SB2262: 签字人或内容不符'; END IF;
  IF NEW.role = 'supervisor' AND NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.signed_by AND g.duty IN ('CHECK', 'HEAD') AND g.valid_from <= substr(NEW.signed_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.signed_at)) THEN RAISE EXCEPTION 'SB3001: 由会计主管或单位负责人监交'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_handover_signature_enter BEFORE INSERT ON shebao_handover_signature FOR EACH ROW EXECUTE FUNCTION shebao_handover_signature_enter_guard()
-- ;;
-- Nobody is ended who has not handed over.
CREATE FUNCTION shebao_handover_user_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.disabled_at = '' AND NEW.disabled_at <> '' AND EXISTS (SELECT 1 FROM shebao_handover h WHERE h.giver = NEW.user_id AND 2 > (SELECT COUNT(*) FROM shebao_handover_signature s WHERE s.handover_no = h.handover_no)) THEN RAISE EXCEPTION 'SB2261: 交接书未签完，不能停用'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_handover_user BEFORE UPDATE ON shebao_user FOR EACH ROW EXECUTE FUNCTION shebao_handover_user_guard()
