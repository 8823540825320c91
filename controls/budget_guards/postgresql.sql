-- Guards of budgets and funding plans on PostgreSQL. Each statement ends with a line "-- ;;". Text raised begins with the code of its refusal.

CREATE TRIGGER shebao_budget_stay BEFORE DELETE OR TRUNCATE ON shebao_budget EXECUTE FUNCTION shebao_refuse('SB3293: 预算文件不得删除')
-- ;;
CREATE FUNCTION shebao_budget_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> 'drafted' OR NEW.reviewed_by <> '' OR NEW.reviewed_at <> '' OR NEW.decided_by <> '' OR NEW.decided_at <> '' OR NEW.document <> '' OR NEW.note <> '' OR NEW.budget_no <> 1 + COALESCE((SELECT MAX(b.budget_no) FROM shebao_budget b WHERE b.book_id = NEW.book_id), 0) THEN RAISE EXCEPTION 'SB3293: 预算文件须从编制开始，连续编号'; END IF;
  IF NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.drafted_by AND g.duty = 'BOOKKEEP' AND g.valid_from <= substr(NEW.drafted_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.drafted_at)) THEN RAISE EXCEPTION 'SB3001: 预算文件由会计编制'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_budget_enter BEFORE INSERT ON shebao_budget FOR EACH ROW EXECUTE FUNCTION shebao_budget_enter_guard()
-- ;;
CREATE FUNCTION shebao_budget_move_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.book_id <> OLD.book_id OR NEW.budget_no <> OLD.budget_no OR NEW.kind <> OLD.kind OR NEW.year <> OLD.year OR NEW.month <> OLD.month OR NEW.lines <> OLD.lines OR NEW.request_fen <> OLD.request_fen OR NEW.reason <> OLD.reason OR NEW.digest <> OLD.digest OR NEW.drafted_by <> OLD.drafted_by OR NEW.drafted_at <> OLD.drafted_at THEN RAISE EXCEPTION 'SB3293: 预算文件编制后内容不得修改'; END IF;
  IF NOT ((OLD.state = 'drafted' AND NEW.state = 'reviewed' AND NEW.reviewed_by <> '' AND NEW.reviewed_at <> '' AND NEW.decided_by = '' AND NEW.note = '')
    OR (OLD.state = 'reviewed' AND NEW.state = 'approved' AND NEW.decided_by <> '' AND NEW.decided_at <> '' AND NEW.reviewed_by = OLD.reviewed_by AND NEW.reviewed_at = OLD.reviewed_at AND NEW.note = '')
    OR (OLD.state IN ('drafted','reviewed') AND NEW.state = 'rejected' AND NEW.decided_by <> '' AND NEW.decided_at <> '' AND NEW.note <> '' AND NEW.reviewed_by = OLD.reviewed_by AND NEW.reviewed_at = OLD.reviewed_at)) THEN RAISE EXCEPTION 'SB3290: 预算文件只能依次审核、批准或退回'; END IF;
  IF NEW.reviewed_by = NEW.drafted_by OR NEW.decided_by = NEW.drafted_by OR (NEW.decided_by <> '' AND NEW.state = 'approved' AND NEW.decided_by = NEW.reviewed_by) THEN RAISE EXCEPTION 'SB3002: 预算文件的编制、审核、批准须是不同的人'; END IF;
  IF NEW.state = 'approved' AND NEW.kind <> 'plan' AND NEW.document = '' THEN RAISE EXCEPTION 'SB3296: 批准预算、调整和超预算支付须有批准文件'; END IF;
  IF NEW.state = 'approved' AND NEW.kind = 'budget' AND EXISTS (SELECT 1 FROM shebao_budget b WHERE b.book_id = NEW.book_id AND b.year = NEW.year AND b.kind = 'budget' AND b.state = 'approved' AND b.budget_no <> NEW.budget_no) THEN RAISE EXCEPTION 'SB3292: 一个账套一年只有一份批准的预算'; END IF;
  IF NEW.state = 'reviewed' AND NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.reviewed_by AND g.duty = 'CHECK' AND g.valid_from <= substr(NEW.reviewed_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.reviewed_at)) THEN RAISE EXCEPTION 'SB3001: 预算文件由会计主管审核'; END IF;
  IF NEW.state = 'approved' AND NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.decided_by AND g.duty = 'HEAD' AND g.valid_from <= substr(NEW.decided_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.decided_at)) THEN RAISE EXCEPTION 'SB3001: 预算文件由单位负责人批准'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_budget_move BEFORE UPDATE ON shebao_budget FOR EACH ROW EXECUTE FUNCTION shebao_budget_move_guard()
