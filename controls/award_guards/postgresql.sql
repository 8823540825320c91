-- Guards of awards (待遇核定) on PostgreSQL (shebao_refuse is the ledger's). Each statement ends with a line "-- ;;".

CREATE TRIGGER shebao_award_stay BEFORE DELETE OR TRUNCATE ON shebao_award EXECUTE FUNCTION shebao_refuse('SB3350: 待遇核定只增不改')
-- ;;
CREATE FUNCTION shebao_award_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> 'assessed' OR NEW.reviewed_by <> '' OR NEW.reviewed_at <> '' OR NEW.note <> '' OR NEW.award_no <> 1 + COALESCE((SELECT MAX(a.award_no) FROM shebao_award a WHERE a.book_id = NEW.book_id), 0) THEN RAISE EXCEPTION 'SB3350: 待遇核定从核定开始，连续编号'; END IF;
  IF NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.assessed_by AND g.duty = 'HANDLE_ASSESS' AND g.valid_from <= substr(NEW.assessed_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.assessed_at)) THEN RAISE EXCEPTION 'SB3001: 待遇由待遇核定经办核定'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_award_enter BEFORE INSERT ON shebao_award FOR EACH ROW EXECUTE FUNCTION shebao_award_enter_guard()
-- ;;
-- An award is reviewed or sent back once, by another who holds the duty; its content stays, and its items are all there.
CREATE FUNCTION shebao_award_move_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.book_id <> OLD.book_id OR NEW.award_no <> OLD.award_no OR NEW.number <> OLD.number OR NEW.scheme <> OLD.scheme OR NEW.law <> OLD.law OR NEW.from_month <> OLD.from_month OR NEW.given <> OLD.given OR NEW.fen <> OLD.fen OR NEW.items <> OLD.items OR NEW.digest <> OLD.digest OR NEW.content <> OLD.content OR NEW.assessed_by <> OLD.assessed_by OR NEW.assessed_at <> OLD.assessed_at THEN RAISE EXCEPTION 'SB3350: 待遇核定的内容不得修改'; END IF;
  IF OLD.state <> 'assessed' OR NEW.state NOT IN ('reviewed','rejected') OR NEW.reviewed_by = '' OR NEW.reviewed_at < OLD.assessed_at OR (NEW.state = 'rejected') <> (NEW.note <> '') THEN RAISE EXCEPTION 'SB3350: 待遇核定只复核或退回一次'; END IF;
  IF NEW.reviewed_by = OLD.assessed_by THEN RAISE EXCEPTION 'SB3002: 待遇核定由另一人复核'; END IF;
  IF (SELECT COUNT(*) FROM shebao_award_item i WHERE i.book_id = NEW.book_id AND i.award_no = NEW.award_no) <> NEW.items OR COALESCE((SELECT SUM(i.fen) FROM shebao_award_item i WHERE i.book_id = NEW.book_id AND i.award_no = NEW.award_no AND i.joint = 0), 0) <> NEW.fen THEN RAISE EXCEPTION 'SB3350: 待遇核定的各项与合计不符'; END IF;
  IF NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.reviewed_by AND g.duty = 'REVIEW' AND g.valid_from <= substr(NEW.reviewed_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.reviewed_at)) THEN RAISE EXCEPTION 'SB3001: 待遇核定由审核岗复核'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_award_move BEFORE UPDATE ON shebao_award FOR EACH ROW EXECUTE FUNCTION shebao_award_move_guard()
-- ;;
CREATE TRIGGER shebao_award_item_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_award_item EXECUTE FUNCTION shebao_refuse('SB3350: 待遇核定只增不改')
-- ;;
-- Items come with their award, for its person and month, no more than it says, each once.
CREATE FUNCTION shebao_award_item_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM shebao_award a WHERE a.book_id = NEW.book_id AND a.award_no = NEW.award_no AND a.state = 'assessed' AND a.number = NEW.number AND a.from_month = NEW.from_month
    AND a.items > (SELECT COUNT(*) FROM shebao_award_item i WHERE i.book_id = NEW.book_id AND i.award_no = NEW.award_no)) THEN RAISE EXCEPTION 'SB3350: 待遇核定的各项与核定不符'; END IF;
  IF EXISTS (SELECT 1 FROM shebao_award_item i WHERE i.book_id = NEW.book_id AND i.award_no = NEW.award_no AND i.item = NEW.item) THEN RAISE EXCEPTION 'SB3350: 待遇核定只增不改'; END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_award_item_enter BEFORE INSERT ON shebao_award_item FOR EACH ROW EXECUTE FUNCTION shebao_award_item_enter_guard()
