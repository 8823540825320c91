-- Guards of chains of signatures (审批链) on PostgreSQL (shebao_refuse is the ledger's). Each statement ends with a line "-- ;;".

-- Signatures are only added, in turn, by holders of the duty, each another person, over one digest.
CREATE TRIGGER shebao_approval_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_approval EXECUTE FUNCTION shebao_refuse('SB2252: 审批签字只增不改')
-- ;;
CREATE FUNCTION shebao_approval_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM shebao_approval a WHERE a.kind = NEW.kind AND a.book_id = NEW.book_id AND a.number = NEW.number AND a.step = NEW.step) THEN RAISE EXCEPTION 'SB2252: 一步只签一次'; END IF;
  IF NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.signed_by AND g.duty = NEW.duty AND g.valid_from <= substr(NEW.signed_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.signed_at)) THEN RAISE EXCEPTION 'SB3001: 签字人没有这一岗位'; END IF;
  IF EXISTS (SELECT 1 FROM shebao_approval a WHERE a.kind = NEW.kind AND a.book_id = NEW.book_id AND a.number = NEW.number AND a.signed_by = NEW.signed_by)
    OR EXISTS (SELECT 1 FROM shebao_budget b WHERE NEW.kind = 'plan' AND b.book_id = NEW.book_id AND b.budget_no = NEW.number AND NEW.signed_by IN (b.drafted_by, b.reviewed_by)) THEN RAISE EXCEPTION 'SB3002: 审批链上各人只签一次'; END IF;
  IF NEW.kind = 'payment' AND NEW.step > 1 AND NOT EXISTS (SELECT 1 FROM shebao_approval a WHERE a.kind = NEW.kind AND a.book_id = NEW.book_id AND a.number = NEW.number AND a.step = NEW.step - 1 AND a.digest = NEW.digest) THEN RAISE EXCEPTION 'SB2250: 依次签字，内容与前一签字相同'; END IF;
  IF NEW.kind = 'payment' AND NOT EXISTS (SELECT 1 FROM shebao_release r WHERE r.book_id = NEW.book_id AND r.roster_id = NEW.number) THEN RAISE EXCEPTION 'SB3070: 没有放行'; END IF;
  IF NEW.kind = 'plan' AND NOT EXISTS (SELECT 1 FROM shebao_budget b WHERE b.book_id = NEW.book_id AND b.budget_no = NEW.number AND b.kind = 'plan' AND b.state = 'reviewed' AND b.digest = NEW.digest) THEN RAISE EXCEPTION 'SB2250: 只有已审核的用款计划由分管领导签字'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_approval_enter BEFORE INSERT ON shebao_approval FOR EACH ROW EXECUTE FUNCTION shebao_approval_enter_guard()
-- ;;
-- A funding plan is approved only over the signature of the 分管领导.
CREATE FUNCTION shebao_approval_of_plan_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state = 'approved' AND NEW.kind = 'plan' AND NOT EXISTS (SELECT 1 FROM shebao_approval a WHERE a.kind = 'plan' AND a.book_id = NEW.book_id AND a.number = NEW.budget_no AND a.step = 3 AND a.digest = NEW.digest AND a.signed_by <> NEW.decided_by) THEN RAISE EXCEPTION 'SB2251: 用款计划没有分管领导签字'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_approval_of_plan BEFORE UPDATE ON shebao_budget FOR EACH ROW EXECUTE FUNCTION shebao_approval_of_plan_guard()
-- ;;
-- No bank file before the fourth signature on the roster's payment approval form.
CREATE FUNCTION shebao_approval_of_batch_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT COUNT(*) FROM shebao_approval a WHERE a.kind = 'payment' AND a.book_id = NEW.book_id AND a.number = NEW.roster_id) < 4 THEN RAISE EXCEPTION 'SB2180: 基金支付审批表没有签完'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_approval_of_batch BEFORE INSERT ON shebao_bank_batch FOR EACH ROW EXECUTE FUNCTION shebao_approval_of_batch_guard()
