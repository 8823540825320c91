-- Guards of redactions on SQLite. Each statement ends with a line "-- ;;".

CREATE TRIGGER shebao_redaction_keep BEFORE UPDATE ON shebao_redaction BEGIN SELECT RAISE(ABORT, 'SB2297: 删除申请只增不改'); END
-- ;;
CREATE TRIGGER shebao_redaction_stay BEFORE DELETE ON shebao_redaction BEGIN SELECT RAISE(ABORT, 'SB2297: 删除申请只增不改'); END
-- ;;
CREATE TRIGGER shebao_redaction_step_keep BEFORE UPDATE ON shebao_redaction_step BEGIN SELECT RAISE(ABORT, 'SB2297: 删除申请的办理只增不改'); END
-- ;;
CREATE TRIGGER shebao_redaction_step_stay BEFORE DELETE ON shebao_redaction_step BEGIN SELECT RAISE(ABORT, 'SB2297: 删除申请的办理只增不改'); END
-- ;;
-- A redaction takes the next number and is asked for by the trail's administrator or the audit office.
CREATE TRIGGER shebao_redaction_enter BEFORE INSERT ON shebao_redaction BEGIN
  SELECT RAISE(ABORT, 'SB2297: 删除申请逐号登记') WHERE NEW.redaction_no <> 1 + (SELECT COUNT(*) FROM shebao_redaction);
  SELECT RAISE(ABORT, 'SB3001: 由审计管理员或稽核申请') WHERE NEW.duty NOT IN ('LOGADMIN', 'AUDIT') OR NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.asked_by AND g.duty = NEW.duty AND g.valid_from <= substr(NEW.asked_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.asked_at));
END
-- ;;
-- It is decided once, by the head, who did not ask for it.
CREATE TRIGGER shebao_redaction_step_enter BEFORE INSERT ON shebao_redaction_step BEGIN
  SELECT RAISE(ABORT, 'SB2295: 删除申请已经办结') WHERE EXISTS (SELECT 1 FROM shebao_redaction_step s WHERE s.redaction_no = NEW.redaction_no);
  SELECT RAISE(ABORT, 'SB2296: 申请人不得确认') WHERE EXISTS (SELECT 1 FROM shebao_redaction r WHERE r.redaction_no = NEW.redaction_no AND r.asked_by = NEW.user_id);
  SELECT RAISE(ABORT, 'SB3001: 由单位负责人确认') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.user_id AND g.duty = 'HEAD' AND g.valid_from <= substr(NEW.at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.at));
END
-- ;;
-- F16: nothing of the trail is destroyed but what a confirmed redaction names.
CREATE TRIGGER shebao_chain_erasure_basis BEFORE INSERT ON shebao_chain_erasure BEGIN
  SELECT RAISE(ABORT, 'SB2298: 未经申请和确认，不得销毁') WHERE NOT EXISTS (SELECT 1 FROM shebao_redaction r JOIN shebao_redaction_step s ON s.redaction_no = r.redaction_no WHERE r.redaction_no = NEW.redaction_no AND s.step = 'confirm' AND instr(r.fields, '[' || NEW.seq || ',"' || NEW.token || '"]') > 0);
END
