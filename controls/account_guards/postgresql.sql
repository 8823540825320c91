-- C1, C2: a change is proposed by one and signed by another, over the content it was proposed with; it stays for ever.
CREATE FUNCTION shebao_account_change_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> 'proposed' OR NEW.signed_by <> '' OR NEW.signed_at <> '' OR NEW.proposed_by = '' THEN
    RAISE EXCEPTION 'SB3184: 科目变动须从提出开始';
  END IF;
  IF NEW.change_id <> (SELECT COALESCE(MAX(change_id), 0) + 1 FROM shebao_account_change WHERE book_id = NEW.book_id) THEN
    RAISE EXCEPTION 'SB3184: 科目变动号须连续';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_account_change_enter BEFORE INSERT ON shebao_account_change FOR EACH ROW EXECUTE FUNCTION shebao_account_change_guard()
-- ;;
CREATE TRIGGER shebao_account_change_stay BEFORE DELETE OR TRUNCATE ON shebao_account_change
  EXECUTE FUNCTION shebao_refuse('SB3184: 科目变动不得删除')
-- ;;
CREATE FUNCTION shebao_account_change_move_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.book_id, OLD.change_id, OLD.kind, OLD.code, OLD.name, OLD.full_name, OLD.side, OLD.element, OLD.parent, OLD.origin, OLD.day, OLD.reason,
      OLD.proposed_by, OLD.proposed_at)
     IS DISTINCT FROM
     (NEW.book_id, NEW.change_id, NEW.kind, NEW.code, NEW.name, NEW.full_name, NEW.side, NEW.element, NEW.parent, NEW.origin, NEW.day, NEW.reason,
      NEW.proposed_by, NEW.proposed_at) THEN
    RAISE EXCEPTION 'SB3184: 科目变动不得修改';
  END IF;
  IF OLD.state <> 'proposed' OR NEW.state = 'proposed' OR NEW.signed_by = '' OR NEW.signed_by = NEW.proposed_by OR NEW.signed_at = '' THEN
    RAISE EXCEPTION 'SB3184: 科目变动只能由另一人确认或退回一次';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_account_change_move BEFORE UPDATE ON shebao_account_change FOR EACH ROW EXECUTE FUNCTION shebao_account_change_move_guard()
-- ;;
-- L6: once a book is open, an account comes in, and goes out of use, by a confirmed change of just that content.
CREATE FUNCTION shebao_account_signed_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM shebao_period WHERE book_id = NEW.book_id) AND (NEW.leaf <> 1 OR NEW.valid_to <> '' OR NOT EXISTS (
    SELECT 1 FROM shebao_account_change c WHERE c.book_id = NEW.book_id AND c.kind = 'add' AND c.state = 'confirmed' AND c.code = NEW.code
      AND c.name = NEW.name AND c.full_name = NEW.full_name AND c.side = NEW.side AND c.element = NEW.element AND c.parent = NEW.parent
      AND c.origin = NEW.origin AND c.day = NEW.valid_from)) THEN
    RAISE EXCEPTION 'SB3184: 增设科目须经两人确认';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_account_signed BEFORE INSERT ON shebao_account FOR EACH ROW EXECUTE FUNCTION shebao_account_signed_guard()
-- ;;
CREATE FUNCTION shebao_account_ended_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.origin <> OLD.origin OR NOT EXISTS (
    SELECT 1 FROM shebao_account_change c WHERE c.book_id = NEW.book_id AND c.kind = 'end' AND c.state = 'confirmed' AND c.code = NEW.code AND c.day = NEW.valid_to)
    OR EXISTS (SELECT 1 FROM shebao_line l JOIN shebao_entry e ON e.book_id = l.book_id AND e.entry_id = l.entry_id
      WHERE l.book_id = NEW.book_id AND l.account = NEW.code AND e.day >= NEW.valid_to) THEN
    RAISE EXCEPTION 'SB3184: 停用科目须经两人确认';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_account_ended BEFORE UPDATE OF valid_to, origin ON shebao_account FOR EACH ROW EXECUTE FUNCTION shebao_account_ended_guard()
