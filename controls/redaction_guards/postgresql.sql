-- Guards of redactions on PostgreSQL (shebao_refuse is the ledger's). Each statement ends with a line "-- ;;".

CREATE TRIGGER shebao_redaction_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_redaction EXECUTE FUNCTION shebao_refuse('SB2297: 删除申请只增不改')
-- ;;
CREATE TRIGGER shebao_redaction_step_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_redaction_step EXECUTE FUNCTION shebao_refuse('SB2297: 删除申请的办理只增不改')
-- ;;
-- A redaction takes the next number and is asked for by the trail's administrator or the audit office.
CREATE FUNCTION shebao_redaction_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.redaction_no <> 1 + (SELECT COUNT(*) FROM shebao_redaction) THEN RAISE EXCEPTION 'SB2297: 删除申请逐号登记'; END IF;
  IF NEW.duty NOT IN ('LOGADMIN', 'AUDIT') OR NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.asked_by AND g.duty = NEW.duty AND g.valid_from <= substr(NEW.asked_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.asked_at)) THEN RAISE EXCEPTION 'SB3001: 由审计管理员或稽核申请'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_redaction_enter BEFORE INSERT ON shebao_redaction FOR EACH ROW EXECUTE FUNCTION shebao_redaction_enter_guard()
-- ;;
-- It is decided once, by the head, who did not ask for it.
CREATE FUNCTION shebao_redaction_step_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM shebao_redaction_step s WHERE s.redaction_no = NEW.redaction_no) THEN RAISE EXCEPTION 'SB2295: 删除申请已经办结'; END IF;
  IF EXISTS (SELECT 1 FROM shebao_redaction r WHERE r.redaction_no = NEW.redaction_no AND r.asked_by = NEW.user_id) THEN RAISE EXCEPTION 'SB2296: 申请人不得确认'; END IF;
  IF NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.user_id AND g.duty = 'HEAD' AND g.valid_from <= substr(NEW.at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.at)) THEN RAISE EXCEPTION 'SB3001: 由单位负责人确认'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_redaction_step_enter BEFORE INSERT ON shebao_redaction_step FOR EACH ROW EXECUTE FUNCTION shebao_redaction_step_enter_guard()
-- ;;
-- F16: nothing of the trail is destroyed but what a confirmed redaction names.
CREATE FUNCTION shebao_chain_erasure_basis_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM shebao_redaction r JOIN shebao_redaction_step s ON s.redaction_no = r.redaction_no WHERE r.redaction_no = NEW.redaction_no AND s.step = 'confirm' AND strpos(r.fields, '[' || NEW.seq || ',"' || NEW.token || '"]') > 0) THEN RAISE EXCEPTION 'SB2298: 未经申请和确认，不得销毁'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_chain_erasure_basis BEFORE INSERT ON shebao_chain_erasure FOR EACH ROW EXECUTE FUNCTION shebao_chain_erasure_basis_guard()
