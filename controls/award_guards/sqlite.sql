-- Guards of awards (待遇核定) on SQLite. Each statement ends with a line "-- ;;". Text raised begins with the code of its refusal.

CREATE TRIGGER shebao_award_stay BEFORE DELETE ON shebao_award BEGIN SELECT RAISE(ABORT, 'SB3350: 待遇核定只增不改'); END
-- ;;
CREATE TRIGGER shebao_award_enter BEFORE INSERT ON shebao_award BEGIN
  SELECT RAISE(ABORT, 'SB3350: 待遇核定从核定开始，连续编号') WHERE NEW.state <> 'assessed' OR NEW.reviewed_by <> '' OR NEW.reviewed_at <> '' OR NEW.note <> '' OR NEW.award_no <> 1 + COALESCE((SELECT MAX(a.award_no) FROM shebao_award a WHERE a.book_id = NEW.book_id), 0);
  SELECT RAISE(ABORT, 'SB3001: 待遇由待遇核定经办核定') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.assessed_by AND g.duty = 'HANDLE_ASSESS' AND g.valid_from <= substr(NEW.assessed_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.assessed_at));
END
-- ;;
-- An award is reviewed or sent back once, by another who holds the duty; its content stays, and its items are all there.
CREATE TRIGGER shebao_award_move BEFORE UPDATE ON shebao_award BEGIN
  SELECT RAISE(ABORT, 'SB3350: 待遇核定的内容不得修改') WHERE NEW.book_id <> OLD.book_id OR NEW.award_no <> OLD.award_no OR NEW.number <> OLD.number OR NEW.scheme <> OLD.scheme OR NEW.law <> OLD.law OR NEW.from_month <> OLD.from_month OR NEW.given <> OLD.given OR NEW.fen <> OLD.fen OR NEW.items <> OLD.items OR NEW.digest <> OLD.digest OR NEW.content <> OLD.content OR NEW.assessed_by <> OLD.assessed_by OR NEW.assessed_at <> OLD.assessed_at;
  SELECT RAISE(ABORT, 'SB3350: 待遇核定只复核或退回一次') WHERE OLD.state <> 'assessed' OR NEW.state NOT IN ('reviewed','rejected') OR NEW.reviewed_by = '' OR NEW.reviewed_at < OLD.assessed_at OR (NEW.state = 'rejected') <> (NEW.note <> '');
  SELECT RAISE(ABORT, 'SB3002: 待遇核定由另一人复核') WHERE NEW.reviewed_by = OLD.assessed_by;
  SELECT RAISE(ABORT, 'SB3350: 待遇核定的各项与合计不符') WHERE (SELECT COUNT(*) FROM shebao_award_item i WHERE i.book_id = NEW.book_id AND i.award_no = NEW.award_no) <> NEW.items OR COALESCE((SELECT SUM(i.fen) FROM shebao_award_item i WHERE i.book_id = NEW.book_id AND i.award_no = NEW.award_no AND i.joint = 0), 0) <> NEW.fen;
  SELECT RAISE(ABORT, 'SB3001: 待遇核定由审核岗复核') WHERE NOT EXISTS (SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.reviewed_by AND g.duty = 'REVIEW' AND g.valid_from <= substr(NEW.reviewed_at, 1, 10) AND (g.valid_to = '' OR g.valid_to > NEW.reviewed_at));
END
-- ;;
CREATE TRIGGER shebao_award_item_keep BEFORE UPDATE ON shebao_award_item BEGIN SELECT RAISE(ABORT, 'SB3350: 待遇核定只增不改'); END
-- ;;
CREATE TRIGGER shebao_award_item_stay BEFORE DELETE ON shebao_award_item BEGIN SELECT RAISE(ABORT, 'SB3350: 待遇核定只增不改'); END
-- ;;
-- Items come with their award, for its person and month, no more than it says, each once.
CREATE TRIGGER shebao_award_item_enter BEFORE INSERT ON shebao_award_item BEGIN
  SELECT RAISE(ABORT, 'SB3350: 待遇核定的各项与核定不符') WHERE NOT EXISTS (SELECT 1 FROM shebao_award a WHERE a.book_id = NEW.book_id AND a.award_no = NEW.award_no AND a.state = 'assessed' AND a.number = NEW.number AND a.from_month = NEW.from_month
    AND a.items > (SELECT COUNT(*) FROM shebao_award_item i WHERE i.book_id = NEW.book_id AND i.award_no = NEW.award_no));
  SELECT RAISE(ABORT, 'SB3350: 待遇核定只增不改') WHERE EXISTS (SELECT 1 FROM shebao_award_item i WHERE i.book_id = NEW.book_id AND i.award_no = NEW.award_no AND i.item = NEW.item);
END
