-- Guards of premium claims on PostgreSQL (shebao_refuse is the ledger's). Each statement ends with a line "-- ;;". Text raised begins with the code of its refusal.

CREATE TRIGGER shebao_premium_claim_keep BEFORE DELETE OR TRUNCATE ON shebao_premium_claim EXECUTE FUNCTION shebao_refuse('SB3222: 代缴清册只增不改，改动须作废重编')
-- ;;
CREATE TRIGGER shebao_premium_claim_line_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_premium_claim_line EXECUTE FUNCTION shebao_refuse('SB3222: 代缴清册只增不改，改动须作废重编')
-- ;;
CREATE TRIGGER shebao_premium_claim_left_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_premium_claim_left EXECUTE FUNCTION shebao_refuse('SB3222: 代缴清册只增不改，改动须作废重编')
-- ;;
CREATE FUNCTION shebao_premium_claim_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> 'building' OR NEW.reviewed_by <> '' OR NEW.reviewed_at <> '' OR NEW.claim_id <> 1 + COALESCE((SELECT MAX(c.claim_id) FROM shebao_premium_claim c WHERE c.book_id = NEW.book_id), 0) THEN RAISE EXCEPTION 'SB3222: 清册连续编号，编制时没有审核'; END IF;
  IF NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.prepared_by AND g.duty IN ('HANDLE_REGISTER','HANDLE_ASSESS') AND g.valid_from <= substr(NEW.prepared_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.prepared_at)) THEN RAISE EXCEPTION 'SB3001: 代缴清册由经办编制'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_premium_claim_enter BEFORE INSERT ON shebao_premium_claim FOR EACH ROW EXECUTE FUNCTION shebao_premium_claim_enter_guard()
-- ;;
-- Claims just written have no statistics yet, and a loop over the pairs of two claims would take an hour: joins are hashed.
CREATE FUNCTION shebao_premium_claim_move_guard() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off AS $$
BEGIN
  IF NEW.book_id <> OLD.book_id OR NEW.claim_id <> OLD.claim_id OR NEW.kind <> OLD.kind OR NEW.year <> OLD.year OR NEW.region <> OLD.region OR NEW.as_of <> OLD.as_of OR NEW.files <> OLD.files OR NEW.persons <> OLD.persons OR NEW.lines <> OLD.lines OR NEW.fen <> OLD.fen OR NEW.left_out <> OLD.left_out OR NEW.digest <> OLD.digest OR NEW.prepared_by <> OLD.prepared_by OR NEW.prepared_at <> OLD.prepared_at THEN RAISE EXCEPTION 'SB3222: 代缴清册只增不改，改动须作废重编'; END IF;
  IF NOT ((OLD.state = 'building' AND NEW.state = 'prepared' AND NEW.reviewed_by = '') OR (OLD.state = 'prepared' AND NEW.state = 'reviewed' AND NEW.reviewed_by <> '' AND NEW.reviewed_at <> '') OR (OLD.state IN ('prepared','reviewed') AND NEW.state = 'withdrawn' AND NEW.reason <> '' AND NEW.reviewed_by = OLD.reviewed_by AND NEW.reviewed_at = OLD.reviewed_at)) THEN RAISE EXCEPTION 'SB3218: 清册的状态只能按编制、审核、作废的次序改变'; END IF;
  IF NEW.state = 'prepared' AND NOT (NEW.lines = (SELECT COUNT(*) FROM shebao_premium_claim_line l WHERE l.book_id = NEW.book_id AND l.claim_id = NEW.claim_id) AND NEW.persons = (SELECT COUNT(DISTINCT l.number) FROM shebao_premium_claim_line l WHERE l.book_id = NEW.book_id AND l.claim_id = NEW.claim_id) AND NEW.fen = (SELECT COALESCE(SUM(l.fen), 0) FROM shebao_premium_claim_line l WHERE l.book_id = NEW.book_id AND l.claim_id = NEW.claim_id) AND NEW.left_out = (SELECT COUNT(*) FROM shebao_premium_claim_left l WHERE l.book_id = NEW.book_id AND l.claim_id = NEW.claim_id)) THEN RAISE EXCEPTION 'SB3222: 清册的人数、金额与明细不符'; END IF;
  IF NEW.state = 'prepared' AND EXISTS (SELECT 1 FROM shebao_premium_claim c JOIN shebao_premium_claim_line b ON b.book_id = c.book_id AND b.claim_id = c.claim_id JOIN shebao_premium_claim_line a ON a.book_id = b.book_id AND a.claim_id = NEW.claim_id AND a.number = b.number WHERE c.book_id = NEW.book_id AND c.kind = NEW.kind AND c.year = NEW.year AND c.claim_id <> NEW.claim_id AND c.state IN ('prepared','reviewed')) THEN RAISE EXCEPTION 'SB3222: 一人一年只列入一份清册'; END IF;
  IF NEW.state = 'reviewed' AND NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.reviewed_by AND g.duty = 'REVIEW' AND g.valid_from <= substr(NEW.reviewed_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.reviewed_at)) THEN RAISE EXCEPTION 'SB3001: 代缴清册由股室负责人审核'; END IF;
  IF NEW.state = 'withdrawn' AND EXISTS (SELECT 1 FROM shebao_voucher v WHERE v.book_id = NEW.book_id AND v.state <> 'rejected' AND v.source_key LIKE 'premium:' || NEW.claim_id || ':%') THEN RAISE EXCEPTION 'SB3218: 已有收款或退款凭证的清册不能作废'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_premium_claim_move BEFORE UPDATE ON shebao_premium_claim FOR EACH ROW EXECUTE FUNCTION shebao_premium_claim_move_guard()
-- ;;
CREATE FUNCTION shebao_premium_claim_line_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM entered n WHERE NOT EXISTS (SELECT 1 FROM shebao_premium_claim c WHERE c.book_id = n.book_id AND c.claim_id = n.claim_id AND c.state = 'building')) THEN
    RAISE EXCEPTION 'SB3222: 代缴清册只增不改，改动须作废重编';
  END IF;
  RETURN NULL;
END $$
-- ;;
CREATE TRIGGER shebao_premium_claim_line_enter AFTER INSERT ON shebao_premium_claim_line REFERENCING NEW TABLE AS entered FOR EACH STATEMENT EXECUTE FUNCTION shebao_premium_claim_line_enter_guard()
-- ;;
CREATE FUNCTION shebao_premium_claim_left_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM entered n WHERE NOT EXISTS (SELECT 1 FROM shebao_premium_claim c WHERE c.book_id = n.book_id AND c.claim_id = n.claim_id AND c.state = 'building')) THEN
    RAISE EXCEPTION 'SB3222: 代缴清册只增不改，改动须作废重编';
  END IF;
  RETURN NULL;
END $$
-- ;;
CREATE TRIGGER shebao_premium_claim_left_enter AFTER INSERT ON shebao_premium_claim_left REFERENCING NEW TABLE AS entered FOR EACH STATEMENT EXECUTE FUNCTION shebao_premium_claim_left_enter_guard()
