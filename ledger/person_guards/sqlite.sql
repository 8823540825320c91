-- Guards of the register of persons on SQLite. Each statement ends with a line "-- ;;". Text raised begins with the code of its refusal.

-- The register only grows.
CREATE TRIGGER shebao_person_knowledge_stay BEFORE DELETE ON shebao_person_knowledge BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不删'); END
-- ;;
CREATE TRIGGER shebao_person_scope_keep BEFORE UPDATE ON shebao_person_scope BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不改'); END
-- ;;
CREATE TRIGGER shebao_person_scope_stay BEFORE DELETE ON shebao_person_scope BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不删'); END
-- ;;
CREATE TRIGGER shebao_person_head_keep BEFORE UPDATE ON shebao_person BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不改'); END
-- ;;
CREATE TRIGGER shebao_person_head_stay BEFORE DELETE ON shebao_person BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不删'); END
-- ;;
CREATE TRIGGER shebao_person_registration_keep BEFORE UPDATE ON shebao_person_registration BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不改'); END
-- ;;
CREATE TRIGGER shebao_person_registration_stay BEFORE DELETE ON shebao_person_registration BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不删'); END
-- ;;
CREATE TRIGGER shebao_person_number_keep BEFORE UPDATE ON shebao_person_number BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不改'); END
-- ;;
CREATE TRIGGER shebao_person_number_stay BEFORE DELETE ON shebao_person_number BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不删'); END
-- ;;
CREATE TRIGGER shebao_person_name_keep BEFORE UPDATE ON shebao_person_name BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不改'); END
-- ;;
CREATE TRIGGER shebao_person_name_stay BEFORE DELETE ON shebao_person_name BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不删'); END
-- ;;
CREATE TRIGGER shebao_person_status_keep BEFORE UPDATE ON shebao_person_status BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不改'); END
-- ;;
CREATE TRIGGER shebao_person_status_stay BEFORE DELETE ON shebao_person_status BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不删'); END
-- ;;
CREATE TRIGGER shebao_person_bank_account_keep BEFORE UPDATE ON shebao_person_bank_account BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不改'); END
-- ;;
CREATE TRIGGER shebao_person_bank_account_stay BEFORE DELETE ON shebao_person_bank_account BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不删'); END
-- ;;
CREATE TRIGGER shebao_person_link_keep BEFORE UPDATE ON shebao_person_link BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不改'); END
-- ;;
CREATE TRIGGER shebao_person_link_stay BEFORE DELETE ON shebao_person_link BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不删'); END
-- ;;
CREATE TRIGGER shebao_person_doubt_keep BEFORE UPDATE ON shebao_person_doubt BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不改'); END
-- ;;
CREATE TRIGGER shebao_person_doubt_stay BEFORE DELETE ON shebao_person_doubt BEGIN SELECT RAISE(ABORT, 'SB1409: 登记簿只增不删'); END
-- ;;
-- Knowledge in the order of knowing, one at a time; a change by two people. INSERT OR REPLACE deletes without a DELETE trigger, so a key that is taken is refused.
CREATE TRIGGER shebao_person_knowledge_enter BEFORE INSERT ON shebao_person_knowledge BEGIN
  SELECT RAISE(ABORT, 'SB1409: 该文件或变更已登记过') WHERE EXISTS (
    SELECT 1 FROM shebao_person_knowledge WHERE knowledge_no = NEW.knowledge_no OR (kind = NEW.kind AND source_id = NEW.source_id));
  SELECT RAISE(ABORT, 'SB1402: 登记须依次进行，获知日期不得倒退') WHERE NEW.state <> 'open' OR NEW.digest <> ''
    OR NEW.knowledge_no <> (SELECT COALESCE(MAX(knowledge_no), 0) + 1 FROM shebao_person_knowledge)
    OR EXISTS (SELECT 1 FROM shebao_person_knowledge WHERE state = 'open')
    OR NEW.known_on < (SELECT COALESCE(MAX(known_on), '') FROM shebao_person_knowledge);
  SELECT RAISE(ABORT, 'SB1404: 登记变更须由两人签字') WHERE (NEW.kind = 'change') <> (NEW.signed = 1)
    OR (NEW.signed = 1 AND (NEW.requested_by = '' OR NEW.reviewed_by = '' OR NEW.requested_by = NEW.reviewed_by));
END
-- ;;
CREATE TRIGGER shebao_person_knowledge_move BEFORE UPDATE ON shebao_person_knowledge
WHEN NOT (OLD.state = 'open' AND NEW.state = 'closed' AND NEW.digest <> '') OR OLD.knowledge_no <> NEW.knowledge_no OR OLD.known_on <> NEW.known_on OR OLD.recorded_at <> NEW.recorded_at
  OR OLD.kind <> NEW.kind OR OLD.signed <> NEW.signed OR OLD.source_id <> NEW.source_id OR OLD.as_of <> NEW.as_of
  OR OLD.requested_by <> NEW.requested_by OR OLD.reviewed_by <> NEW.reviewed_by
BEGIN SELECT RAISE(ABORT, 'SB1409: 登记只可完成，不得修改'); END
-- ;;
-- Rows enter only while their knowledge is open, signed rows only under a change.
CREATE TRIGGER shebao_person_scope_enter BEFORE INSERT ON shebao_person_scope BEGIN
  SELECT RAISE(ABORT, 'SB1409: 登记不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_person_scope WHERE fund = NEW.fund AND region = NEW.region AND knowledge_no = NEW.knowledge_no);
  SELECT RAISE(ABORT, 'SB1409: 不在登记过程中，或未经两人签字') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_person_knowledge WHERE knowledge_no = NEW.knowledge_no AND state = 'open' AND signed = 0);
END
-- ;;
CREATE TRIGGER shebao_person_head_enter BEFORE INSERT ON shebao_person BEGIN
  SELECT RAISE(ABORT, 'SB1409: 登记不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_person WHERE person_id = NEW.person_id);
  SELECT RAISE(ABORT, 'SB1409: 不在登记过程中，或未经两人签字') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_person_knowledge WHERE knowledge_no = NEW.knowledge_no AND state = 'open' AND signed = 0);
  SELECT RAISE(ABORT, 'SB1405: 证件号码已登记在他人名下') WHERE EXISTS (SELECT 1 FROM shebao_person WHERE number = NEW.number)
    OR EXISTS (SELECT 1 FROM shebao_person_number WHERE number = NEW.number);
END
-- ;;
CREATE TRIGGER shebao_person_registration_enter BEFORE INSERT ON shebao_person_registration BEGIN
  SELECT RAISE(ABORT, 'SB1409: 登记不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_person_registration WHERE fund = NEW.fund AND region = NEW.region AND person_id = NEW.person_id);
  SELECT RAISE(ABORT, 'SB1409: 不在登记过程中，或未经两人签字') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_person_knowledge WHERE knowledge_no = NEW.knowledge_no AND state = 'open' AND signed = 0);
END
-- ;;
CREATE TRIGGER shebao_person_number_enter BEFORE INSERT ON shebao_person_number BEGIN
  SELECT RAISE(ABORT, 'SB1409: 登记不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_person_number WHERE person_id = NEW.person_id AND knowledge_no = NEW.knowledge_no AND number = NEW.number);
  SELECT RAISE(ABORT, 'SB1409: 不在登记过程中，或未经两人签字') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_person_knowledge WHERE knowledge_no = NEW.knowledge_no AND state = 'open' AND signed = NEW.signed);
  SELECT RAISE(ABORT, 'SB1405: 证件号码已登记在他人名下') WHERE EXISTS (SELECT 1 FROM shebao_person_number WHERE number = NEW.number AND person_id <> NEW.person_id)
    OR EXISTS (SELECT 1 FROM shebao_person WHERE number = NEW.number AND person_id <> NEW.person_id);
END
-- ;;
CREATE TRIGGER shebao_person_name_enter BEFORE INSERT ON shebao_person_name BEGIN
  SELECT RAISE(ABORT, 'SB1409: 登记不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_person_name WHERE person_id = NEW.person_id AND knowledge_no = NEW.knowledge_no AND name = NEW.name);
  SELECT RAISE(ABORT, 'SB1409: 不在登记过程中，或未经两人签字') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_person_knowledge WHERE knowledge_no = NEW.knowledge_no AND state = 'open' AND signed = NEW.signed);
END
-- ;;
CREATE TRIGGER shebao_person_status_enter BEFORE INSERT ON shebao_person_status BEGIN
  SELECT RAISE(ABORT, 'SB1409: 登记不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_person_status WHERE fund = NEW.fund AND region = NEW.region AND person_id = NEW.person_id AND knowledge_no = NEW.knowledge_no AND from_on = NEW.from_on);
  SELECT RAISE(ABORT, 'SB1409: 不在登记过程中，或未经两人签字') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_person_knowledge WHERE knowledge_no = NEW.knowledge_no AND state = 'open' AND signed = NEW.signed);
  SELECT RAISE(ABORT, 'SB1407: 没有这一参保登记') WHERE NEW.signed = 1 AND NOT EXISTS (
    SELECT 1 FROM shebao_person_registration WHERE fund = NEW.fund AND region = NEW.region AND person_id = NEW.person_id);
END
-- ;;
CREATE TRIGGER shebao_person_bank_account_enter BEFORE INSERT ON shebao_person_bank_account BEGIN
  SELECT RAISE(ABORT, 'SB1409: 登记不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_person_bank_account WHERE fund = NEW.fund AND person_id = NEW.person_id AND knowledge_no = NEW.knowledge_no);
  SELECT RAISE(ABORT, 'SB1409: 不在登记过程中，或未经两人签字') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_person_knowledge WHERE knowledge_no = NEW.knowledge_no AND state = 'open' AND signed = NEW.signed);
END
-- ;;
CREATE TRIGGER shebao_person_link_enter BEFORE INSERT ON shebao_person_link BEGIN
  SELECT RAISE(ABORT, 'SB1409: 登记不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_person_link WHERE person_id = NEW.person_id AND knowledge_no = NEW.knowledge_no);
  SELECT RAISE(ABORT, 'SB1409: 不在登记过程中，或未经两人签字') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_person_knowledge WHERE knowledge_no = NEW.knowledge_no AND state = 'open' AND signed = NEW.signed);
END
-- ;;
CREATE TRIGGER shebao_person_doubt_enter BEFORE INSERT ON shebao_person_doubt BEGIN
  SELECT RAISE(ABORT, 'SB1409: 登记不得覆盖') WHERE EXISTS (SELECT 1 FROM shebao_person_doubt WHERE knowledge_no = NEW.knowledge_no AND doubt_no = NEW.doubt_no);
  SELECT RAISE(ABORT, 'SB1409: 不在登记过程中，或未经两人签字') WHERE NOT EXISTS (
    SELECT 1 FROM shebao_person_knowledge WHERE knowledge_no = NEW.knowledge_no AND state = 'open' AND signed = 0);
END
