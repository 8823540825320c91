-- Guards of the register of persons on PostgreSQL (shebao_refuse is the ledger's). Each statement ends with a line "-- ;;". Text raised begins with the code of its refusal.

-- The register only grows.
CREATE TRIGGER shebao_person_knowledge_stay BEFORE DELETE OR TRUNCATE ON shebao_person_knowledge EXECUTE FUNCTION shebao_refuse('SB1409: 登记簿只增不删')
-- ;;
CREATE TRIGGER shebao_person_scope_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_person_scope
  EXECUTE FUNCTION shebao_refuse('SB1409: 登记簿只增不改不删')
-- ;;
CREATE TRIGGER shebao_person_head_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_person
  EXECUTE FUNCTION shebao_refuse('SB1409: 登记簿只增不改不删')
-- ;;
CREATE TRIGGER shebao_person_registration_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_person_registration
  EXECUTE FUNCTION shebao_refuse('SB1409: 登记簿只增不改不删')
-- ;;
CREATE TRIGGER shebao_person_number_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_person_number
  EXECUTE FUNCTION shebao_refuse('SB1409: 登记簿只增不改不删')
-- ;;
CREATE TRIGGER shebao_person_name_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_person_name
  EXECUTE FUNCTION shebao_refuse('SB1409: 登记簿只增不改不删')
-- ;;
CREATE TRIGGER shebao_person_status_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_person_status
  EXECUTE FUNCTION shebao_refuse('SB1409: 登记簿只增不改不删')
-- ;;
CREATE TRIGGER shebao_person_bank_account_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_person_bank_account
  EXECUTE FUNCTION shebao_refuse('SB1409: 登记簿只增不改不删')
-- ;;
CREATE TRIGGER shebao_person_link_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_person_link
  EXECUTE FUNCTION shebao_refuse('SB1409: 登记簿只增不改不删')
-- ;;
CREATE TRIGGER shebao_person_doubt_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON shebao_person_doubt
  EXECUTE FUNCTION shebao_refuse('SB1409: 登记簿只增不改不删')
-- ;;
-- Knowledge in the order of knowing, one at a time; a change by two people.
CREATE FUNCTION shebao_person_knowledge_enter_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM shebao_person_knowledge WHERE knowledge_no = NEW.knowledge_no OR (kind = NEW.kind AND source_id = NEW.source_id)) THEN
    RAISE EXCEPTION 'SB1409: 该文件或变更已登记过';
  END IF;
  IF NEW.state <> 'open' OR NEW.digest <> '' OR NEW.knowledge_no <> (SELECT COALESCE(MAX(knowledge_no), 0) + 1 FROM shebao_person_knowledge)
    OR EXISTS (SELECT 1 FROM shebao_person_knowledge WHERE state = 'open')
    OR NEW.known_on < (SELECT COALESCE(MAX(known_on), '') FROM shebao_person_knowledge) THEN
    RAISE EXCEPTION 'SB1402: 登记须依次进行，获知日期不得倒退';
  END IF;
  IF (NEW.kind = 'change') <> (NEW.signed = 1) OR (NEW.signed = 1 AND (NEW.requested_by = '' OR NEW.reviewed_by = '' OR NEW.requested_by = NEW.reviewed_by)) THEN
    RAISE EXCEPTION 'SB1404: 登记变更须由两人签字';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_person_knowledge_enter BEFORE INSERT ON shebao_person_knowledge
  FOR EACH ROW EXECUTE FUNCTION shebao_person_knowledge_enter_guard()
-- ;;
CREATE FUNCTION shebao_person_knowledge_move_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT (OLD.state = 'open' AND NEW.state = 'closed' AND NEW.digest <> '') OR
    (OLD.knowledge_no, OLD.known_on, OLD.recorded_at, OLD.kind, OLD.signed, OLD.source_id, OLD.as_of, OLD.requested_by, OLD.reviewed_by) IS DISTINCT FROM
    (NEW.knowledge_no, NEW.known_on, NEW.recorded_at, NEW.kind, NEW.signed, NEW.source_id, NEW.as_of, NEW.requested_by, NEW.reviewed_by) THEN
    RAISE EXCEPTION 'SB1409: 登记只可完成，不得修改';
  END IF;
  RETURN NEW;
END $$
-- ;;
CREATE TRIGGER shebao_person_knowledge_move BEFORE UPDATE ON shebao_person_knowledge
  FOR EACH ROW EXECUTE FUNCTION shebao_person_knowledge_move_guard()
-- ;;
-- Rows enter only while their knowledge is open, signed rows only under a change.
CREATE FUNCTION shebao_person_loaded_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT knowledge_no FROM fresh) f
             LEFT JOIN shebao_person_knowledge k ON k.knowledge_no = f.knowledge_no AND k.state = 'open' AND k.signed = 0 WHERE k.knowledge_no IS NULL) THEN
    RAISE EXCEPTION 'SB1409: 不在登记过程中，或未经两人签字';
  END IF;
  RETURN NULL;
END $$
-- ;;
CREATE FUNCTION shebao_person_head_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT knowledge_no FROM fresh) f
             LEFT JOIN shebao_person_knowledge k ON k.knowledge_no = f.knowledge_no AND k.state = 'open' AND k.signed = 0 WHERE k.knowledge_no IS NULL) THEN
    RAISE EXCEPTION 'SB1409: 不在登记过程中，或未经两人签字';
  END IF;
  IF EXISTS (SELECT 1 FROM fresh f JOIN shebao_person_number n ON n.number = f.number) THEN
    RAISE EXCEPTION 'SB1405: 证件号码已登记在他人名下';
  END IF;
  RETURN NULL;
END $$
-- ;;
CREATE FUNCTION shebao_person_span_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT knowledge_no, signed FROM fresh) f
             LEFT JOIN shebao_person_knowledge k ON k.knowledge_no = f.knowledge_no AND k.state = 'open' AND k.signed = f.signed WHERE k.knowledge_no IS NULL) THEN
    RAISE EXCEPTION 'SB1409: 不在登记过程中，或未经两人签字';
  END IF;
  RETURN NULL;
END $$
-- ;;
CREATE FUNCTION shebao_person_number_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT knowledge_no, signed FROM fresh) f
             LEFT JOIN shebao_person_knowledge k ON k.knowledge_no = f.knowledge_no AND k.state = 'open' AND k.signed = f.signed WHERE k.knowledge_no IS NULL) THEN
    RAISE EXCEPTION 'SB1409: 不在登记过程中，或未经两人签字';
  END IF;
  IF EXISTS (SELECT 1 FROM fresh f JOIN shebao_person_number n ON n.number = f.number AND n.person_id <> f.person_id)
    OR EXISTS (SELECT 1 FROM fresh f JOIN shebao_person p ON p.number = f.number AND p.person_id <> f.person_id) THEN
    RAISE EXCEPTION 'SB1405: 证件号码已登记在他人名下';
  END IF;
  RETURN NULL;
END $$
-- ;;
CREATE FUNCTION shebao_person_status_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT knowledge_no, signed FROM fresh) f
             LEFT JOIN shebao_person_knowledge k ON k.knowledge_no = f.knowledge_no AND k.state = 'open' AND k.signed = f.signed WHERE k.knowledge_no IS NULL) THEN
    RAISE EXCEPTION 'SB1409: 不在登记过程中，或未经两人签字';
  END IF;
  IF EXISTS (SELECT 1 FROM fresh f LEFT JOIN shebao_person_registration r ON r.fund = f.fund AND r.region = f.region AND r.person_id = f.person_id
             WHERE f.signed = 1 AND r.person_id IS NULL) THEN
    RAISE EXCEPTION 'SB1407: 没有这一参保登记';
  END IF;
  RETURN NULL;
END $$
-- ;;
CREATE TRIGGER shebao_person_scope_enter AFTER INSERT ON shebao_person_scope REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION shebao_person_loaded_guard()
-- ;;
CREATE TRIGGER shebao_person_head_enter AFTER INSERT ON shebao_person REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION shebao_person_head_guard()
-- ;;
CREATE TRIGGER shebao_person_registration_enter AFTER INSERT ON shebao_person_registration REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION shebao_person_loaded_guard()
-- ;;
CREATE TRIGGER shebao_person_number_enter AFTER INSERT ON shebao_person_number REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION shebao_person_number_guard()
-- ;;
CREATE TRIGGER shebao_person_name_enter AFTER INSERT ON shebao_person_name REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION shebao_person_span_guard()
-- ;;
CREATE TRIGGER shebao_person_status_enter AFTER INSERT ON shebao_person_status REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION shebao_person_status_guard()
-- ;;
CREATE TRIGGER shebao_person_bank_account_enter AFTER INSERT ON shebao_person_bank_account REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION shebao_person_span_guard()
-- ;;
CREATE TRIGGER shebao_person_link_enter AFTER INSERT ON shebao_person_link REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION shebao_person_span_guard()
-- ;;
CREATE TRIGGER shebao_person_doubt_enter AFTER INSERT ON shebao_person_doubt REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION shebao_person_loaded_guard()
