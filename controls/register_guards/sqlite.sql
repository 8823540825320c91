-- Guards of the registers on SQLite. Each statement ends with a line "-- ;;". Text raised begins with the code of its refusal.

-- What was done stays.
CREATE TRIGGER shebao_register_act_keep BEFORE UPDATE ON shebao_register_act BEGIN SELECT RAISE(ABORT, 'SB3246: 台账只增不改，登记有误的用更正'); END
-- ;;
CREATE TRIGGER shebao_register_act_stay BEFORE DELETE ON shebao_register_act BEGIN SELECT RAISE(ABORT, 'SB3246: 台账只增不改，登记有误的用更正'); END
-- ;;
CREATE TRIGGER shebao_register_row_stay BEFORE DELETE ON shebao_register_row BEGIN SELECT RAISE(ABORT, 'SB3246: 台账只增不改，登记有误的用更正'); END
-- ;;
-- Acts come one after another, by somebody who holds the duty, on a day that is not ahead; where two people are asked for, they are two.
CREATE TRIGGER shebao_register_act_enter BEFORE INSERT ON shebao_register_act BEGIN
  SELECT RAISE(ABORT, 'SB3246: 台账逐行连续登记，逐次连续办理，与上一次相扣') WHERE (
    NEW.act_no = 1 AND (NEW.previous <> '' OR NEW.row_no <> 1 + COALESCE((SELECT MAX(a.row_no) FROM shebao_register_act a WHERE a.book_id = NEW.book_id AND a.register = NEW.register), 0)))
    OR (NEW.act_no > 1 AND NOT EXISTS (SELECT 1 FROM shebao_register_row r WHERE r.book_id = NEW.book_id AND r.register = NEW.register AND r.row_no = NEW.row_no
      AND r.act_no = NEW.act_no - 1 AND r.digest = NEW.previous))
    OR EXISTS (SELECT 1 FROM shebao_register_act a WHERE a.book_id = NEW.book_id AND a.register = NEW.register AND a.row_no = NEW.row_no AND a.act_no = NEW.act_no);
  SELECT RAISE(ABORT, 'SB3251: 办理日期不得在将来，也不早于上一次') WHERE NEW.on_day > substr(NEW.at, 1, 10) OR EXISTS (
    SELECT 1 FROM shebao_register_row r WHERE r.book_id = NEW.book_id AND r.register = NEW.register AND r.row_no = NEW.row_no AND r.on_day > NEW.on_day);
  SELECT RAISE(ABORT, 'SB3001: 台账由有岗位的人办理') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.actor AND g.duty = NEW.duty AND g.valid_from <= substr(NEW.at, 1, 10)
      AND (g.valid_to = '' OR g.valid_to > NEW.at));
  SELECT RAISE(ABORT, 'SB3253: 须由另一人办理') WHERE NEW.apart <> '' AND EXISTS (
    SELECT 1 FROM shebao_register_act a WHERE a.book_id = NEW.book_id AND a.register = NEW.register AND a.row_no = NEW.row_no AND a.actor = NEW.actor
      AND instr(NEW.apart, ',' || a.act || ',') > 0);
  SELECT RAISE(ABORT, 'SB3252: 没有这个账套') WHERE NEW.book_id <> 0 AND NOT EXISTS (SELECT 1 FROM shebao_book b WHERE b.book_id = NEW.book_id);
  SELECT RAISE(ABORT, 'SB3244: 台账的规定里没有这一步') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_register_step s WHERE s.register = NEW.register AND s.act = NEW.act AND s.after = NEW.state AND s.duty = NEW.duty AND s.apart = NEW.apart
      AND s.before = COALESCE((SELECT r.state FROM shebao_register_row r WHERE r.book_id = NEW.book_id AND r.register = NEW.register AND r.row_no = NEW.row_no), ''));
END
-- ;;
-- A row stands as its last act says, is put in once, and keeps its number.
CREATE TRIGGER shebao_register_row_enter BEFORE INSERT ON shebao_register_row BEGIN
  SELECT RAISE(ABORT, 'SB3246: 台账的行只登记一次') WHERE NEW.act_no <> 1 OR EXISTS (
    SELECT 1 FROM shebao_register_row r WHERE r.book_id = NEW.book_id AND r.register = NEW.register AND (r.row_no = NEW.row_no OR r.row_key = NEW.row_key));
  SELECT RAISE(ABORT, 'SB3246: 台账的行须与最后一次办理一致') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_register_act a WHERE a.book_id = NEW.book_id AND a.register = NEW.register AND a.row_no = NEW.row_no AND a.act_no = NEW.act_no
      AND a.state = NEW.state AND a.on_day = NEW.on_day AND a.payload = NEW.payload AND a.digest = NEW.digest);
END
-- ;;
CREATE TRIGGER shebao_register_row_move BEFORE UPDATE ON shebao_register_row BEGIN
  SELECT RAISE(ABORT, 'SB3246: 台账的行号不变，逐次办理') WHERE NEW.book_id <> OLD.book_id OR NEW.register <> OLD.register OR NEW.row_no <> OLD.row_no OR NEW.act_no <> OLD.act_no + 1;
  SELECT RAISE(ABORT, 'SB3243: 同一事项只登记一行') WHERE EXISTS (
    SELECT 1 FROM shebao_register_row r WHERE r.book_id = NEW.book_id AND r.register = NEW.register AND r.row_key = NEW.row_key AND r.row_no <> NEW.row_no);
  SELECT RAISE(ABORT, 'SB3246: 台账的行须与最后一次办理一致') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_register_act a WHERE a.book_id = NEW.book_id AND a.register = NEW.register AND a.row_no = NEW.row_no AND a.act_no = NEW.act_no
      AND a.state = NEW.state AND a.on_day = NEW.on_day AND a.payload = NEW.payload AND a.digest = NEW.digest);
END

-- ;;
-- Steps are laid from the register's file, once, and stay.
CREATE TRIGGER shebao_register_step_keep BEFORE UPDATE ON shebao_register_step BEGIN SELECT RAISE(ABORT, 'SB3246: 台账的办理规定不得修改'); END
-- ;;
CREATE TRIGGER shebao_register_step_stay BEFORE DELETE ON shebao_register_step BEGIN SELECT RAISE(ABORT, 'SB3246: 台账的办理规定不得修改'); END
-- ;;
CREATE TRIGGER shebao_register_step_enter BEFORE INSERT ON shebao_register_step BEGIN
  SELECT RAISE(ABORT, 'SB3246: 台账的办理规定不得修改') WHERE EXISTS (
    SELECT 1 FROM shebao_register_step s WHERE s.register = NEW.register AND s.act = NEW.act AND s.before = NEW.before AND s.after = NEW.after
      AND s.duty = NEW.duty AND s.apart = NEW.apart);
END
