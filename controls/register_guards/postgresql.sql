-- Guards of the registers on PostgreSQL (shebao_refuse is the ledger's). Each statement ends with a line "-- ;;".

-- What was done stays.
CREATE TRIGGER shebao_register_act_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_register_act EXECUTE FUNCTION shebao_refuse('SB3246: 台账只增不改，登记有误的用更正')
-- ;;
CREATE TRIGGER shebao_register_row_stay BEFORE DELETE OR TRUNCATE ON shebao_register_row EXECUTE FUNCTION shebao_refuse('SB3246: 台账只增不改，登记有误的用更正')
-- ;;
-- Acts come one after another, by somebody who holds the duty, on a day that is not ahead; where two people are asked for, they are two.
CREATE FUNCTION shebao_register_act_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (
    NEW.act_no = 1 AND (NEW.previous <> '' OR NEW.row_no <> 1 + COALESCE((SELECT MAX(a.row_no) FROM shebao_register_act a WHERE a.book_id = NEW.book_id AND a.register = NEW.register), 0)))
    OR (NEW.act_no > 1 AND NOT EXISTS (SELECT 1 FROM shebao_register_row r WHERE r.book_id = NEW.book_id AND r.register = NEW.register AND r.row_no = NEW.row_no
      AND r.act_no = NEW.act_no - 1 AND r.digest = NEW.previous))
    OR EXISTS (SELECT 1 FROM shebao_register_act a WHERE a.book_id = NEW.book_id AND a.register = NEW.register AND a.row_no = NEW.row_no AND a.act_no = NEW.act_no) THEN
    RAISE EXCEPTION 'SB3246: 台账逐行连续登记，逐次连续办理，与上一次相扣';
  END IF;
  IF NEW.on_day > substr(NEW.at, 1, 10) OR EXISTS (
    SELECT 1 FROM shebao_register_row r WHERE r.book_id = NEW.book_id AND r.register = NEW.register AND r.row_no = NEW.row_no AND r.on_day > NEW.on_day) THEN
    RAISE EXCEPTION 'SB3251: 办理日期不得在将来，也不早于上一次';
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM shebao_grant g WHERE g.user_id = NEW.actor AND g.duty = NEW.duty AND g.valid_from <= substr(NEW.at, 1, 10)
      AND (g.valid_to = '' OR g.valid_to > NEW.at)) THEN
    RAISE EXCEPTION 'SB3001: 台账由有岗位的人办理';
  END IF;
  IF NEW.apart <> '' AND EXISTS (
    SELECT 1 FROM shebao_register_act a WHERE a.book_id = NEW.book_id AND a.register = NEW.register AND a.row_no = NEW.row_no AND a.actor = NEW.actor
      AND position(',' || a.act || ',' IN NEW.apart) > 0) THEN
    RAISE EXCEPTION 'SB3253: 须由另一人办理';
  END IF;
  IF NEW.book_id <> 0 AND NOT EXISTS (SELECT 1 FROM shebao_book b WHERE b.book_id = NEW.book_id) THEN
    RAISE EXCEPTION 'SB3252: 没有这个账套';
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM shebao_register_step s WHERE s.register = NEW.register AND s.act = NEW.act AND s.after = NEW.state AND s.duty = NEW.duty AND s.apart = NEW.apart
      AND s.before = COALESCE((SELECT r.state FROM shebao_register_row r WHERE r.book_id = NEW.book_id AND r.register = NEW.register AND r.row_no = NEW.row_no), '')) THEN
    RAISE EXCEPTION 'SB3244: 台账的规定里没有这一步';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_register_act_enter BEFORE INSERT ON shebao_register_act FOR EACH ROW EXECUTE FUNCTION shebao_register_act_enter_guard()
-- ;;
-- A row stands as its last act says, is put in once, and keeps its number.
CREATE FUNCTION shebao_register_row_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.act_no <> 1 OR EXISTS (
    SELECT 1 FROM shebao_register_row r WHERE r.book_id = NEW.book_id AND r.register = NEW.register AND (r.row_no = NEW.row_no OR r.row_key = NEW.row_key)) THEN
    RAISE EXCEPTION 'SB3246: 台账的行只登记一次';
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM shebao_register_act a WHERE a.book_id = NEW.book_id AND a.register = NEW.register AND a.row_no = NEW.row_no AND a.act_no = NEW.act_no
      AND a.state = NEW.state AND a.on_day = NEW.on_day AND a.payload = NEW.payload AND a.digest = NEW.digest) THEN
    RAISE EXCEPTION 'SB3246: 台账的行须与最后一次办理一致';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_register_row_enter BEFORE INSERT ON shebao_register_row FOR EACH ROW EXECUTE FUNCTION shebao_register_row_enter_guard()
-- ;;
CREATE FUNCTION shebao_register_row_move_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.book_id <> OLD.book_id OR NEW.register <> OLD.register OR NEW.row_no <> OLD.row_no OR NEW.act_no <> OLD.act_no + 1 THEN
    RAISE EXCEPTION 'SB3246: 台账的行号不变，逐次办理';
  END IF;
  IF EXISTS (
    SELECT 1 FROM shebao_register_row r WHERE r.book_id = NEW.book_id AND r.register = NEW.register AND r.row_key = NEW.row_key AND r.row_no <> NEW.row_no) THEN
    RAISE EXCEPTION 'SB3243: 同一事项只登记一行';
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM shebao_register_act a WHERE a.book_id = NEW.book_id AND a.register = NEW.register AND a.row_no = NEW.row_no AND a.act_no = NEW.act_no
      AND a.state = NEW.state AND a.on_day = NEW.on_day AND a.payload = NEW.payload AND a.digest = NEW.digest) THEN
    RAISE EXCEPTION 'SB3246: 台账的行须与最后一次办理一致';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_register_row_move BEFORE UPDATE ON shebao_register_row FOR EACH ROW EXECUTE FUNCTION shebao_register_row_move_guard()

-- ;;
-- Steps are laid from the register's file, once, and stay.
CREATE TRIGGER shebao_register_step_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_register_step EXECUTE FUNCTION shebao_refuse('SB3246: 台账的办理规定不得修改')
