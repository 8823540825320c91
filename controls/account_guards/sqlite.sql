-- C1, C2: a change is proposed by one and signed by another, over the content it was proposed with; it stays for ever.
CREATE TRIGGER shebao_account_change_enter BEFORE INSERT ON shebao_account_change BEGIN
  SELECT RAISE(ABORT, 'SB3184: 科目变动须从提出开始') WHERE NEW.state <> 'proposed' OR NEW.signed_by <> '' OR NEW.signed_at <> '' OR NEW.proposed_by = '';
  SELECT RAISE(ABORT, 'SB3184: 科目变动号须连续') WHERE NEW.change_id <> (
    SELECT COALESCE(MAX(change_id), 0) + 1 FROM shebao_account_change WHERE book_id = NEW.book_id);
END
-- ;;
CREATE TRIGGER shebao_account_change_stay BEFORE DELETE ON shebao_account_change BEGIN SELECT RAISE(ABORT, 'SB3184: 科目变动不得删除'); END
-- ;;
CREATE TRIGGER shebao_account_change_move BEFORE UPDATE ON shebao_account_change BEGIN
  SELECT RAISE(ABORT, 'SB3184: 科目变动不得修改') WHERE OLD.book_id <> NEW.book_id OR OLD.change_id <> NEW.change_id OR OLD.kind <> NEW.kind
    OR OLD.code <> NEW.code OR OLD.name <> NEW.name OR OLD.full_name <> NEW.full_name OR OLD.side <> NEW.side OR OLD.element <> NEW.element
    OR OLD.parent <> NEW.parent OR OLD.origin <> NEW.origin OR OLD.day <> NEW.day OR OLD.reason <> NEW.reason
    OR OLD.proposed_by <> NEW.proposed_by OR OLD.proposed_at <> NEW.proposed_at;
  SELECT RAISE(ABORT, 'SB3184: 科目变动只能由另一人确认或退回一次') WHERE OLD.state <> 'proposed' OR NEW.state = 'proposed' OR NEW.signed_by = ''
    OR NEW.signed_by = NEW.proposed_by OR NEW.signed_at = '';
END
-- ;;
-- L6: once a book is open, an account comes in, and goes out of use, by a confirmed change of just that content.
CREATE TRIGGER shebao_account_signed BEFORE INSERT ON shebao_account WHEN EXISTS (SELECT 1 FROM shebao_period WHERE book_id = NEW.book_id) BEGIN
  SELECT RAISE(ABORT, 'SB3184: 增设科目须经两人确认') WHERE NEW.leaf <> 1 OR NEW.valid_to <> '' OR NOT EXISTS (
    SELECT 1 FROM shebao_account_change c WHERE c.book_id = NEW.book_id AND c.kind = 'add' AND c.state = 'confirmed' AND c.code = NEW.code
      AND c.name = NEW.name AND c.full_name = NEW.full_name AND c.side = NEW.side AND c.element = NEW.element AND c.parent = NEW.parent
      AND c.origin = NEW.origin AND c.day = NEW.valid_from);
END
-- ;;
CREATE TRIGGER shebao_account_ended BEFORE UPDATE OF valid_to, origin ON shebao_account BEGIN
  SELECT RAISE(ABORT, 'SB3184: 停用科目须经两人确认') WHERE NEW.origin <> OLD.origin OR NOT EXISTS (
    SELECT 1 FROM shebao_account_change c WHERE c.book_id = NEW.book_id AND c.kind = 'end' AND c.state = 'confirmed' AND c.code = NEW.code AND c.day = NEW.valid_to)
    OR EXISTS (SELECT 1 FROM shebao_line l JOIN shebao_entry e ON e.book_id = l.book_id AND e.entry_id = l.entry_id
      WHERE l.book_id = NEW.book_id AND l.account = NEW.code AND e.day >= NEW.valid_to);
END
